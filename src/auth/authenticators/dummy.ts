import type { Authenticated, PasswordAuthenticator } from './authenticator.ts';

/** Takes anybody by any password: for trying things out alone. */
export class DummyAuthenticator implements PasswordAuthenticator {
  readonly mode = 'password';

  async authenticate(userName: string): Promise<Authenticated | undefined> {
    return userName === '' ? undefined : { userName };
  }
}
