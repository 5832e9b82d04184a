import type { FastifyInstance } from 'fastify';
import type { TSchema } from 'typebox';
import type { Accounts } from '../auth/accounts/accounts.ts';
import type { Admission } from '../auth/admission.ts';
import type { Audit } from '../auth/audit-log.ts';
import type { OpenDoors } from '../auth/open-doors.ts';
import type { Principal } from '../auth/principal.ts';
import type { Tickets } from '../auth/tickets.ts';
import type { ChangeWaiters } from '../manager-client/change-waiters.ts';
import type { EventFeed } from '../manager-client/event-feed.ts';
import type { ItemReader } from '../manager-client/item-reader.ts';
import type { ManagerClient } from '../manager-client/manager-client.ts';
import type { Scope } from '../protocol/methods/define-method.ts';
import type { AnswersByKey } from './answers-by-key.ts';
import type { SpreadsheetReader } from '../spreadsheet/spreadsheet-reader.ts';
import type { Broadcast } from '../streams/broadcast.ts';
import type { ConsoleLog } from '../streams/console-log.ts';
import type { Liveness } from '../streams/liveness.ts';
import type { StatusFeed } from '../streams/status-feed.ts';

/** The schema of an object, as far as routes look into it: the names that it takes. */
export interface ParamsSchema extends TSchema {
  readonly properties: Readonly<Record<string, TSchema>>;
}

/**
 * What a route says of itself. A route that says nothing refuses to boot, and the OpenAPI document is made from this, so
 * neither a need for credentials nor a sentence can be forgotten.
 */
export interface RouteDeclaration {
  /** The scope that a caller must hold; `anybody` asks for none, but wants to know who it is; `public` does not ask. */
  readonly access: Scope | 'anybody' | 'public';
  readonly summary: string;
  /** Parts of the URL. */
  readonly path?: ParamsSchema;
  /** What may stand in the body, or in the query. */
  readonly params?: ParamsSchema;
  /** Params that the gateway writes itself, whatever the request says. */
  readonly filledIn?: readonly string[];
  readonly result?: TSchema;
  /** The type of a body, or of a reply, that is not JSON. */
  readonly consumes?: string;
  readonly produces?: string;
  /** An `Idempotency-Key` keeps it from happening twice. */
  readonly isOnce?: true;
  readonly isSocket?: true;
  /** A page for people, which the OpenAPI document does not list. */
  readonly isHidden?: true;
}

/** What routes are made of. Each asks for the members that it calls. */
export interface Parts {
  readonly manager: Pick<ManagerClient, 'call' | 'read' | 'status' | 'link'>;
  readonly feed: EventFeed;
  readonly waiters: ChangeWaiters;
  readonly items: ItemReader;
  readonly admission: Pick<Admission, 'principalOf'>;
  readonly tickets: Tickets;
  /** null: the gateway has one user, who shows the single-user key. */
  readonly accounts: Accounts | null;
  readonly allowAnonymousAccess: boolean;
  readonly openDoors: Pick<OpenDoors, 'open'>;
  readonly audit: Audit;
  readonly console: ConsoleLog;
  readonly statusFeed: Pick<StatusFeed, 'last'>;
  readonly streams: {
    readonly status: Broadcast<Buffer>;
    readonly info: Broadcast<Buffer>;
    readonly console: Broadcast<Buffer>;
  };
  readonly liveness: Liveness;
  readonly answers: Pick<AnswersByKey, 'answerTo'>;
  readonly spreadsheets: Pick<SpreadsheetReader, 'admit' | 'read' | 'template'>;
  readonly allowOrigins: readonly string[];
  /** Only who submitted an item, and staff, may change it. */
  readonly itemsBelongToSubmitter: boolean;
  readonly dataDir: string;
}

export type App = FastifyInstance;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Absent from what plug-ins add by themselves: the boot refuses that, too. */
    declared?: RouteDeclaration;
  }
  interface FastifyInstance {
    readonly parts: Parts;
    /** Every route as it was declared, sockets included. */
    readonly routeTable: readonly Pick<RouteOptions, 'method' | 'url' | 'config'>[];
  }
  interface FastifyRequest {
    principal: Principal;
  }
}
