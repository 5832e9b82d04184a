import type { Scope } from '../protocol/methods/define-method.ts';

/** Scopes that the original does not know. Its clients compare what they hold with the lists that they have of it. */
export const OUR_SCOPES: ReadonlySet<Scope> = new Set(['write:emergency:stop']);

const observing = [
  'read:config',
  'read:console',
  'read:history',
  'read:lock',
  'read:monitor',
  'read:queue',
  'read:resources',
  'read:status',
  'read:testing',
  'user:apikeys',
] as const satisfies readonly Scope[];

const running = [
  ...observing,
  'write:emergency:stop',
  'write:execute',
  'write:history:edit',
  'write:manager:control',
  'write:plan:control',
  'write:queue:control',
  'write:queue:edit',
] as const satisfies readonly Scope[];

const expert = [
  ...running,
  'write:config',
  'write:lock',
  'write:permissions',
  'write:scripts',
] as const satisfies readonly Scope[];

/** What each role holds, as the original's default policy gives it; who may submit may also stop everything. */
export const ROLES = {
  admin: ['admin:apikeys', 'admin:metrics', 'admin:read:principals', 'read:status', 'user:apikeys'],
  expert,
  advanced: running,
  user: running,
  observer: observing,
  unauthenticated_single_user: [...expert, 'write:manager:stop', 'write:testing'],
  unauthenticated_public: ['read:status'],
} as const satisfies Readonly<Record<string, readonly Scope[]>>;
export type RoleName = keyof typeof ROLES;

/**
 * What we recommend where no configuration of the original names its roles: as the original's, but who only measures
 * neither opens nor destroys an environment that others measure in, nor edits the history of what was measured.
 */
export const RECOMMENDED_ROLES = {
  ...ROLES,
  user: running.filter((scope) => scope !== 'write:manager:control' && scope !== 'write:history:edit'),
} as const satisfies Readonly<Record<RoleName, readonly Scope[]>>;

/** The resource group of everybody for whom no other is named. */
export const DEFAULT_GROUP = 'primary';
