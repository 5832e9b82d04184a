import { isDevice, partsOf } from './describe-devices.ts';
import type { Namespace } from './describe-devices.ts';

/** The device or part of a device that a name means: `'m1'`, `'sim_bundle_A.dets.det_A'`; `undefined` for none. */
export function deviceOf(namespace: Namespace, name: string): object | undefined {
  const [first = '', ...rest] = name.split('.');
  let device: unknown = Object.hasOwn(namespace, first) ? namespace[first] : undefined;
  if (!isDevice(device)) return undefined;
  for (const attribute of rest) {
    device = partsOf(device).get(attribute);
    if (device === undefined) return undefined;
  }
  return device as object;
}
