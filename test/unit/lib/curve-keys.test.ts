import { expect, test } from 'vitest';
import { curveKeyPair } from 'zeromq';
import { curvePublicKey, isCurveKey } from '../../../src/lib/curve-keys.ts';

test('the public key that belongs to a private one is found, as libzmq finds it', () => {
  // A pair of the original's tests.
  expect(curvePublicKey('Ue=.po0aQ9.}<Xvrny+f{V04XMc6JZ9ufKf5aeFy')).toBe('=E0[czQkp!!%0TL1LCJ5X[<wjYD[iV+p[yuaI0an');
  for (let count = 0; count < 50; count++) {
    const { publicKey, secretKey } = curveKeyPair();
    expect(curvePublicKey(secretKey)).toBe(publicKey);
    expect(isCurveKey(publicKey)).toBe(true);
  }
});

test.each([
  ['', 'nothing'],
  ['Ue=.po0aQ9.}<Xvrny+f{V04XMc6JZ9ufKf5aeF', 'a letter too few'],
  ['Ue=.po0aQ9.}<Xvrny+f{V04XMc6JZ9ufKf5aeFyy', 'a letter too many'],
  ['Ue=.po0aQ9.}<Xvrny+f{V04XMc6JZ9ufKf5aeF"', 'a letter that is none of z85'],
  ['#####o0aQ9.}<Xvrny+f{V04XMc6JZ9ufKf5aeFy', 'five letters that are more than 32 bits'],
])('%j is no key: %s', (text) => {
  expect(isCurveKey(text)).toBe(false);
  expect(() => curvePublicKey(text)).toThrow('the key must be a 40 byte z85 encoded string');
});
