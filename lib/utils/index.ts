/** `torch.utils`. */
export * as benchmark from './benchmark/index.js';
export * as data from './data/index.js';
export * as checkpoint from './checkpoint.js';
export * as collect_env from './collect_env.js';
export * as flop_counter from './flop_counter.js';
export * from '../absent/utils.js';
export * as _pytree from './_pytree.js';
export * as _python_dispatch from './_python_dispatch.js';
export { deterministic } from './deterministic.js';
export * as hooks from './hooks.js';
export { swap_tensors } from './swap_tensors.js';
export * as model_zoo from './model_zoo.js';
export * as dlpack from './dlpack.js';
export * as tensorboard from './tensorboard/index.js';
