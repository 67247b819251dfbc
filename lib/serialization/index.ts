/** `torch.serialization`: what goes with `torch.save` and `torch.load`. */
export {
  add_safe_globals,
  clear_safe_globals,
  get_safe_globals,
  safe_globals,
  type SafeCallable,
  type SafeGlobal,
} from './allowed_globals.js';
export { get_unsafe_globals_in_checkpoint, load, type LoadOptions, type LoadSource } from './load.js';
export { Float, int_keys, ordered_dict, Tuple } from '../python/values.js';
export { save, type SaveOptions, type SaveTarget } from './save.js';
export type { MapLocation, StorageMapping } from './storage_location.js';
