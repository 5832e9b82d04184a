import type { WorkerRequests } from '../link/link-server.ts';
import { Refusal } from '../link/refusal.ts';
import type { RunEngine } from '../run-engine/run-engine.ts';
import type { Environment } from './environment.ts';
import type { ItemRunner } from './item-runner.ts';
import { TASK_NAMES } from './task.ts';

/** An emergency is answered after this, whatever the plan or a device does. */
const EMERGENCY_MS = 1000;
const NOTHING = {};

/**
 * What a manager may ask of the environment. Each request is accepted or refused at once, in every state; refusals are
 * the original's sentences, which clients show.
 */
export function environmentRequests(
  environment: Environment,
  shutDown: (reason: string) => void,
  report: (error: unknown) => void,
): WorkerRequests {
  const refuseUnless = (states: string[], sentence: (state: string) => string): void => {
    const state = environment.environmentState;
    if (!states.includes(state)) throw new Refusal(sentence(state));
  };
  const paused = (): ItemRunner => {
    const state = environment.engine?.state;
    if (state === 'paused' && environment.items !== undefined) return environment.items;
    throw new Refusal(`Run Engine must be in 'paused' state to continue. The state is ${quoted(state)}`);
  };
  const begun = (work: Promise<void>): typeof NOTHING => {
    work.catch(report);
    return NOTHING;
  };

  return {
    environment_open() {
      refuseUnless(['closed'], (state) => `The environment cannot be opened: it is '${state}', and must be 'closed'`);
      return begun(environment.open());
    },
    environment_close() {
      refuseUnless(['idle'], (state) => `The environment cannot be closed: it is '${state}', and must be 'idle'`);
      if (environment.items?.runningItemUid !== null) {
        throw new Refusal('Run Engine is executing a plan.Stop the running plan and try again.');
      }
      return begun(environment.close());
    },
    run_item({ item_uid: uid, item }) {
      refuseUnless(
        ['idle'],
        (state) => `Attempted to start a plan in '${state}' environment state. Accepted state: 'idle'`,
      );
      if (environment.items?.runningItemUid !== null) {
        throw new Refusal(
          `Run Engine must be in 'idle' state to start plans. Current state: ${quoted(environment.engine?.state)}`,
        );
      }
      environment.startItem(uid, item);
      return NOTHING;
    },
    pause({ option }) {
      const { engine } = environment;
      if (engine?.state !== 'running') {
        throw new Refusal(
          `Run engine can be paused only in 'running' state. Current state: '${engine?.state ?? 'None'}'`,
        );
      }
      engine.requestPause(option === 'deferred');
      environment.changed();
      return NOTHING;
    },
    resume: () => begun(paused().resume()),
    stop: () => begun(paused().end('stop')),
    abort: () => begun(paused().end('abort')),
    halt: () => begun(paused().end('halt')),
    async emergency_halt() {
      const late = Promise.withResolvers<boolean>();
      const timer = setTimeout(() => late.resolve(false), EMERGENCY_MS);
      const halted = environment.emergencyHalt().then(
        () => true,
        (error: unknown) => {
          report(error);
          return false;
        },
      );
      const answer = await Promise.race([halted, late.promise]);
      clearTimeout(timer);
      return { halted: answer };
    },
    runs: () => ({ runs: [...(environment.items?.runs ?? [])] }),
    re_metadata: () => ({ re_metadata: environment.metadata }),
    task_run(order) {
      const refused = (sentence: string): Refusal =>
        new Refusal(`Task '${TASK_NAMES[order.kind]}' was rejected by RE Worker process: ${sentence}`);
      const state = environment.environmentState;
      if (!['idle', 'executing_plan', 'executing_task'].includes(state)) {
        throw refused(
          `Incorrect environment state: '${state}'. Acceptable states: ['idle', 'reserved', 'executing_plan', 'executing_task']`,
        );
      }
      if (!order.run_in_background && (state !== 'idle' || isTaken(environment.engine))) {
        throw refused(`Incorrect environment state: '${state}'. Acceptable states: 'idle', 'reserved'`);
      }
      environment.startTask(order);
      return NOTHING;
    },
    shutdown({ reason }) {
      shutDown(reason);
      return NOTHING;
    },
  };
}

/** A paused plan keeps its devices as it left them: nothing else may have the environment for itself. */
const isTaken = (engine: RunEngine | undefined): boolean => engine?.state !== 'idle';

const quoted = (state: string | undefined): string => (state === undefined ? 'None' : `'${state}'`);
