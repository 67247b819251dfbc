/** Where loaded storages go: `map_location` of `torch.load`. */
import { types } from 'node:util';

import { native } from '../_C/native.js';
import { Device } from '../types/device.js';
import { device_type, with_build_hint, type DeviceType } from '../types/device_types.js';
import { kind_of } from '../_internal/representation.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { UntypedStorage } from '../storage.js';
import { TypedStorage } from '../typed_storage.js';
import { define_kind, signature } from '../_internal/signature.js';
import { as_foreign } from '../_internal/operator_errors.js';

/** A function that takes a storage in CPU memory with the place where it was saved, and may return another storage. */
export type StorageMapping = (storage: UntypedStorage, location: string) => UntypedStorage | null | undefined;

/**
 * What `torch.load` takes for `map_location`: a device for everything, an object or Map from one device to another
 * (`{ 'cuda:0': 'cpu' }`), or a function.
 */
export type MapLocation =
  | string
  | Device
  | Readonly<Record<string, string | Device>>
  | ReadonlyMap<string, string | Device>
  | StorageMapping;

/** Moves a storage to its device. */
export type Restore = (storage: UntypedStorage, location: string) => UntypedStorage;

define_kind('AnyStorage', 'a storage', (value) => value instanceof UntypedStorage || value instanceof TypedStorage);

/** Tells where a storage is saved; null for a storage of others. */
export type Tagger = (storage: UntypedStorage) => string | null | undefined;
/** Brings a storage in CPU memory to where it was saved; null for a location of others. */
export type Deserializer = (storage: UntypedStorage, location: string) => UntypedStorage | null | undefined;

interface Package {
  readonly priority: number;
  readonly tagger: Tagger;
  readonly deserializer: Deserializer;
}

/** In the order in which they are asked. */
const packages: Package[] = [
  {
    priority: 10,
    tagger: ({ device }) => (device.type === 'cpu' ? 'cpu' : null),
    deserializer: (storage, location) => (location === 'cpu' ? storage : null),
  },
  { priority: 20, tagger: ({ device }) => device.toString(), deserializer: to_device },
];

const REGISTER_PACKAGE = signature<Package>(
  'register_package',
  'priority: int, tagger: Callable, deserializer: Callable',
);

/**
 * Adds functions that say where storages are saved and bring them back there. They are asked by priority, a lower number first; the
 * CPU has 10, the devices of libtorch 20. Mirrors `torch.serialization.register_package`.
 *
 * @param priority - the place in the order
 * @param tagger - from a storage to the location that a file names; null for a storage of others
 * @param deserializer - from a storage in CPU memory and a location to a storage; null for a location of others
 * @example
 * ```ts
 * const { location_tag, register_package } = torch.serialization;
 * register_package(5, (storage) => (storage.nbytes() === 3 ? 'three' : null), (storage, location) => (location === 'three' ? storage : null));
 * print(location_tag(torch.ones(3, { dtype: torch.uint8 }).untyped_storage()), location_tag(torch.ones(3).untyped_storage()));
 * ```
 * ```python
 * from torch.serialization import location_tag, register_package
 * register_package(5, lambda s: 'three' if s.nbytes() == 3 else None, lambda s, location: s if location == 'three' else None)
 * print(location_tag(torch.ones(3, dtype=torch.uint8).untyped_storage()), location_tag(torch.ones(3).untyped_storage()))
 * ```
 */
export function register_package(priority: number, tagger: Tagger, deserializer: Deserializer): void;
export function register_package(...args: unknown[]): void {
  packages.push(REGISTER_PACKAGE.read(args));
  packages.sort((a, b) => a.priority - b.priority);
}

const LOCATION_TAG = signature<{ storage: UntypedStorage | TypedStorage }>('location_tag', 'storage: AnyStorage');

/**
 * Where a storage is, as files tell it: `'cpu'`, `'cuda:0'`. Mirrors `torch.serialization.location_tag`.
 *
 * @param storage - the storage
 * @example
 * ```ts
 * print(torch.serialization.location_tag(torch.ones(1).untyped_storage()));
 * ```
 * ```python
 * print(torch.serialization.location_tag(torch.ones(1).untyped_storage()))
 * ```
 */
export function location_tag(storage: UntypedStorage | TypedStorage): string;
export function location_tag(...args: unknown[]): string {
  const { storage } = LOCATION_TAG.read(args);
  const untyped = storage instanceof UntypedStorage ? storage : storage.untyped();
  for (const { tagger } of packages) {
    const location = as_foreign(() => tagger(untyped));
    if (location) return location;
  }
  throw new Error("don't know how to determine data location of torch.storage.UntypedStorage");
}

const DEFAULT_RESTORE = signature<{ storage: UntypedStorage; location: string }>(
  'default_restore_location',
  'storage: UntypedStorage, location: str',
);

/**
 * Brings a storage to where it was saved, as `torch.load` does without `map_location`. Mirrors
 * `torch.serialization.default_restore_location`.
 *
 * @param storage - a storage in CPU memory
 * @param location - what {@link location_tag} returned
 * @throws Error when no function that is registered knows the location, or the device is not there
 * @example
 * ```ts
 * const storage = torch.ones(2).untyped_storage();
 * print(torch.serialization.default_restore_location(storage, 'meta').device);
 * ```
 * ```python
 * storage = torch.ones(2).untyped_storage()
 * print(torch.serialization.default_restore_location(storage, 'meta').device)
 * ```
 */
export function default_restore_location(storage: UntypedStorage, location: string): UntypedStorage;
export function default_restore_location(...args: unknown[]): UntypedStorage {
  const { storage, location } = DEFAULT_RESTORE.read(args);
  return default_restore(storage, location);
}

function check_accelerator(location: string, row: DeviceType): void {
  const { name, title, module } = row;
  const count = native.device_count(name);
  if (count === 0) {
    const text =
      `load(): Attempting to deserialize object on a ${title} device but ${module}.is_available() is False. If you are ` +
      "running on a CPU-only machine, please use torch.load with map_location: 'cpu' to map your storages to the " +
      'CPU.';
    throw new Error(native.device_built(name) ? text : with_build_hint(text, row));
  }
  const index = new Device(location).index ?? 0;
  if (index < count) return;
  throw new Error(
    `load(): Attempting to deserialize object on ${title} device ${index} but ${module}.device_count() is ${count}. ` +
      'Please use torch.load with map_location to map your storages to an existing device.',
  );
}

/** Why no device of libtorch is this location. */
let no_device: unknown;

function to_device(storage: UntypedStorage, location: string): UntypedStorage | null {
  const row = device_type(location);
  if (row?.accelerator) check_accelerator(location, row);
  if (location === 'meta') return new UntypedStorage(storage.nbytes(), { device: 'meta' });
  try {
    return storage.to(location);
  } catch (error) {
    no_device = error;
    return null;
  }
}

function default_restore(storage: UntypedStorage, location: string): UntypedStorage {
  for (const { deserializer } of packages) {
    const result =
      deserializer === to_device ? to_device(storage, location) : as_foreign(() => deserializer(storage, location));
    if (result !== null && result !== undefined) return result;
  }
  const cause = no_device;
  no_device = undefined;
  throw new Error(
    `load(): don't know how to restore data location of torch.storage.UntypedStorage (tagged with ${location}): ` +
      (cause instanceof Error ? cause.message : String(cause)),
    { cause },
  );
}

function is_device(location: unknown): location is string | Device {
  return typeof location === 'string' || location instanceof Device;
}

/** Whether everything goes to the meta device: then no data is read. */
export function is_meta_location(map_location: MapLocation | null | undefined): boolean {
  return is_device(map_location) && map_location.toString() === 'meta';
}

/** @throws TypeError when it is not a `map_location` */
export function restorer(map_location: MapLocation | null | undefined): Restore {
  if (map_location === null || map_location === undefined) return default_restore;
  if (is_device(map_location)) {
    const location = new Device(map_location).toString();
    return (storage) => default_restore(storage, location);
  }
  if (typeof map_location === 'function') {
    return (storage, location) => {
      const mapped = as_foreign(() => map_location(storage, location)) ?? default_restore(storage, location);
      if (mapped instanceof UntypedStorage) return mapped;
      throw new TypeError(`load(): map_location must return an UntypedStorage, not ${kind_of(mapped)}`);
    };
  }
  if (!is_plain_object(map_location) && !types.isMap(map_location)) {
    throw new TypeError(
      "load(): argument 'map_location' must be a device, an object from devices to devices, or a function, not " +
        kind_of(map_location),
    );
  }
  const places = new Map<string, string | Device>(
    types.isMap(map_location) ? map_location : (Object.entries(map_location) as [string, string | Device][]),
  );
  return (storage, location) => default_restore(storage, new Device(places.get(location) ?? location).toString());
}
