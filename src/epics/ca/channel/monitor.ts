import type { Circuit } from '../circuit/circuit.ts';
import type { CircuitMonitor, ServerChannel } from '../circuit/circuit-channel.ts';
import * as messages from '../client-messages.ts';
import { type CaReading, decodeDbr } from '../codec/dbr.ts';
import { type DbrForm, dbrType, type NativeType } from '../codec/dbr-types.ts';
import type { CaMessage } from '../codec/message.ts';
import { ECA } from '../codec/status-codes.ts';
import { CaError, reportUncaught } from '../errors.ts';
import { countFor } from './element-count.ts';

interface MonitorTerms {
  readonly name: string;
  readonly form: DbrForm;
  /** Null: whatever the channel has, also after a restart with another type. */
  readonly type: NativeType | null;
  /** 0: as many elements as there are at each event. */
  readonly count: number;
  readonly mask: number;
  readonly onReading: (reading: CaReading) => void;
  readonly onError: (error: CaError) => void;
}

interface Placed {
  readonly circuit: Circuit;
  readonly id: number;
  readonly sid: number;
  readonly wanted: messages.Wanted;
}

/** One subscription, on whatever circuit its channel is: started again at each connection, until it is stopped. */
export class Monitor implements CircuitMonitor {
  readonly #terms: MonitorTerms;
  #placed: Placed | null = null;
  #isScalar = false;

  constructor(terms: MonitorTerms) {
    this.#terms = terms;
  }

  start(circuit: Circuit, { sid, nativeType, nativeCount }: ServerChannel): void {
    const { form, type, count, mask } = this.#terms;
    this.#isScalar = nativeCount === 1;
    const wanted = { type: dbrType(form, type ?? nativeType), count: countFor(count, circuit, nativeCount) };
    const id = circuit.addMonitor(this);
    this.#placed = { circuit, id, sid, wanted };
    circuit.send(messages.eventAdd(sid, id, { ...wanted, mask }));
  }

  /** The circuit is gone, or the server has closed the channel. */
  lost(): void {
    if (this.#placed === null) return;
    this.#placed.circuit.removeMonitor(this.#placed.id);
    this.#placed = null;
  }

  stop(): void {
    if (this.#placed === null) return;
    const { circuit, id, sid, wanted } = this.#placed;
    this.lost();
    circuit.send([messages.eventCancel(sid, id, wanted)]);
  }

  event(message: CaMessage): void {
    let reading: CaReading;
    try {
      reading = decodeDbr(message, this.#isScalar);
    } catch (error) {
      return this.failed(new CaError('an event cannot be decoded', ECA.INTERNAL, { cause: error }));
    }
    this.#tell(() => this.#terms.onReading(reading));
  }

  failed(error: CaError): void {
    const named = new CaError(`${this.#terms.name}: ${error.message}`, error.code, { cause: error.cause });
    this.#tell(() => this.#terms.onError(named));
  }

  #tell(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      reportUncaught(error);
    }
  }
}
