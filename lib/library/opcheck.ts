/** What `torch.library.opcheck` checks of an operator. */
import { python_size } from '../_internal/representation.js';
import { native, type ParsedSchema, type SchemaArgument } from '../_C/native.js';
import { is_tensor } from '../_C/tensor_base.js';
import { NotImplementedError } from '../_internal/not_implemented.js';
import { warn } from '../_internal/warnings.js';
import type { Overload } from '../_ops.js';
import type { Tensor } from '../_tensor.js';
import { grad } from '../autograd/index.js';
import { no_grad } from '../autograd/grad_mode.js';
import { allclose, empty_strided, equal } from '../generated/functions.js';
import { fork_rng, manual_seed } from '../random.js';
import { assert_close } from '../testing/comparison.js';
import { strided } from '../types/dtype.js';
import { TorchDispatchMode } from '../utils/_python_dispatch.js';
import { tree_leaves, tree_map } from '../utils/_pytree.js';
import { check_aliases } from './aliasing.js';
import { find_operator } from './operators.js';

/** The operator that is checked, and how it is called. */
export interface Checked {
  readonly op: Overload;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  /** What an operator of `torch.library.custom_op` runs on tensors without data; undefined for other operators. */
  readonly fake: ((args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>) => unknown) | undefined;
  readonly rtol: number | null;
  readonly atol: number | null;
}

/** Thrown by `torch.library.opcheck`; its `cause` is what the test threw. */
export class OpCheckError extends Error {
  override name = 'OpCheckError';
}

type Inputs = [args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>];

const tensors_in = (value: unknown): Tensor[] => tree_leaves(value ?? null).filter(is_tensor) as Tensor[];

const map_tensors = <T>(value: T, map: (tensor: Tensor) => unknown): T =>
  tree_map((leaf: unknown) => (is_tensor(leaf) ? map(leaf as Tensor) : leaf), value);

const namespace_of = (op: Overload): string => op.qualified.slice(0, op.qualified.indexOf('::'));
const is_builtin = (op: Overload): boolean => ['aten', 'prims', 'prim'].includes(namespace_of(op));

const call = (op: Overload, [args, kwargs]: Inputs): unknown =>
  Object.keys(kwargs).length === 0 ? op(...args) : op(...args, kwargs);

/** A tensor with the same values, strides and need for a gradient, on memory of its own. */
function clone_of(tensor: Tensor): Tensor {
  const copy = no_grad(() => {
    if (tensor.layout !== strided || tensor.is_quantized) return tensor.clone();
    const { dtype, device } = tensor;
    const laid_out = empty_strided([...tensor.shape], [...tensor.stride()], { dtype, device });
    try {
      return laid_out.copy_(tensor);
    } catch {
      // Elements that share memory, as those of `expand` do.
      return tensor.clone();
    }
  });
  if (tensor.is_leaf) copy.requires_grad_(tensor.requires_grad);
  return copy;
}

const copies_of = ({ args, kwargs }: Checked): Inputs => map_tensors<Inputs>([args, kwargs], clone_of);

/** A tensor of the device `meta` with the same sizes, strides and need for a gradient. */
function without_data(tensor: Tensor): Tensor {
  const { dtype, requires_grad } = tensor;
  if (tensor.layout !== strided) return tensor.to('meta');
  return empty_strided([...tensor.shape], [...tensor.stride()], { dtype, device: 'meta', requires_grad });
}

/** What is the same for tensors that share memory; 0 where there is none to share. */
const storage_of = (tensor: Tensor): bigint => (tensor.layout === strided ? tensor.untyped_storage()._cdata : 0n);

function overlap(left: unknown, right: unknown): boolean {
  const storages = new Set(tensors_in(left).map(storage_of).filter(Boolean));
  return tensors_in(right).some((tensor) => storages.has(storage_of(tensor)));
}

const same_tensor = (left: unknown, right: unknown): boolean =>
  is_tensor(left) && is_tensor(right) && native.tensor_identity(left._h) === native.tensor_identity(right._h);

const share_a_letter = (one: SchemaArgument, other: SchemaArgument): boolean =>
  one.alias_sets.some((letter) => other.alias_sets.includes(letter)) ||
  (one.alias_sets.includes('*') && other.alias_sets.length > 0) ||
  (other.alias_sets.includes('*') && one.alias_sets.length > 0);

/** What the schema calls an argument of a call. */
interface GivenArgument {
  readonly argument: SchemaArgument;
  readonly name: string;
  readonly value: unknown;
}

function arguments_given({ arguments: all }: ParsedSchema, args: readonly unknown[], kwargs: object): GivenArgument[] {
  const named = kwargs as Record<string, unknown>;
  return all.flatMap((argument, i) => {
    const value = i < args.length && !argument.keyword_only ? args[i] : named[argument.name];
    const name = argument.name === 'self' ? 'input' : argument.name;
    return value === undefined || value === null ? [] : [{ argument, name, value }];
  });
}

/** What of an argument must stay as it is: its elements, strides and memory. */
interface Before {
  readonly tensor: Tensor;
  readonly values: Tensor;
  readonly strides: string;
  readonly storage: bigint;
}

const before_of = (value: unknown): Before[] =>
  tensors_in(value).map((tensor) => ({
    tensor,
    values: tensor.detach().clone(),
    strides: strides_text(tensor),
    storage: storage_of(tensor),
  }));

const strides_text = (tensor: Tensor): string => (tensor.layout === strided ? tensor.stride().join() : '');

function is_changed({ tensor, values, strides, storage }: Before): boolean {
  if (tensor.shape.join() !== values.shape.join() || strides_text(tensor) !== strides) return true;
  if (storage_of(tensor) !== storage) return true;
  return tensor.is_quantized ? !equal(values, tensor) : !allclose(values, tensor, { equal_nan: true });
}

/** Statistics that a layer changes only when it trains, which no schema says. */
const changes_in_training = (op: Overload, { name }: GivenArgument): boolean =>
  /(?:batch|instance)_norm/.test(op.qualified) && /^running_(?:mean|var)$/.test(name);

const may_return_views = ['aten::_unsafe_view', 'aten::unsafe_split.Tensor', 'aten::unsafe_split'];
const may_return_inputs = ['aten::lift', 'aten::lift_fresh'];

const results_of = ({ returns }: ParsedSchema, result: unknown): readonly unknown[] =>
  returns.length > 1 ? (result as unknown[]) : returns.length === 1 ? [result] : [];

/** Compares what each operator changes and returns with its schema. */
class SchemaCheckMode extends TorchDispatchMode {
  __torch_dispatch__(op: Overload, _types: [], args: unknown[], kwargs: Record<string, unknown>): unknown {
    const { schema } = find_operator(op.qualified)!;
    const given = arguments_given(schema, args, kwargs);
    const before = given.map(({ value }) => before_of(value));
    const result = call(op, [args, kwargs]);
    const results = results_of(schema, result);
    given.forEach((each, i) => {
      this.check_returned(op, schema, each, results);
      if (before[i]!.some(is_changed) && !each.argument.written && !changes_in_training(op, each)) {
        throw new Error(`Argument ${each.name} is not defined as mutable but was mutated`);
      }
    });
    for (const [i, one] of results.entries()) {
      for (let j = i + 1; j < results.length; j++) {
        if (overlap(one, results[j]) && !share_a_letter(schema.returns[i]!, schema.returns[j]!)) {
          throw new Error(`Outputs ${i} and ${j} alias unexpectedly`);
        }
      }
    }
    return result;
  }

  private check_returned(
    op: Overload,
    { returns }: ParsedSchema,
    { argument, name, value }: GivenArgument,
    results: readonly unknown[],
  ): void {
    results.forEach((result, j) => {
      if (
        overlap(result, value) &&
        !may_return_views.includes(op.qualified) &&
        !share_a_letter(returns[j]!, argument)
      ) {
        throw new Error(`Argument ${name} is not defined to alias output but was aliasing`);
      }
      if (same_tensor(value, result) && !argument.written && !may_return_inputs.includes(op.qualified)) {
        throw new Error(
          'Dispatcher operators below autograd are not allowed to directly return inputs.\n' +
            `However, we found that \`outputs[${j}] is ${name}`,
        );
      }
    });
  }
}

/** Whether a tensor has no data: with such arguments most tests have nothing to run. */
const has_no_data = (tensor: Tensor): boolean => tensor.device.type === 'meta';

function test_schema(checked: Checked): void {
  new SchemaCheckMode().run(() => call(checked.op, copies_of(checked)));
}

const AUTOGRAD_KEYS = ['AutogradCPU', 'AutogradCUDA', 'AutogradXPU', 'Autograd', 'CompositeImplicitAutograd'];
const has_autograd_kernel = ({ qualified }: Overload): boolean =>
  AUTOGRAD_KEYS.some((key) => native.library_has_kernel(qualified, key));

function test_autograd_registration(checked: Checked): void {
  const { op } = checked;
  const inputs = copies_of(checked);
  const given = tensors_in(inputs);
  if (!given.some(({ requires_grad }) => requires_grad) || has_autograd_kernel(op)) return;
  const recorded = tensors_in(call(op, inputs)).some(
    (result) =>
      result.requires_grad &&
      !given.some((tensor) => same_tensor(tensor, result)) &&
      // What libtorch gives results of operators without a derivative, to warn in backward passes.
      result.grad_fn?.name() !== 'WarnNotImplemented',
  );
  if (!recorded) return;
  throw new Error(
    `${op.qualified}: at least one output of this operator has requires_grad=True but the operator does not have an autograd ` +
      'kernel defined at an autograd key (e.g. DispatchKey::Autograd). This could mean that you have incorrectly registered ' +
      'an autograd kernel to a non-Autograd DispatchKey, which may lead to silently incorrect results. If your operator ' +
      'consists of regular PyTorch operations, consider not using an operator at all or registering your operator as ' +
      'CompositeImplicitAutograd. If you have an autograd.Function registered to a backend (CPU/CUDA/XPU) key, the correct ' +
      'location for it is the Autograd key.',
  );
}

/** Runs the kernel for tensors without data. @throws Error when there is none */
function run_without_data({ op, fake }: Pick<Checked, 'op' | 'fake'>, [args, kwargs]: Inputs): unknown {
  // Without a tensor nothing says that the call is for this kernel.
  if (fake !== undefined && tensors_in([args, kwargs]).length === 0) return fake(args, kwargs);
  try {
    return call(op, [args, kwargs]);
  } catch (error) {
    if ((error as Error).message.includes(`${op.qualified}: attempted to run this operator with Meta tensors`)) {
      throw new NotImplementedError(String(op), { cause: error });
    }
    throw error;
  }
}

/** How two tensors differ in what a kernel for tensors without data computes; null when they do not. */
function difference(real: Tensor, fake: Tensor): string | null {
  if (real.requires_grad !== fake.requires_grad) {
    return (
      ' mismatched requires_grad-ness of outputs. This usually means that you have added autograd support for your operator ' +
      'at a dispatch key other than Autograd, which will lead to problems'
    );
  }
  if (real.layout === strided && real.storage_offset() !== fake.storage_offset()) return ' mismatched storage offset';
  if (real.shape.join() !== fake.shape.join()) return `Shapes ${real.shape} and ${fake.shape} are not equal!`;
  if (real.dtype !== fake.dtype) return `Dtypes ${real.dtype} and ${fake.dtype} are not equal!`;
  if (real.layout !== strided || real.numel() === 0) return null;
  const [ours, theirs] = [real.stride(), fake.stride()];
  const at = real.shape.findIndex((size, i) => size > 1 && ours[i] !== theirs[i]);
  return at < 0
    ? null
    : `Stride mismatch! Strides are ${python_size(ours)} and ${python_size(theirs)} (mismatched at ${at})!`;
}

const alias_each_other = (results: readonly Tensor[]): boolean => {
  const storages = results.map(storage_of).filter(Boolean);
  return new Set(storages).size < storages.length;
};

const is_among = (results: readonly Tensor[], inputs: readonly Tensor[]): boolean =>
  results.some((result) => inputs.some((input) => same_tensor(input, result)));

/** Compares what each operator computes with what its kernel for tensors without data says. */
class CrossRefFakeMode extends TorchDispatchMode {
  constructor(private readonly checked: Checked) {
    super();
  }

  __torch_dispatch__(op: Overload, _types: [], args: unknown[], kwargs: Record<string, unknown>): unknown {
    const inputs: Inputs = [args, kwargs];
    if (is_builtin(op)) return call(op, inputs);
    const fake = op === this.checked.op ? this.checked.fake : undefined;
    const pretended = map_tensors<Inputs>(inputs, without_data);
    const fake_result = run_without_data({ op, fake }, pretended);
    const result = call(op, inputs);
    this.compare(op, { result, inputs }, { result: fake_result, inputs: pretended });
    return result;
  }

  private compare(
    op: Overload,
    real: { result: unknown; inputs: Inputs },
    fake: { result: unknown; inputs: Inputs },
  ): void {
    const context = `When comparing the output of ${String(op)} on FakeTensor and concrete Tensors, found`;
    const [leaves, fake_leaves] = [tree_leaves(real.result ?? null), tree_leaves(fake.result ?? null)];
    if (leaves.length !== fake_leaves.length) {
      throw new Error(`${context} mismatch in number of returns ${fake_leaves.length} != ${leaves.length}`);
    }
    const [outs, fake_outs] = [tensors_in(leaves), tensors_in(fake_leaves)];
    const python = (value: boolean): string => (value ? 'True' : 'False');
    const agree = (what: string, ours: boolean, theirs: boolean): void => {
      if (ours !== theirs) throw new Error(`${context} mismatch in ${what} check ${python(theirs)} != ${python(ours)}`);
    };
    agree('outputs_alias_inputs', overlap(outs, real.inputs), overlap(fake_outs, fake.inputs));
    agree('outputs_are_inputs', is_among(outs, tensors_in(real.inputs)), is_among(fake_outs, tensors_in(fake.inputs)));
    agree('outputs_alias_each_other', alias_each_other(outs), alias_each_other(fake_outs));
    leaves.forEach((leaf, i) => {
      if (is_tensor(leaf) !== is_tensor(fake_leaves[i]))
        throw new Error(`${context} mismatched number of tensor outputs`);
      const found = is_tensor(leaf) ? difference(leaf as Tensor, fake_leaves[i] as Tensor) : null;
      if (found === null) return;
      const which = leaves.length === 1 ? '' : ` for output[${i}]`;
      throw new Error(`${context} mismatched tensor metadata${which}: ${found}`);
    });
  }
}

function test_faketensor(checked: Checked): void {
  new CrossRefFakeMode(checked).run(() => call(checked.op, copies_of(checked)));
}

const OUTPUTS_DIFFER =
  'Outputs of the operator are different in eager-mode PyTorch vs AOTDispatcher tracing. This means the operator will have ' +
  "incorrect output underneath torch.compile. This could be because the operator's implementation not traceable.";
const GRADIENTS_DIFFER =
  'Gradients of the operator are different in eager-mode PyTorch vs AOTDispatcher. This means the operator will have incorrect ' +
  "gradients underneath torch.compile. This could be because the operator's backward is incorrectly registered or not " +
  'traceable.';

/** What a call gives, and the gradients of the sum of it all; null where none was asked for. */
interface Run {
  readonly inputs: Inputs;
  readonly result: unknown;
  readonly gradients: readonly (Tensor | null)[] | null;
}

const on_clones = (inputs: Inputs): Inputs => map_tensors<Inputs>(inputs, (tensor) => tensor.clone());

function gradients_of(result: unknown, inputs: Inputs): (Tensor | null)[] {
  const wanted = tensors_in(inputs).filter(({ requires_grad }) => requires_grad);
  const outputs = tensors_in(result);
  // As numbers: complex ones have no gradient, and `abs` of others does not run on tensors without data.
  const sums = outputs.map((each) => (each.is_complex() ? each.sum().abs() : each.sum()));
  const sum = sums.reduce((all, each) => all.add(each));
  return [...grad(sum, wanted, { allow_unused: true })];
}

/** What a compiler says of a first call whose results share memory: an Error where `CI` is set, as in Python, else a warning. */
function check_first_call({ op }: Checked, { inputs: [args, kwargs], result }: Run): void {
  try {
    check_aliases(op.qualified, [...args, ...Object.values(kwargs)], result);
  } catch (error) {
    if (process.env['CI']) throw error;
    warn(`${(error as Error).message} This is deprecated and will become an error in a future version of PyTorch.`);
  }
}

/** Runs something with the same random numbers each time. */
const seeded = <T>(run: () => T): T =>
  fork_rng(() => {
    manual_seed(42);
    return run();
  });

function run_eagerly({ op }: Checked, inputs: Inputs): Run {
  const copies = on_clones(inputs);
  const result = seeded(() => call(op, copies));
  const records = (value: unknown): boolean => tensors_in(value).some(({ requires_grad }) => requires_grad);
  return {
    inputs: copies,
    result,
    gradients: records(inputs) && records(result) ? gradients_of(result, inputs) : null,
  };
}

/** The gradients that a compiler would find, as tensors without data; null where there is none. */
function traced_gradients(checked: Checked, inputs: Inputs): readonly (Tensor | null)[] {
  const pretended = map_tensors<Inputs>(inputs, without_data);
  const result = run_without_data(checked, on_clones(pretended));
  const records = tensors_in(result).some(({ requires_grad }) => requires_grad);
  // Below autograd a compiler runs no kernel: what such a kernel records is lost.
  if (records && has_autograd_kernel(checked.op)) return gradients_of(result, pretended);
  return tensors_in(inputs).flatMap(({ requires_grad }) => (requires_grad ? [null] : []));
}

function test_aot_dispatch(checked: Checked): void {
  const { rtol, atol } = checked;
  const inputs: Inputs = [checked.args, checked.kwargs];
  const tolerances = rtol !== null && atol !== null && rtol > 0 && atol > 0 ? { rtol, atol } : {};
  const compare = (again: unknown, first: unknown, message: string): void => {
    try {
      assert_close(again, first, tolerances);
    } catch (cause) {
      throw new Error(message, { cause });
    }
  };
  const eager = run_eagerly(checked, inputs);
  if (!is_builtin(checked.op)) {
    const { schema } = find_operator(checked.op.qualified)!;
    if (schema.returns.some(({ aliases }) => aliases)) {
      throw new Error(
        `Found a custom (non-ATen) operator whose output has alias annotations: ${schema.text}. Compilers take operators only whose ` +
          'results are not arguments and share no memory with them: return a clone, and leave out the annotation',
      );
    }
    check_first_call(checked, eager);
    if (eager.gradients === null) run_without_data(checked, map_tensors<Inputs>(inputs, without_data));
    else {
      const traced = traced_gradients(checked, inputs);
      const differ = eager.gradients.some((gradient, i) => gradient?.shape.join() !== traced[i]?.shape.join());
      if (differ) throw new Error(GRADIENTS_DIFFER);
    }
  }
  const again = run_eagerly(checked, inputs);
  compare(again.result ?? null, eager.result ?? null, OUTPUTS_DIFFER);
  compare(again.gradients, eager.gradients, GRADIENTS_DIFFER);
}

/** The tests by name. */
export const TESTS: Readonly<Record<string, (checked: Checked) => void>> = {
  test_schema,
  test_autograd_registration,
  test_faketensor,
  test_aot_dispatch_static: test_aot_dispatch,
  test_aot_dispatch_dynamic: test_aot_dispatch,
};

/** Those that run unless others are named. */
export const DEFAULT_TESTS: readonly string[] = Object.keys(TESTS).filter(
  (name) => name !== 'test_aot_dispatch_static',
);

/** Runs a test. Arguments without data pass it: there is nothing to compare. @throws what the test finds */
export function run_test(name: string, checked: Checked): void {
  if (!tensors_in([checked.args, checked.kwargs]).some(has_no_data)) TESTS[name]!(checked);
}
