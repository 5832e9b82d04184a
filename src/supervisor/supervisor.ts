import { Releasers } from '../lib/releasers.ts';
import { Child } from './child.ts';
import type { ChildPlan, ChildReport } from './child.ts';
import { ControlSocket } from './control-socket.ts';
import { DataLock } from './data-lock.ts';
import { ensureTokenFile } from './token-file.ts';

/** Later steps may depend on what earlier children announced, e.g. the worker on the ports of the simulated IOC. */
export type ChildStep = (announcedBy: (name: string) => Readonly<Record<string, unknown>>) => ChildPlan;

export interface SupervisorPlan {
  readonly what: string;
  readonly dataDir: string;
  readonly runDir: string;
  readonly tokenFile: string;
  readonly controlSocket: string;
  /** In the order of starting. */
  readonly steps: readonly ChildStep[];
  /** In the order of stopping, those of one group together: all is to be down within 5 s. */
  readonly stopOrder: readonly (readonly string[])[];
  /** These end together when the manager ended by its own decision; the others stay. */
  readonly endWithManager: readonly string[];
  readonly log: (line: string) => void;
  /** Runs once the directory is ours and before anything is started. What it throws fails the start. */
  readonly beforeStart?: () => Promise<void>;
}

/**
 * Starts the processes of one data directory in order, keeps them running, and stops them in order. It holds no state
 * that matters: after its death another one adopts what still runs.
 */
export class Supervisor {
  readonly #plan: SupervisorPlan;
  readonly #children = new Map<string, Child>();
  readonly #releasers = new Releasers();
  readonly #over = Promise.withResolvers<string>();
  #stopped: Promise<void> | undefined;

  constructor(plan: SupervisorPlan) {
    this.#plan = plan;
  }

  /** Resolves, with the reason, once everything is down: asked to stop, or nothing is left to supervise. */
  get over(): Promise<string> {
    return this.#over.promise;
  }

  announcedBy = (name: string): Readonly<Record<string, unknown>> => this.#children.get(name)?.announced ?? {};

  list(): ChildReport[] {
    return [...this.#children.values()].map(({ plan: { name }, state, pid, restarts }) => ({
      name,
      state,
      pid,
      restarts,
    }));
  }

  /**
   * True when everything is ready; false when it was asked to stop meanwhile, and everything is down again.
   * @throws DataHeld, or an Error with the reason of the child that did not become ready; nothing is left running then
   */
  async start(): Promise<boolean> {
    const { dataDir, runDir, what, tokenFile, controlSocket } = this.#plan;
    this.#releasers.use(DataLock.take(dataDir, runDir, what));
    ensureTokenFile(tokenFile);
    try {
      await this.#plan.beforeStart?.();
      this.#releasers.use(
        await ControlSocket.open(controlSocket, { ps: () => this.list(), stop: () => void this.stop('beamgate stop') }),
      );
      for (const step of this.#plan.steps) {
        if (this.#stopped) break;
        await this.#startChild(step(this.announcedBy));
      }
    } catch (error) {
      await this.stop('the start failed');
      throw error;
    }
    await this.#stopped;
    return this.#stopped === undefined;
  }

  /** Stopping twice gives the same promise. */
  stop(why: string): Promise<void> {
    this.#stopped ??= this.#stopAll(why);
    return this.#stopped;
  }

  async #startChild(plan: ChildPlan): Promise<void> {
    const child = new Child(plan, {
      changed: ({ state, restarts }, reason) =>
        this.#plan.log(`${plan.name}: ${state} (${reason}${restarts > 0 ? `, restarts: ${restarts}` : ''})`),
      ended: () => void this.#managerEnded(),
    });
    this.#children.set(plan.name, child);
    await child.start();
  }

  async #managerEnded(): Promise<void> {
    for (const name of this.#plan.endWithManager) await this.#children.get(name)?.stop('the manager was stopped');
    const isAnyLeft = [...this.#children.values()].some(({ state }) => state !== 'stopped' && state !== 'ended');
    if (isAnyLeft) this.#plan.log('The manager was stopped and is not started again; the rest goes on.');
    else await this.stop('the manager was stopped');
  }

  async #stopAll(why: string): Promise<void> {
    this.#plan.log(`Stopping: ${why}`);
    for (const group of this.#plan.stopOrder) {
      await Promise.all(group.map(async (name) => this.#children.get(name)?.stop(why)));
    }
    await this.#releasers.release();
    this.#over.resolve(why);
  }
}
