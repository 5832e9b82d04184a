import * as messages from '../client-messages.ts';
import { ACCESS } from '../codec/commands.ts';
import type { EncodedDbr } from '../codec/dbr.ts';
import { DBR, type NativeType } from '../codec/dbr-types.ts';
import { ECA } from '../codec/status-codes.ts';
import { CaError, statusError } from '../errors.ts';
import { encodePut, type PutValue } from '../put-value.ts';
import { get } from './get.ts';
import type { SharedChannel } from './shared-channel.ts';

export interface PutOptions {
  /**
   * True (default): a put-callback, which resolves when the record has done all that the write set off, a motor's motion
   * for instance. False: resolves when the write is on its way; a refusal comes as an `exception` event, if at all.
   */
  wait?: boolean;
  /** Seconds. Default: none, a motion takes as long as it takes; a lost circuit ends it. */
  timeout?: number;
  /** Send as this type instead of the channel's own. */
  type?: NativeType;
  signal?: AbortSignal;
}

/**
 * Writes a channel on behalf of `owner`. Puts of one channel leave in the order of their calls; a refused value leaves
 * nothing behind.
 */
export async function put(channel: SharedChannel, owner: object, value: PutValue, options: PutOptions): Promise<void> {
  const send = (): Promise<void> => sendPut(channel, owner, value, options);
  const readStates = async (): Promise<readonly string[]> => {
    const { timeout, signal } = options;
    const limits = { ...(timeout !== undefined && { timeout }), ...(signal !== undefined && { signal }) };
    return (await get(channel, owner, { form: 'ctrl', ...limits })).enumStrings ?? [];
  };
  return channel.enumStates.sendInTurn(statesIn(channel, value, options), readStates, send);
}

/** The texts that must be states of the ENUM. Without read access only the IOC can tell. */
function statesIn(channel: SharedChannel, value: PutValue, { type }: PutOptions): readonly string[] {
  const isChecked = channel.server?.nativeType === DBR.ENUM && type === undefined;
  if (!isChecked || (channel.access & ACCESS.READ) === 0 || ArrayBuffer.isView(value)) return [];
  return [value].flat().filter((element) => typeof element === 'string');
}

async function sendPut(
  channel: SharedChannel,
  owner: object,
  value: PutValue,
  { wait = true, timeout = Infinity, type, signal }: PutOptions,
): Promise<void> {
  const what = `put ${channel.name}`;
  const { circuit, server } = channel.connection(what);
  if ((channel.access & ACCESS.WRITE) === 0) throw statusError(what, ECA.NOWTACCESS);
  const encoded = encoding(what, value, { type: type ?? server.nativeType, count: server.nativeCount });
  if (!wait) return circuit.tell(what, (id) => messages.write(server.sid, id, encoded));
  const terms = { what, owners: [channel, owner], timeout, signal };
  await circuit.request(terms, (id) => messages.writeNotify(server.sid, id, encoded));
}

/** With the channel's name in the refusal. */
function encoding(what: string, ...put: Parameters<typeof encodePut>): EncodedDbr {
  try {
    return encodePut(...put);
  } catch (error) {
    if (!(error instanceof CaError)) throw error;
    throw new CaError(`${what}: ${error.message}`, error.code, { cause: error });
  }
}
