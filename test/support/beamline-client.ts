import { WebSocket } from 'ws';
import type { QueueItem } from '../../src/protocol/item.ts';
import type { ManagerStatus } from '../../src/protocol/status.ts';

/** What a user does with a beamline over REST and WebSocket, whoever started it. */
export class BeamlineClient {
  readonly url: string;
  protected key: string;

  constructor(url: string, key: string) {
    this.url = url;
    this.key = key;
  }

  async call(verb: 'GET' | 'POST', path: string, body?: object): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.url}/api${path}`, {
      method: verb,
      headers: { authorization: `ApiKey ${this.key}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
    return (await response.json()) as Record<string, unknown>;
  }

  /** A call that is to succeed. */
  async must(verb: 'GET' | 'POST', path: string, body?: object): Promise<Record<string, unknown>> {
    const reply = await this.call(verb, path, body);
    if (reply['success'] !== true) throw new Error(`${verb} ${path}: ${JSON.stringify(reply)}`);
    return reply;
  }

  async status(): Promise<ManagerStatus> {
    return (await this.call('GET', '/status')) as unknown as ManagerStatus;
  }

  async add(name: string, args: unknown[] = [], kwargs: object = {}): Promise<string> {
    const reply = await this.must('POST', '/queue/item/add', { item: { item_type: 'plan', name, args, kwargs } });
    return (reply['item'] as QueueItem).item_uid;
  }

  async queue(): Promise<QueueItem[]> {
    return (await this.must('GET', '/queue/get'))['items'] as QueueItem[];
  }

  async history(): Promise<QueueItem[]> {
    return (await this.must('GET', '/history/get'))['items'] as QueueItem[];
  }

  async openEnvironment(): Promise<void> {
    await this.must('POST', '/environment/open');
    await this.until((status) => status.worker_environment_state === 'idle' && status.manager_state === 'idle');
  }

  /** Waits for a status by the events of the status socket, which it opens again when the gateway was away. */
  async until(isSo: (status: ManagerStatus) => boolean, withinMs = 20_000): Promise<ManagerStatus> {
    const deadline = performance.now() + withinMs;
    let last: ManagerStatus | undefined;
    while (performance.now() < deadline) {
      for await (const status of this.#statuses(deadline)) {
        last = status;
        if (isSo(status)) return status;
      }
    }
    throw new Error(`not within ${withinMs} ms; the last status: ${JSON.stringify(last)}\n${this.diagnosis()}`);
  }

  async *#statuses(deadline: number): AsyncGenerator<ManagerStatus> {
    const socket = new WebSocket(`${this.url.replace('http', 'ws')}/api/status/ws`, {
      headers: { authorization: `ApiKey ${this.key}` },
    });
    const frames: ManagerStatus[] = [];
    let wake = Promise.withResolvers<void>();
    let isOpen = true;
    const end = () => {
      isOpen = false;
      wake.resolve();
    };
    const timer = setTimeout(end, Math.max(0, deadline - performance.now()));
    socket.on('message', (data: Buffer) => {
      frames.push((JSON.parse(data.toString('utf8')) as { msg: { status: ManagerStatus } }).msg.status);
      wake.resolve();
    });
    socket.on('error', end);
    socket.on('close', end);
    try {
      for (;;) {
        for (let frame = frames.shift(); frame; frame = frames.shift()) yield frame;
        if (!isOpen) return;
        await wake.promise;
        wake = Promise.withResolvers();
      }
    } finally {
      clearTimeout(timer);
      socket.terminate();
    }
  }

  /** What helps to understand why something did not happen. */
  protected diagnosis(): string {
    return '';
  }
}
