/** `torch.utils.dlpack`. */
export {
  DLDeviceType,
  from_dlpack,
  to_dlpack,
  type DLPackCapsule,
  type DLPackOptions,
  type DLPackProducer,
  type FromDLPackOptions,
} from '../dlpack.js';
