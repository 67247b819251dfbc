/** Transforms of functions, which nest; mirrors `torch.func`. */
export { hessian, jacfwd, jvp, linearize, type JacfwdOptions, type JvpOptions } from './forward.js';
export {
  grad, grad_and_value, jacrev, vjp, type GradTransformOptions, type JacrevOptions, type Jacobian,
} from './reverse.js';
export { vmap, type Dims, type Randomness, type VmapOptions } from './vmap.js';
