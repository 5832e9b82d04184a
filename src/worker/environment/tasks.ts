import type { ReportOf } from '../../protocol/worker/reports.ts';
import { evaluateScript } from '../startup/load-hooks.ts';
import { profileOf } from '../startup/load-startup.ts';
import type { Contents } from './contents.ts';
import { itemCall } from './plan-item.ts';
import { carriedOut, givenUp, type TaskOrder } from './task.ts';

export interface TasksParts {
  readonly contents: Contents;
  /** New devices want to be connected before anybody is told of them. */
  readonly connect: (exports: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly onChanged: () => void;
  readonly onListsChanged: () => void;
  /** After it has left the lists below. */
  readonly onFinished: (finished: ReportOf<'task_finished'>, inBackground: boolean) => void;
}

interface UnderWay {
  readonly order: TaskOrder;
  readonly inBackground: boolean;
  readonly startedAt: number;
}

/** Tasks under way. A plan may be running beside those in the background; one in the foreground has the environment for itself. */
export class Tasks {
  readonly #parts: TasksParts;
  readonly #underWay = new Map<string, UnderWay>();

  constructor(parts: TasksParts) {
    this.#parts = parts;
  }

  get inBackground(): number {
    return [...this.#underWay.values()].filter((task) => task.inBackground).length;
  }

  /** Foreground first. */
  get uids(): string[] {
    const tasks = [...this.#underWay];
    return [...tasks.filter(([, task]) => !task.inBackground), ...tasks.filter(([, task]) => task.inBackground)].map(
      ([uid]) => uid,
    );
  }

  /** Begins in the next turn, after the acceptance is on its way. */
  start(order: TaskOrder): void {
    const inBackground = order.run_in_background;
    this.#underWay.set(order.task_uid, { order, inBackground, startedAt: Date.now() / 1000 });
    this.#parts.onChanged();
    setImmediate(() => void this.#run(order, inBackground));
  }

  async #run(order: TaskOrder, inBackground: boolean): Promise<void> {
    const finished = await carriedOut(order, () => this.#carryOut(order));
    // One that was given up is told already.
    if (this.#underWay.delete(order.task_uid)) this.#parts.onFinished(finished, inBackground);
  }

  /** The environment ends under them: each has failed for that reason. */
  giveUp(reason: string): void {
    for (const [uid, { order, inBackground, startedAt }] of this.#underWay) {
      this.#underWay.delete(uid);
      this.#parts.onFinished(givenUp(order, startedAt, reason), inBackground);
    }
  }

  async #carryOut({ kind, text, update_lists: updateLists = true }: TaskOrder): Promise<unknown> {
    const { contents, connect, onListsChanged } = this.#parts;
    if (kind === 'function') return contents.call(itemCall(text));
    if (kind === 'script') {
      const { namespace } = profileOf(await evaluateScript(text));
      await connect(namespace);
      contents.add(namespace);
    }
    if (updateLists && contents.redescribe()) onListsChanged();
    return null;
  }
}
