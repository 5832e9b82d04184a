import { DBR, type DbrForm, type NativeType, partsOf, valueOffset } from '../../../src/epics/ca/codec/dbr-types.ts';
import type { CaMessage } from '../../../src/epics/ca/codec/message.ts';

/** A C server does not clear the holes of its structs; these bytes mean nothing and are not compared. */
const HOLES: Partial<Record<DbrForm, Partial<Record<NativeType, [from: number, to: number]>>>> = {
  sts: { [DBR.CHAR]: [4, 5], [DBR.DOUBLE]: [4, 8] },
  time: { [DBR.SHORT]: [12, 14], [DBR.ENUM]: [12, 14], [DBR.CHAR]: [12, 15], [DBR.DOUBLE]: [12, 16] },
  gr: { [DBR.FLOAT]: [6, 8], [DBR.DOUBLE]: [6, 8], [DBR.CHAR]: [18, 19] },
  ctrl: { [DBR.FLOAT]: [6, 8], [DBR.DOUBLE]: [6, 8], [DBR.CHAR]: [20, 21] },
};

/** The payload of a reading, as far as it means something. */
export function withoutHoles({ type, count, payload }: Pick<CaMessage, 'type' | 'count' | 'payload'>): Buffer {
  const { form, native } = partsOf(type);
  const bytes = Buffer.from(payload);
  bytes.fill(0, ...(HOLES[form]?.[native] ?? [0, 0]));
  for (let index = 0; native === DBR.STRING && index < count; index++) {
    const end = valueOffset(form, native) + 40 * (index + 1);
    bytes.fill(0, bytes.indexOf(0, end - 40), end); // what an earlier, longer text left behind
  }
  return bytes;
}
