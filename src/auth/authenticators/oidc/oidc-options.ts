import { judge } from '../../../lib/json-schema/judge.ts';
import type { Schema } from '../../../lib/json-schema/schema.ts';
import type { PyValue } from '../../../lib/python-text/py-value.ts';
import { repr } from '../../../lib/python-text/repr.ts';

/** One identity provider, and this gateway as its client. */
export interface OidcOptions {
  readonly issuer: URL;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where the browser comes back to: `https://…/api/auth/provider/<name>/code`. */
  readonly redirectUri: URL;
  readonly scope: string;
  readonly usernameClaim: string;
  /** By dots where the claim is in another: `realm_access.roles`. */
  readonly groupsClaim: readonly string[];
  readonly offersDevices: boolean;
  readonly confirmationMessage: string | null;
}

const TEXT: Schema = { type: 'string' };
const ARGUMENTS: Schema = {
  type: 'object',
  required: ['client_id', 'client_secret', 'redirect_uri'],
  properties: {
    client_id: TEXT,
    client_secret: TEXT,
    redirect_uri: TEXT,
    issuer: TEXT,
    scope: TEXT,
    username_claim: TEXT,
    groups_claim: TEXT,
    device_authorization: { type: 'boolean' },
    confirmation_message: { type: ['string', 'null'] },
  },
};

interface Arguments {
  readonly client_id: string;
  readonly client_secret: string;
  readonly redirect_uri: string;
  readonly issuer?: string;
  readonly scope?: string;
  readonly username_claim?: string;
  readonly groups_claim?: string;
  readonly device_authorization?: boolean;
  readonly confirmation_message?: string | null;
}

/** @throws TypeError naming the argument and the rule; never the secret */
export function oidcOptions(given: Readonly<Record<string, PyValue>>): OidcOptions {
  const violation = judge({ ...given }, ARGUMENTS);
  if (violation !== null) {
    const [name] = violation.at.instance;
    const shown = name === 'client_secret' ? 'it must be a text' : violation.summary;
    throw new TypeError(`OIDCAuthenticator: ${name === undefined ? '' : `'${name}': `}${shown}`);
  }
  // The check has just said so.
  const args = given as unknown as Arguments;
  if (args.issuer === undefined) {
    throw new TypeError(
      "OIDCAuthenticator: 'issuer' must be given: its endpoints and keys are found below it, and an ID token of another is " +
        "refused; 'token_uri', 'authorization_endpoint' and 'public_keys' are not needed",
    );
  }
  return {
    issuer: safeUrl('issuer', args.issuer),
    clientId: args.client_id,
    clientSecret: args.client_secret,
    redirectUri: safeUrl('redirect_uri', args.redirect_uri),
    scope: args.scope ?? 'openid profile email',
    usernameClaim: args.username_claim ?? 'sub',
    groupsClaim: (args.groups_claim ?? 'groups').split('.'),
    offersDevices: args.device_authorization ?? false,
    confirmationMessage: args.confirmation_message ?? null,
  };
}

/** Codes and secrets go there: it has to be HTTPS, but for a provider on this machine. */
function safeUrl(name: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || (url !== undefined && isHere(url))) return url;
  throw new TypeError(`OIDCAuthenticator: '${name}' must be an https URL, received ${repr(text)}`);
}

export const isHere = ({ protocol, hostname }: URL): boolean =>
  protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
