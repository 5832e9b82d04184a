import { readFileSync } from 'node:fs';

/** `{"host": "127.0.0.1", "udpPort": 0, "tcpPort": 0, "beaconPort": null, "database": "demo"}`; a port of 0 is a free one. */
export interface Settings {
  readonly host: string;
  readonly udpPort: number;
  readonly tcpPort: number;
  /** Where beacons go; null: none are sent. */
  readonly beaconPort: number | null;
  readonly database: 'demo';
}

/** @throws Error that names the file, what must be there, and what is */
export function readSettings(file: string | undefined): Settings {
  if (file === undefined) throw new Error('usage: main.ts <settings.json>');
  const read = parsed(file);
  const { host, udpPort, tcpPort, beaconPort = null, database } = read;
  const areUsable =
    typeof host === 'string' && isPort(udpPort) && isPort(tcpPort) && (beaconPort === null || isPort(beaconPort));
  if (!areUsable || database !== 'demo') {
    throw new Error(
      `${file}: host, udpPort, tcpPort and database 'demo' are needed, beaconPort may be a port or null, ` +
        `received ${JSON.stringify(read)}`,
    );
  }
  return { host, udpPort, tcpPort, beaconPort, database };
}

function parsed(file: string): Record<string, unknown> {
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof read !== 'object' || read === null) throw new Error(`an object is needed, received ${String(read)}`);
    return { ...read };
  } catch (cause) {
    throw new Error(`${file}: ${(cause as Error).message}`, { cause });
  }
}

const isPort = (port: unknown): port is number => Number.isInteger(port) && Number(port) >= 0 && Number(port) < 65536;
