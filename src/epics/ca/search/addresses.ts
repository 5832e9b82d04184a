import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import type { CaSettings } from '../settings.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

type Report = (problem: string) => void;

const ENTRY = /^(?<host>[A-Za-z0-9._-]+)(?::(?<port>\d{1,5}))?$/;

/** `10.0.0.5`, `ioc_7.lab:5066`; `null` for what is neither a name nor an IPv4 address. Channel Access knows no IPv6. */
export function parseAddress(entry: string, defaultPort: number): Address | null {
  const { host, port } = ENTRY.exec(entry)?.groups ?? {};
  const number = port === undefined ? defaultPort : Number(port);
  return host === undefined || number < 1 || number > 65_535 ? null : { host, port: number };
}

/** Parsed and resolved to IPv4. An entry that cannot be used is reported, and the rest is used. */
export async function resolveAddresses(entries: readonly string[], port: number, report: Report): Promise<Address[]> {
  const addresses = await Promise.all(entries.map((entry) => resolveAddress(entry, port, report)));
  return addresses.filter((address) => address !== null);
}

async function resolveAddress(entry: string, defaultPort: number, report: Report): Promise<Address | null> {
  const parsed = parseAddress(entry, defaultPort);
  if (parsed === null) {
    report(`address '${entry}' is not used: it must be host or host:port`);
    return null;
  }
  try {
    const { address } = await lookup(parsed.host, { family: 4 });
    return { host: address, port: parsed.port };
  } catch (error) {
    report(`address '${entry}' is not used: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

/** Where searches go: the address list, then the broadcast address of each interface, each once. */
export async function searchTargets(
  settings: Pick<CaSettings, 'addrList' | 'autoAddrList' | 'serverPort'>,
  report: Report,
): Promise<Address[]> {
  const { addrList, autoAddrList, serverPort } = settings;
  const targets = await resolveAddresses(addrList, serverPort, report);
  if (autoAddrList) targets.push(...broadcastAddresses().map((host) => ({ host, port: serverPort })));
  return [...new Map(targets.map((target) => [`${target.host}:${target.port}`, target])).values()];
}

/** One for each IPv4 interface but the loopback, which is what remains on a machine without any network. */
export function broadcastAddresses(interfaces = networkInterfaces()): string[] {
  const broadcasts = Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address, netmask }) => broadcastOf(address, netmask));
  return broadcasts.length > 0 ? [...new Set(broadcasts)] : ['127.0.0.1'];
}

function broadcastOf(address: string, netmask: string): string {
  const mask = netmask.split('.').map(Number);
  return address
    .split('.')
    .map((octet, index) => (Number(octet) | ~(mask[index] ?? 255)) & 255)
    .join('.');
}
