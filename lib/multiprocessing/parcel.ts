/**
 * Values with objects of any class for another thread or process. `hand_over` takes plain values only; a dataset has objects, transforms
 * and functions in it. An object goes as its class and its fields, as Python pickles it, and what is one object stays one.
 */
import { types } from 'node:util';

import { native } from '../_C/native.js';
import { pil_kind_of, set_pil_kind, type PilKind } from '../_internal/pil_kind.js';
import { kind_of } from '../_internal/representation.js';
import { is_plain_object } from '../_internal/plain_object.js';
import {
  bare_module,
  members_of,
  Module,
  present_hooks_of,
  set_members,
  type ModuleMembers,
} from '../nn/modules/module.js';
import { Buffer as TensorBuffer, Parameter } from '../nn/parameter.js';
import { Generator } from '../random.js';
import { Tensor } from '../_tensor.js';
import { Device } from '../types/device.js';
import { DType } from '../types/dtype.js';
import { NamedConstant } from '../_internal/named_constant.js';
import { Complex } from '../types/scalar.js';
import { known_definitions, type ReferenceTable, type Definition, type Reference } from './references.js';
import { constant_named, is_cloned, record_of, release_record, take_tensor, type TensorRecord } from './transfer.js';

/** A value that is not an object, or the number of a node. */
type Slot = string | number | bigint | boolean | null | undefined | { readonly at: number };

/** The fields of an object. */
interface Fields {
  readonly keys: readonly string[];
  readonly slots: readonly Slot[];
}

type Node =
  | {
      readonly kind: 'tensor';
      readonly record: object;
      readonly of?: number;
      readonly fields?: Fields;
      readonly pil?: PilKind;
    }
  | { readonly kind: 'array' | 'set' | 'map'; readonly slots: readonly Slot[]; readonly of?: number }
  | { readonly kind: 'object'; readonly fields: Fields; readonly metadata?: unknown }
  | { readonly kind: 'instance' | 'callable'; readonly of: number; readonly fields: Fields }
  | { readonly kind: 'pickled'; readonly of: number; readonly state: Slot }
  | { readonly kind: 'module'; readonly of: number; readonly members: Slot }
  | { readonly kind: 'function'; readonly of: number }
  | { readonly kind: 'generator'; readonly device: string; readonly state: Slot }
  | { readonly kind: 'constant' | 'device'; readonly name: string }
  | { readonly kind: 'complex'; readonly re: number; readonly im: number }
  | { readonly kind: 'bytes' | 'clone'; readonly value: unknown };

/** What goes through `postMessage`. */
export interface Parcel {
  readonly nodes: readonly Node[];
  readonly root: Slot;
  readonly references: readonly Reference[];
}

/** How tensors leave, and how they are taken: as tokens between threads, as descriptors of shared memory between processes. */
export interface Carrier {
  /** What stands for a tensor. @throws Error for one that cannot leave */
  record_of(tensor: Tensor): object;
  /** Frees what stands for a tensor that no one takes. */
  release(record: object): void;
  /** The tensor of a record. */
  take(record: object): Tensor;
}

const between_threads: Carrier = {
  // Memory of a JavaScript array goes with its thread.
  record_of: (tensor) =>
    record_of(native.owns_memory(tensor._h) ? tensor : tensor.detach().clone().requires_grad_(tensor.requires_grad)),
  release: (record) => {
    release_record(record as TensorRecord);
  },
  take: (record) => take_tensor(record as TensorRecord),
};

/** By which the parcel goes that is packed or unpacked now: what is shared by inheritance asks it (`__getstate__`). */
let current: Carrier | null = null;

/** See {@link current}. */
export const current_carrier = (): Carrier | null => current;

function carried<T>(carrier: Carrier, run: () => T): T {
  const before = current;
  current = carrier;
  try {
    return run();
  } finally {
    current = before;
  }
}

/** An object that says what its state is, as in Python. */
interface Pickled {
  __getstate__?(): unknown;
  __setstate__?(state: unknown): void;
}

const is_slot = (value: unknown): value is Exclude<Slot, object> =>
  (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol') || value === null;

/** A function, and not an object that can be called. */
function is_function(value: object): value is Definition {
  if (typeof value !== 'function') return false;
  const prototype = Object.getPrototypeOf(value) as unknown;
  // That of a derived class is a class.
  return (
    typeof prototype === 'function' ||
    prototype === null ||
    types.isAsyncFunction(value) ||
    types.isGeneratorFunction(value)
  );
}

class Packer {
  readonly nodes: Node[] = [];
  private readonly places = new Map<object, { readonly at: number }>();

  constructor(
    private readonly table: ReferenceTable,
    private readonly refuse: (where: string, what: string) => Error,
    private readonly carrier: Carrier,
  ) {}

  slot_of(value: unknown, where: string): Slot {
    if (is_slot(value)) return value;
    if (typeof value === 'symbol') throw this.refuse(where, 'a symbol');
    const known = this.places.get(value as object);
    if (known !== undefined) return known;
    const slot = { at: this.nodes.length };
    this.places.set(value as object, slot);
    // Its place is taken before its fields are read, which may lead back to it.
    this.nodes.push({ kind: 'clone', value: null });
    this.nodes[slot.at] = this.node_of(value as object, where);
    return slot;
  }

  private node_of(value: object, where: string): Node {
    if (value instanceof Tensor) return this.node_of_tensor(value, where);
    if (value instanceof Module) return this.node_of_module(value, where);
    if (is_function(value)) return { kind: 'function', of: this.reference(value, where, () => function_text(value)) };
    if (value instanceof DType || value instanceof NamedConstant) return { kind: 'constant', name: value.name };
    if (value instanceof Device) return { kind: 'device', name: value.toString() };
    if (value instanceof Complex) return { kind: 'complex', re: value.re, im: value.im };
    if (value instanceof Generator) {
      return { kind: 'generator', device: value.device.toString(), state: this.slot_of(value.get_state(), where) };
    }
    if (Array.isArray(value)) return this.node_of_array(value, where);
    if (types.isSet(value)) return this.collection('set', value, [...value], where);
    if (types.isMap(value)) return this.collection('map', value, [...value].flat(), where);
    if (is_plain_object(value)) return this.node_of_object(value, where);
    // A small Buffer is a part of a pool, of which a clone would be a copy.
    if (Buffer.isBuffer(value)) return { kind: 'bytes', value: new Uint8Array(value) };
    if (is_cloned(value)) return { kind: 'clone', value };
    return this.node_of_instance(value, where);
  }

  private node_of_tensor(value: Tensor, where: string): Node {
    const record = this.carrier.record_of(value);
    const pil = pil_kind_of(value);
    const node = pil === undefined ? { kind: 'tensor' as const, record } : { kind: 'tensor' as const, record, pil };
    const prototype = Object.getPrototypeOf(value) as object;
    if (prototype === Parameter.prototype || prototype === TensorBuffer.prototype) return node;
    const keys = Object.keys(value).filter((key) => !key.startsWith('_'));
    if (prototype === Tensor.prototype && keys.length === 0) return node;
    try {
      return { ...node, of: this.class_of(value, where), fields: this.fields(value, keys, where) };
    } catch (error) {
      this.carrier.release(record);
      throw error;
    }
  }

  private node_of_module(value: Module, where: string): Node {
    const hooks = present_hooks_of(value);
    if (hooks !== null && Object.values(hooks).some((some: unknown) => types.isMap(some) && some.size > 0)) {
      throw this.refuse(where, 'a module with hooks');
    }
    return { kind: 'module', of: this.class_of(value, where), members: this.slot_of(members_of(value), where) };
  }

  private node_of_array(value: readonly unknown[], where: string): Node {
    const plain = value.constructor.name === 'Array';
    if (plain && value.length > 16 && value.every(is_slot)) return { kind: 'clone', value };
    return this.collection('array', value, value, where);
  }

  private collection(kind: 'array' | 'set' | 'map', value: object, items: readonly unknown[], where: string): Node {
    const slots = items.map((item, i) => this.slot_of(item, `${where}[${i}]`));
    const plain = { array: 'Array', set: 'Set', map: 'Map' }[kind] === value.constructor.name;
    return plain ? { kind, slots } : { kind, slots, of: this.class_of(value, where) };
  }

  private node_of_object(value: Record<string, unknown>, where: string): Node {
    const fields = this.fields(value, Object.keys(value), where);
    // A state dict carries the versions of its modules out of sight.
    const metadata: unknown = value['_metadata'];
    const hidden = metadata !== undefined && !Object.prototype.propertyIsEnumerable.call(value, '_metadata');
    return hidden ? { kind: 'object', fields, metadata } : { kind: 'object', fields };
  }

  private node_of_instance(value: object, where: string): Node {
    const of = this.class_of(value, where);
    const state = (value as Pickled).__getstate__;
    if (typeof state === 'function') return { kind: 'pickled', of, state: this.slot_of(state.call(value), where) };
    const kind = typeof value === 'function' ? 'callable' : 'instance';
    return { kind, of, fields: this.fields(value, Object.keys(value), where) };
  }

  private fields(value: object, keys: readonly string[], where: string): Fields {
    return {
      keys,
      slots: keys.map((key) => this.slot_of((value as Record<string, unknown>)[key], `${where}.${key}`)),
    };
  }

  private class_of(value: object, where: string): number {
    const kind = (value as { constructor: Definition }).constructor;
    return this.reference(kind, where, () => `an object of class '${kind_of(value)}'`);
  }

  private reference(value: Definition, where: string, what: () => string): number {
    const number = this.table.number_of(value);
    if (number === undefined) throw this.refuse(where, what());
    return number;
  }
}

const function_text = (value: Definition): string =>
  /^class\b/.test(Function.prototype.toString.call(value)) ? `the class '${value.name}'` : 'a function';

/**
 * A value for another thread or process.
 * @param name - what the value is, for errors
 * @param refuse - makes the error for what the other side cannot find, or cannot have
 */
export function pack(
  value: unknown,
  name: string,
  table: ReferenceTable,
  refuse: (where: string, what: string) => Error,
  carrier: Carrier = between_threads,
): Parcel {
  const packer = new Packer(table, refuse, carrier);
  try {
    const root = carried(carrier, () => packer.slot_of(value, name));
    return { nodes: packer.nodes, root, references: table.references };
  } catch (error) {
    release_nodes(packer.nodes, carrier);
    throw error;
  }
}

function release_nodes(nodes: readonly Node[], carrier: Carrier): void {
  for (const node of nodes) if (node.kind === 'tensor') carrier.release(node.record);
}

/** Frees the tensors of a parcel for another thread that no one takes. */
export function release_parcel(parcel: Parcel): void {
  release_nodes(parcel.nodes, between_threads);
}

/** A callable object of a class whose constructor has not run. */
function bare_callable(prototype: object): object {
  const self = (...args: unknown[]): unknown =>
    (self as unknown as { forward: (...args: unknown[]) => unknown }).forward(...args);
  // A function's own name and length would hide fields of those names.
  delete (self as { name?: unknown }).name;
  delete (self as { length?: unknown }).length;
  return Object.setPrototypeOf(self, prototype) as object;
}

class Unpacker {
  private readonly made: unknown[] = [];

  constructor(
    private readonly nodes: readonly Node[],
    private readonly definitions: readonly Definition[],
    private readonly carrier: Carrier,
  ) {}

  value_of(slot: Slot): unknown {
    if (typeof slot !== 'object' || slot === null) return slot;
    const { at } = slot;
    if (at in this.made) return this.made[at];
    return this.make(this.nodes[at]!, at);
  }

  private prototype_of(of: number): object {
    return (this.definitions[of] as unknown as { prototype: object }).prototype;
  }

  /** Puts an object in its place before its fields are made, which may lead back to it. */
  private placed<T>(at: number, value: T, of?: number): T {
    this.made[at] = of === undefined ? value : Object.setPrototypeOf(value, this.prototype_of(of));
    return value;
  }

  private fill<T extends object>(value: T, { keys, slots }: Fields): T {
    keys.forEach((key, i) => {
      Object.defineProperty(value, key, {
        value: this.value_of(slots[i]),
        writable: true,
        enumerable: true,
        configurable: true,
      });
    });
    return value;
  }

  private make(node: Node, at: number): unknown {
    switch (node.kind) {
      case 'tensor': {
        const tensor = this.placed(at, this.carrier.take(node.record), node.of);
        if (node.pil !== undefined) set_pil_kind(tensor, node.pil);
        return node.fields === undefined ? tensor : this.fill(tensor, node.fields);
      }
      case 'array': {
        const array: unknown[] = this.placed(at, [], node.of);
        for (const slot of node.slots) array.push(this.value_of(slot));
        return array;
      }
      case 'set': {
        const set = this.placed(at, new Set(), node.of);
        for (const slot of node.slots) Set.prototype.add.call(set, this.value_of(slot));
        return set;
      }
      case 'map': {
        const map = this.placed(at, new Map(), node.of);
        for (let i = 0; i < node.slots.length; i += 2) {
          Map.prototype.set.call(map, this.value_of(node.slots[i]), this.value_of(node.slots[i + 1]));
        }
        return map;
      }
      case 'object': {
        const object = this.fill(this.placed(at, {}), node.fields);
        if (node.metadata === undefined) return object;
        const value = node.metadata;
        return Object.defineProperty(object, '_metadata', { value, writable: true, configurable: true });
      }
      case 'instance':
        return this.fill(this.placed(at, Object.create(this.prototype_of(node.of)) as object), node.fields);
      case 'callable':
        return this.fill(this.placed(at, bare_callable(this.prototype_of(node.of))), node.fields);
      case 'pickled':
        return this.with_state(this.placed(at, Object.create(this.prototype_of(node.of)) as object), node.state);
      case 'module': {
        const module = this.placed(at, bare_module(this.prototype_of(node.of)));
        set_members(module, this.value_of(node.members) as ModuleMembers);
        return module;
      }
      default:
        return this.placed(at, this.value_of_leaf(node));
    }
  }

  private with_state(object: Pickled, slot: Slot): object {
    const state = this.value_of(slot);
    if (typeof object.__setstate__ === 'function') object.__setstate__(state);
    else Object.assign(object, state);
    return object;
  }

  private value_of_leaf(node: Node): unknown {
    switch (node.kind) {
      case 'function':
        return this.definitions[node.of];
      case 'generator': {
        const generator = new Generator(node.device);
        generator.set_state(this.value_of(node.state) as Tensor);
        return generator;
      }
      case 'constant':
        return constant_named(node.name);
      case 'device':
        return new Device(node.name);
      case 'complex':
        return new Complex(node.re, node.im);
      case 'bytes': {
        const { buffer, byteOffset, byteLength } = node.value as Uint8Array<ArrayBuffer>;
        return Buffer.from(buffer, byteOffset, byteLength);
      }
      default:
        return (node as { value: unknown }).value;
    }
  }
}

/**
 * The value of a parcel; its tensors can be taken once.
 * @param definitions - the classes and functions of its references; those that this thread knows when left out
 */
export function unpack(
  parcel: Parcel,
  definitions = known_definitions(parcel.references),
  carrier: Carrier = between_threads,
): unknown {
  return carried(carrier, () => new Unpacker(parcel.nodes, definitions, carrier).value_of(parcel.root));
}
