/** What checkpoints hold: `torch.distributed.checkpoint.metadata`. */
import '../../_internal/bundled.js';

export {
  MetadataIndex,
  type BytesStorageMetadata,
  type ChunkStorageMetadata,
  type Metadata,
  type MetadataIndexOptions,
  type StorageInfo,
  type TensorProperties,
  type TensorStorageMetadata,
} from './metadata.js';
