/** What the numbers of a program stand for: its dtypes, layouts, memory formats and devices. */
import * as dtypes from '../types/dtype.js';
import type { DType, Layout, MemoryFormat } from '../types/dtype.js';
import type { WrittenDevice } from './schema.js';

const dtypes_by_number: ReadonlyMap<number, DType> = new Map([
  [1, dtypes.uint8],
  [2, dtypes.int8],
  [3, dtypes.int16],
  [4, dtypes.int32],
  [5, dtypes.int64],
  [6, dtypes.float16],
  [7, dtypes.float32],
  [8, dtypes.float64],
  [9, dtypes.complex32],
  [10, dtypes.complex64],
  [11, dtypes.complex128],
  [12, dtypes.bool],
  [13, dtypes.bfloat16],
  [28, dtypes.uint16],
  [29, dtypes.float8_e4m3fn],
  [30, dtypes.float8_e5m2],
  [31, dtypes.float8_e4m3fnuz],
  [32, dtypes.float8_e5m2fnuz],
  [33, dtypes.float8_e8m0fnu],
  [34, dtypes.uint32],
  [35, dtypes.uint64],
]);

const layouts: ReadonlyMap<number, Layout> = new Map([
  [1, dtypes.sparse_coo],
  [2, dtypes.sparse_csr],
  [3, dtypes.sparse_csc],
  [4, dtypes.sparse_bsr],
  [5, dtypes.sparse_bsc],
  [6, dtypes._mkldnn],
  [7, dtypes.strided],
]);

const memory_formats: ReadonlyMap<number, MemoryFormat> = new Map([
  [1, dtypes.contiguous_format],
  [2, dtypes.channels_last],
  [3, dtypes.channels_last_3d],
  [4, dtypes.preserve_format],
]);

function known<T>(table: ReadonlyMap<number, T>, number: number, what: string, where: string): T {
  const found = table.get(number);
  if (found === undefined) throw new Error(`${where}: there is no ${what} ${number}`);
  return found;
}

export const dtype_of_code = (number: number, where: string): DType => known(dtypes_by_number, number, 'dtype', where);
export const layout_of_code = (number: number, where: string): Layout => known(layouts, number, 'layout', where);
export const memory_format_of_code = (number: number, where: string): MemoryFormat =>
  known(memory_formats, number, 'memory format', where);

/** `'cuda:0'`. */
export function device_name({ type, index }: WrittenDevice): string {
  return index === null ? type : `${type}:${index}`;
}

function code_in<T extends object>(table: ReadonlyMap<number, T>, wanted: T, what: string): number {
  for (const [code, value] of table) if (value === wanted) return code;
  throw new Error(`export(): a program cannot hold the ${what} ${String(wanted)}`);
}

export const code_of_dtype = (dtype: DType): number => code_in(dtypes_by_number, dtype, 'dtype');
export const code_of_layout = (layout: Layout): number => code_in(layouts, layout, 'layout');
export const code_of_memory_format = (format: MemoryFormat): number => code_in(memory_formats, format, 'memory format');

/** A device as programs have it, from `'cuda:0'`. */
export function written_device(name: string): WrittenDevice {
  const [type, index] = name.split(':') as [string, string?];
  return { type, index: index === undefined ? null : Number(index) };
}
