import * as openid from 'openid-client';
import { isPlainObject } from '../../../lib/plain-object.ts';
import type { PyValue } from '../../../lib/python-text/py-value.ts';
import type { Authenticated, ExternalAuthenticator } from '../authenticator.ts';
import { DeviceSignIns } from './device-sign-ins.ts';
import { isHere, oidcOptions } from './oidc-options.ts';
import type { OidcOptions } from './oidc-options.ts';

const TIMEOUT_S = 10;

/** What a browser keeps between leaving and coming back. */
interface Remembered {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

type Granted = openid.TokenEndpointResponse & openid.TokenEndpointResponseHelpers;

/** Users of an OpenID Connect provider. */
export class OidcAuthenticator implements ExternalAuthenticator {
  readonly mode = 'external';
  readonly authorizationEndpoint = 'authorize';
  readonly confirmationMessage?: string;
  readonly devices: DeviceSignIns | null;
  readonly #options: OidcOptions;
  #discovered: Promise<openid.ServerMetadata> | undefined;

  /** @throws TypeError for arguments that make no authenticator */
  constructor(args: Readonly<Record<string, PyValue>>) {
    this.#options = oidcOptions(args);
    const { confirmationMessage, offersDevices } = this.#options;
    if (confirmationMessage !== null) this.confirmationMessage = confirmationMessage;
    this.devices = offersDevices
      ? new DeviceSignIns({
          begin: async () => openid.initiateDeviceAuthorization(await this.#client(), { scope: this.#options.scope }),
          finish: async (begun, signal) =>
            this.#who(await openid.pollDeviceAuthorizationGrant(await this.#client(), begun, {}, { signal })),
        })
      : null;
  }

  async begin(): Promise<{ url: string; remembered: string }> {
    const remembered: Remembered = {
      state: openid.randomState(),
      nonce: openid.randomNonce(),
      verifier: openid.randomPKCECodeVerifier(),
    };
    const { redirectUri, scope } = this.#options;
    const url = openid.buildAuthorizationUrl(await this.#client(), {
      redirect_uri: redirectUri.href,
      scope,
      state: remembered.state,
      nonce: remembered.nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(remembered.verifier),
      code_challenge_method: 'S256',
    });
    return { url: url.href, remembered: Buffer.from(JSON.stringify(remembered)).toString('base64url') };
  }

  async finish(query: string, remembered: string): Promise<Authenticated | undefined> {
    const begun = rememberedOf(remembered);
    if (begun === undefined) return undefined;
    const answer = new URL(this.#options.redirectUri);
    answer.search = query;
    const client = await this.#client();
    try {
      const granted = await openid.authorizationCodeGrant(client, answer, {
        pkceCodeVerifier: begun.verifier,
        expectedState: begun.state,
        expectedNonce: begun.nonce,
        idTokenExpected: true,
      });
      return await this.#who(granted);
    } catch (error) {
      if (isTrouble(error)) throw error;
      return undefined;
    }
  }

  get cookie(): { path: string; isSecure: boolean } {
    const { pathname, protocol } = this.#options.redirectUri;
    return { path: pathname.slice(0, pathname.lastIndexOf('/')) || '/', isSecure: protocol === 'https:' };
  }

  close(): void {
    this.devices?.close();
  }

  /** One for each sign-in: it fetches the provider's keys anew, and so knows those of today. */
  async #client(): Promise<openid.Configuration> {
    const { issuer, clientId, clientSecret } = this.#options;
    const client = new openid.Configuration(await this.#server(), clientId, clientSecret);
    client.timeout = TIMEOUT_S;
    // The token comes over TLS; its signature is checked all the same.
    openid.enableNonRepudiationChecks(client);
    if (isHere(issuer)) openid.allowInsecureRequests(client);
    return client;
  }

  /** A provider that is away at first is found when it is back. */
  async #server(): Promise<openid.ServerMetadata> {
    const { issuer, clientId, clientSecret } = this.#options;
    const execute = isHere(issuer) ? [openid.allowInsecureRequests] : [];
    this.#discovered ??= openid
      .discovery(issuer, clientId, clientSecret, undefined, { timeout: TIMEOUT_S, execute })
      .then((found) => found.serverMetadata());
    try {
      return await this.#discovered;
    } catch (error) {
      this.#discovered = undefined;
      throw error;
    }
  }

  async #who(granted: Granted): Promise<Authenticated | undefined> {
    const claims: Record<string, unknown> | undefined = granted.claims();
    if (claims === undefined) return undefined;
    const { usernameClaim, groupsClaim } = this.#options;
    const isMissing = !(usernameClaim in claims) || valueAt(claims, groupsClaim) === undefined;
    const all = isMissing ? { ...(await this.#userInfo(granted, String(claims['sub']))), ...claims } : claims;
    const userName = all[usernameClaim];
    if (typeof userName !== 'string' || userName === '') {
      throw new Error(`The ID token has no claim '${usernameClaim}' by which the user could be known`);
    }
    return { userName, groups: textsOf(valueAt(all, groupsClaim)) };
  }

  /** Many providers keep their ID tokens short. */
  async #userInfo({ access_token: token }: Granted, subject: string): Promise<Record<string, unknown>> {
    const client = await this.#client();
    if (client.serverMetadata().userinfo_endpoint === undefined) return {};
    return openid.fetchUserInfo(client, token, subject);
  }
}

function rememberedOf(text: string): Remembered | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (!isPlainObject(value)) return undefined;
    const { state, nonce, verifier } = value;
    if (typeof state !== 'string' || typeof nonce !== 'string' || typeof verifier !== 'string') return undefined;
    return { state, nonce, verifier };
  } catch {
    return undefined; // a cookie of somebody else's making
  }
}

/** What is not about this sign-in but about the provider: it is away, or says what nobody can use. */
function isTrouble(error: unknown): boolean {
  if (error instanceof openid.AuthorizationResponseError) return error.error === 'server_error';
  if (error instanceof openid.ResponseBodyError) return error.error === 'invalid_client' || error.status >= 500;
  return !(error instanceof openid.ClientError) || error.code === 'OAUTH_TIMEOUT';
}

function valueAt(claims: Readonly<Record<string, unknown>>, path: readonly string[]): unknown {
  // A claim whose own name has dots, such as a URL, goes before one in another.
  const whole = claims[path.join('.')];
  if (whole !== undefined) return whole;
  return path.reduce<unknown>((value, name) => (isPlainObject(value) ? value[name] : undefined), claims);
}

const textsOf = (value: unknown): string[] =>
  [value].flat().filter((each): each is string => typeof each === 'string' && each !== '');
