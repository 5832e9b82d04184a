import { expect, test } from 'vitest';
import { RefusedHandshakes } from '../../../../src/manager/control/refused-handshakes.ts';

const PRIVATE = 'Ue=.po0aQ9.}<Xvrny+f{V04XMc6JZ9ufKf5aeFy';
const PUBLIC = '=E0[czQkp!!%0TL1LCJ5X[<wjYD[iV+p[yuaI0an';

function sentencesFor(privateKey: string | null, cases: readonly [ms: number, code: string][]): string[] {
  const told: string[] = [];
  let at = 0;
  const handshakes = new RefusedHandshakes({ privateKey, warn: (sentence) => told.push(sentence), now: () => at });
  for (const [ms, code] of cases) {
    at = ms;
    handshakes.refused(code);
  }
  return told;
}

test.each([
  [PRIVATE, 'ERR_ZMTP_CRYPTOGRAPHIC', `it encrypts for another key; the public key of this manager is '${PUBLIC}'`],
  [PRIVATE, 'ERR_ZMTP_MECHANISM_MISMATCH', `it does not encrypt; the public key of this manager is '${PUBLIC}'`],
  [
    null,
    'ERR_ZMTP_MECHANISM_MISMATCH',
    'it encrypts, and this manager has no key (QSERVER_ZMQ_PRIVATE_KEY_FOR_SERVER)',
  ],
  [null, 'ERR_ZMTP_INVALID_METADATA', 'what it sends is not understood (ERR_ZMTP_INVALID_METADATA)'],
])('with the key %s, %s means a sentence that helps', (key, code, sentence) => {
  const [told] = sentencesFor(key, [[0, code]]);
  expect(told).toContain(`A client was refused: ${sentence}`);
  expect(told).not.toContain(PRIVATE);
});

test('one that comes again and again is told once a minute, with how often', () => {
  const cases = [0, 100, 200, 59_999, 60_000, 60_100].map((ms) => [ms, 'ERR_ZMTP_CRYPTOGRAPHIC'] as [number, string]);
  const told = sentencesFor(PRIVATE, cases);
  expect(told).toHaveLength(2);
  expect(told[1]).toContain('(3 more since this was told last)');
});
