import { simulatedHardware } from '../../src/worker/devices/sim/hardware.ts';
import type { Msg, Plan } from '../../src/worker/run-engine/messages.ts';
import type { RunOutcome } from '../../src/worker/run-engine/outcome.ts';
import { RunEngine } from '../../src/worker/run-engine/run-engine.ts';
import type { PlanRecording, RecordedMessage } from './plans-recording.ts';
import { MessageCounter, type Scenario } from './plans-scenarios.ts';

/** Runs a scenario on a RunEngine and simulated devices of its own. Gives what a recording has. */
export async function ran(scenario: Scenario, recording: PlanRecording, savePath: string): Promise<PlanRecording> {
  const devices = simulatedHardware({ savePath });
  const names = new Map<unknown, string>(Object.entries(devices).map(([key, device]) => [device, key]));
  const result: PlanRecording = { name: recording.name, messages: [], documents: [], states: [], outcome: [] };
  const counter = new MessageCounter();
  const engine = new RunEngine({
    md: { beamline: 'SIM' },
    recordInterruptions: scenario.recordInterruptions ?? false,
    onDocument: (name, document) => result.documents.push([name, structuredClone(document)]),
    onState: (state, previous) => result.states.push([previous, state]),
    onMessage: (message) => {
      result.messages.push(shown(message, names));
      const begun = counter.count(message);
      for (const { at, act } of scenario.outside ?? []) if (at === begun) act(engine, devices);
    },
  });
  scenario.install?.(engine, devices);

  const plan = (): Plan => scenario.plan(devices);
  Object.defineProperty(plan, 'name', { value: recording.documents[0]?.[1]['plan_name'] ?? '' });
  let outcome = await engine.run(plan);
  result.outcome.push(told('RE', outcome, engine));
  if (outcome.kind === 'paused' && scenario.afterPause) {
    outcome = await engine[scenario.afterPause]();
    result.outcome.push(told(scenario.afterPause, outcome, engine));
  }
  return result;
}

function shown({ command, obj, args, kwargs, run }: Msg, names: ReadonlyMap<unknown, string>): RecordedMessage {
  const device = (value: unknown): { $dev: string } | null =>
    isDevice(value) ? { $dev: names.get(value) ?? value.name } : null;
  return { command, obj: device(obj), args: args.map((value) => device(value) ?? value), kwargs: { ...kwargs }, run };
}

const isDevice = (value: unknown): value is { name: string } =>
  typeof value === 'object' && value !== null && 'name' in value && 'parent' in value;

/** How a call ended, as Python would tell it. */
function told(call: string, outcome: RunOutcome, engine: RunEngine): Record<string, unknown> {
  const { state } = engine;
  if (outcome.kind === 'paused') return { call, raised: 'RunEngineInterrupted', state };
  if (outcome.interrupted && call === 'RE') return { call, raised: 'RunEngineInterrupted', state };
  if (outcome.error === undefined || outcome.interrupted) return { call, returned: outcome.run_uids };
  return { call, raised: PYTHON_NAMES[errorName(outcome.error)] ?? errorName(outcome.error), state };
}

const PYTHON_NAMES: Record<string, string> = { RangeError: 'ValueError' };
const errorName = (error: unknown): string => (error instanceof Error ? error.name : 'not an error');
