import { members, parseView } from '../../lib/raw-json.ts';
import { coded } from '../../protocol/error-codes.ts';
import type { CodedError } from '../../protocol/error-codes.ts';
import { getItem, isDict, typeName } from '../../lib/python-text/py-value.ts';
import type { PyDict, PyJson } from '../../lib/python-text/py-value.ts';
import { listText, repr } from '../../lib/python-text/repr.ts';

/** The parameters of one request: views for judging, and each one's own text for keeping. */
export class RequestParams<N extends string = string> {
  readonly #text: string;
  #view: PyDict | undefined;
  #texts: Map<string, string> | undefined;

  private constructor(view: PyDict | undefined, text: string) {
    this.#view = view;
    this.#text = text;
  }

  /**
   * Takes what stands under `params`, and refuses what is not known by name. Without a view of it the text is a valid
   * object, and each parameter is viewed when it is asked for.
   * @throws UNSUPPORTED_PARAMETERS, REFUSED in the original's words
   */
  static of<N extends string>(view: PyJson | undefined, text: string, supported: readonly N[]): RequestParams<N> {
    const params = new RequestParams<N>(view === undefined ? undefined : (view as PyDict), text);
    const names = view === undefined ? [...params.#slices.keys()] : namesIn(view);
    const unknown = names.filter((name) => !(supported as readonly PyJson[]).includes(name));
    if (unknown.length > 0) {
      const shown = unknown.length === 1 ? repr(unknown[0] as PyJson) : listText(unknown);
      throw coded('UNSUPPORTED_PARAMETERS', { names: shown, supported: listText(supported) });
    }
    if (view !== undefined && !isDict(view)) throw refused(`'${typeName(view)}' object has no attribute 'get'`);
    return params;
  }

  /** Takes whatever stands under `params`; what is no object counts as empty. */
  static loosely<N extends string>(view: PyJson | undefined, text: string): RequestParams<N> {
    const isObject = view === undefined || isDict(view);
    return isObject ? new RequestParams<N>(view, text) : new RequestParams<N>({}, '{}');
  }

  has(name: N): boolean {
    return this.#view ? Object.hasOwn(this.#view, name) : this.#slices.has(name);
  }

  /** `undefined` when it is not there, which is not the same as null. */
  view(name: N): PyJson | undefined {
    if (this.#view) return getItem(this.#view, name);
    const text = this.#slices.get(name);
    return text === undefined ? undefined : (parseView(text) as PyJson);
  }

  /** As `view`, but what is not there is null. */
  orNull(name: N): PyJson {
    return this.view(name) ?? null;
  }

  /** The value in the client's own bytes; `null` when it is not there. */
  text(name: N): string {
    return this.#slices.get(name) ?? 'null';
  }

  /** All of it, for a sentence that quotes it. */
  get all(): PyDict {
    return (this.#view ??= parseView(this.#text) as PyDict);
  }

  get #slices(): Map<string, string> {
    return (this.#texts ??= members(this.#text));
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
