/** Where loaded storages go: `map_location` of `torch.load`. */
import { types } from 'node:util';

import { native } from '../_C/native.js';
import { Device } from '../types/device.js';
import { device_type, with_build_hint, type DeviceType } from '../types/device_types.js';
import { kind_of } from '../_internal/representation.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { UntypedStorage } from '../storage.js';
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

/** The location tag of a storage: `'cpu'`, `'cuda:0'`. */
export function location_tag(storage: UntypedStorage): string {
  return storage.device.toString();
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

function default_restore(storage: UntypedStorage, location: string): UntypedStorage {
  if (location === 'cpu') return storage;
  const row = device_type(location);
  if (row?.accelerator) check_accelerator(location, row);
  if (location === 'meta') return new UntypedStorage(storage.nbytes(), { device: 'meta' });
  try {
    return storage.to(location);
  } catch (error) {
    throw new Error(
      `load(): don't know how to restore data location of torch.storage.UntypedStorage (tagged with ${location}): ` +
        (error instanceof Error ? error.message : String(error)),
      { cause: error },
    );
  }
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
