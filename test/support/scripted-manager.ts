import { Publisher, Router } from 'zeromq';
import { parsePlain } from '../../src/lib/raw-json.ts';

type Answer = Record<string, unknown> | string | Promise<Record<string, unknown> | string> | undefined;

/**
 * A manager whose every reply a test decides: a real ROUTER and a real PUB on free loopback ports. It returns the envelope
 * as a REP socket does; an answer of `undefined` is silence, but for the status, which it always has.
 */
export class ScriptedManager {
  readonly received: { method: string; params: Record<string, unknown>; text: string; trace: string }[] = [];
  readonly #answer: (method: string, params: Record<string, unknown>) => Answer;
  readonly #status: Record<string, unknown> = { msg: 'RE Manager v0.0.25', status_uid: 's1', plan_queue_uid: 'q1' };
  #router = new Router({ linger: 0 });
  #publisher = new Publisher({ linger: 0 });
  #outbox: Promise<unknown> = Promise.resolve();
  #arrived: () => void = () => undefined;
  controlAddress = '';
  infoAddress = '';

  constructor(answer: (method: string, params: Record<string, unknown>) => Answer = accepted) {
    this.#answer = answer;
  }

  static async started(answer?: (method: string, params: Record<string, unknown>) => Answer): Promise<ScriptedManager> {
    const manager = new ScriptedManager(answer);
    await manager.start();
    return manager;
  }

  async start(): Promise<void> {
    await this.#startRouter();
    await this.#startPublisher();
  }

  /** Dies without a word and, if asked, is born again on the same addresses. */
  die(): void {
    this.#router.close();
    this.#publisher.close();
  }

  async comeBack(which: 'both' | 'router' | 'publisher' = 'both'): Promise<void> {
    if (which !== 'publisher') {
      this.#router = new Router({ linger: 0 });
      await this.#startRouter();
    }
    if (which !== 'router') {
      this.#publisher = new Publisher({ linger: 0 });
      await this.#startPublisher();
    }
  }

  async #startRouter(): Promise<void> {
    await this.#router.bind(this.controlAddress || 'tcp://127.0.0.1:*');
    this.controlAddress = this.#router.lastEndpoint ?? '';
    void this.#serve(this.#router);
  }

  async #startPublisher(): Promise<void> {
    await this.#publisher.bind(this.infoAddress || 'tcp://127.0.0.1:*');
    this.infoAddress = this.#publisher.lastEndpoint ?? '';
  }

  get status(): Record<string, unknown> {
    return this.#status;
  }

  /** Changes the status as the real one does: with a new `status_uid`. It does not publish. */
  change(fields: Record<string, unknown>): void {
    Object.assign(this.#status, { status_uid: crypto.randomUUID() }, fields);
  }

  publishStatus(): Promise<void> {
    return this.#publish('QS_Info', { time: Date.now() / 1000, msg: { status: this.#status } });
  }

  publishConsole(msg: unknown): Promise<void> {
    return this.#publish('QS_Console', { time: Date.now() / 1000, msg });
  }

  /** Publishes the status until the subscriber says that it has heard one: subscriptions take effect unannounced. */
  async untilHeard(heard: Promise<unknown>): Promise<void> {
    const timer = setInterval(() => void this.publishStatus(), 5);
    await heard;
    clearInterval(timer);
    await this.#outbox;
  }

  /** Resolves when such a request has arrived. */
  async untilReceived(method: string): Promise<void> {
    while (this.count(method) === 0) {
      const next = Promise.withResolvers<void>();
      this.#arrived = next.resolve;
      await next.promise;
    }
  }

  count(method: string): number {
    return this.received.filter((request) => request.method === method).length;
  }

  [Symbol.dispose](): void {
    if (!this.#router.closed) this.die();
  }

  #publish(topic: string, frame: unknown): Promise<void> {
    const sent = this.#outbox.then(() => this.#publisher.send([topic, JSON.stringify(frame)]));
    this.#outbox = sent.catch(() => undefined);
    return sent;
  }

  async #serve(router: Router): Promise<void> {
    try {
      for await (const frames of router) {
        const text = (frames.at(-1) as Buffer).toString();
        const { method, params } = parsePlain(text) as { method: string; params: Record<string, unknown> };
        this.received.push({ method, params, text, trace: frames[1]?.toString() ?? '' });
        this.#arrived();
        void this.#reply(router, frames.slice(0, -1), method, params);
      }
    } catch (error) {
      if (!router.closed) throw error;
    }
  }

  async #reply(router: Router, envelope: Buffer[], method: string, params: Record<string, unknown>): Promise<void> {
    const own = isStatus(method) ? { ...this.#status } : undefined;
    const answer = (await this.#answer(method, params)) ?? own;
    if (answer === undefined) return;
    const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
    const sent = this.#outbox.then(() => (router.closed ? undefined : router.send([...envelope, text])));
    this.#outbox = sent.catch(() => undefined);
  }
}

const isStatus = (method: string) => method === 'status' || method === 'ping';
const accepted = (method: string) => (isStatus(method) ? undefined : { success: true, msg: '' });
