import { readFileSync, statSync } from 'node:fs';
import { isMap, isNode, isScalar } from 'yaml';
import type { Document, LineCounter } from 'yaml';
import { coded, CodedError } from '../../protocol/error-codes.ts';
import { PySet } from '../../lib/python-text/py-value.ts';
import type { PyValue } from '../../lib/python-text/py-value.ts';
import { namePattern } from '../../protocol/names/name-pattern.ts';
import { readPythonYaml } from '../../lib/python-yaml.ts';
import { UntranslatablePattern } from '../../lib/python-regex/pattern-translation.ts';
import { NAME_LISTS, userGroupPermissions } from './user-groups.ts';
import type { UserGroupPermissions } from './user-groups.ts';

/**
 * Reads `user_group_permissions.yaml`.
 * @throws CodedError REFUSED, `Error while loading user group permissions from file '...': ...`
 */
export function readPermissionFile(path: string): UserGroupPermissions {
  try {
    if (!isFile(path)) throw coded('REFUSED', { msg: `File '${path}' does not exist.` });
    return permissionsFromYaml(readFileSync(path, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw coded(
      'REFUSED',
      { msg: `Error while loading user group permissions from file '${path}': ${why}` },
      {
        cause: error,
      },
    );
  }
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/**
 * Reads the text of such a file, by the rules of YAML 1.1, as the original does.
 * @throws CodedError REFUSED: with the place for text that is not YAML, for a violated schema, and for a pattern that
 *   cannot be matched in linear time
 */
export function permissionsFromYaml(text: string): UserGroupPermissions {
  const { document, lines, faults } = readPythonYaml(text, { uniqueKeys: false });
  const [fault] = faults;
  if (fault) throw coded('REFUSED', { msg: fault.message }, { cause: fault });
  const permissions = userGroupPermissions(valueOf(document));
  refuseUntranslatable(permissions, (path) => lineOf(document, path, lines));
  return permissions;
}

function valueOf(document: Document): PyValue {
  try {
    return asPython(document.toJS({ mapAsMap: false }));
  } catch (error) {
    // An alias to nothing, or aliases that multiply beyond measure.
    const why = error instanceof Error ? error.message : String(error);
    throw coded('REFUSED', { msg: why }, { cause: error });
  }
}

/** YAML has sets and dates; neither is right anywhere in permissions, but a message may have to show one. */
function asPython(value: unknown): PyValue {
  if (value instanceof Set) return new PySet(Array.from(value, asPython));
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(asPython);
  if (typeof value !== 'object' || value === null) return (value ?? null) as PyValue;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, asPython(member)]));
}

type Path = readonly [group: string, list: string, index: number];

/**
 * A faulty pattern spoils its group, as in the original; but one that Python would match, and we cannot, would silently
 * change what a working file means. So such a file is refused as a whole.
 */
function refuseUntranslatable(permissions: UserGroupPermissions, lineOfPattern: (path: Path) => number | null): void {
  for (const [group, own] of Object.entries(permissions.user_groups)) {
    for (const list of NAME_LISTS) {
      for (const [index, name] of (own[list] ?? []).entries()) {
        const why = untranslatable(name);
        if (why === null) continue;
        const line = lineOfPattern([group, list, index]);
        throw coded('REFUSED', { msg: `${line === null ? '' : `line ${line}, `}${list} of group '${group}': ${why}` });
      }
    }
  }
}

function untranslatable(name: string | null): string | null {
  if (name === null) return null;
  try {
    namePattern(name);
    return null;
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return error.cause instanceof UntranslatablePattern ? error.message : null;
  }
}

/** The same for permissions that come without a file. @throws CodedError REFUSED */
export function permissionsFromJson(value: PyValue): UserGroupPermissions {
  const permissions = userGroupPermissions(value);
  refuseUntranslatable(permissions, () => null);
  return permissions;
}

/** `null` for what an alias or a merged key brought in: it stands elsewhere. */
function lineOf(document: Document, [group, list, index]: Path, lines: LineCounter): number | null {
  if (!isMap(document.contents)) return null;
  const node = document.getIn(['user_groups', group, list, index], true);
  if (!isNode(node) || !isScalar(node) || !node.range) return null;
  return lines.linePos(node.range[0]).line;
}
