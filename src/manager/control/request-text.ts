import { members, parseView } from '../../lib/raw-json.ts';
import { getItem, isDict, typeName } from '../python-text/py-value.ts';
import type { PyDict, PyJson } from '../python-text/py-value.ts';
import { listText, repr } from '../python-text/repr.ts';
import { jsonFault } from './json-fault.ts';
import { utf8Fault } from './utf8-fault.ts';

/** A request as it was understood: `params` twice, to be judged and to be kept. */
export interface Request {
  readonly method: PyJson;
  readonly params: PyJson;
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

/** @throws NotARequest */
export function requestIn(text: string): Request {
  const view = viewOf(text);
  if (typeof view === 'string') throw new NotARequest(`Failed to decode the request: ${view}`);
  if (!isDict(view)) {
    throw new NotARequest(`Incorrect request type: <class '${typeName(view)}'>. Dictionary is expected`);
  }
  const { method, params } = membersOf(view as PyDict); // Made by `parseView`: all of it is JSON.
  if (method === undefined) throw new NotARequest(`Invalid request format: method is not specified: ${repr(view)}`);
  const extra = Object.keys(view).filter((key) => key !== 'method' && key !== 'params');
  if (extra.length > 0) {
    throw new NotARequest(`Request contains unexpected keys ${listText(extra)}. Allowed keys: ('method', 'params')`);
  }
  if (params === undefined) return { method, params: {}, paramsText: '{}' };
  return { method, params, paramsText: members(text).get('params') ?? '{}' };
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
