import { ADDRESS_OF_SENDER, COMMAND, MINOR_VERSION } from '../../epics/ca/codec/commands.ts';
import type { CaMessage } from '../../epics/ca/codec/message.ts';
import { encodeMessage } from '../../epics/ca/codec/message.ts';
import { decodeText } from '../../epics/ca/codec/text.ts';
import type { Served } from './served.ts';

/** The answer to one `SEARCH`; null for a name that is not served here: others may have it. */
export function searchReply({ p1: cid, payload }: CaMessage, served: Served): Buffer[] | null {
  const name = decodeText(payload, 0);
  if (served.faults.isFrozen || served.faults.isHidden(name) || served.database.find(name) === undefined) return null;
  const version = Buffer.alloc(8);
  version.writeUInt16BE(MINOR_VERSION, 0);
  return encodeMessage({ command: COMMAND.SEARCH, type: served.tcpPort, p1: ADDRESS_OF_SENDER, p2: cid }, version);
}
