import { signature, type Arguments } from '../../_internal/signature.js';
import { cat } from '../../generated/functions.js';
import type { Tensor } from '../../_tensor.js';
import { tensors_of } from './tensor_lists.js';

interface ParametersArgument {
  parameters: Iterable<Tensor>;
}

const PARAMETERS_TO_VECTOR = signature<ParametersArgument>('parameters_to_vector', 'parameters: Iterable');

/**
 * Flattens parameters and concatenates them into one vector. Mirrors `torch.nn.utils.parameters_to_vector`.
 *
 * @param parameters - the parameters, contiguous, as `model.parameters()` returns them
 * @throws TypeError when the parameters lie on different devices
 * @example
 * ```ts
 * const linear = new nn.Linear(2, 1);
 * print(nn.utils.parameters_to_vector(linear.parameters()));
 * ```
 * ```python
 * linear = nn.Linear(2, 1)
 * print(nn.utils.parameters_to_vector(linear.parameters()))
 * ```
 */
export function parameters_to_vector(parameters: Iterable<Tensor>): Tensor;
export function parameters_to_vector(
  ...args: Arguments<[parameters: Iterable<Tensor>], ParametersArgument, ['parameters']>
): Tensor;
export function parameters_to_vector(...args: unknown[]): Tensor {
  return PARAMETERS_TO_VECTOR.call(args, ({ parameters }) => {
    // A tensor of several rows is as good as a list of them.
    const list = tensors_of('parameters_to_vector', 'parameters', [...parameters]);
    check_one_device(list);
    return cat(list.map((parameter) => parameter.view(-1)));
  });
}

interface VectorArguments extends ParametersArgument {
  vec: Tensor;
}

const VECTOR_TO_PARAMETERS = signature<VectorArguments>('vector_to_parameters', 'vec: Tensor, parameters: Iterable');

/**
 * Copies slices of a vector into parameters, of which they become the data: the inverse of
 * {@link parameters_to_vector}. Mirrors `torch.nn.utils.vector_to_parameters`.
 *
 * @param vec - the vector
 * @param parameters - the parameters
 * @throws TypeError when `vec` is not a tensor, or when the parameters lie on different devices
 * @example
 * ```ts
 * const linear = new nn.Linear(2, 1);
 * nn.utils.vector_to_parameters(torch.tensor([1, 2, 0.5]), linear.parameters());
 * print(linear.weight, linear.bias);
 * ```
 * ```python
 * linear = nn.Linear(2, 1)
 * nn.utils.vector_to_parameters(torch.tensor([1, 2, 0.5]), linear.parameters())
 * print(linear.weight, linear.bias)
 * ```
 */
export function vector_to_parameters(vec: Tensor, parameters: Iterable<Tensor>): void;
export function vector_to_parameters(
  ...args: Arguments<[vec: Tensor, parameters: Iterable<Tensor>], VectorArguments, ['vec', 'parameters']>
): void;
export function vector_to_parameters(...args: unknown[]): void {
  VECTOR_TO_PARAMETERS.call(args, ({ vec, parameters }) => {
    const list = tensors_of('vector_to_parameters', 'parameters', [...parameters]);
    check_one_device(list);
    let start = 0;
    for (const parameter of list) {
      const count = parameter.numel();
      // A slice, as in Python: what a short vector lacks is missing in the shape.
      parameter.data = vec.index(`${start}:${start + count}`).view_as(parameter).data;
      start += count;
    }
  });
}

function check_one_device(parameters: readonly Tensor[]): void {
  const devices = new Set(parameters.map((parameter) => String(parameter.device)));
  if (devices.size > 1) {
    throw new TypeError('Found two parameters on different devices, this is currently not supported.');
  }
}
