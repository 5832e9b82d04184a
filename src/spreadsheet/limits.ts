/** What one file may ask for. Beamlines queue hundreds of rows; whoever sends more than this means something else. */
export const LIMITS = {
  /** Of the file as it is sent. */
  bytes: 64 * 1024 * 1024,
  /** Of all that a packed file (.xlsx, .ods) unpacks to. */
  unpackedBytes: 64 * 1024 * 1024,
  /** Files inside a packed one. */
  parts: 2000,
  rows: 20_000,
  columns: 256,
  cells: 1_000_000,
  /** Characters of one cell; spreadsheet programs hold no more. */
  cellText: 32_767,
  /** Until the reading of a file is given up. */
  seconds: 10,
  /** Heap of the reading process; what is beyond the heap is bounded by the bytes above. */
  heapMegabytes: 512,
} as const;
