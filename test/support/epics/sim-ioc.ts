import { type Ioc, type IocOptions, startIoc } from '../../../src/sim-ioc/ioc.ts';
import type { EpicsRecord } from '../../../src/sim-ioc/records/record.ts';

export type TestIoc = Ioc & AsyncDisposable & { readonly searchAddress: string };

/** `await using ioc = await simIoc([new AnalogRecord('T:ao', 'ao')])`: a simulated IOC in this process. */
export async function simIoc(records: Iterable<EpicsRecord>, options: IocOptions = {}): Promise<TestIoc> {
  const ioc = await startIoc({ ...options, records });
  return {
    ...ioc,
    searchAddress: `${ioc.host}:${ioc.udpPort}`,
    [Symbol.asyncDispose]: () => ioc.close(),
  };
}
