import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { REVOCATION_SECONDS } from '../../src/auth/store/store.ts';
import type { AuthChange, AuthStore, StoredKey, StoredSession } from '../../src/auth/store/store.ts';

export interface AuthStoreSubject {
  /** The same accounts each time: a second one is another process that shares them. */
  open(): Promise<AuthStore>;
  end(): Promise<void>;
}

const BOB = { provider: 'toy', id: 'bob', groups: [] };

const aSession = (principal: string, given: Partial<StoredSession> = {}): StoredSession => ({
  uuid: 'session-1',
  principal,
  createdAt: 1000,
  refreshedAt: null,
  expiresAt: 9000,
  idleUntil: 5000,
  isEnded: false,
  token: 'first',
  previousToken: null,
  ...given,
});

const aKey = (principal: string, given: Partial<StoredKey> = {}): StoredKey => ({
  hash: 'ab'.repeat(32),
  firstEight: '01234567',
  principal,
  scopes: ['inherit'],
  expiresAt: 4_000_000_000,
  latestActivity: null,
  note: null,
  ...given,
});

/** What every store of accounts must do. */
export function authStoreContract(name: string, aSubject: () => Promise<AuthStoreSubject>): void {
  describe(`a store of accounts on ${name}`, () => {
    let subject: AuthStoreSubject;
    let store: AuthStore;
    const opened: AuthStore[] = [];
    const open = async (): Promise<AuthStore> => {
      const another = await subject.open();
      opened.push(another);
      return another;
    };
    beforeEach(async () => {
      subject = await aSubject();
      store = await open();
    });
    afterEach(async () => {
      for (const each of opened.splice(0)) await each.close();
      await subject.end();
    });

    describe('principals', () => {
      test('are made at the first sign-in, and found again at the next', async () => {
        const first = await store.signIn(BOB, 1000);
        const again = await store.signIn({ ...BOB, groups: ['staff'] }, 2000);

        expect(again.uuid).toBe(first.uuid);
        expect(again).toEqual({
          uuid: first.uuid,
          type: 'user',
          isDisabled: false,
          identities: [{ provider: 'toy', id: 'bob', groups: ['staff'], latestLogin: 2000 }],
        });
      });

      test('of two providers are two, whatever their names', async () => {
        const one = await store.signIn(BOB, 1000);
        const other = await store.signIn({ ...BOB, provider: 'ldap' }, 1000);
        expect(one.uuid).not.toBe(other.uuid);
        expect((await store.principals()).map(({ uuid }) => uuid)).toEqual([one.uuid, other.uuid]);
      });

      test('of one identity that signs in twice at once are one', async () => {
        const all = await Promise.all(Array.from({ length: 10 }, async () => (await store.signIn(BOB, 1000)).uuid));
        expect(new Set(all).size).toBe(1);
        expect(await store.principals()).toHaveLength(1);
      });

      test('are found by identity and by UUID, and null is who is not there', async () => {
        const bob = await store.signIn(BOB, 1000);
        expect(await store.principalOf('toy', 'bob')).toEqual(bob);
        expect(await store.principal(bob.uuid)).toEqual(bob);
        expect([await store.principal('none'), await store.principalOf('toy', 'eve')]).toEqual([null, null]);
      });

      test('are disabled and enabled again', async () => {
        const { uuid } = await store.signIn(BOB, 1000);
        expect(await store.disable(uuid, true)).toBe(true);
        expect(await store.principal(uuid)).toMatchObject({ isDisabled: true });
        expect((await store.signIn(BOB, 2000)).isDisabled).toBe(true);
        expect(await store.disable(uuid, false)).toBe(true);
        expect(await store.principal(uuid)).toMatchObject({ isDisabled: false });
        expect(await store.disable('none', true)).toBe(false);
      });
    });

    describe('sessions', () => {
      test('are read as they were added, in their order', async () => {
        const { uuid } = await store.signIn(BOB, 1000);
        const sessions = [aSession(uuid), aSession(uuid, { uuid: 'session-2', expiresAt: null })];
        for (const session of sessions) await store.addSession(session);
        expect(await store.sessionsOf(uuid)).toEqual(sessions);
        expect(await store.session('session-1')).toEqual(sessions[0]);
        expect(await store.session('none')).toBeNull();
      });

      test('go from one refresh token to the next', async () => {
        const { uuid } = await store.signIn(BOB, 1000);
        await store.addSession(aSession(uuid));
        const rotated = await store.rotate('session-1', { from: 'first', to: 'second', at: 1500, idleUntil: 5500 });
        const after = { token: 'second', previousToken: 'first', refreshedAt: 1500, idleUntil: 5500 };
        expect(rotated).toEqual(aSession(uuid, after));
        expect(await store.session('session-1')).toEqual(rotated);
      });

      test('give the next token to one of many who ask for it', async () => {
        const { uuid } = await store.signIn(BOB, 1000);
        await store.addSession(aSession(uuid));
        const asked = Array.from({ length: 10 }, (_, n) =>
          store.rotate('session-1', { from: 'first', to: `next-${n}`, at: 1500, idleUntil: 5500 }),
        );
        expect((await Promise.all(asked)).filter((session) => session !== null)).toHaveLength(1);
      });

      test('that have ended give no next token', async () => {
        const { uuid } = await store.signIn(BOB, 1000);
        await store.addSession(aSession(uuid));
        expect(await store.endSession('session-1')).toBe(true);
        expect(await store.session('session-1')).toMatchObject({ isEnded: true });
        const step = { from: 'first', to: 'second', at: 1500, idleUntil: 5500 };
        expect(await store.rotate('session-1', step)).toBeNull();
        expect([await store.endSession('none'), await store.rotate('none', step)]).toEqual([false, null]);
      });
    });

    describe('API keys', () => {
      test('are read as they were added, in their order', async () => {
        const { uuid } = await store.signIn(BOB, 1000);
        const keys = [
          aKey(uuid),
          aKey(uuid, { hash: 'cd'.repeat(32), scopes: ['read:status'], note: 'n', expiresAt: null }),
        ];
        for (const key of keys) await store.addKey(key);
        expect(await store.keysOf(uuid)).toEqual(keys);
        expect(await store.key(aKey(uuid).hash)).toEqual(keys[0]);
        expect(await store.key('none')).toBeNull();
      });

      test('remember when they were used last', async () => {
        const { uuid } = await store.signIn(BOB, 1000);
        await store.addKey(aKey(uuid));
        await store.keyWasUsed(aKey(uuid).hash, 2000);
        expect(await store.key(aKey(uuid).hash)).toMatchObject({ latestActivity: 2000 });
        await store.keyWasUsed('none', 2000);
        expect(await store.key('none')).toBeNull();
      });

      test('that their owner deletes are gone, those that an administrator revokes are remembered as that', async () => {
        const { uuid } = await store.signIn(BOB, 1000);
        const [deleted, revoked] = [aKey(uuid), aKey(uuid, { hash: 'cd'.repeat(32) })];
        for (const key of [deleted, revoked]) await store.addKey(key);
        await store.deleteKey(deleted.hash);
        await store.revokeKey(revoked.hash, 2000);
        expect(await store.keysOf(uuid)).toEqual([]);
        expect([await store.isRevoked(deleted.hash), await store.isRevoked(revoked.hash)]).toEqual([false, true]);
      });
    });

    describe('what is over', () => {
      test('is forgotten: sessions, keys, and revocations after a month', async () => {
        const { uuid } = await store.signIn(BOB, 1000);
        const now = Date.now() / 1000;
        const live = aSession(uuid, { uuid: 'live', expiresAt: now + 900, idleUntil: now + 500 });
        await store.addSession(live);
        await store.addSession(aSession(uuid, { uuid: 'old', expiresAt: now - 1, idleUntil: now + 500 }));
        await store.addSession(aSession(uuid, { uuid: 'idle', expiresAt: now + 900, idleUntil: now - 1 }));
        await store.addKey(aKey(uuid));
        await store.addKey(aKey(uuid, { hash: 'cd'.repeat(32), expiresAt: now - 1 }));
        await store.revokeKey('old', now - REVOCATION_SECONDS - 1);
        await store.revokeKey('new', now);
        await store.purge(now);
        expect(await store.sessionsOf(uuid)).toEqual([live]);
        expect(await store.keysOf(uuid)).toEqual([aKey(uuid)]);
        expect([await store.isRevoked('old'), await store.isRevoked('new')]).toEqual([false, true]);
      });
    });

    describe('accounts from elsewhere', () => {
      const eve = { provider: 'toy', id: 'eve', groups: [], latestLogin: null };
      const moved = { uuid: 'moved', type: 'user', isDisabled: false, identities: [eve] } as const;

      test('are taken over once', async () => {
        expect(await store.takeOver([moved], [aKey('moved')])).toEqual({ principals: 1, keys: 1 });
        expect(await store.takeOver([moved], [aKey('moved')])).toEqual({ principals: 0, keys: 0 });
        expect(await store.principalOf('toy', 'eve')).toEqual(moved);
        expect(await store.keysOf('moved')).toEqual([aKey('moved')]);
      });

      test('give their keys to whoever has signed in under the same identity', async () => {
        const { uuid } = await store.signIn({ provider: 'toy', id: 'eve', groups: [] }, 1000);
        expect(await store.takeOver([moved], [aKey('moved')])).toEqual({ principals: 0, keys: 1 });
        expect(await store.keysOf(uuid)).toEqual([aKey(uuid)]);
      });

      test('do not bring a revoked key back', async () => {
        await store.revokeKey(aKey('moved').hash, Date.now() / 1000);
        expect(await store.takeOver([moved], [aKey('moved')])).toEqual({ principals: 1, keys: 0 });
      });
    });

    describe('attempts', () => {
      test('are counted by name until they are forgotten', async () => {
        expect([await store.countAttempt('bob', 60), await store.countAttempt('bob', 60)]).toEqual([1, 2]);
        expect(await store.countAttempt('eve', 60)).toBe(1);
        await store.forgetAttempts('bob');
        expect(await store.countAttempt('bob', 60)).toBe(1);
      });
    });

    describe('changes', () => {
      const next = (of: AuthStore, wanted: (change: AuthChange) => boolean): Promise<AuthChange> =>
        new Promise((resolve) => {
          const leave = of.onChange((change) => {
            if (!wanted(change)) return;
            leave();
            resolve(change);
          });
        });

      test('are told before they are acknowledged, so that nobody reads what was', async () => {
        const { uuid } = await store.signIn(BOB, 1000);
        await store.addKey(aKey(uuid));
        const told: AuthChange[] = [];
        const leave = store.onChange((change) => told.push(change));
        await store.deleteKey(aKey(uuid).hash);
        leave();
        expect(told).toContainEqual({ kind: 'key', id: aKey(uuid).hash });
      });

      test('are told by record', async () => {
        const { uuid } = await store.signIn(BOB, 1000);
        await store.addSession(aSession(uuid));
        const told = next(store, ({ kind }) => kind === 'session');
        await store.endSession('session-1');
        expect(await told).toEqual({ kind: 'session', id: 'session-1' });
      });

      test('that another process makes are heard, and read', async () => {
        const other = await open();
        const { uuid } = await store.signIn(BOB, 1000);
        await store.addKey(aKey(uuid));
        expect(store.hearsChanges).toBe(true);
        const told = next(store, (change) => change.kind === 'anything' || change.id === aKey(uuid).hash);
        await other.revokeKey(aKey(uuid).hash, 2000);
        await told;
        expect(await store.isRevoked(aKey(uuid).hash)).toBe(true);
      });

      test('are told to nobody who has left', async () => {
        let heard = 0;
        store.onChange(() => heard++)();
        await store.signIn(BOB, 1000);
        expect(heard).toBe(0);
      });
    });

    test('what was acknowledged is there for whoever opens it next', async () => {
      const bob = await store.signIn(BOB, 1000);
      await store.addSession(aSession(bob.uuid));
      const next = await open();
      expect([await next.principals(), await next.sessionsOf(bob.uuid)]).toEqual([[bob], [aSession(bob.uuid)]]);
    });

    test('closes once, however often one asks', async () => {
      await Promise.all([store.close(), store.close()]);
    });
  });
}
