import { timingSafeEqual } from 'node:crypto';
import { LINK_ERRORS, WORKER_PROTOCOL } from '../../protocol/worker/link.ts';
import type { WorkerParams } from '../../protocol/worker/requests.ts';
import type { EpochKeeper } from './epoch-keeper.ts';
import { Refusal } from './refusal.ts';

/** Judges a `hello`. @throws Refusal: another protocol, a wrong token, an epoch that is not higher than all before */
export function judgeGreeting(hello: WorkerParams<'hello'>, token: string, epochs: EpochKeeper): void {
  if (hello.protocol !== WORKER_PROTOCOL) {
    throw new Refusal(
      `The worker speaks protocol ${WORKER_PROTOCOL}, received ${hello.protocol}`,
      LINK_ERRORS.PROTOCOL_UNKNOWN,
    );
  }
  if (!isSame(hello.token, token)) throw new Refusal('The token is not that of this worker', LINK_ERRORS.WRONG_TOKEN);
  if (!epochs.accept(hello.epoch)) {
    throw new Refusal(
      `The epoch must be higher than ${epochs.highest}, received ${hello.epoch}: a newer manager was here`,
      LINK_ERRORS.EPOCH_TOO_OLD,
    );
  }
}

function isSame(given: string, token: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}
