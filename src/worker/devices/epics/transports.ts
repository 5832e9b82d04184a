import { CaContext, optionsFromEnvironment } from '../../../epics/index.ts';
import type { DeviceContext, MotionLog } from '../device-context.ts';
import type { SignalBackend } from '../signal/backend.ts';
import { CaBackend } from './ca-backend.ts';

/** What the devices of one environment are connected with. The network is not touched before the first PV is asked for. */
export class Transports implements DeviceContext {
  readonly motions: MotionLog;
  readonly #settings: Readonly<Record<string, string>>;
  readonly #log: (message: string) => void;
  #ca: CaContext | undefined;

  /** `settings`: EPICS_CA_*, as environment variables have them. */
  constructor(settings: Readonly<Record<string, string>>, motions: MotionLog, log: (message: string) => void) {
    this.#settings = settings;
    this.motions = motions;
    this.#log = log;
  }

  backend(source: string): SignalBackend {
    const [, scheme, name = ''] = /^([a-z]+):\/\/(.+)$/.exec(source) ?? [];
    if (scheme === 'ca') return new CaBackend(this.#channelAccess(), name);
    if (scheme === 'pva') throw new Error(`PV Access is not supported yet: use ca:// instead of '${source}'`);
    throw new Error(`A signal's source must be 'ca://<PV>', received '${source}'`);
  }

  close(): void {
    this.#ca?.close();
    this.#ca = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #channelAccess(): CaContext {
    const onLog = (_level: string, message: string): void => this.#log(message);
    this.#ca ??= new CaContext({ ...optionsFromEnvironment(this.#settings, this.#log), onLog });
    return this.#ca;
  }
}
