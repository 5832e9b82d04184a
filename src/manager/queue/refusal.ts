import { coded } from '../../protocol/error-codes.ts';
import type { CodedError } from '../../protocol/error-codes.ts';
import { typeName } from '../../lib/python-text/py-value.ts';
import type { PyValue } from '../../lib/python-text/py-value.ts';

/** A sentence of the original, word for word: clients parse it. */
export const refused = (msg: string): CodedError<'REFUSED'> => coded('REFUSED', { msg });

/** What a client may leave out it may also send as null. */
export const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

/** Parameters come parsed from JSON, by `parseView` where 1.0 must stay apart from 1. */
export const asPython = (value: unknown): PyValue => (value === undefined ? null : (value as PyValue));

export const classOf = (value: unknown): string => `<class '${typeName(asPython(value))}'>`;

export const isInteger = (value: unknown): value is number | bigint =>
  typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));

/** A UID that is no text is not found, as any wrong one; what Python cannot look up at all is said in Python's words. */
export function uidText(uid: unknown): string | null {
  if (typeof uid === 'string') return uid;
  if (typeof uid === 'object' && uid !== null && ['list', 'dict'].includes(typeName(asPython(uid)))) {
    throw refused(`unhashable type: '${typeName(asPython(uid))}'`);
  }
  return null;
}
