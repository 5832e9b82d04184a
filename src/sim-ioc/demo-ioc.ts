import { DEMO_ACCESS, demoRecords } from './demo-database.ts';
import { faultRecords } from './fault-records.ts';
import { type Ioc, type IocOptions, startIoc } from './ioc.ts';

/** The demo beamline, with its faults to be asked for by `BGDEMO:fault:...`. */
export async function startDemoIoc(options: Omit<IocOptions, 'records' | 'access'> = {}): Promise<Ioc> {
  const records = [...demoRecords(), ...faultRecords('BGDEMO:fault:', () => ioc.faults)];
  const ioc = await startIoc({ ...options, records, access: DEMO_ACCESS });
  return ioc;
}
