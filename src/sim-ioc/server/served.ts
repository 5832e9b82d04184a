import type { AccessRules } from '../access.ts';
import type { Database } from '../database.ts';
import type { Faults } from '../faults.ts';
import type { ServedCircuit } from './served-circuit.ts';

/** What one IOC serves, and to whom. */
export interface Served {
  readonly database: Database;
  readonly access: AccessRules;
  readonly faults: Faults;
  readonly circuits: Set<ServedCircuit>;
  tcpPort: number;
}
