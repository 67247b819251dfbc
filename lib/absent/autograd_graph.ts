/** Names of `torch.autograd.graph` that are not here; using one throws an Error that says what to do instead. */
import { absent } from './absent.js';

/** Not in torch-node: `torch.autograd.graph.allow_mutation_on_saved_tensors`. */
export const allow_mutation_on_saved_tensors = absent('torch.autograd.graph.allow_mutation_on_saved_tensors');
/** Not in torch-node: `torch.autograd.graph.get_gradient_edge`. */
export const get_gradient_edge = absent('torch.autograd.graph.get_gradient_edge');
/** Not in torch-node: `torch.autograd.graph.GradientEdge`. */
export const GradientEdge = absent('torch.autograd.graph.GradientEdge');
