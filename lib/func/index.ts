/** Transforms of functions, which nest; mirrors `torch.func`. */
export { hessian, jacfwd, jvp, linearize, type JacfwdOptions, type JvpOptions } from './forward.js';
export {
  grad,
  grad_and_value,
  jacrev,
  vjp,
  type GradTransformOptions,
  type JacrevOptions,
  type Jacobian,
} from './reverse.js';
export { vmap, type Dims, type Randomness, type VmapOptions } from './vmap.js';
export {
  functional_call,
  replace_all_batch_norm_modules_,
  stack_module_state,
  type FunctionalCallOptions,
  type NamedTensors,
} from './functional_call.js';
export * from '../absent/func.js';
