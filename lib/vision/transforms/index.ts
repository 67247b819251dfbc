/** Transforms of images; mirrors `torchvision.transforms`. */
export { Compose } from './compose.js';
export { Lambda } from './lambda.js';
export { Normalize } from './normalize.js';
export { ToTensor } from './to_tensor.js';
export { has_batched_form, Transform, type BatchedTransform } from './transform.js';
