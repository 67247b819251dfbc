import { cat } from '../../generated/functions.js';
import { Tensor } from '../../tensor.js';
import { tensor_list } from '../arguments.js';
import { kind_of } from '../representation.js';

/**
 * All values of the parameters in one vector. Mirrors `torch.nn.utils.parameters_to_vector`.
 *
 * @throws TypeError when the parameters lie on different devices
 */
export function parameters_to_vector(parameters: Iterable<Tensor>): Tensor {
  const list = tensor_list('parameters_to_vector', 'parameters', parameters);
  check_one_device(list);
  return cat(list.map((parameter) => parameter.view(-1)));
}

/**
 * Takes the values of the parameters from one vector, of which they become parts. Mirrors
 * `torch.nn.utils.vector_to_parameters`.
 *
 * @throws TypeError when `vec` is no tensor or the parameters lie on different devices
 */
export function vector_to_parameters(vec: Tensor, parameters: Iterable<Tensor>): void {
  if (!(vec instanceof Tensor)) throw new TypeError(`expected torch.Tensor, but got: ${kind_of(vec)}`);
  const list = tensor_list('vector_to_parameters', 'parameters', parameters);
  check_one_device(list);
  let start = 0;
  for (const parameter of list) {
    const count = parameter.numel();
    parameter.data = vec.narrow(0, start, count).view_as(parameter).data;
    start += count;
  }
}

function check_one_device(parameters: readonly Tensor[]): void {
  const devices = new Set(parameters.map((parameter) => String(parameter.device)));
  if (devices.size > 1) {
    throw new TypeError('Found two parameters on different devices, this is currently not supported.');
  }
}
