import { describe, expect, test } from 'vitest';
import { ANONYMOUS_PROVIDER } from '../../src/auth/access-policy.ts';
import type { User } from '../../src/auth/access-policy.ts';
import { combined } from '../../src/auth/access/api-access.ts';
import type { ApiAccess } from '../../src/auth/access/api-access.ts';
import { PolicyRefused } from '../../src/auth/access/policy-refused.ts';
import { oneGroup } from '../../src/auth/access/resource-access.ts';
import { basicAccess, dictionaryAccess } from '../../src/auth/access/table-access.ts';
import type { PyDict } from '../../src/lib/python-text/py-value.ts';
import { casesOf } from './recorded.ts';

interface Case {
  readonly id: string;
  readonly policy: 'BasicAPIAccessControl' | 'DictionaryAPIAccessControl' | 'DefaultResourceAccessControl';
  readonly args: PyDict;
  readonly result?: {
    readonly roles?: Record<string, string[]>;
    readonly users?: Record<string, { roles: string[]; scopes: string[]; displayed_name: string }>;
    readonly group?: string;
  };
  readonly error?: { readonly message: string; readonly path: (string | number)[] };
}

const cases = casesOf<Case>('http-auth-scopes', 'policies');
const API = { BasicAPIAccessControl: basicAccess, DictionaryAPIAccessControl: dictionaryAccess } as const;
const user = (userName: string): User => ({ userName, provider: ANONYMOUS_PROVIDER, groups: [] });

describe('access policies of the original', () => {
  test.each(cases.filter(({ error }) => error))('$id: $policy refuses in the same words', ({ policy, args, error }) => {
    const make = policy === 'DefaultResourceAccessControl' ? oneGroup : API[policy];
    let refusal: unknown;
    try {
      make(args);
    } catch (thrown) {
      refusal = thrown;
    }
    expect(refusal).toBeInstanceOf(PolicyRefused);
    expect(refusal).toMatchObject({ message: error?.message, path: error?.path });
  });

  test.each(cases.filter(({ result }) => result?.group))('$id: everybody is in $result.group', ({ args, result }) => {
    expect(oneGroup(args).groupsOf(user('bob'))).toEqual([result?.group]);
  });

  test.each(cases.filter(({ result }) => result?.users))(
    '$id: roles and users are the same',
    ({ policy, args, result }) => {
      const access = API[policy as keyof typeof API](args);
      if (result?.roles) expect(rolesOf(access)).toEqual(result.roles);
      const both = combined(access, oneGroup({}));
      for (const [name, expected] of Object.entries(result?.users ?? {})) {
        expect([name, told(both, name)]).toEqual([name, expected]);
      }
    },
  );

  test('every recorded case is one of these', () => {
    expect(cases.every(({ error, result }) => error ?? result?.group ?? result?.users)).toBe(true);
  });
});

const rolesOf = ({ roles }: ApiAccess) =>
  Object.fromEntries([...roles].map(([role, held]) => [role, recordable(held)]));

/** Without the scope that is ours. */
const recordable = (scopes: Iterable<string>): string[] =>
  [...scopes].filter((scope) => scope !== 'write:emergency:stop').sort();

const told = (policy: ReturnType<typeof combined>, name: string) => ({
  roles: [...policy.rolesOf(user(name))].sort(),
  scopes: recordable(policy.scopesOf(user(name))),
  displayed_name: policy.displayedNameOf(user(name)),
});
