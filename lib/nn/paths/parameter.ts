/** `torch.nn.parameter`. */
export { Buffer, Parameter } from '../parameter.js';
export {
  is_lazy,
  UninitializedBuffer,
  UninitializedParameter,
  type UninitializedBufferOptions,
  type UninitializedOptions,
} from '../uninitialized.js';
