import { describe, expect, test, vi } from 'vitest';
import { DictionaryAuthenticator } from '../../../../src/auth/authenticators/dictionary.ts';
import { matchesHash, passwordHash } from '../../../../src/auth/password-hash.ts';

vi.mock(import('../../../../src/auth/password-hash.ts'), { spy: true });

describe('users from the configuration', () => {
  test('sign in with the password that stands there, plain or hashed', async () => {
    const users = new DictionaryAuthenticator({ bob: 'plain', alice: await passwordHash('hashed') });
    expect(await users.authenticate('bob', 'plain')).toEqual({ userName: 'bob' });
    expect(await users.authenticate('alice', 'hashed')).toEqual({ userName: 'alice' });
  });

  test('sign in with no other', async () => {
    const hash = await passwordHash('hashed');
    const users = new DictionaryAuthenticator({ bob: 'plain', alice: hash, eve: '', tom: '$argon2id$broken' });
    const attempts = [
      ['bob', 'hashed'],
      ['bob', ''],
      ['alice', 'plain'],
      ['alice', hash],
      ['eve', ''],
      ['tom', '$argon2id$broken'],
      ['nobody', 'plain'],
      ['nobody', ''],
      ['constructor', ''],
    ] as const;
    for (const [name, password] of attempts) expect(await users.authenticate(name, password)).toBeUndefined();
  });

  test.each(['alice', 'bob', 'nobody'])('cost one hash for %s, so that time tells nothing', async (name) => {
    const users = new DictionaryAuthenticator({ bob: 'plain', alice: await passwordHash('hashed') });
    vi.mocked(matchesHash).mockClear();
    await users.authenticate(name, 'wrong');
    expect(matchesHash).toHaveBeenCalledTimes(1);
  });
});
