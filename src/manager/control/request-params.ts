import { members } from '../../lib/raw-json.ts';
import { coded } from '../../protocol/error-codes.ts';
import type { CodedError } from '../../protocol/error-codes.ts';
import { getItem, isDict, typeName } from '../python-text/py-value.ts';
import type { PyDict, PyJson } from '../python-text/py-value.ts';
import { listText, repr } from '../python-text/repr.ts';

/** The parameters of one request: a view for judging, and each one's own text for keeping. */
export class RequestParams<N extends string = string> {
  readonly #view: PyDict;
  readonly #text: string;
  #texts: Map<string, string> | undefined;

  private constructor(view: PyDict, text: string) {
    this.#view = view;
    this.#text = text;
  }

  /**
   * Takes what stands under `params`, and refuses what is not known by name.
   * @throws UNSUPPORTED_PARAMETERS, REFUSED in the original's words
   */
  static of<N extends string>(view: PyJson, text: string, supported: readonly N[]): RequestParams<N> {
    const unknown = namesIn(view).filter((name) => !(supported as readonly PyJson[]).includes(name));
    if (unknown.length > 0) {
      const names = unknown.length === 1 ? repr(unknown[0] as PyJson) : listText(unknown);
      throw coded('UNSUPPORTED_PARAMETERS', { names, supported: listText(supported) });
    }
    if (!isDict(view)) throw refused(`'${typeName(view)}' object has no attribute 'get'`);
    return new RequestParams<N>(view as PyDict, text); // Made by `parseView`: all of it is JSON.
  }

  has(name: N): boolean {
    return Object.hasOwn(this.#view, name);
  }

  /** `undefined` when it is not there, which is not the same as null. */
  view(name: N): PyJson | undefined {
    return getItem(this.#view, name);
  }

  /** As `view`, but what is not there is null. */
  orNull(name: N): PyJson {
    return getItem(this.#view, name) ?? null;
  }

  /** The value in the client's own bytes; `null` when it is not there. */
  text(name: N): string {
    this.#texts ??= members(this.#text);
    return this.#texts.get(name) ?? 'null';
  }

  /** All of it, for a sentence that quotes it. */
  get all(): PyDict {
    return this.#view;
  }
}

/** What Python walks through when it looks for names. */
function namesIn(view: PyJson): PyJson[] {
  if (isDict(view)) return Object.keys(view);
  if (Array.isArray(view)) return view;
  if (typeof view === 'string') return Array.from(view);
  throw refused(`'${typeName(view)}' object is not iterable`);
}

const refused = (msg: string): CodedError => coded('REFUSED', { msg });
