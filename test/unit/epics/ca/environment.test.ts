import { expect, test } from 'vitest';
import { optionsFromEnvironment } from '../../../../src/epics/ca/environment.ts';

test('each variable of EPICS becomes its option', () => {
  const options = optionsFromEnvironment({
    EPICS_CA_ADDR_LIST: ' 10.0.0.5:5066  ioc_7.lab ',
    EPICS_CA_AUTO_ADDR_LIST: 'no',
    EPICS_CA_NAME_SERVERS: 'ns:5064',
    EPICS_CA_SERVER_PORT: '6064',
    EPICS_CA_REPEATER_PORT: '6065',
    EPICS_CA_CONN_TMO: '2.5',
    EPICS_CA_MAX_SEARCH_PERIOD: '60',
    EPICS_CA_AUTO_ARRAY_BYTES: 'NO',
    EPICS_CA_MAX_ARRAY_BYTES: '1000000',
  });
  expect(options).toEqual({
    addrList: ['10.0.0.5:5066', 'ioc_7.lab'],
    autoAddrList: false,
    nameServers: ['ns:5064'],
    serverPort: 6064,
    repeaterPort: 6065,
    connTimeout: 2.5,
    maxSearchPeriod: 60,
    maxArrayBytes: 1_000_000,
  });
});

test('what is unset or empty is left to the default', () => {
  expect(optionsFromEnvironment({ EPICS_CA_ADDR_LIST: '', EPICS_CA_CONN_TMO: undefined })).toEqual({});
});

test('the array limit counts only where the automatic one is switched off', () => {
  expect(optionsFromEnvironment({ EPICS_CA_MAX_ARRAY_BYTES: '16384' })).toEqual({});
});

test('what makes no sense is reported, and the rest is used', () => {
  const problems: string[] = [];
  const env = { EPICS_CA_SERVER_PORT: '70000', EPICS_CA_AUTO_ADDR_LIST: 'maybe', EPICS_CA_CONN_TMO: '5' };
  expect(optionsFromEnvironment(env, (problem) => problems.push(problem))).toEqual({ connTimeout: 5 });
  expect(problems).toEqual(["EPICS_CA_AUTO_ADDR_LIST is ignored: 'maybe'", "EPICS_CA_SERVER_PORT is ignored: '70000'"]);
});
