/** torch-node/vision: the parts of `torchvision` that are here, under the same names. */
import '../_internal/one_file.js';

export {
  disable_beta_transforms_warning,
  get_image_backend,
  get_video_backend,
  set_image_backend,
  set_video_backend,
} from './backends.js';
export * as datasets from './datasets/index.js';
export * as io from './io/index.js';
export * as models from './models/index.js';
export * as ops from './ops/index.js';
export * as transforms from './transforms/index.js';
export * as tv_tensors from './tv_tensors/index.js';
export * as utils from './utils/index.js';
