/**
 * torch-node/vision: what `torchvision` gives in Python, under the same names.
 *
 * @example
 * ```ts
 * import * as torchvision from 'torch-node/vision';
 * const { transforms } = torchvision;
 * const data = new torchvision.datasets.MNIST({ root: './mnist/', transform: new transforms.ToTensor(), download: true });
 * ```
 */
import '../_internal/bundled.js';

export * as datasets from './datasets/index.js';
export * as transforms from './transforms/index.js';
export * as utils from './utils.js';
