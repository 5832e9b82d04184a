import type { CaMessage } from '../codec/message.ts';
import type { Address } from '../search/addresses.ts';
import type { CaSettings } from '../settings.ts';
import { Circuit } from './circuit.ts';

const NAME_SERVER_RETRY_MS = 5000;
/** The first version that searches over TCP. */
const TCP_SEARCH_VERSION = 12;

interface CircuitsParts {
  readonly settings: CaSettings;
  readonly onSearchReply: (message: CaMessage, from: Address) => void;
  /** A name server can be asked from now on. */
  readonly onNameServer: () => void;
}

/** The circuits of a context, one for each server; those to name servers are kept open and opened again. */
export class Circuits {
  readonly #parts: CircuitsParts;
  readonly #circuits = new Map<string, Circuit>();
  readonly #nameServers = new Map<string, Address>();
  readonly #retries = new Set<NodeJS.Timeout>();
  #isClosed = false;

  constructor(parts: CircuitsParts) {
    this.#parts = parts;
  }

  /** The circuit to this server, opened when there is none. */
  to(address: Address): Circuit {
    const key = keyOf(address);
    const present = this.#circuits.get(key);
    if (present !== undefined) return present;
    const circuit = new Circuit({
      address,
      settings: this.#parts.settings,
      staysOpen: this.#nameServers.has(key),
      onSearchReply: this.#parts.onSearchReply,
      onReady: () => this.#nameServers.has(key) && this.#parts.onNameServer(),
      onClosed: () => this.#closed(key),
    });
    this.#circuits.set(key, circuit);
    circuit.open();
    return circuit;
  }

  useNameServers(addresses: readonly Address[]): void {
    for (const address of addresses) {
      this.#nameServers.set(keyOf(address), address);
      this.to(address);
    }
  }

  askNameServers(searches: readonly Buffer[]): void {
    for (const key of this.#nameServers.keys()) {
      const circuit = this.#circuits.get(key);
      if (circuit?.isResponsive === true && circuit.minorVersion >= TCP_SEARCH_VERSION) circuit.send(searches);
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#retries) clearTimeout(timer);
    for (const circuit of this.#circuits.values()) circuit.close('the context was closed');
  }

  #closed(key: string): void {
    this.#circuits.delete(key);
    const nameServer = this.#nameServers.get(key);
    if (nameServer === undefined || this.#isClosed) return;
    const timer = setTimeout(() => {
      this.#retries.delete(timer);
      this.to(nameServer);
    }, NAME_SERVER_RETRY_MS);
    this.#retries.add(timer);
  }
}

const keyOf = ({ host, port }: Address): string => `${host}:${port}`;
