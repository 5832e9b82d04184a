import type { FastifyRequest } from 'fastify';
import type { WebSocket } from '@fastify/websocket';
import { credentialsOfMessage } from '../auth/credentials.ts';
import type { Door } from '../auth/open-doors.ts';
import { Refusal, requireScope } from '../auth/refusal.ts';
import type { Scope } from '../protocol/methods/define-method.ts';
import { callerOf } from './caller.ts';
import type { App } from './declaration.ts';

const FIRST_MESSAGE_MS = 5000;
/** Close codes: nobody knows who this is (any more); it is known and may not. */
const WHO_ARE_YOU = 4401;
const NOT_YOU = 4403;
/** A close frame has room for no more. */
const LONGEST_REASON_BYTES = 123;

/**
 * Who holds a socket open, from its upgrade to its end.
 *
 * One that came with a header or a ticket is *admitted* at once. One that showed nothing is *unknown*: it has five seconds
 * to say in a message who opens it, or it is closed with 4401. An admitted one is watched: when its session or token ends,
 * its principal is disabled or an administrator revokes its key it is closed with 4401, when the scope is lost with 4403.
 * Another message of the same form renews it: from then on it stands on what that shows; a wrong one ends it. Messages of
 * other forms are nothing to an admitted socket.
 */
export class SocketAdmission {
  readonly #app: App;
  readonly #socket: WebSocket;
  readonly #request: FastifyRequest;
  readonly #scope: Scope;
  readonly #begin: () => void;
  #door: Door | undefined;
  #isShut = false;
  /** Messages are looked at one after another, in the order in which they came. */
  #turn: Promise<void> = Promise.resolve();

  constructor(app: App, opened: { socket: WebSocket; request: FastifyRequest; scope: Scope }, begin: () => void) {
    this.#app = app;
    this.#socket = opened.socket;
    this.#request = opened.request;
    this.#scope = opened.scope;
    this.#begin = begin;
  }

  /** `begin` is called once the socket is admitted. */
  start(): void {
    const { principal } = this.#request;
    const timer = setTimeout(() => this.#message(''), FIRST_MESSAGE_MS);
    this.#socket.on('message', (message: Buffer) => {
      clearTimeout(timer);
      this.#message(message.toString());
    });
    this.#socket.on('close', () => {
      clearTimeout(timer);
      this.#door?.leave();
    });
    if (!principal.scopes.has(this.#scope)) return;
    clearTimeout(timer);
    this.#admitted();
  }

  #message(text: string): void {
    this.#turn = this.#turn.then(() => this.#look(text));
  }

  async #look(text: string): Promise<void> {
    const credentials = credentialsOfMessage(text);
    const isAdmitted = this.#door !== undefined;
    if (this.#isShut || (isAdmitted && credentials.kind === 'none')) return;
    try {
      const asked = { origin: this.#request.headers.origin, scope: this.#scope };
      const principal = await this.#app.parts.admission.principalOf(credentials, asked);
      requireScope(principal, this.#scope);
      this.#request.principal = principal;
      if (this.#door === undefined) this.#admitted();
      else this.#door.renew(principal);
    } catch (error) {
      this.#shut(error);
    }
  }

  #admitted(): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#door = this.#app.parts.openDoors.open(this.#request.principal, this.#scope, (why) => this.#shut(why));
    this.#begin();
  }

  #shut(why: unknown): void {
    this.#isShut = true;
    this.#door?.leave();
    if (!(why instanceof Refusal)) this.#request.log.error({ err: why }, 'a socket could not be admitted');
    const [code, reason] = why instanceof Refusal ? [codeOf(why), why.message] : [WHO_ARE_YOU, 'Try again'];
    const { name, standing } = this.#request.principal;
    const who = { name, principal: standing?.principal, ...callerOf(this.#request) };
    this.#socket.close(code, Buffer.from(reason).subarray(0, LONGEST_REASON_BYTES).toString());
    try {
      this.#app.parts.audit.record(who, { what: 'socket closed', url: this.#request.routeOptions.url, why: reason });
    } catch (error) {
      // A full disk, say: that nobody can write it down keeps no socket open, and ends no process.
      this.#request.log.error({ err: error }, 'the audit log took no line');
    }
  }
}

const codeOf = ({ kind }: Refusal): number => (kind === 'forbidden' ? NOT_YOU : WHO_ARE_YOU);
