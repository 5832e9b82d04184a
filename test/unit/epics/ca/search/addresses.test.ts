import { expect, test } from 'vitest';
import {
  broadcastAddresses,
  parseAddress,
  resolveAddresses,
  searchTargets,
} from '../../../../../src/epics/ca/search/addresses.ts';

test.each([
  ['10.0.0.5', { host: '10.0.0.5', port: 5064 }],
  ['10.0.0.5:5066', { host: '10.0.0.5', port: 5066 }],
  ['ioc_7.lab-2.example:6064', { host: 'ioc_7.lab-2.example', port: 6064 }],
  ['10.0.0.5:0', null],
  ['10.0.0.5:65536', null],
  ['10.0.0.5:port', null],
  [':5064', null],
  ['::1', null],
])('%s is read as %j', (entry, address) => {
  expect(parseAddress(entry, 5064)).toEqual(address);
});

test('one bad entry is reported and the rest is used', async () => {
  const problems: string[] = [];
  const addresses = await resolveAddresses(['a b', 'localhost:7001'], 5064, (problem) => problems.push(problem));
  expect(addresses).toEqual([{ host: '127.0.0.1', port: 7001 }]);
  expect(problems).toEqual(["address 'a b' is not used: it must be host or host:port"]);
});

test('a target that is listed twice, or under two names, is asked once', async () => {
  const settings = { addrList: ['127.0.0.1', 'localhost', '127.0.0.1:5064'], autoAddrList: false, serverPort: 5064 };
  expect(await searchTargets(settings, () => undefined)).toEqual([{ host: '127.0.0.1', port: 5064 }]);
});

test('each interface has its broadcast address, and a machine without a network has its loopback', () => {
  const card = { family: 'IPv4', mac: '', cidr: null } as const;
  const interfaces = {
    lo: [{ ...card, address: '127.0.0.1', netmask: '255.0.0.0', internal: true }],
    eth0: [{ ...card, address: '10.1.2.3', netmask: '255.255.252.0', internal: false }],
    eth1: [{ ...card, address: '192.168.7.9', netmask: '255.255.255.128', internal: false }],
  };
  expect(broadcastAddresses(interfaces)).toEqual(['10.1.3.255', '192.168.7.127']);
  expect(broadcastAddresses({ lo: interfaces.lo })).toEqual(['127.0.0.1']);
});
