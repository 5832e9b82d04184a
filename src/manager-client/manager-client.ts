import { Emitter } from '../lib/emitter.ts';
import type { Method } from '../protocol/methods/define-method.ts';
import { status } from '../protocol/methods/server.ts';
import { wireEncodings } from '../protocol/wire-encoding.ts';
import type { WireEncodingName } from '../protocol/wire-encoding.ts';
import { ControlChannel } from './control-channel.ts';
import { InfoSubscription } from './info-subscription.ts';
import type { PublishedFrame } from './info-subscription.ts';
import type { LinkState } from './link-states.ts';
import { Snapshots } from './snapshots.ts';
import type { SnapshotSource } from './snapshots.ts';

export interface ManagerClientOptions {
  readonly controlAddress: string;
  readonly infoAddress: string;
  /** What the manager speaks on both sockets; json unless said otherwise. */
  readonly encoding?: WireEncodingName;
  /** The public key of a manager that encrypts its control socket. */
  readonly publicKey?: string | null;
  /** How long a reply may take; the original's gateway waits 2 s. */
  readonly timeoutMs?: number;
  /** What clients are given of a reply; made once for each snapshot. As it came, if absent. */
  readonly prepare?: (method: Method, reply: string) => Buffer;
  /** A listener of these events threw: a bug that must not end the stream. */
  readonly onError: (error: unknown) => void;
}

export type ManagerEvents = {
  /** A frame of QS_Info, whatever it tells. */
  info: PublishedFrame;
  /** A frame of QS_Info that tells the status. */
  status: PublishedFrame;
  console: PublishedFrame;
  link: LinkState;
  /** No request gets through, and why: encryption or encoding do not fit. */
  refused: { reason: string };
  /** A reply that came after its caller had been told of silence. */
  late: { method: string };
};

export interface CallOptions {
  /** Goes out with the request and comes back with the reply, for comparing logs. */
  readonly trace?: string;
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 2000;

/**
 * One RE Manager as the gateway and the CLI see it: requests, what it publishes, and replies kept by their UIDs. Params and
 * replies are texts, so that what a client sent reaches the manager as it was. Constructing opens nothing; `start()` does.
 */
export class ManagerClient {
  readonly events: Emitter<ManagerEvents>;
  readonly #timeoutMs: number;
  readonly #prepare: (method: Method, reply: string) => Buffer;
  readonly #channel: ControlChannel;
  readonly #subscription: () => InfoSubscription;
  readonly #snapshots = new Snapshots();
  #info: InfoSubscription | undefined;

  constructor(options: ManagerClientOptions) {
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#prepare = options.prepare ?? ((_, reply) => Buffer.from(reply));
    this.events = new Emitter(options.onError);
    const encoding = wireEncodings[options.encoding ?? 'json'];
    this.#channel = new ControlChannel({
      address: options.controlAddress,
      encoding,
      publicKey: options.publicKey ?? null,
      onRefused: (reason) => this.events.emit('refused', { reason }),
      onLateReply: (method) => this.#late(method),
      onState: ({ to }) => {
        if (to !== 'connected') this.#snapshots.lost();
        this.events.emit('link', to);
      },
    });
    this.#subscription = () =>
      new InfoSubscription(options.infoAddress, encoding, (topic, frame) => this.#heard(topic, frame));
  }

  get link(): LinkState {
    return this.#channel.state;
  }

  start(): void {
    this.#channel.start();
    this.#info = this.#subscription();
    this.#info.start();
  }

  close(): void {
    this.#channel.close();
    this.#info?.close();
  }

  /**
   * Sends one request and gives the text of the reply.
   * @throws MANAGER_SILENT
   */
  async call(method: Method, params: string, options: CallOptions = {}): Promise<string> {
    try {
      return await this.#channel.request({
        method: method.name,
        payload: `{"method":${JSON.stringify(method.name)},"params":${params}}`,
        timeoutMs: options.timeoutMs ?? this.#timeoutMs,
        trace: options.trace ?? '',
      });
    } finally {
      // Refused or unanswered writes count, too: what they did is not known here.
      if (!isRead(method)) this.#snapshots.distrust();
    }
  }

  /** The status, prepared; without asking while nothing can have changed. */
  status(options: CallOptions = {}): Promise<Buffer> {
    return this.#snapshots.status(this.#source(status, '{}', 'status_uid', options));
  }

  /** The reply to a method that reads what a `*_uid` of the status stands for, prepared. */
  read(method: Method, params: string, options: CallOptions = {}): Promise<Buffer> {
    const uidField = uidFieldOf(method);
    if (uidField === undefined) throw new TypeError(`Replies to '${method.name}' carry no UID to keep them by`);
    return this.#snapshots.read(
      this.#source(method, params, uidField, options),
      this.#source(status, '{}', 'status_uid', options),
    );
  }

  #source(method: Method, params: string, uidField: string, options: CallOptions): SnapshotSource {
    return {
      key: `${method.name} ${params}`,
      uidField,
      fetch: () => this.call(method, params, options),
      prepare: (reply) => this.#prepare(method, reply),
    };
  }

  #heard(topic: 'console' | 'info', frame: PublishedFrame): void {
    this.#channel.heard();
    if (topic === 'console') return this.events.emit('console', frame);
    const uid = statusUidOf(frame.msg);
    if (uid !== undefined) this.#snapshots.heard(uid);
    this.events.emit('info', frame);
    if (uid !== undefined) this.events.emit('status', frame);
  }

  #late(method: string): void {
    this.#snapshots.distrust();
    this.events.emit('late', { method });
  }
}

/** The scope says what a method is: none that reads changes anything. */
const isRead = ({ access }: Method): boolean => access.scope.startsWith('read:');

/** `plan_queue_uid` for `queue_get`: the UID among the members of its result. */
function uidFieldOf({ result }: Method): string | undefined {
  return Object.keys(result.properties).find((name) => name.endsWith('_uid'));
}

function statusUidOf(msg: unknown): string | undefined {
  if (typeof msg !== 'object' || msg === null || !('status' in msg)) return undefined;
  const { status } = msg;
  if (typeof status !== 'object' || status === null) return undefined;
  // A manager that gives none has no way to say what changed: each of its frames may be a change.
  return 'status_uid' in status && typeof status.status_uid === 'string' ? status.status_uid : crypto.randomUUID();
}
