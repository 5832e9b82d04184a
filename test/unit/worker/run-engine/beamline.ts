import type { DataKeys, Readings } from '../../../../src/worker/devices/protocols.ts';
import { DeviceStatus } from '../../../../src/worker/devices/status.ts';
import { msg, type Plan } from '../../../../src/worker/run-engine/messages.ts';
import type { RunEngineParts } from '../../../../src/worker/run-engine/parts.ts';
import { RunEngine } from '../../../../src/worker/run-engine/run-engine.ts';
import type { EngineState } from '../../../../src/worker/run-engine/state.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- documents as tests look at them
export type Fields = Record<string, any>;

/** A RunEngine, and everything it told. */
export class Beamline {
  readonly documents: [name: string, document: Fields][] = [];
  readonly states: EngineState[] = [];
  readonly errors: string[] = [];
  readonly notices: string[] = [];
  readonly messages: string[] = [];
  readonly engine: RunEngine;

  constructor(parts: Partial<RunEngineParts> = {}) {
    this.engine = new RunEngine({
      onDocument: (name, document) => this.documents.push([name, document]),
      onState: (state) => this.states.push(state),
      onMessage: ({ command }) => this.messages.push(command),
      onError: (error) => this.errors.push((error as Error).message),
      onNotice: (sentence) => this.notices.push(sentence),
      ...parts,
    });
  }

  get names(): string[] {
    return this.documents.map(([name]) => name);
  }

  /** The only document of that name, or the last. */
  last(name: string): Fields {
    const found = this.documents.findLast(([other]) => other === name);
    if (found === undefined) throw new Error(`no ${name} document`);
    return found[1];
  }

  all(name: string): Fields[] {
    return this.documents.filter(([other]) => other === name).map(([, document]) => document);
  }

  /** Resolves once the RunEngine has begun that message for the nth time. */
  async until(command: string, count = 1): Promise<void> {
    while (this.messages.filter((one) => one === command).length < count) await turn();
  }
}

/** One turn of the event loop. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What a plan was asked to do by the RunEngine, and what it asked of its devices. */
export class Detector {
  readonly name: string;
  readonly hints: { fields: string[] };
  readonly calls: string[] = [];
  value = 0;

  constructor(name = 'det') {
    this.name = name;
    this.hints = { fields: [name] };
  }
  trigger(): DeviceStatus {
    this.calls.push('trigger');
    this.value += 1;
    return DeviceStatus.finished();
  }
  read(): Readings {
    return { [this.name]: { value: this.value, timestamp: 17 } };
  }
  describe(): DataKeys {
    return { [this.name]: { source: `SIM:${this.name}`, dtype: 'number', shape: [] } };
  }
}

/** Moves until it is told that it has arrived. */
export class Motor extends Detector {
  readonly moves: DeviceStatus[] = [];

  set(value: unknown): DeviceStatus {
    this.calls.push(`set ${String(value)}`);
    const move = new DeviceStatus();
    this.moves.push(move);
    return move;
  }
  stop(): unknown {
    this.calls.push('stop');
    const move = this.moves.at(-1);
    if (move !== undefined && !move.done) move.setFinished();
    return undefined;
  }
  arrive(): void {
    this.moves.at(-1)?.setFinished();
  }
}

/** A run of so many points with a checkpoint before each. */
export function* count(detector: Detector, points = 1): Plan<void> {
  yield msg('open_run', null, [], { plan_name: 'count' });
  for (let point = 0; point < points; point += 1) {
    yield msg('checkpoint');
    yield* shot(detector);
  }
  yield msg('close_run');
}

export function* shot(detector: unknown, stream = 'primary'): Plan<void> {
  yield msg('trigger', detector, [], { group: 'shot' });
  yield msg('wait', null, [], { group: 'shot' });
  yield msg('create', null, [], { name: stream });
  yield msg('read', detector);
  yield msg('save');
}
