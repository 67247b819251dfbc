/** Averages of parameters over processes: `torch.distributed.algorithms.model_averaging.utils`. */
import { signature } from '../../../_internal/signature.js';
import { is_plain_object } from '../../../_internal/plain_object.js';
import type { Tensor } from '../../../_tensor.js';
import { no_grad } from '../../../autograd/grad_mode.js';
import { cat } from '../../../generated/functions.js';
import { Parameter } from '../../../nn/parameter.js';
import { all_reduce } from '../../collectives.js';
import { get_world_size, group_or_default, GroupMember, type Group } from '../../process_group.js';

/** Parameters, or groups of them as optimizers have. */
export type ParametersOrGroups = Iterable<Tensor> | Iterable<{ params: Iterable<Tensor> }>;

const SIGNATURES = {
  average_parameters: signature<{ params: Iterable<Tensor>; process_group: Group }>(
    'average_parameters',
    'params: Iterable, process_group: ProcessGroup|None',
  ),
  get_params_to_average: signature<{ params: ParametersOrGroups }>('get_params_to_average', 'params: Iterable'),
  average_parameters_or_parameter_groups: signature<{ params: ParametersOrGroups; process_group: Group }>(
    'average_parameters_or_parameter_groups',
    'params: Iterable, process_group: ProcessGroup|None',
  ),
};

function average(params: readonly Tensor[], given: Group): void {
  const group = group_or_default(given);
  if (group === GroupMember.NON_GROUP_MEMBER) return;
  no_grad(() => {
    const flat = cat(params.map(({ data }) => data.reshape([-1])));
    flat.div_(get_world_size(group));
    all_reduce(flat, { group });
    let at = 0;
    for (const parameter of params) {
      const length = parameter.numel();
      parameter.data = flat.narrow(0, at, length).view_as(parameter).to(parameter.dtype);
      at += length;
    }
  });
}

/**
 * Averages parameters over processes. Mirrors `torch.distributed.algorithms.model_averaging.utils.average_parameters`.
 *
 * @param params - the parameters
 * @param process_group - the processes; null for all
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const model = new nn.Linear(2, 1);
 * model(torch.ones(1, 2)).sum().backward();
 * dist.algorithms.model_averaging.utils.average_parameters(model.parameters(), null);
 * print(model.weight);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * from torch.distributed.algorithms.model_averaging import utils
 * model = nn.Linear(2, 1)
 * model(torch.ones(1, 2)).sum().backward()
 * utils.average_parameters(model.parameters(), None)
 * print(model.weight)
 * dist.destroy_process_group()
 * ```
 */
export function average_parameters(params: Iterable<Tensor>, process_group: Group): void;
export function average_parameters(...args: unknown[]): void {
  const { params, process_group } = SIGNATURES.average_parameters.read(args);
  average([...params], process_group);
}

function with_gradients(params: ParametersOrGroups): Tensor[] {
  return [...(params as Iterable<unknown>)].flatMap((each): Tensor[] => {
    if (each instanceof Parameter) return each.grad === null ? [] : [each];
    if (is_plain_object(each) && Symbol.iterator in Object(each['params'])) {
      return [...(each['params'] as Iterable<Tensor>)].filter(({ grad }) => grad !== null);
    }
    throw new TypeError('get_params_to_average(): params must be parameters, or groups of them as optimizers have');
  });
}

/**
 * The parameters that have gradients. Mirrors `torch.distributed.algorithms.model_averaging.utils.get_params_to_average`.
 *
 * @param params - parameters, or groups of them as optimizers have
 * @example
 * ```ts
 * print(torch.distributed.algorithms.model_averaging.utils.get_params_to_average(new nn.Linear(2, 1).parameters()).length);
 * ```
 * ```python
 * from torch.distributed.algorithms.model_averaging import utils
 * print(len(utils.get_params_to_average(nn.Linear(2, 1).parameters())))
 * ```
 */
export function get_params_to_average(params: ParametersOrGroups): Tensor[];
export function get_params_to_average(...args: unknown[]): Tensor[] {
  return with_gradients(SIGNATURES.get_params_to_average.read(args).params);
}

/**
 * Averages the parameters that have gradients. Mirrors
 * `torch.distributed.algorithms.model_averaging.utils.average_parameters_or_parameter_groups`.
 *
 * @param params - parameters, or groups of them as optimizers have
 * @param process_group - the processes; null for all
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const model = new nn.Linear(2, 1);
 * model(torch.ones(1, 2)).sum().backward();
 * dist.algorithms.model_averaging.utils.average_parameters_or_parameter_groups(model.parameters(), null);
 * print(model.weight);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * from torch.distributed.algorithms.model_averaging import utils
 * model = nn.Linear(2, 1)
 * model(torch.ones(1, 2)).sum().backward()
 * utils.average_parameters_or_parameter_groups(model.parameters(), None)
 * print(model.weight)
 * dist.destroy_process_group()
 * ```
 */
export function average_parameters_or_parameter_groups(params: ParametersOrGroups, process_group: Group): void;
export function average_parameters_or_parameter_groups(...args: unknown[]): void {
  const { params, process_group } = SIGNATURES.average_parameters_or_parameter_groups.read(args);
  average(with_gradients(params), process_group);
}
