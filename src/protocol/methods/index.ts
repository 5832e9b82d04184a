import * as environment from './environment.ts';
import * as events from './events.ts';
import * as history from './history.ts';
import * as items from './items.ts';
import * as lock from './lock.ts';
import * as queue from './queue.ts';
import * as resources from './resources.ts';
import * as runEngine from './run-engine.ts';
import * as server from './server.ts';
import * as tasks from './tasks.ts';
import type { Method } from './define-method.ts';

/** Every method of the RE Manager, by the file that declares it. */
export const methodGroups = {
  environment,
  events,
  history,
  items,
  lock,
  queue,
  resources,
  runEngine,
  server,
  tasks,
} as const;

type Group = (typeof methodGroups)[keyof typeof methodGroups];
type DeclaredIn<G> = G extends Group ? G[keyof G] : never;
/** The union of all methods, and of their names. */
export type AnyMethod = Extract<DeclaredIn<Group>, Method>;
export type MethodName = AnyMethod['name'];

export const METHODS: ReadonlyMap<string, Method> = new Map(
  Object.values(methodGroups)
    .flatMap((group) => Object.values(group).filter(isMethod))
    .map((method) => [method.name, method]),
);

/** A group may offer atoms, too, that others are made of. */
function isMethod(value: object): value is Method {
  return 'access' in value;
}
