// The class of every tensor has a page of its own: `torch.Tensor` is the constructors of old, and its type.
export { Tensor } from '../../lib/_tensor.js';
