import * as messages from '../client-messages.ts';
import { ACCESS } from '../codec/commands.ts';
import { type CaReading, decodeDbr } from '../codec/dbr.ts';
import { DBR, type DbrForm, dbrType, type NativeType } from '../codec/dbr-types.ts';
import { ECA } from '../codec/status-codes.ts';
import { CaError, statusError } from '../errors.ts';
import { countFor } from './element-count.ts';
import type { SharedChannel } from './shared-channel.ts';

/** A read ends after this many seconds when the caller names no other time. */
const TIMEOUT_S = 30;

export interface GetOptions {
  /** What comes beside the value. Default `time`. */
  form?: DbrForm;
  /** Let the server convert, DBR.STRING for the text of an enum for instance. Default: the channel's own type. */
  type?: NativeType | typeof DBR.CLASS_NAME;
  /** Default 0: as many elements as there are, none for an empty waveform. */
  count?: number;
  /** Seconds. Default 30. */
  timeout?: number;
  signal?: AbortSignal;
}

/** Reads a channel on behalf of `owner`, whose end ends the read. */
export async function get(channel: SharedChannel, owner: object, options: GetOptions): Promise<CaReading> {
  const what = `get ${channel.name}`;
  const { circuit, server } = channel.connection(what);
  if ((channel.access & ACCESS.READ) === 0) throw statusError(what, ECA.NORDACCESS);
  const type = options.type ?? server.nativeType;
  const wanted = {
    type: type === DBR.CLASS_NAME ? type : dbrType(options.form ?? 'time', type),
    count: countFor(options.count ?? 0, circuit, server.nativeCount),
  };
  const terms = { what, owners: [channel, owner], timeout: options.timeout ?? TIMEOUT_S, signal: options.signal };
  const reply = await circuit.request(terms, (id) => [messages.readNotify(server.sid, id, wanted)]);
  try {
    return decodeDbr(reply, server.nativeCount === 1);
  } catch (error) {
    throw new CaError(`${what}: the answer cannot be decoded`, ECA.INTERNAL, { cause: error });
  }
}
