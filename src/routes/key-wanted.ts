import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { LONGEST_KEY_SECONDS } from '../auth/accounts/api-keys.ts';
import type { KeyWanted } from '../auth/accounts/api-keys.ts';
import { FieldError, missing } from './field-error.ts';
import type { FieldFault } from './field-error.ts';
import { paramsOf, valueOf } from './request-params.ts';

const LONGEST_NOTE = 255;

export const ApiKeyWanted = Type.Object({
  expires_in: Type.Union([Type.Integer({ minimum: 0, maximum: LONGEST_KEY_SECONDS }), Type.Null()], {
    description: 'seconds; null: for ever',
  }),
  scopes: Type.Optional(
    Type.Union([Type.Array(Type.String()), Type.Null()], { description: '`inherit`: all of yours' }),
  ),
  note: Type.Optional(Type.Union([Type.String({ maxLength: LONGEST_NOTE }), Type.Null()])),
});

/**
 * The key that a request asks for. The lifetime must be said, even that there is none; a number may come as text.
 * @throws FieldError
 */
export function keyWanted(request: FastifyRequest): KeyWanted {
  const params = paramsOf(request, ApiKeyWanted);
  const [expiresIn, scopes, note] = ['expires_in', 'scopes', 'note'].map((name) => valueOf(params, name) ?? null);
  const seconds = typeof expiresIn === 'string' && /^\d+$/.test(expiresIn) ? Number(expiresIn) : expiresIn;
  const faults = [
    ...(params.has('expires_in') ? [] : [missing('body', 'expires_in')]),
    ...(isSeconds(seconds) ? [] : [fault('int_type', 'expires_in', 'Input should be a valid integer', expiresIn)]),
    ...(isTexts(scopes) ? [] : [fault('list_type', 'scopes', 'Input should be a valid list of strings', scopes)]),
    ...(isNote(note)
      ? []
      : [fault('string_type', 'note', `Input should be a string of ${LONGEST_NOTE} at most`, note)]),
  ];
  if (faults.length > 0 || !isSeconds(seconds) || !isTexts(scopes) || !isNote(note)) throw new FieldError(faults);
  return { expiresIn: seconds, scopes, note };
}

const fault = (type: string, name: string, msg: string, input: unknown): FieldFault => ({
  type,
  loc: ['body', name],
  msg,
  input,
});

const isSeconds = (value: unknown): value is number | null =>
  value === null || (Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= LONGEST_KEY_SECONDS);
const isTexts = (value: unknown): value is string[] | null =>
  value === null || (Array.isArray(value) && value.every((each) => typeof each === 'string'));
const isNote = (value: unknown): value is string | null =>
  value === null || (typeof value === 'string' && value.length <= LONGEST_NOTE);
