import { hostname, userInfo } from 'node:os';
import { REPEATER_PORT, SERVER_PORT } from './codec/commands.ts';

export type LogLevel = 'debug' | 'warn';

/** How a context finds and talks to servers. Everything has EPICS's own default; nothing is read from the environment. */
export interface CaOptions {
  /** Where searches go: `host` or `host:port`, names or addresses. */
  addrList?: readonly string[];
  /** Also search on the broadcast address of each interface. Default true. */
  autoAddrList?: boolean;
  /** Servers that answer searches over TCP: `host` or `host:port`. */
  nameServers?: readonly string[];
  /** Where an address without a port is meant to listen. Default 5064. */
  serverPort?: number;
  /** The repeater of this machine, which passes beacons on. Default 5065. */
  repeaterPort?: number;
  /** Seconds of silence until a server is asked for an echo, and again until it is given up. Default 30. */
  connTimeout?: number;
  /** Seconds between two searches for a name that nobody serves, at most. Default 300. */
  maxSearchPeriod?: number;
  /** A larger message ends its circuit. Default 256 MiB. */
  maxArrayBytes?: number;
  /** Listen for beacons, so that a new server is found at once. Default true. */
  beacons?: boolean;
  /** Who we say we are; servers grant rights by these. Default: this process's user and this machine's name. */
  userName?: string;
  hostName?: string;
  /** The only place where messages go. */
  onLog?: (level: LogLevel, message: string) => void;
  /** Where the 32-bit ids begin; they wrap around. Default 0. */
  firstId?: number;
}

/** Options with nothing left open. */
export type CaSettings = Required<CaOptions>;

/** A timer of Node holds 31 bits of milliseconds (24 days); beyond that it would fire at once, for ever. */
export const MAX_TIMER_S = 2_147_483;

export function settingsFrom(options: CaOptions): CaSettings {
  return {
    addrList: options.addrList ?? [],
    autoAddrList: options.autoAddrList ?? true,
    nameServers: options.nameServers ?? [],
    serverPort: options.serverPort ?? SERVER_PORT,
    repeaterPort: options.repeaterPort ?? REPEATER_PORT,
    connTimeout: Math.min(options.connTimeout ?? 30, MAX_TIMER_S),
    maxSearchPeriod: Math.min(options.maxSearchPeriod ?? 300, MAX_TIMER_S),
    maxArrayBytes: options.maxArrayBytes ?? 256 * 1024 * 1024,
    beacons: options.beacons ?? true,
    userName: options.userName ?? userName(),
    hostName: options.hostName ?? hostname(),
    onLog: options.onLog ?? (() => undefined),
    firstId: options.firstId ?? 0,
  };
}

/** A container may run under a number that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'nobody';
  }
}
