/** `torch.storage`. */
export { UntypedStorage } from '../storage.js';
export { TypedStorage } from '../typed_storage.js';
