/** Pickles of protocol 2, which `torch.load(weights_only=True)` accepts unless they contain modules. */
import { types } from 'node:util';

import { Device } from '../types/device.js';
import {
  DType,
  Layout,
  MemoryFormat,
  sparse_bsr,
  sparse_coo,
  sparse_layouts,
  sparse_csr,
  uint8,
} from '../types/dtype.js';
import { zeros_like } from '../generated/functions.js';
import { native } from '../_C/native.js';
import { Module } from '../nn/modules/module.js';
import { Parameter } from '../nn/parameter.js';
import { kind_of } from '../_internal/representation.js';
import { is_lazy, UninitializedParameter } from '../nn/uninitialized.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { per_tensor_affine } from '../types/qscheme.js';
import { Generator } from '../random.js';
import { Complex } from '../types/scalar.js';
import { UntypedStorage } from '../storage.js';
import { Size, Tensor } from '../_tensor.js';
import { global_name_of, numpy_arrays } from './allowed_globals.js';
import { storage_class_of } from '../types/storage_classes.js';
import type { FunctionName } from './module_classes.js';
import { pickled_state } from './module_state.js';
import { BoundMethod, PythonCall, PythonObject } from './python_objects.js';
import { Op } from './pickle_opcodes.js';
import { Float, has_int_keys, is_ordered_dict, ordered_dict, Tuple } from '../python/values.js';
import { location_tag } from './storage_location.js';
import type { NodeBuffer } from '../_internal/node_types.js';

/** Bytes that grow at the end. */
class Bytes {
  private buffer = Buffer.allocUnsafe(4096);
  private length = 0;

  /** Appends bytes and returns them. */
  private room(bytes: number): Buffer {
    const at = this.length;
    this.length += bytes;
    if (this.length > this.buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.length, this.buffer.length * 2));
      this.buffer.copy(larger, 0, 0, at);
      this.buffer = larger;
    }
    return this.buffer.subarray(at, this.length);
  }

  op(op: Op): void {
    this.room(1).writeUInt8(op);
  }
  uint8(value: number): void {
    this.room(1).writeUInt8(value);
  }
  uint16(value: number): void {
    this.room(2).writeUInt16LE(value);
  }
  uint32(value: number): void {
    this.room(4).writeUInt32LE(value);
  }
  int32(value: number): void {
    this.room(4).writeInt32LE(value);
  }
  float64(value: number): void {
    this.room(8).writeDoubleBE(value);
  }

  raw(bytes: Uint8Array): void {
    this.room(bytes.length).set(bytes);
  }

  result(): Buffer {
    return this.buffer.subarray(0, this.length);
  }
}

/** UTF-8, with halves of surrogate pairs as Python writes them. */
function encode_text(text: string): Buffer {
  if (!/[\ud800-\udfff]/u.test(text)) return Buffer.from(text, 'utf8');
  return Buffer.concat(
    text.split(/([\ud800-\udfff])/u).map((part, i) => {
      if (i % 2 === 0) return Buffer.from(part, 'utf8');
      const code = part.charCodeAt(0);
      return Buffer.of(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    }),
  );
}

/** A little-endian two's complement integer in as few bytes as it needs. */
function encode_long(value: bigint): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 8n) {
    const byte = Number(rest & 0xffn);
    bytes.push(byte);
    if (rest >> 7n === 0n || rest >> 7n === -1n) return Buffer.from(bytes);
  }
}

const deepest = 1000;

/** Objects that are keys of dictionaries and elements of sets in Python. */
const hashable: readonly (abstract new (...args: never[]) => object)[] = [
  Tuple,
  Size,
  Uint8Array,
  Tensor,
  Float,
  Complex,
  DType,
  Device,
  Layout,
  PythonObject,
];

/** What to save instead of an object that files cannot hold. */
function advice_for(value: object): string {
  if ('state_dict' in value) return 'save its state_dict()';
  if (types.isDataView(value)) return 'save new Uint8Array(view.buffer, view.byteOffset, view.byteLength)';
  if (ArrayBuffer.isView(value)) return 'save torch.from_numpy(array)';
  if (types.isAnyArrayBuffer(value)) return 'save new Uint8Array(buffer)';
  if (value instanceof Generator) return 'save its get_state()';
  if (value instanceof MemoryFormat) return 'save its name, String(format)';
  if (types.isPromise(value)) return 'await it, and save what it gives';
  if (types.isDate(value)) return 'save its getTime() or toISOString()';
  if (types.isRegExp(value)) return 'save its source';
  if (types.isNativeError(value)) return 'save its message';
  if (types.isBoxedPrimitive(value)) return 'save its valueOf()';
  if (types.isWeakMap(value) || types.isWeakSet(value)) return 'save a Map or a Set, whose elements can be listed';
  if (types.isGeneratorObject(value) || types.isMapIterator(value) || types.isSetIterator(value))
    return 'save an array of what it gives';
  return `save a plain object of what it holds, and make the ${kind_of(value)} from that after loading`;
}

/** A storage that the file gets a record of. */
export interface SavedStorage {
  readonly key: string;
  readonly storage: UntypedStorage;
  /** The number of elements, of the dtype of its first tensor. */
  readonly numel: number;
}

/** How values are pickled. */
export interface PicklerOptions {
  /** The protocol that the pickle announces. All instructions are those of protocol 2, which every reader knows. */
  readonly protocol?: number;
  /** Whether the pickle is for the format before zip archives. */
  readonly legacy?: boolean;
  /** Where there is no file beside the pickle: makes a file of its own of a pickle with one storage. */
  readonly storage_file?: (pickle: NodeBuffer, storages: readonly SavedStorage[]) => Uint8Array;
}

// Python 3's names for modules of Python 2.
const python3_modules: Readonly<Record<string, string>> = { __builtin__: 'builtins' };

export class Pickler {
  /** The storages of what was pickled, in the order of their keys. */
  readonly storages: SavedStorage[] = [];

  private readonly bytes = new Bytes();
  private readonly memo = new Map<unknown, number>();
  private readonly globals = new Map<string, number>();
  /** Storages by their identity, and the dtype of what lies at an address. */
  private readonly keys = new Map<bigint, string>();
  private readonly dtypes = new Map<bigint, DType>();
  private readonly path: (string | number)[] = [];

  private readonly protocol: number;
  private readonly legacy: boolean;
  private readonly storage_file: PicklerOptions['storage_file'];

  constructor({ protocol = 2, legacy = false, storage_file }: PicklerOptions = {}) {
    this.protocol = protocol;
    this.legacy = legacy;
    this.storage_file = storage_file;
  }

  /** The pickle of a value. @throws TypeError for what files cannot hold, with its place within the value */
  dump(value: unknown): NodeBuffer {
    if (this.protocol >= 2) {
      this.bytes.op(Op.PROTO);
      this.bytes.uint8(this.protocol);
    }
    this.value(value);
    this.bytes.op(Op.STOP);
    return this.bytes.result();
  }

  private place(): string {
    const steps = this.path.map((step) =>
      typeof step === 'string' && /^[A-Za-z_$][\w$]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`,
    );
    return `obj${steps.length > 12 ? ['...', ...steps.slice(-12)].join('') : steps.join('')}`;
  }

  private refuse(what: string, hint: string): TypeError {
    return new TypeError(`save(): cannot save ${what} at ${this.place()}: ${hint}`);
  }

  private within(step: string | number, value: unknown): void {
    if (this.path.length >= deepest) {
      throw new Error(
        `save(): ${this.place()} is nested more than ${deepest} levels deep: keep the values in one array, and refer to ` +
          'them by their places',
      );
    }
    this.path.push(step);
    this.value(value);
    this.path.pop();
  }

  private value(value: unknown): void {
    switch (typeof value) {
      case 'boolean':
        this.bytes.op(value ? Op.NEWTRUE : Op.NEWFALSE);
        return;
      case 'number':
        this.number(value);
        return;
      case 'bigint':
        this.integer(value);
        return;
      case 'string':
        this.text(value);
        return;
      case 'object':
        if (value === null) this.bytes.op(Op.NONE);
        else if (!this.recall(value)) this.object(value);
        return;
      case 'function':
        if (!this.recall(value)) this.callable(value);
        return;
      case 'symbol':
        throw this.refuse('symbol', 'save its description');
      default:
        throw this.refuse(typeof value, 'write null for None');
    }
  }

  // ---- Numbers and texts ------------------------------------------------------------------------

  private number(value: number): void {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) this.integer(value);
    else this.float(value);
  }

  private float(value: number): void {
    this.bytes.op(Op.BINFLOAT);
    this.bytes.float64(value);
  }

  private integer(value: number | bigint): void {
    if (value >= 0 && value < 0x100) {
      this.bytes.op(Op.BININT1);
      this.bytes.uint8(Number(value));
    } else if (value >= 0 && value < 0x10000) {
      this.bytes.op(Op.BININT2);
      this.bytes.uint16(Number(value));
    } else if (value >= -0x8000_0000 && value < 0x8000_0000) {
      this.bytes.op(Op.BININT);
      this.bytes.int32(Number(value));
    } else {
      const long = encode_long(BigInt(value));
      if (long.length > 255) throw this.refuse('an integer of more than 255 bytes', 'save it as a string');
      this.bytes.op(Op.LONG1);
      this.bytes.uint8(long.length);
      this.bytes.raw(long);
    }
  }

  private text(text: string): void {
    if (this.recall(text)) return;
    const encoded = encode_text(text);
    this.bytes.op(Op.BINUNICODE);
    this.bytes.uint32(encoded.length);
    this.bytes.raw(encoded);
    this.remember(text);
  }

  // ---- The memo ---------------------------------------------------------------------------------

  private recall(value: unknown, memo: Map<unknown, number> = this.memo): boolean {
    const place = memo.get(value);
    if (place === undefined) return false;
    this.numbered(Op.BINGET, Op.LONG_BINGET, place);
    return true;
  }

  private remember(value: unknown, memo: Map<unknown, number> = this.memo): void {
    const place = this.memo.size + this.globals.size;
    memo.set(value, place);
    this.numbered(Op.BINPUT, Op.LONG_BINPUT, place);
  }

  private numbered(short: Op, long: Op, place: number): void {
    this.bytes.op(place < 0x100 ? short : long);
    if (place < 0x100) this.bytes.uint8(place);
    else this.bytes.uint32(place);
  }

  /** A Python name; protocol 2 has the names of Python 2. */
  private global(given: string, name: string): void {
    const module = this.protocol < 3 ? given : (python3_modules[given] ?? given);
    const line = `${module}\n${name}\n`;
    if (this.recall(line, this.globals)) return;
    this.bytes.op(Op.GLOBAL);
    this.bytes.raw(Buffer.from(line));
    this.remember(line, this.globals);
  }

  private tuple(write_items: readonly (() => void)[]): void {
    const ops = [Op.EMPTY_TUPLE, Op.TUPLE1, Op.TUPLE2, Op.TUPLE3];
    if (write_items.length > 3) this.bytes.op(Op.MARK);
    for (const write of write_items) write();
    this.bytes.op(ops[write_items.length] ?? Op.TUPLE);
  }

  /** A call of a Python function, whose arguments are values or functions that write something. */
  private reduce(module: string, name: string, args: readonly unknown[]): void {
    this.global(module, name);
    this.tuple(
      args.map((arg) =>
        typeof arg === 'function'
          ? (arg as () => void)
          : () => {
              this.value(arg);
            },
      ),
    );
    this.bytes.op(Op.REDUCE);
  }

  // ---- Modules ----------------------------------------------------------------------------------

  /** A module, or a class or function that Python finds by its name. */
  private callable(value: object): void {
    if (value instanceof Module) {
      this.module(value);
      return;
    }
    const name = global_name_of(value);
    if (name !== undefined) this.function_name(name);
    else if ('state_dict' in value) throw this.refuse(`the ${kind_of(value)}`, advice_for(value));
    else {
      throw this.refuse(
        'the function',
        "leave it out, or torch.serialization.add_safe_globals([[function, 'module.name']]) says where Python finds it",
      );
    }
  }

  private function_name({ module, name, is_method }: FunctionName): void {
    if (!is_method) this.global(module, name);
    else this.reduce('__builtin__', 'getattr', [this.name('torch._C', '_VariableFunctionsClass'), name]);
  }

  private module(value: Module): void {
    const its_class = value.constructor;
    const name = global_name_of(its_class);
    if (name === undefined) {
      throw this.refuse(
        `the module ${value._get_name()}`,
        `torch.serialization.add_safe_globals([[${its_class.name}, '__main__.` +
          `${its_class.name}']]) says which class it is in Python; or save its state_dict()`,
      );
    }
    let state: ReadonlyMap<string, unknown>;
    try {
      state = pickled_state(value);
    } catch (error) {
      throw new Error(
        `save(): cannot save the module ${value._get_name()} at ${this.place()}: ${(error as Error).message}`,
        { cause: error },
      );
    }
    this.new_object(name.module, name.name, value, state);
  }

  /** An object with state, by BUILD. */
  private new_object(module: string, name: string, value: object, state: unknown): void {
    this.global(module, name);
    this.bytes.op(Op.EMPTY_TUPLE);
    this.bytes.op(Op.NEWOBJ);
    this.remember(value);
    if (types.isMap(state)) {
      this.bytes.op(Op.EMPTY_DICT);
      this.items([...(state as Map<unknown, unknown>)]);
    } else this.value(state);
    this.bytes.op(Op.BUILD);
  }

  private readonly ints = (sizes: readonly number[]) => (): void => {
    this.tuple(
      sizes.map((size) => () => {
        this.integer(size);
      }),
    );
  };

  private readonly name = (module: string, name: string) => (): void => {
    this.global(module, name);
  };

  // ---- Objects ----------------------------------------------------------------------------------

  private object(value: object): void {
    if (value instanceof Tensor) {
      this.tensor_or_parameter(value);
      this.remember(value);
    } else if (Array.isArray(value)) this.array(value as unknown[]);
    else if (is_plain_object(value)) this.dict(value, this.entries(value));
    else if (types.isMap(value)) this.dict(value, [...(value as Map<unknown, unknown>)]);
    else if (value instanceof Float) this.float(value.value);
    else if (value instanceof PythonObject) this.new_object(value.module, value.name, value, value.state);
    else this.special(value);
  }

  private special(value: object): void {
    if (value instanceof DType) {
      this.global('torch', value.name);
      return;
    }
    if (value instanceof UntypedStorage) this.storage(value, uint8, 'torch.storage', 'UntypedStorage', value.nbytes());
    else if (types.isUint8Array(value)) this.byte_string(value);
    else if (types.isSet(value)) this.set(value as Set<unknown>);
    else if (value instanceof Complex) {
      this.reduce('__builtin__', 'complex', [
        () => {
          this.float(value.re);
        },
        () => {
          this.float(value.im);
        },
      ]);
    } else if (value instanceof Device) {
      this.reduce('torch', 'device', value.index === null ? [value.type] : [value.type, value.index]);
    } else if (value instanceof BoundMethod) {
      this.reduce('__builtin__', 'getattr', [
        () => {
          this.value(value.of);
        },
        value.name,
      ]);
    } else if (value instanceof Layout) {
      this.reduce('torch.serialization', '_get_layout', [String(value)]);
    } else if (value instanceof PythonCall) this.reduce(value.module, value.name, value.args);
    else {
      this.numpy_array(value);
      return;
    }
    this.remember(value);
  }

  private array(value: readonly unknown[]): void {
    if (value instanceof Size) {
      this.reduce('torch', 'Size', [this.ints(value)]);
      this.remember(value);
    } else if (value instanceof Tuple) {
      this.tuple(
        value.map((item, i) => () => {
          this.within(i, item);
        }),
      );
      // For a cycle through an item, the tuple has been written already.
      if (this.memo.has(value)) throw this.refuse('a tuple that is a part of itself', 'an array can be one');
      this.remember(value);
    } else this.list(value);
  }

  private list(value: readonly unknown[]): void {
    this.bytes.op(Op.EMPTY_LIST);
    this.remember(value);
    if (value.length === 0) return;
    this.bytes.op(Op.MARK);
    for (let i = 0; i < value.length; i++) this.within(i, value[i]);
    this.bytes.op(Op.APPENDS);
  }

  /** An array of numpy, if that is what is left. */
  private numpy_array(value: object): void {
    const { is_numpy_array, reduced_array } = numpy_arrays();
    if (!is_numpy_array(value)) throw this.refuse(`a ${kind_of(value)}`, advice_for(value));
    const { dtype, shape, fortran_order, content } = reduced_array(value);
    const multiarray = 'numpy._core.multiarray';
    this.reduce(multiarray, '_reconstruct', [this.name('numpy', 'ndarray'), Tuple.from([0]), Buffer.from('b')]);
    this.remember(value);
    this.tuple([
      () => this.integer(1),
      () => this.value(shape),
      () => {
        this.reduce('numpy', 'dtype', dtype.args);
        this.value(dtype.state);
        this.bytes.op(Op.BUILD);
      },
      () => this.value(fortran_order),
      () => this.byte_string(content),
    ]);
    this.bytes.op(Op.BUILD);
  }

  private byte_string(value: Uint8Array): void {
    const text = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1');
    this.reduce('_codecs', 'encode', [text, 'latin1']);
  }

  private set(value: ReadonlySet<unknown>): void {
    const elements = [...value];
    this.reduce('__builtin__', 'set', [
      () => {
        this.bytes.op(Op.EMPTY_LIST);
        this.bytes.op(Op.MARK);
        elements.forEach((element, i) => {
          this.check_hashable(element);
          this.within(i, element);
        });
        this.bytes.op(Op.APPENDS);
      },
    ]);
  }

  private check_hashable(key: unknown): void {
    if (typeof key !== 'object' || key === null) return;
    if (!hashable.some((kind) => key instanceof kind))
      throw this.refuse(`a ${kind_of(key)} as a key`, 'Python takes no such keys; a Tuple can be one');
  }

  private entries(value: Record<string, unknown>): [unknown, unknown][] {
    const numbers = has_int_keys(value);
    return Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [numbers && /^-?\d+$/.test(key) ? Number(key) : key, item]);
  }

  private dict(value: object, entries: readonly (readonly [unknown, unknown])[]): void {
    const attributes = Object.getOwnPropertyDescriptor(value, '_metadata');
    const metadata: unknown = attributes !== undefined && !attributes.enumerable ? attributes.value : undefined;
    if (metadata !== undefined || is_ordered_dict(value)) this.reduce('collections', 'OrderedDict', []);
    else this.bytes.op(Op.EMPTY_DICT);
    this.remember(value);
    this.items(entries);
    if (metadata === undefined) return;
    // A state dict keeps the versions of its modules in an attribute, which is an OrderedDict itself.
    this.bytes.op(Op.EMPTY_DICT);
    this.items([['_metadata', is_plain_object(metadata) ? ordered_dict(metadata) : metadata]]);
    this.bytes.op(Op.BUILD);
  }

  private items(entries: readonly (readonly [unknown, unknown])[]): void {
    if (entries.length === 0) return;
    this.bytes.op(Op.MARK);
    for (const [key, item] of entries) {
      this.check_hashable(key);
      this.value(key);
      this.within(typeof key === 'string' || typeof key === 'number' ? key : kind_of(key), item);
    }
    this.bytes.op(Op.SETITEMS);
  }

  // ---- Tensors ----------------------------------------------------------------------------------

  private tensor_or_parameter(value: Tensor): void {
    if (is_lazy(value)) {
      const name = value instanceof UninitializedParameter ? 'UninitializedParameter' : 'UninitializedBuffer';
      this.reduce('torch.nn.parameter', name, [value.requires_grad]);
      return;
    }
    if (!(value instanceof Parameter)) {
      this.tensor(value);
      return;
    }
    this.reduce('torch._utils', '_rebuild_parameter', [
      () => {
        this.tensor(value);
      },
      value.requires_grad,
      ordered_dict({}),
    ]);
  }

  private tensor(value: Tensor): void {
    try {
      if (value.is_meta) this.meta(value);
      else if (value.is_quantized) this.quantized(value);
      else if (sparse_layouts.includes(value.layout)) this.sparse(value);
      else if (value.is_nested) this.nested(value);
      else this.dense(value._is_zerotensor() ? zeros_like(value) : value);
    } catch (error) {
      if (!types.isNativeError(error) || error.message.startsWith('save(): ')) throw error;
      const advice = value.is_mkldnn ? ': save its to_dense()' : '';
      throw new Error(`save(): cannot save the Tensor at ${this.place()}: ${error.message}${advice}`, { cause: error });
    }
  }

  private meta(value: Tensor): void {
    const { dtype } = value;
    this.reduce('torch._utils', '_rebuild_meta_tensor_no_storage', [
      dtype,
      this.ints(value.shape),
      this.ints(value.stride()),
      value.requires_grad,
    ]);
  }

  private dense(value: Tensor): void {
    const { dtype } = value;
    const kind = storage_class_of(dtype);
    const metadata = { ...(value.is_conj() ? { conj: true } : {}), ...(value.is_neg() ? { neg: true } : {}) };
    this.reduce('torch._utils', kind === undefined ? '_rebuild_tensor_v3' : '_rebuild_tensor_v2', [
      this.storage_behind(value),
      value.storage_offset(),
      this.ints(value.shape),
      this.ints(value.stride()),
      value.requires_grad,
      ordered_dict({}),
      ...(kind === undefined ? [dtype] : []),
      ...(Object.keys(metadata).length === 0 ? [] : [metadata]),
    ]);
  }

  private quantized(value: Tensor): void {
    const per_tensor = value.qscheme() === per_tensor_affine;
    const quantizer = per_tensor
      ? [this.name('torch', 'per_tensor_affine'), new Float(value.q_scale()), value.q_zero_point()]
      : [
          this.name('torch', 'per_channel_affine'),
          value.q_per_channel_scales(),
          value.q_per_channel_zero_points(),
          value.q_per_channel_axis(),
        ];
    this.reduce('torch._utils', '_rebuild_qtensor', [
      this.storage_behind(value),
      value.storage_offset(),
      this.ints(value.shape),
      this.ints(value.stride()),
      () => {
        this.tuple(
          quantizer.map((part) =>
            typeof part === 'function'
              ? part
              : () => {
                  this.value(part);
                },
          ),
        );
      },
      value.requires_grad,
      ordered_dict({}),
    ]);
  }

  private sparse(value: Tensor): void {
    const { layout } = value;
    const by_row = layout === sparse_csr || layout === sparse_bsr;
    const parts =
      layout === sparse_coo
        ? [value._indices(), value._values(), value.shape, value.is_coalesced()]
        : [
            by_row ? value.crow_indices() : value.ccol_indices(),
            by_row ? value.col_indices() : value.row_indices(),
            value.values(),
            value.shape,
          ];
    this.reduce('torch._utils', '_rebuild_sparse_tensor', [layout, Tuple.from<unknown>(parts)]);
  }

  private nested(value: Tensor): void {
    this.reduce('torch._utils', '_rebuild_nested_tensor', [
      value.values(),
      value._nested_tensor_size(),
      value._nested_tensor_strides(),
      value._nested_tensor_storage_offsets(),
    ]);
  }

  private readonly storage_behind = (value: Tensor) => (): void => {
    const { dtype } = value;
    const kind = storage_class_of(dtype);
    const storage = value.untyped_storage();
    if (kind === undefined) this.storage(storage, uint8, 'torch.storage', 'UntypedStorage', storage.nbytes());
    else this.storage(storage, dtype, 'torch', kind, Math.floor(storage.nbytes() / dtype.itemsize));
  };

  /** The pickle of one storage alone. */
  private dump_storage(...of: [UntypedStorage, DType, string, string, number]): NodeBuffer {
    this.bytes.op(Op.PROTO);
    this.bytes.uint8(this.protocol);
    this.storage(...of);
    this.bytes.op(Op.STOP);
    return this.bytes.result();
  }

  private storage(storage: UntypedStorage, dtype: DType, module: string, kind: string, numel: number): void {
    if (this.storage_file !== undefined) {
      const alone = new Pickler({ protocol: this.protocol, legacy: true });
      const file = this.storage_file(alone.dump_storage(storage, dtype, module, kind, numel), alone.storages);
      this.reduce('torch.storage', '_load_from_bytes', [() => this.byte_string(file)]);
      return;
    }
    const address = storage.data_ptr();
    if (address !== 0n) {
      if ((this.dtypes.get(address) ?? dtype) !== dtype) {
        throw new Error(
          'Cannot save multiple tensors or storages that view the same data as different types: save a clone() of one ' +
            'of them',
        );
      }
      this.dtypes.set(address, dtype);
    }
    const id = native.storage_id(storage._bytes._h);
    let key = this.keys.get(id);
    if (key === undefined) {
      key = String(this.storages.length);
      this.keys.set(id, key);
      this.storages.push({ key, storage, numel });
    }
    const written = key;
    this.tuple([
      () => {
        this.text('storage');
      },
      this.name(module, kind),
      () => {
        this.text(written);
      },
      () => {
        this.text(location_tag(storage));
      },
      () => {
        this.integer(numel);
      },
      ...(this.legacy
        ? [
            () => {
              this.bytes.op(Op.NONE);
            },
          ]
        : []),
    ]);
    this.bytes.op(Op.BINPERSID);
  }
}
