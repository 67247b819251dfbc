/** `torch.serialization`: what goes with `torch.save` and `torch.load`. */
export {
  add_safe_globals,
  clear_safe_globals,
  get_safe_globals,
  safe_globals,
  type SafeCallable,
  type SafeEntry,
  type SafeGlobal,
} from './allowed_globals.js';
export { get_unsafe_globals_in_checkpoint, load, type LoadOptions, type LoadSource } from './load.js';
export { Float, int_keys, ordered_dict, Tuple } from '../python/values.js';
export {
  get_default_load_endianness,
  get_default_mmap_options,
  LoadEndianness,
  MAP_PRIVATE,
  MAP_SHARED,
  set_default_load_endianness,
  set_default_mmap_options,
  skip_data,
} from './options.js';
export { save, type SaveOptions, type SaveTarget } from './save.js';
export {
  default_restore_location,
  location_tag,
  register_package,
  type Deserializer,
  type MapLocation,
  type StorageMapping,
  type Tagger,
} from './storage_location.js';
