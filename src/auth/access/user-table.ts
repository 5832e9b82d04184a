import type { Schema } from '../../lib/json-schema/schema.ts';
import { PUBLIC_NAME, SINGLE_USER_NAME } from '../access-policy.ts';

const ROLE: Schema = { type: 'string', pattern: '^[a-zA-Z_][0-9a-zA-Z_]*$' };
export const ROLE_NAMES: Schema = { oneOf: [{ type: 'array', items: ROLE }, ROLE, { type: 'null' }] };

/** The argument `users`: by name, the roles of a user and how to show them. */
export const USERS: Schema = {
  oneOf: [
    {
      type: 'object',
      additionalProperties: false,
      patternProperties: {
        [String.raw`^[0-9a-zA-Z_.@\-\+]+$`]: {
          oneOf: [
            {
              type: 'object',
              additionalProperties: false,
              properties: {
                roles: ROLE_NAMES,
                displayed_name: { oneOf: [{ type: 'string', pattern: '^.+$' }, { type: 'null' }] },
                email: { oneOf: [{ type: 'string', pattern: '^.+@.+$' }, { type: 'null' }] },
              },
            },
            { type: 'null' },
          ],
        },
      },
    },
    { type: 'null' },
  ],
};

export type NameList = readonly string[] | string | null | undefined;
interface UserArguments {
  readonly roles?: NameList;
  readonly displayed_name?: string | null;
  readonly email?: string | null;
}
export type Users = Readonly<Record<string, UserArguments | null>> | null;

/** What is known of one user. */
export interface UserEntry {
  readonly roles: readonly string[];
  readonly displayedName: string;
}
export type UserTable = ReadonlyMap<string, UserEntry>;

/** The two who have no account; every policy knows them. */
export const SPECIAL_USERS: UserTable = new Map([
  [SINGLE_USER_NAME, { roles: ['unauthenticated_single_user'], displayedName: SINGLE_USER_NAME }],
  [PUBLIC_NAME, { roles: ['unauthenticated_public'], displayedName: PUBLIC_NAME }],
]);

export function userTable(users: Users): UserTable {
  const named = Object.entries(users ?? {}).map(([name, user]): [string, UserEntry] => [
    name,
    {
      roles: [...new Set(namesOf(user?.roles).map((role) => role.toLowerCase()))],
      displayedName: displayedName(name, user?.displayed_name, user?.email),
    },
  ]);
  return new Map([...SPECIAL_USERS, ...named]);
}

export const namesOf = (list: NameList): readonly string[] => (typeof list === 'string' ? [list] : (list ?? []));

/** `jdoe "John Doe <jdoe@gmail.com>"`, as far as it is known: what stands as `user` in items. */
export function displayedName(user: string, name: string | null | undefined, email: string | null | undefined): string {
  if (!name) return email ? `${user} <${email}>` : user;
  return email ? `${user} "${name} <${email}>"` : `${user} "${name}"`;
}
