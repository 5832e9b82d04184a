import { members, parseView } from '../../lib/raw-json.ts';
import { getItem, isDict, typeName } from '../../lib/python-text/py-value.ts';
import type { PyDict, PyJson } from '../../lib/python-text/py-value.ts';
import { listText, repr } from '../../lib/python-text/repr.ts';
import { jsonFault } from './json-fault.ts';
import { utf8Fault } from './utf8-fault.ts';

/** A request as it was understood: `params` as text to be kept, and unless that is long as a view to be judged. */
export interface Request {
  readonly method: PyJson;
  readonly params: PyJson | undefined;
  readonly paramsText: string;
}

/** What was not understood, in the original's words. */
export class NotARequest extends Error {}

const STRICT_UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws NotARequest */
export function textOf(bytes: Uint8Array): string {
  try {
    return STRICT_UTF8.decode(bytes);
  } catch {
    throw new NotARequest(`Failed to decode the request: JSON decode error: ${utf8Fault(bytes)}`);
  }
}

/** Beyond this the view of everything takes too long for one turn of the event loop: each parameter has its own. */
const LONG = 16 * 1024;

/** @throws NotARequest */
export function requestIn(text: string): Request {
  if (text.length > LONG && isObject(text)) return longRequestIn(text);
  const view = viewOf(text);
  if (typeof view === 'string') throw new NotARequest(`Failed to decode the request: ${view}`);
  if (!isDict(view)) {
    throw new NotARequest(`Incorrect request type: <class '${typeName(view)}'>. Dictionary is expected`);
  }
  const { method, params } = membersOf(view); // Made by `parseView`: all of it is JSON.
  if (method === undefined) throw new NotARequest(`${NO_METHOD}: ${repr(view)}`);
  checkKeys(Object.keys(view));
  if (params === undefined) return { method, params: {}, paramsText: '{}' };
  return { method, params, paramsText: members(text).get('params') ?? '{}' };
}

function longRequestIn(text: string): Request {
  const parts = members(text);
  const method = parts.get('method');
  if (method === undefined) throw new NotARequest(`${NO_METHOD}: ${repr(viewOf(text))}`);
  checkKeys([...parts.keys()]);
  const paramsText = parts.get('params') ?? '{}';
  const params = paramsText.startsWith('{') ? undefined : viewOf(paramsText);
  return { method: viewOf(method), params, paramsText };
}

/** Valid, without Python's three extra words, and an object. */
function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false; // The slower way says what is wrong with it, if anything is.
  }
}

const NO_METHOD = 'Invalid request format: method is not specified';

function checkKeys(keys: readonly string[]): void {
  const extra = keys.filter((key) => key !== 'method' && key !== 'params');
  if (extra.length > 0) {
    throw new NotARequest(`Request contains unexpected keys ${listText(extra)}. Allowed keys: ('method', 'params')`);
  }
}

const membersOf = (view: PyDict): { method: PyJson | undefined; params: PyJson | undefined } => ({
  method: getItem(view, 'method'),
  params: getItem(view, 'params'),
});

function viewOf(text: string): PyJson {
  try {
    return parseView(text) as PyJson; // whatever JSON can say
  } catch {
    throw new NotARequest(`Failed to decode the request: JSON decode error: ${jsonFault(text)}`);
  }
}
