/**
 * Says whether a password is a user's. Adapters: a dictionary, PAM, LDAP; the gateway has one for each `provider` of its
 * configuration, and the name of the provider is part of an account: `bob` of one is not `bob` of another.
 */
export interface PasswordAuthenticator {
  readonly mode: 'password';
  /** Shown to a person who has just signed in. */
  readonly confirmationMessage?: string;
  /**
   * Resolves to who it is, or to undefined for a wrong name or password, after the same time for both. Rejects when the
   * answer cannot be known: the server that knows is away. Neither argument is ever logged or part of an error.
   */
  authenticate(userName: string, password: string, signal: AbortSignal): Promise<Authenticated | undefined>;
}

/**
 * Where a person shows elsewhere who they are: the page sends them there, and they come back with proof. What is remembered
 * in between stays with the browser, so that only the one that left can come back.
 */
export interface ExternalAuthenticator {
  readonly mode: 'external';
  readonly confirmationMessage?: string;
  /** Where a browser begins, as a path below `/api/auth/provider/<name>`, or a whole URL. */
  readonly authorizationEndpoint: string;
  /** Where a browser is sent, and what it has to bring back. Rejects when the provider is away. */
  begin(): Promise<{ readonly url: string; readonly remembered: string }>;
  /** Who it is; undefined when the provider says no, or what came back is not for this sign-in. */
  finish(query: string, remembered: string): Promise<Authenticated | undefined>;
  /** Where the browser keeps what it has to bring back. */
  readonly cookie: { readonly path: string; readonly isSecure: boolean };
  /** For command lines; null where the provider is not asked for that. */
  readonly devices: DeviceProvider | null;
  close(): void;
}

/** Signs command lines in: the user opens a page elsewhere and types a code there, while the command line asks here. */
export interface DeviceProvider {
  /** undefined: too many are under way. Rejects when the provider is away. */
  begin(): Promise<DeviceSignIn | undefined>;
  /** What came of it, once; `pending` while the user has not decided, undefined for a code that is not known. */
  outcomeOf(code: string): DeviceOutcome | undefined;
}

/** What a command line shows its user, and what it asks with later. Times are seconds. */
export interface DeviceSignIn {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
  readonly verification_uri_complete: string | null;
  readonly expires_in: number;
  readonly interval: number;
}

export type DeviceOutcome =
  { readonly is: 'pending' } | { readonly is: 'decided'; readonly who: Authenticated | undefined };

export type Authenticator = PasswordAuthenticator | ExternalAuthenticator;

/** Who has shown who they are. */
export interface Authenticated {
  /** As the provider writes it, which may not be as it was typed. */
  readonly userName: string;
  /** Groups that the provider knows, e.g. from LDAP or a claim; kept until the next sign-in. */
  readonly groups?: readonly string[];
}

/** One `provider` of the configuration. The name stands in URLs. */
export interface Provider {
  readonly name: string;
  readonly authenticator: Authenticator;
}
