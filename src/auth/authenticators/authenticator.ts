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
 * Where a person shows elsewhere who they are: the page sends them there, and they come back with proof. Such a provider
 * brings routes of its own; they end in `Accounts.signIn`, as passwords do.
 */
export interface ExternalAuthenticator {
  readonly mode: 'external';
  readonly confirmationMessage?: string;
  /** Where a browser begins, as a path below `/api/auth/provider/<name>`, or a whole URL. */
  readonly authorizationEndpoint: string;
}

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
