import { isCurveKey } from '../lib/curve-keys.ts';
import { SettingRefused } from './setting.ts';
import type { Resolved } from './setting.ts';

/** @throws SettingRefused for what is no key; it is not shown, for it is nearly one */
export function requireCurveKey({ value, from }: Resolved): void {
  if (value === null || isCurveKey(value)) return;
  throw new SettingRefused(`${from} must be a key of 40 characters in z85, received ${value.length} characters`);
}
