import { kind_of } from '../_internal/representation.js';
import { is_plain_object } from '../_internal/plain_object.js';
import type { Tensor } from '../_tensor.js';
import { refuse_steps, type Mode } from '../_internal/callbacks.js';
import { run_or_guard, type Guard } from '../_internal/guards.js';
import { signature } from '../_internal/signature.js';
import type { Optimizer, OptimizerStateDict } from './optimizer.js';

const NAME = 'swap_in_optimizer_params_and_state';

function check_state_dict(state_dict: unknown, groups: readonly object[]): void {
  if (!is_plain_object(state_dict)) {
    throw new Error(`${NAME} requires an optimizer state_dict, got ${kind_of(state_dict)}.`);
  }
  const { state, param_groups } = state_dict;
  if (!is_plain_object(state)) {
    throw new Error(
      `${NAME} requires swapin_optim_state['state'] to be a dict mapping packed parameter ids to per-param state ` +
        `dicts, got ${kind_of(state)}.`,
    );
  }
  if (!Array.isArray(param_groups)) {
    throw new Error(
      `${NAME} requires swapin_optim_state['param_groups'] to be a list of param-group dicts, ` +
        `got ${kind_of(param_groups)}.`,
    );
  }
  if (param_groups.length !== groups.length) {
    throw new Error('swapin_optim_state has a different number of parameter groups than the live optimizer.');
  }
}

/** The numbers of a group's parameters. */
function numbers_of(live: { params: Tensor[] }, given: { params: number[] }, index: number): number[] {
  if (!Array.isArray(given.params) || !given.params.every(Number.isInteger)) {
    throw new Error(
      `${NAME} requires optimizer.state_dict()-style param_groups[*]['params'] entries keyed by packed parameter ids.`,
    );
  }
  if (live.params.length !== given.params.length) {
    throw new Error(
      `swapin_optim_state param group ${index} has a different number of params than the live optimizer param group.`,
    );
  }
  const only = (a: object, b: object): string =>
    Object.keys(a)
      .filter((key) => !(key in b))
      .join(', ');
  if (only(given, live) !== '' || only(live, given) !== '') {
    throw new Error(
      `${NAME} requires optimizer.state_dict()-style param group keys to exactly match the live optimizer group keys ` +
        `for group ${index}. Keys only in swap-in: [${only(given, live)}]. Keys only in live: [${only(live, given)}].`,
    );
  }
  return given.params;
}

interface Swapped {
  optimizer: Optimizer;
  swapin_parameters: Readonly<Record<string, Tensor>>;
  swapin_optim_state: OptimizerStateDict;
  fn?: () => unknown;
}

const SWAP_IN = signature<Swapped>(
  NAME,
  'optimizer: Optimizer, swapin_parameters: dict, swapin_optim_state: any, fn?: Callable',
);

/** The optimizer's own parameters, options and state. */
interface Before {
  readonly state: Optimizer['state'];
  readonly groups: readonly object[];
}

function put_back(optimizer: Optimizer, { state, groups }: Before): void {
  optimizer.param_groups.forEach((group, i) => {
    for (const key of Object.keys(group)) delete (group as Record<string, unknown>)[key];
    Object.assign(group, groups[i]);
  });
  optimizer.state = state;
}

function swap_in(
  optimizer: Optimizer,
  swapin_parameters: Readonly<Record<string, Tensor>>,
  swapin_optim_state: OptimizerStateDict,
): Before {
  if (optimizer.state.size === 0) throw new Error(`${NAME} requires initialized optimizer state.`);
  check_state_dict(swapin_optim_state, optimizer.param_groups);
  const { state: given, param_groups } = swapin_optim_state;
  const numbers = optimizer.param_groups.map((live, i) => numbers_of(live, param_groups[i] as { params: number[] }, i));
  const parameters = Object.values(swapin_parameters);
  if (parameters.length < numbers.flat().length) {
    throw new Error(`${NAME} requires the explicit parameter state to match optimizer.param_groups ordering.`);
  }
  const extra = Object.keys(given).filter((key) => !numbers.flat().includes(Number(key)));
  if (extra.length > 0) {
    throw new Error(
      `${NAME} requires swapin_optim_state['state'] to be keyed only by packed parameter ids from ` +
        `param_groups[*]['params']; got extra keys [${extra.join(', ')}].`,
    );
  }

  const before = { state: optimizer.state, groups: optimizer.param_groups.map((group) => ({ ...group })) };
  try {
    optimizer.state = new Map(numbers.flat().map((number, i) => [parameters[i]!, { ...given[number] }] as const));
    let start = 0;
    optimizer.param_groups.forEach((group, i) => {
      const params = parameters.slice(start, (start += group.params.length));
      Object.assign(group, param_groups[i], { params });
    });
  } catch (error) {
    put_back(optimizer, before);
    throw error;
  }
  return before;
}

/**
 * Replaces the parameters, options and state of an optimizer, and restores its own afterwards: for a function, a block of
 * `using`, or a method; see {@link Guard}. Mirrors `torch.optim.swap_in_optimizer_params_and_state`.
 *
 * @param optimizer - an optimizer that has taken at least one step, so that it has state
 * @param swapin_parameters - the parameters by name, in the order of the optimizer's groups
 * @param swapin_optim_state - what `state_dict()` of such an optimizer returns
 * @param fn - a synchronous function, which is called without arguments
 * @returns what `fn` returned; a guard without `fn`
 * @throws Error when the state dict, or the number of parameters, is that of another optimizer
 * @example
 * ```ts
 * const w = new nn.Parameter(torch.tensor([1.5]));
 * const optimizer = new optim.Adam([w], { lr: 0.1 });
 * w.square().sum().backward();
 * optimizer.step();
 * const other = torch.tensor([2.5]);
 * other.grad = torch.tensor([0.5]);
 * optim.swap_in_optimizer_params_and_state(optimizer, { w: other }, optimizer.state_dict(), () => optimizer.step());
 * print(w, other);
 * ```
 * ```python
 * w = nn.Parameter(torch.tensor([1.5]))
 * optimizer = optim.Adam([w], lr=0.1)
 * w.square().sum().backward()
 * optimizer.step()
 * other = torch.tensor([2.5])
 * other.grad = torch.tensor([0.5])
 * with optim.swap_in_optimizer_params_and_state(optimizer, {'w': other}, optimizer.state_dict()):
 *     optimizer.step()
 * print(w, other)
 * ```
 */
export function swap_in_optimizer_params_and_state<O extends object, S extends object>(
  optimizer: Optimizer<O, S>,
  swapin_parameters: Readonly<Record<string, Tensor>>,
  swapin_optim_state: OptimizerStateDict<O, S>,
): Guard;
export function swap_in_optimizer_params_and_state<O extends object, S extends object, R>(
  optimizer: Optimizer<O, S>,
  swapin_parameters: Readonly<Record<string, Tensor>>,
  swapin_optim_state: OptimizerStateDict<O, S>,
  fn: () => R,
): R;
export function swap_in_optimizer_params_and_state(...args: unknown[]): unknown {
  const { optimizer, swapin_parameters, swapin_optim_state, fn } = SWAP_IN.read(args);
  if (fn !== undefined) refuse_steps(NAME, fn);
  const enter = (): Before => swap_in(optimizer, swapin_parameters, swapin_optim_state);
  const leave = (before: Before): void => {
    put_back(optimizer, before);
  };
  return run_or_guard(NAME, { enter, leave } satisfies Mode<Before>, fn);
}
