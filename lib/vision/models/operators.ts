/** Sums and products of the models, which `torch.fx` records as torchvision writes them. */
import { as_operator } from '../../_internal/overriding.js';
import type { Tensor } from '../../_tensor.js';

/** `a + b` */
export const plus = (a: Tensor, b: Tensor): Tensor => as_operator('add', a, b, () => a.add(b));

/** `a += b` */
export const plus_ = (a: Tensor, b: Tensor): Tensor => as_operator('add', a, b, () => a.add_(b));

/** `a * b` */
export const times = (a: Tensor, b: Tensor): Tensor => as_operator('mul', a, b, () => a.mul(b));
