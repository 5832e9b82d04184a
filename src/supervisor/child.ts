import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { defineStates, StateMachine } from '../lib/define-states.ts';
import type { ChildRecord } from './child-record.ts';
import { isAlive, livingRecord, removeRecord, startTicks, writeRecord } from './child-record.ts';
import { logTail } from './log-tail.ts';

/**
 * One process that the supervisor keeps running.
 *
 * It is `stopped` until it is started, `initializing` until it says that it is ready, then `ready`. When it ends without
 * having been asked, it is `restarting` after a delay that doubles with each early end, from a tenth of a second to half
 * a minute, and falls back once the process has lived a while. `failed` is a first start that never became ready: that
 * fails the whole start. `stopping` is on request, and leads to `stopped` for good. `ended` is a process that went by its
 * own decision (exit code 0 where `endsByItself` says that means so) and stays away.
 */
const childStates = defineStates({
  stopped: ['initializing', 'ready'],
  initializing: ['ready', 'restarting', 'failed', 'stopping', 'ended'],
  ready: ['restarting', 'stopping', 'ended'],
  restarting: ['initializing', 'stopping', 'stopped'],
  stopping: ['stopped'],
  failed: ['stopping', 'stopped'],
  ended: ['stopped', 'stopping'],
});
export type ChildState = keyof typeof childStates.next;

export interface ChildPlan {
  readonly name: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly logFile: string;
  readonly runDir: string;
  readonly version: string;
  /** A process of an earlier supervisor goes on under this one: it must not lose what it has under way. */
  readonly isAdoptable: boolean;
  /** What exit code 0 means: a fresh one at once (a worker whose environment was closed), or that it was asked to end. */
  readonly onExitZero: 'renew' | 'end';
  readonly readyWithinMs: number;
  readonly stopWithinMs: number;
}

export interface ChildEvents {
  changed(child: Child, why: string): void;
  /** It ended by its own decision and is not started again. */
  ended(child: Child): void;
}

/** What `beamgate ps` shows of one process. */
export interface ChildReport {
  readonly name: string;
  readonly state: string;
  readonly pid: number | null;
  readonly restarts: number;
}

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 30_000;
const PROVEN_AFTER_MS = 10_000;
// Node offers no event for the end of a process that is not a child, so an adopted one is looked at.
const ADOPTED_LOOK_MS = 200;

export class Child {
  readonly plan: ChildPlan;
  readonly #events: ChildEvents;
  readonly #machine = new StateMachine(childStates, 'stopped', ({ why }) => this.#events.changed(this, why));
  readonly #ended = new AbortController();
  #record: ChildRecord | null = null;
  #exit: Promise<void> = Promise.resolve();
  #delayMs = FIRST_DELAY_MS;
  #restarts = 0;
  #startedAtMs = 0;

  constructor(plan: ChildPlan, events: ChildEvents) {
    this.plan = plan;
    this.#events = events;
  }

  get state(): ChildState {
    return this.#machine.state;
  }
  get pid(): number | null {
    return this.#record?.pid ?? null;
  }
  get restarts(): number {
    return this.#restarts;
  }
  /** What it said when it was ready. */
  get announced(): Readonly<Record<string, unknown>> {
    return this.#record?.announced ?? {};
  }

  /** Adopts what still runs, ends what may not go on, and else starts anew. Resolves when ready. @throws Error with its reason */
  async start(): Promise<void> {
    const living = livingRecord(this.plan.runDir, this.plan.name);
    if (living && this.plan.isAdoptable) {
      this.#adopt(living);
      return;
    }
    if (living) await endProcess(living, this.plan.stopWithinMs);
    await this.#launch('started');
    if (this.#machine.is('failed')) {
      const tail = logTail(this.plan.logFile);
      throw new Error(`${this.plan.name} did not become ready; its last words (${this.plan.logFile}):\n${tail}`);
    }
  }

  /** SIGTERM, then SIGKILL. Resolves when it is gone. */
  async stop(why: string): Promise<void> {
    this.#ended.abort();
    const record = this.#record;
    if (this.#machine.is('stopped', 'stopping')) return await this.#exit;
    this.#machine.change({ to: this.#machine.is('restarting') ? 'stopped' : 'stopping', why });
    if (record) await endProcess(record, this.plan.stopWithinMs);
    await this.#exit;
    removeRecord(this.plan.runDir, this.plan.name);
    if (this.#machine.is('stopping')) this.#machine.change({ from: 'stopping', to: 'stopped', why: 'it has ended' });
  }

  #adopt(record: ChildRecord): void {
    this.#record = record;
    this.#startedAtMs = performance.now();
    this.#machine.change({ from: 'stopped', to: 'ready', why: `adopted, pid ${record.pid}` });
    this.#exit = this.#untilGone(record).then(() => this.#gone(null, 'the adopted process ended'));
  }

  async #untilGone(record: ChildRecord): Promise<void> {
    while (isAlive(record)) await delay(ADOPTED_LOOK_MS);
  }

  /** Resolves when the child is ready, or has ended. */
  async #launch(why: string): Promise<void> {
    this.#machine.change({ from: ['stopped', 'restarting'], to: 'initializing', why });
    this.#startedAtMs = performance.now();
    const [file, ...args] = this.plan.command as [string, ...string[]];
    const log = openSync(this.plan.logFile, 'a', 0o600);
    // A session of its own and no terminal: neither Ctrl-C on the group nor a broken pipe reaches it.
    const child = spawn(file, args, {
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
      env: this.plan.environment,
    });
    closeSync(log);
    const exited = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal ? `killed by ${signal}` : `exit code ${code}`));
    });
    this.#remember(child, {});
    const ready = new Promise<'ready'>((resolve) => {
      child.on('message', (message: { type?: string } & Record<string, unknown>) => {
        if (message.type !== 'ready') return;
        this.#remember(child, message);
        resolve('ready');
      });
    });
    this.#exit = exited.then((reason) => this.#gone(child.exitCode, reason));
    const deadline = AbortSignal.timeout(this.plan.readyWithinMs);
    const late = new Promise<'late'>((resolve) => deadline.addEventListener('abort', () => resolve('late')));
    const outcome = await Promise.race([ready, late, this.#exit]);
    if (outcome === 'ready' && this.#machine.is('initializing')) {
      this.#machine.change({ from: 'initializing', to: 'ready', why: `pid ${child.pid}` });
    } else if (outcome === 'late' && this.#machine.is('initializing')) {
      child.kill('SIGKILL');
      await this.#exit;
    }
  }

  #remember(child: ChildProcess, announced: Record<string, unknown>): void {
    if (child.pid === undefined) return;
    const { name, runDir, version } = this.plan;
    this.#record = { name, pid: child.pid, startTicks: startTicks(child.pid), version, announced };
    writeRecord(runDir, this.#record);
  }

  #gone(code: number | null, reason: string): void {
    removeRecord(this.plan.runDir, this.plan.name);
    if (this.#machine.is('stopping', 'stopped')) return;
    if (code === 0 && this.plan.onExitZero === 'end') {
      this.#machine.change({ to: 'ended', why: 'it ended as it was asked to' });
      this.#events.ended(this);
      return;
    }
    if (this.#machine.is('initializing') && this.#restarts === 0) {
      this.#machine.change({ to: 'failed', why: reason });
      return;
    }
    this.#restart(code, reason);
  }

  #restart(code: number | null, reason: string): void {
    const isRenewed = code === 0;
    if (performance.now() - this.#startedAtMs > PROVEN_AFTER_MS) this.#delayMs = FIRST_DELAY_MS;
    const waitMs = isRenewed || this.#restarts === 0 ? 0 : this.#delayMs;
    if (!isRenewed) this.#delayMs = Math.min(this.#delayMs * 2, LONGEST_DELAY_MS);
    this.#restarts++;
    this.#machine.change({ to: 'restarting', why: reason });
    delay(waitMs, undefined, { signal: this.#ended.signal }).then(
      () => this.#launch(isRenewed ? 'renewed' : `started again after ${waitMs} ms`),
      () => undefined, // stopped while it waited
    );
  }
}

/** Asks a process to end, and ends it when it does not. */
export async function endProcess(record: ChildRecord, withinMs: number): Promise<void> {
  const end = performance.now() + withinMs;
  signalTo(record, 'SIGTERM');
  while (isAlive(record) && performance.now() < end) await delay(20);
  if (isAlive(record)) signalTo(record, 'SIGKILL');
  while (isAlive(record)) await delay(20);
}

function signalTo(record: ChildRecord, signal: NodeJS.Signals): void {
  try {
    if (isAlive(record)) process.kill(record.pid, signal);
  } catch {
    // It ended between the look and the signal, which is what was wanted.
  }
}
