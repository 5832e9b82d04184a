import { CodedError } from '../../src/protocol/error-codes.ts';
import { openPlanQueue } from '../../src/manager/queue/plan-queue.ts';
import { openSqliteStore } from '../../src/manager/store/sqlite.ts';

/** Adds items to a queue until one is refused, then tells what the queue says of itself, and ends. */
const queue = await openPlanQueue(await openSqliteStore(process.argv[2] ?? ''));
for (let n = 0; ; n++) {
  const uid = crypto.randomUUID();
  const [text, size] = [queue.queueText(), queue.size];
  try {
    await queue.add({ uid, text: JSON.stringify({ name: 'x'.repeat(5000), item_uid: uid }) }, { pos: 'front' });
  } catch (error) {
    const code = error instanceof CodedError ? error.code : String(error);
    const textIsUnchanged = queue.queueText() === text && queue.size === size;
    process.send?.({ code, size, textIsUnchanged, added: n });
    break;
  }
}
process.disconnect();
