/** Checkpoints that several processes write and read together: `torch.distributed.checkpoint`. */
import '../../_internal/bundled.js';

export {
  async_save,
  CheckpointException,
  load,
  save,
  type LoadOptions,
  type SaveOptions,
  type Stateful,
} from './api.js';
export { FileSystemReader, FileSystemWriter, type FileSystemWriterOptions } from './filesystem.js';
export type { StateDict } from './flatten.js';
export * as state_dict from './state_dict.js';
export * as metadata from './metadata_names.js';
export type { Metadata } from './metadata.js';
