import { expect, test } from 'vitest';
import { openToAll } from '../../../../src/manager/control/reach.ts';

const LOCAL = [
  'tcp://127.0.0.1:60615',
  'tcp://127.0.1.1:*',
  'tcp://localhost:1',
  'tcp://[::1]:1',
  'tcp://lo:1',
  'ipc:///x',
];

test.each(LOCAL)('%s is reached from this machine alone', (address) => {
  expect(openToAll(address, null)).toBeNull();
});

test.each(['tcp://*:60615', 'tcp://0.0.0.0:60615', 'tcp://10.0.0.1:60615', 'tcp://eth0:60615', 'tcp://[::]:60615'])(
  '%s is open to the network, unless it encrypts',
  (address) => {
    expect(openToAll(address, null)).toContain(`'${address}' without encryption: anyone on that network can run plans`);
    expect(openToAll(address, 'a key')).toBeNull();
  },
);
