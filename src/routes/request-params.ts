import type { FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import { PySet } from '../lib/python-text/py-value.ts';
import { repr } from '../lib/python-text/repr.ts';
import { members, parsePlain } from '../lib/raw-json.ts';
import { coded } from '../protocol/error-codes.ts';
import type { ParamsSchema } from './declaration.ts';
import { BodyError } from './body-error.ts';

/** Query parameters that say who asks, not what is asked. */
const CREDENTIALS = new Set(['api_key', 'ticket']);
const NONE: ReadonlyMap<string, string> = new Map();

/**
 * What a request asks for, by name, each value as the text that the client sent: nothing on the way to the manager parses
 * and writes it again. The body goes before the query, which is there for browsers.
 * @throws INVALID_JSON, NOT_AN_OBJECT; UNSUPPORTED_KEYS for names that the route does not take
 */
export function paramsOf(request: FastifyRequest, schema: ParamsSchema): ReadonlyMap<string, string> {
  const fromQuery = queryMembers(request.query as Record<string, unknown>, schema);
  const body = request.body as string | undefined;
  const given = body === undefined ? fromQuery : merged(fromQuery, bodyMembers(body, request.headers['content-type']));
  const unknown = [...given.keys()].filter((name) => !Object.hasOwn(schema.properties, name));
  if (unknown.length > 0) throw coded('UNSUPPORTED_KEYS', { keys: repr(new PySet(unknown)) });
  return given;
}

/** The value of one parameter, for routes that act on it themselves. */
export function valueOf(params: ReadonlyMap<string, string>, name: string): unknown {
  const text = params.get(name);
  return text === undefined ? undefined : parsePlain(text);
}

function merged(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return one.size === 0 ? other : new Map([...one, ...other]);
}

/** Any content type is read as JSON, and so is none: clients of the original send both. */
function bodyMembers(text: string, contentType: string | undefined): ReadonlyMap<string, string> {
  const view = viewOf(text, contentType);
  if (view === null) return NONE;
  if (typeof view !== 'object' || Array.isArray(view)) throw notAnObject(view);
  return members(text);
}

function viewOf(text: string, contentType: string | undefined): unknown {
  try {
    // The slices are forwarded unparsed, so here is where broken text must be found.
    return parsePlain(text);
  } catch (error) {
    if (contentType !== undefined && !contentType.includes('json')) throw notAnObject(text);
    const fault = { type: 'json_invalid', loc: ['body', 0], input: {} };
    throw new BodyError('INVALID_JSON', { reason: (error as Error).message }, fault);
  }
}

const notAnObject = (input: unknown): BodyError =>
  new BodyError('NOT_AN_OBJECT', {}, { type: 'dict_type', loc: ['body'], input });

function queryMembers(query: Record<string, unknown>, schema: ParamsSchema): ReadonlyMap<string, string> {
  let given: Map<string, string> | undefined;
  for (const [name, value] of Object.entries(query)) {
    if (CREDENTIALS.has(name)) continue;
    given ??= new Map();
    given.set(name, typedText(typeof value === 'string' ? value : String(value), schema.properties[name]));
  }
  return given ?? NONE;
}

const TYPED = {
  integer: /^-?\d+$/,
  number: /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/,
  boolean: /^(true|false)$/,
  null: /^null$/,
} as const;

/** A query holds strings alone: what the schema takes as a number, `true` or a list is meant as that. */
function typedText(value: string, schema: TSchema | undefined): string {
  const types = typesOf(schema);
  const isMeant = Object.entries(TYPED).some(([type, form]) => types.includes(type) && form.test(value));
  if (isMeant) return value;
  if (!types.includes('object') && !types.includes('array')) return JSON.stringify(value);
  try {
    parsePlain(value);
    return value;
  } catch {
    // Not JSON: then it is the string that it looks like, and the manager says what it wanted.
    return JSON.stringify(value);
  }
}

function typesOf(schema: TSchema | undefined): string[] {
  if (schema === undefined) return [];
  const { type, anyOf } = schema as { type?: string; anyOf?: TSchema[] };
  return anyOf === undefined ? [type ?? ''] : anyOf.flatMap(typesOf);
}
