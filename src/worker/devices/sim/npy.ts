const MAGIC = Buffer.from('\x93NUMPY\x01\x00', 'latin1');
const ALIGNMENT = 64;

/**
 * A two-dimensional array of doubles as a `.npy` file, format 1.0.
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function npyFile(rows: readonly (readonly number[])[]): Buffer {
  const shape = `(${rows.length}, ${rows[0]?.length ?? 0})`;
  const header = `{'descr': '<f8', 'fortran_order': False, 'shape': ${shape}, }`;
  const unpadded = MAGIC.length + 2 + header.length + 1;
  const padding = (ALIGNMENT - (unpadded % ALIGNMENT)) % ALIGNMENT;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length + padding + 1);
  const values = rows.flat();
  const data = Buffer.alloc(values.length * 8);
  for (const [index, value] of values.entries()) data.writeDoubleLE(value, index * 8);
  return Buffer.concat([MAGIC, length, Buffer.from(`${header}${' '.repeat(padding)}\n`, 'latin1'), data]);
}
