import type { CaOptions } from './settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The options that EPICS's environment variables mean: EPICS_CA_ADDR_LIST, _AUTO_ADDR_LIST, _NAME_SERVERS, _SERVER_PORT,
 * _REPEATER_PORT, _CONN_TMO, _MAX_SEARCH_PERIOD, and _MAX_ARRAY_BYTES where _AUTO_ARRAY_BYTES is NO. What is unset or
 * empty is left to the default; what makes no sense is reported and left to it as well.
 */
export function optionsFromEnvironment(
  env: Environment,
  report: (problem: string) => void = () => undefined,
): CaOptions {
  const read = <T>(name: string, meaning: (text: string) => T | null): T | undefined => {
    const text = env[name]?.trim();
    if (text === undefined || text === '') return undefined;
    const value = meaning(text);
    if (value === null) report(`${name} is ignored: '${text}'`);
    return value ?? undefined;
  };
  const hasArrayLimit = read('EPICS_CA_AUTO_ARRAY_BYTES', yesOrNo) === false;
  const options = {
    addrList: read('EPICS_CA_ADDR_LIST', words),
    autoAddrList: read('EPICS_CA_AUTO_ADDR_LIST', yesOrNo),
    nameServers: read('EPICS_CA_NAME_SERVERS', words),
    serverPort: read('EPICS_CA_SERVER_PORT', port),
    repeaterPort: read('EPICS_CA_REPEATER_PORT', port),
    connTimeout: read('EPICS_CA_CONN_TMO', seconds),
    maxSearchPeriod: read('EPICS_CA_MAX_SEARCH_PERIOD', seconds),
    maxArrayBytes: hasArrayLimit ? read('EPICS_CA_MAX_ARRAY_BYTES', bytes) : undefined,
  };
  return withoutUndefined(options);
}

const words = (text: string): string[] => text.split(/[\s,]+/).filter((word) => word !== '');

function yesOrNo(text: string): boolean | null {
  if (/^yes$/i.test(text)) return true;
  return /^no$/i.test(text) ? false : null;
}

const positive = (text: string, limit: number): number | null => {
  const value = Number(text);
  return value > 0 && value <= limit ? value : null;
};
const whole = (text: string, limit: number): number | null => (/^\d+$/.test(text) ? positive(text, limit) : null);
const port = (text: string): number | null => whole(text, 65_535);
const bytes = (text: string): number | null => whole(text, 0xffff_ffff);
const seconds = (text: string): number | null => positive(text, 1e9);

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
const withoutUndefined = <T extends object>(record: T): Defined<T> =>
  // Object.fromEntries forgets the keys' types; only undefined values went.
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Defined<T>;
