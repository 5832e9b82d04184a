import type { Circuit } from '../circuit/circuit.ts';

/** The first version that takes a count of 0 as "as many as there are". */
const DYNAMIC_VERSION = 13;

/** 0 stays 0 where the server understands it: an array that holds less than its maximum arrives as it is. */
export const countFor = (wanted: number, circuit: Pick<Circuit, 'minorVersion'>, nativeCount: number): number =>
  wanted === 0 && circuit.minorVersion < DYNAMIC_VERSION ? nativeCount : wanted;
