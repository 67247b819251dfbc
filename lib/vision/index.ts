/** torch-node/vision: the parts of `torchvision` that are here, under the same names. */
import '../_internal/one_file.js';

export * as datasets from './datasets/index.js';
export * as io from './io/index.js';
export * as models from './models/index.js';
export * as ops from './ops/index.js';
export * as transforms from './transforms/index.js';
export * as tv_tensors from './tv_tensors/index.js';
export * as utils from './utils/index.js';
