import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { type Access, AccessRules } from './access.ts';
import { Database } from './database.ts';
import { Faults } from './faults.ts';
import type { EpicsRecord } from './records/record.ts';
import { Beacons } from './server/beacons.ts';
import { Circuit } from './server/circuit.ts';
import { SearchResponder } from './server/search-responder.ts';
import type { ServedCircuit } from './server/served-circuit.ts';
import type { Served } from './server/served.ts';

export interface IocOptions {
  readonly host?: string;
  /** Port of searches; 0 is a free one. */
  readonly udpPort?: number;
  /** Port of circuits; 0 is the number of the UDP port where that is free, else a free one. */
  readonly tcpPort?: number;
  /** Where beacons go; null: none are sent. */
  readonly beaconPort?: number | null;
  readonly records?: Iterable<EpicsRecord>;
  /** By record name; what is not named may be read and written. */
  readonly access?: Readonly<Record<string, Access>>;
}

export interface Ioc {
  readonly host: string;
  readonly udpPort: number;
  readonly tcpPort: number;
  readonly database: Database;
  readonly faults: Faults;
  close(): Promise<void>;
}

/** Starts an IOC in this process: a Channel Access server for these records. */
export async function startIoc(options: IocOptions = {}): Promise<Ioc> {
  const { host = '127.0.0.1', udpPort = 0, tcpPort = 0, beaconPort = null, records = [] } = options;
  const database = new Database(records);
  const access = new AccessRules(options.access);
  const circuits = new Set<ServedCircuit>();
  let beacons: Beacons | null = null;
  const faults = new Faults({ database, circuits, access, beacons: () => beacons });
  const served: Served = { database, access, faults, circuits, tcpPort: 0 };
  access.onChange((recordName) => {
    for (const circuit of circuits) circuit.accessChanged(recordName);
  });
  const searches = await SearchResponder.open(host, udpPort, served);
  const server = createServer((socket) => {
    const circuit = new Circuit(socket, served);
    circuits.add(circuit);
    if (faults.isFrozen) circuit.freeze(true);
  });
  try {
    served.tcpPort = await listen(server, host, tcpPort === 0 ? [searches.port, 0] : [tcpPort]);
  } catch (error) {
    searches.close();
    throw error;
  }
  if (beaconPort !== null) beacons = new Beacons(host, beaconPort, served.tcpPort);
  return {
    host,
    udpPort: searches.port,
    tcpPort: served.tcpPort,
    database,
    faults,
    async close() {
      beacons?.close();
      searches.close();
      faults.dropCircuits();
      await new Promise((resolve) => server.close(resolve));
      database.close();
    },
  };
}

/** On the first of these ports that is free. */
async function listen(server: Server, host: string, ports: readonly number[]): Promise<number> {
  for (const [index, port] of ports.entries()) {
    try {
      server.listen(port, host);
      await once(server, 'listening');
      return (server.address() as { port: number }).port;
    } catch (error) {
      if (index === ports.length - 1) throw error;
    }
  }
  throw new Error('no port was named');
}
