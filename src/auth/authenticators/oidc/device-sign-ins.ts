import { randomBytes } from 'node:crypto';
import type { DeviceAuthorizationResponse } from 'openid-client';
import type { Authenticated, DeviceOutcome, DeviceProvider, DeviceSignIn } from '../authenticator.ts';

/** Each costs a request to the provider every few seconds. */
const MOST_UNDER_WAY = 100;

interface Provider {
  begin(): Promise<DeviceAuthorizationResponse>;
  /** Asks again and again, as slowly as the provider wants it, until the user has decided. */
  finish(begun: DeviceAuthorizationResponse, signal: AbortSignal): Promise<Authenticated | undefined>;
}

/**
 * Sign-ins of command lines: the user opens a page elsewhere and types a code there, while the command line asks here. The
 * gateway waits at the provider; a sign-in is forgotten when its outcome has been told, or its time is over.
 */
export class DeviceSignIns implements DeviceProvider {
  readonly #provider: Provider;
  readonly #closing = new AbortController();
  readonly #underWay = new Map<string, DeviceOutcome>();

  constructor(provider: Provider) {
    this.#provider = provider;
  }

  async begin(): Promise<DeviceSignIn | undefined> {
    if (this.#underWay.size >= MOST_UNDER_WAY) return undefined;
    const begun = await this.#provider.begin();
    const code = randomBytes(32).toString('base64url');
    this.#underWay.set(code, { is: 'pending' });
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(begun.expires_in * 1000)]);
    void this.#provider.finish(begun, signal).then(
      (who) => this.#decide(code, begun.expires_in, { is: 'decided', who }),
      // Refused, too late, or the provider has gone away meanwhile: nobody has signed in.
      () => this.#decide(code, begun.expires_in, { is: 'decided', who: undefined }),
    );
    return {
      device_code: code,
      user_code: begun.user_code,
      verification_uri: begun.verification_uri,
      verification_uri_complete: begun.verification_uri_complete ?? null,
      expires_in: begun.expires_in,
      interval: begun.interval ?? 5,
    };
  }

  outcomeOf(code: string): DeviceOutcome | undefined {
    const outcome = this.#underWay.get(code);
    if (outcome?.is === 'decided') this.#underWay.delete(code);
    return outcome;
  }

  close(): void {
    this.#closing.abort();
    this.#underWay.clear();
  }

  /** Nobody may ask any more: it does not stay for ever. */
  #decide(code: string, seconds: number, outcome: DeviceOutcome): void {
    if (!this.#underWay.has(code)) return;
    this.#underWay.set(code, outcome);
    setTimeout(() => this.#underWay.delete(code), seconds * 1000).unref();
  }
}
