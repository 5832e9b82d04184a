import { msg } from '../../run-engine/messages.ts';
import type { Plan } from '../../run-engine/messages.ts';
import { installSuspender, removeSuspender, subscribe } from '../stubs/control.ts';
import { finalizeWrapper } from './cleanup.ts';

export type DocumentConsumer = (name: string, document: unknown) => void;
export type Consumers = DocumentConsumer | readonly DocumentConsumer[];

const DOCUMENT_KINDS = ['all', 'start', 'stop', 'event', 'descriptor'] as const;
type DocumentKind = (typeof DOCUMENT_KINDS)[number];

/** While `plan` runs, gives documents to `consumers`: to some for all kinds, or to some for each kind. */
export function* subsWrapper<R>(
  plan: Plan<R>,
  consumers: Consumers | Partial<Record<DocumentKind, Consumers>>,
): Plan<R> {
  const byKind = typeof consumers === 'function' || isList(consumers) ? { all: consumers } : consumers;
  const tokens: number[] = [];

  function* subscribed(): Plan<R> {
    for (const kind of DOCUMENT_KINDS) {
      for (const consumer of [byKind[kind] ?? []].flat()) tokens.push(yield* subscribe(kind, consumer));
    }
    return yield* plan;
  }
  function* unsubscribeAll(): Plan<void> {
    for (const token of tokens) yield msg('unsubscribe', null, [], { token });
  }
  return yield* finalizeWrapper(subscribed(), unsubscribeAll);
}

/** While `plan` runs, lets suspenders hold it up. */
export function* suspendWrapper<R>(plan: Plan<R>, suspenders: readonly unknown[]): Plan<R> {
  function* guarded(): Plan<R> {
    for (const suspender of suspenders) yield* installSuspender(suspender);
    return yield* plan;
  }
  function* removeAll(): Plan<void> {
    for (const suspender of suspenders) yield* removeSuspender(suspender);
  }
  return yield* finalizeWrapper(guarded(), removeAll);
}

const isList = (value: unknown): value is readonly DocumentConsumer[] => Array.isArray(value);
