import { expect, test } from 'vitest';
import { Beacons } from '../../../../../src/epics/ca/search/beacons.ts';

const LOOPBACK = 0x7f00_0001;

test('a new server and one that counts from the start again are news; late, lost and doubled beacons are not', () => {
  const beacons = new Beacons();
  const heard = (id: number, port = 5064, address = 0) =>
    beacons.isNews({ count: port, p1: id, p2: address }, '10.0.0.5');
  expect(heard(0)).toBe(true);
  expect(heard(1)).toBe(false);
  expect(heard(1)).toBe(false);
  expect(heard(40)).toBe(false);
  expect(heard(0)).toBe(true);
  expect(heard(7, 5066)).toBe(true);
  expect(heard(7, 5064, LOOPBACK)).toBe(true);
});

test('servers without end do not fill the memory: the one heard longest ago is forgotten', () => {
  const beacons = new Beacons();
  for (let address = 1; address <= 5000; address++) beacons.isNews({ count: 5064, p1: 5, p2: address }, 'x');
  expect(beacons.isNews({ count: 5064, p1: 6, p2: 5000 }, 'x')).toBe(false);
  expect(beacons.isNews({ count: 5064, p1: 6, p2: 1 }, 'x')).toBe(true);
});
