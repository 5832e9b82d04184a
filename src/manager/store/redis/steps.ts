import { pythonJson } from '../../../lib/python-text/dumps.ts';
import { eachInSlices } from '../../../lib/slices.ts';
import type { ItemText, StoreChange, StoreEvent } from '../store.ts';
import { FIRST_VALUE_KEY, ORIGINAL_VALUES } from './redis-keys.ts';

/** Beyond this, going through the list for each item costs more than reading and writing all of it. */
const MOST_SEARCHES = 8;
/** Through a long list, on a busy machine. */
const SEARCH_MS = 100;
const WHOLE_MS = 20_000;
const RUNNING_KEY = FIRST_VALUE_KEY - 1;
export const NOTHING_RUNS = '{}';

export interface Steps {
  readonly manner: 'few' | 'many';
  readonly args: readonly string[];
  /** How much longer than usual it may take. */
  readonly extraMs: number;
}

/** A commit in the words of the script `commit`. Items are written as the original writes them, and found by that. */
export async function stepsOf(changes: readonly StoreChange[], events: readonly StoreEvent[]): Promise<Steps> {
  const steps = new StepList();
  for (const change of changes) await steps.add(change);
  const texts: string[] = [];
  await eachInSlices(events, (event) => texts.push(JSON.stringify(event)));
  if (texts.length > 0) steps.step('events', texts);
  return { manner: steps.isMany ? 'many' : 'few', args: steps.args, extraMs: steps.extraMs };
}

export const keptText = (item: ItemText): string => pythonJson(item.text);

class StepList {
  readonly args: string[] = [];
  readonly #touched = new Set<string>();
  #searches = 0;
  #isCleared = false;
  /** A later step names what an earlier one changed, so it cannot be looked at before the first write. */
  #isEntangled = false;

  get isMany(): boolean {
    return this.#isEntangled || this.#searches > MOST_SEARCHES;
  }

  get extraMs(): number {
    return this.isMany ? WHOLE_MS : this.#searches * SEARCH_MS;
  }

  step(name: string, args: readonly string[]): void {
    this.args.push(name, String(args.length));
    for (const arg of args) this.args.push(arg);
  }

  async add(change: StoreChange): Promise<void> {
    switch (change.type) {
      case 'add':
        return this.#place(await this.#all(change.items, 'new'), change.before);
      case 'move': {
        const texts = await this.#all(change.items, 'known');
        this.step('take', texts);
        return this.#place(texts, change.before);
      }
      case 'remove':
        return this.step('take', await this.#all(change.items, 'known'));
      case 'replace':
        this.step('swap', [this.#known(change.item), this.#new(change.by)]);
        return;
      case 'clear':
        this.#isCleared = true;
        this.step('clear', []);
        return;
      case 'run':
        return this.step('set', [String(RUNNING_KEY), change.item ? keptText(change.item) : NOTHING_RUNS]);
      case 'remember':
        return this.step('remember', [keptText(change.item)]);
      case 'forget':
        return this.step('forget', [String(change.count)]);
      case 'set': {
        if (change.name === 'cursor') return this.step('cursor', [change.text ?? '']);
        const key = String(FIRST_VALUE_KEY + ORIGINAL_VALUES.indexOf(change.name));
        return change.text === null ? this.step('unset', [key]) : this.step('set', [key, change.text]);
      }
    }
  }

  #place(texts: readonly string[], before: ItemText | null): void {
    if (texts.length === 0) return;
    if (before === null) return this.step('push', texts);
    this.#searches += texts.length - 1;
    this.step('insert', [this.#named(before), ...texts]);
  }

  async #all(items: readonly ItemText[], which: 'new' | 'known'): Promise<string[]> {
    const texts: string[] = [];
    await eachInSlices(items, (item) => texts.push(which === 'new' ? this.#new(item) : this.#known(item)));
    return texts;
  }

  #new(item: ItemText): string {
    this.#touched.add(item.uid);
    return keptText(item);
  }

  #known(item: ItemText): string {
    const text = this.#named(item);
    this.#touched.add(item.uid);
    return text;
  }

  #named(item: ItemText): string {
    this.#searches++;
    if (this.#isCleared || this.#touched.has(item.uid)) this.#isEntangled = true;
    return keptText(item);
  }
}
