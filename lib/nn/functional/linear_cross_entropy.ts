/**
 * The cross entropy of a linear layer's scores, computed in chunks of the batch: the scores of all classes for the
 * whole batch, which may be far larger than all else, never exist at once. The gradients come along with the loss.
 */
import { overridable_exports } from '../../_internal/overriding.js';
import { define_kind, signature, type Arguments } from '../../_internal/signature.js';
import { Function, type FunctionCtx } from '../../autograd/function.js';
import { bfloat16, DType, float16, float32, float64, int64 } from '../../types/dtype.js';
import * as ops from '../../generated/functions.js';
import type { Tensor } from '../../_tensor.js';
import type { Reduction } from './reduction.js';
import { kind_of, python_bool, python_int, python_size } from '../../_internal/representation.js';

/** Which intermediate results are kept in `acc_dtype` instead of the dtype of the input. */
export type AccumulationPolicy = 'accurate' | 'balanced' | 'compact' | 'auto';

/** The options of {@link LinearCrossEntropyOptions}. */
export interface LinearCrossEntropyChoices {
  /** Allow a second `backward()`, at the cost of memory for one more set of gradients. Default false. */
  allow_retain_graph?: boolean;
  /** Number of rows of the batch per chunk. Default null: all. */
  batch_chunk_size?: number | null;
  /**
   * How the size of a chunk is chosen: `'aspect_ratio'`, so that the logits of a chunk take as much memory as the
   * input; `'aspect_ratio:N'`, an N-th of that; `'auto'` (the default); or null for `batch_chunk_size`.
   */
  chunking_method?: 'auto' | 'aspect_ratio' | `aspect_ratio:${number}` | null;
  /** From the most accurate to the least memory; `'auto'` (the default) chooses by device and dtype. */
  acc_policy?: AccumulationPolicy;
  /** Accumulation dtype. Default null: float32 for float16 and bfloat16, else the dtype of the input. */
  acc_dtype?: DType | null;
}

const CHOICES = signature<LinearCrossEntropyChoices>(
  'LinearCrossEntropyOptions',
  'allow_retain_graph?: bool, batch_chunk_size?: int|None, chunking_method?: str|None, ' +
    'acc_policy?: str, acc_dtype?: dtype|None',
);
const POLICIES: readonly string[] = ['auto', 'accurate', 'balanced', 'compact'];
const REDUCTIONS: readonly string[] = ['mean', 'sum', 'none'];
const ACC_DTYPES = [float16, bfloat16, float32, float64];

/**
 * How `nn.functional.linear_cross_entropy` is computed in chunks of the batch. Mirrors `torch.nn.LinearCrossEntropyOptions`.
 *
 * @param allow_retain_graph - allow a second `backward()`, at the cost of another set of gradients; default false
 * @param batch_chunk_size - number of rows per chunk; default null
 * @param chunking_method - `'auto'` (the default), `'aspect_ratio'`, `'aspect_ratio:N'` or null
 * @param acc_policy - `'accurate'`, `'balanced'`, `'compact'` or `'auto'` (the default)
 * @param acc_dtype - accumulation dtype; default null
 * @throws Error for an option out of its range
 * @example
 * ```ts
 * const options = new nn.LinearCrossEntropyOptions({ batch_chunk_size: 2, chunking_method: null });
 * const [input, weight] = [torch.randn(4, 3), torch.randn(5, 3)];
 * print(F.linear_cross_entropy(input, weight, torch.tensor([0, 4, 2, 1]), { options }));
 * ```
 * ```python
 * options = nn.LinearCrossEntropyOptions(batch_chunk_size=2, chunking_method=None)
 * input, weight = torch.randn(4, 3), torch.randn(5, 3)
 * print(F.linear_cross_entropy(input, weight, torch.tensor([0, 4, 2, 1]), options=options))
 * ```
 */
export class LinearCrossEntropyOptions {
  readonly allow_retain_graph: boolean;
  readonly batch_chunk_size: number | null;
  readonly chunking_method: string | null;
  readonly acc_policy: AccumulationPolicy;
  readonly acc_dtype: DType | null;

  constructor(
    ...args: Arguments<
      [
        allow_retain_graph?: boolean,
        batch_chunk_size?: number | null,
        chunking_method?: LinearCrossEntropyChoices['chunking_method'],
        acc_policy?: AccumulationPolicy,
        acc_dtype?: DType | null,
      ],
      LinearCrossEntropyChoices,
      ['allow_retain_graph', 'batch_chunk_size', 'chunking_method', 'acc_policy', 'acc_dtype']
    >
  ) {
    const given = CHOICES.read(args);
    this.allow_retain_graph = given.allow_retain_graph ?? false;
    this.batch_chunk_size = given.batch_chunk_size ?? null;
    this.chunking_method = given.chunking_method === undefined ? 'auto' : given.chunking_method;
    this.acc_policy = given.acc_policy ?? 'auto';
    this.acc_dtype = given.acc_dtype ?? null;
    check_choices(this);
  }

  /** As Python prints it. */
  toString(): string {
    const { allow_retain_graph, batch_chunk_size, chunking_method, acc_policy, acc_dtype } = this;
    return (
      `LinearCrossEntropyOptions(allow_retain_graph=${python_bool(allow_retain_graph)}, ` +
      `batch_chunk_size=${python_size(batch_chunk_size)}, ` +
      `chunking_method=${chunking_method === null ? 'None' : `'${chunking_method}'`}, acc_policy='${acc_policy}', ` +
      `acc_dtype=${acc_dtype === null ? 'None' : String(acc_dtype)})`
    );
  }
}

define_kind(
  'LinearCrossEntropyOptions',
  'LinearCrossEntropyOptions',
  (value) => value instanceof LinearCrossEntropyOptions,
);

function quoted(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : typeof value === 'number' ? python_int(value) : kind_of(value);
}

function check_choices({ batch_chunk_size, chunking_method, acc_policy, acc_dtype }: LinearCrossEntropyOptions): void {
  if (!POLICIES.includes(acc_policy)) throw new Error(`invalid acc_policy: ${quoted(acc_policy)}`);
  if (chunking_method !== null && !/^(auto|aspect_ratio(:0*[1-9]\d*)?)$/.test(chunking_method)) {
    throw new Error(`invalid chunking_method: ${quoted(chunking_method)}`);
  }
  if (batch_chunk_size !== null && !(Number.isInteger(batch_chunk_size) && batch_chunk_size > 0)) {
    throw new Error(`batch_chunk_size must be positive int or None, got ${quoted(batch_chunk_size)}`);
  }
  if (acc_dtype !== null && !ACC_DTYPES.includes(acc_dtype)) {
    throw new Error(
      'acc_dtype must be one of {None, torch.float16, torch.bfloat16, torch.float32, torch.float64}, got ' +
        `${acc_dtype instanceof DType ? String(acc_dtype) : quoted(acc_dtype)}. Pass acc_dtype=None to let the op pick ` +
        'automatically.',
    );
  }
}

// ---- Choices that depend on the input -----------------------------------------------------------

interface Sizes {
  num_batches: number;
  in_features: number;
  num_classes: number;
}

/** What a computation in chunks needs to know beside its tensors. */
interface Settings {
  reduction: Reduction;
  ignore_index: number;
  batch_chunk_size: number;
  acc_policy: AccumulationPolicy;
  acc_dtype: DType;
  allow_retain_graph: boolean;
}

const is_half = (dtype: DType): boolean => dtype === float16 || dtype === bfloat16;

function aspect_ratio(method: string, { num_batches, in_features, num_classes }: Sizes): number {
  const factor = Number(method.split(':')[1] ?? 1);
  const rows = Math.ceil(num_batches / Math.ceil(num_classes / in_features));
  const chunk = rows > 1 ? 1 << (32 - Math.clz32(rows - 1)) : 1;
  return Math.min(Math.floor(chunk / factor), num_batches);
}

function chunk_size(options: LinearCrossEntropyOptions, sizes: Sizes, on_auto: string): number {
  const { batch_chunk_size: wanted, chunking_method } = options;
  const method = chunking_method === 'auto' ? (wanted === null ? on_auto : null) : chunking_method;
  if (method === null) return Math.max(1, Math.min(wanted ?? sizes.num_batches, sizes.num_batches));
  const size = aspect_ratio(method, sizes);
  if (wanted !== null && wanted !== size) {
    throw new Error(
      `batch_chunk_size (=${wanted}) and chunking_method ('${method}') give different chunk sizes ` +
        `(${wanted} vs ${size}); pass only one.`,
    );
  }
  return Math.max(1, size);
}

function settings_for(
  options: LinearCrossEntropyOptions,
  input: Tensor,
  num_classes: number,
  reduction: Reduction,
  ignore_index: number,
): Settings {
  const { dtype } = input;
  const half_on_cpu = is_half(dtype) && input.device.type === 'cpu';
  const [num_batches, in_features] = input.shape as readonly number[] as [number, number];
  const sizes = { num_batches, in_features, num_classes };
  const automatic = options.acc_policy === 'auto';
  const policy = half_on_cpu ? 'accurate' : 'compact';
  return {
    reduction,
    ignore_index,
    batch_chunk_size: chunk_size(options, sizes, half_on_cpu ? 'aspect_ratio' : 'aspect_ratio:2'),
    acc_policy: automatic ? policy : options.acc_policy,
    acc_dtype: options.acc_dtype ?? (automatic && is_half(dtype) ? float32 : dtype),
    allow_retain_graph: options.allow_retain_graph,
  };
}

// ---- Computation --------------------------------------------------------------------------------

interface Tensors {
  input: Tensor;
  linear_weight: Tensor;
  target: Tensor;
  linear_bias: Tensor | null;
  weight: Tensor | null;
}

/** Whose gradients are wanted. */
type Wanted = readonly [input: boolean, linear_weight: boolean, linear_bias: boolean];

type Gradients = [input: Tensor | null, linear_weight: Tensor | null, linear_bias: Tensor | null];

/** The dtypes of what is computed on the way. */
interface Precision {
  input: DType;
  acc: DType;
  scores: DType;
  loss: DType;
  grad_input: DType;
}

function precision(dtype: DType, { acc_dtype: acc, acc_policy }: Settings): Precision {
  if (dtype === acc) return { input: dtype, acc, scores: dtype, loss: dtype, grad_input: dtype };
  if (!is_half(dtype) || acc !== float32) {
    throw new Error(
      'linear_cross_entropy supports float32 acc_dtype with float16/bfloat16 inputs, but got ' +
        `${String(acc)} acc_dtype and ${String(dtype)} inputs.`,
    );
  }
  const saves_memory = acc_policy !== 'accurate';
  return {
    input: dtype,
    acc,
    scores: dtype === float16 && saves_memory ? dtype : acc,
    loss: dtype === float16 ? acc : dtype,
    grad_input: saves_memory ? dtype : acc,
  };
}

/** The targets, with an existing class instead of the ignored one, and the weight of each in the loss. */
function weighed_targets(
  { target, weight }: Tensors,
  { ignore_index, reduction }: Settings,
  num_classes: number,
  dtype: DType,
  loss_gradient: Tensor | null,
): [classes: Tensor, factors: Tensor] {
  const ignored = target.eq(ignore_index);
  const exists = ignore_index >= 0 && ignore_index < num_classes;
  const classes = exists ? target : target.masked_fill(ignored, 0);
  const factors =
    weight === null
      ? ignored.logical_not().to(dtype)
      : weight.to(dtype).index_select(0, classes).masked_fill(ignored, 0);
  if (reduction === 'mean') {
    const total = factors.sum();
    factors.div_(ops.where(total.eq(0), ops.full_like(total, NaN), total.neg()));
  } else if (reduction === 'sum') {
    factors.neg_();
  } else if (loss_gradient !== null) {
    factors.neg_().mul_(loss_gradient.to(dtype));
  }
  return [classes, factors];
}

interface Chunk {
  start: number;
  size: number;
  classes: Tensor;
  factors: Tensor;
  /** The rows of the input, as they are and in the dtype of sums. */
  rows: Tensor;
  acc_rows: Tensor;
  /** The scores, with their maximum taken off, in memory that the next chunk reuses. */
  scores: Tensor;
}

/** Runs through the batch chunk by chunk, with the scores of each. */
function* chunks(
  args: Tensors,
  { batch_chunk_size }: Settings,
  types: Precision,
  weight: Tensor,
  classes: Tensor,
  factors: Tensor,
): Iterable<Chunk> {
  const { input, linear_bias } = args;
  const num_batches = input.size(0);
  const memory = ops.empty([batch_chunk_size, weight.size(0)], { dtype: types.scores, device: input.device });
  const bias = linear_bias?.to(types.scores) ?? null;
  for (let start = 0; start < num_batches; start += batch_chunk_size) {
    const size = Math.min(batch_chunk_size, num_batches - start);
    const part = (tensor: Tensor): Tensor => tensor.narrow(0, start, size);
    const rows = part(input);
    const scores = memory.narrow(0, 0, size);
    const acc_rows = rows.to(types.acc);
    ops.mm(types.scores === types.input ? rows : acc_rows, weight.t(), { out: scores });
    if (bias !== null) scores.add_(bias);
    scores.sub_(scores.amax(1, true));
    yield { start, size, classes: part(classes), factors: part(factors), rows, acc_rows, scores };
  }
}

function at_classes({ scores, classes }: Chunk): Tensor {
  return scores.gather(1, classes.unsqueeze(1)).squeeze(1);
}

/** The loss of each row. */
function losses(args: Tensors, settings: Settings): Tensor {
  const { input, linear_weight } = args;
  const types = precision(input.dtype, settings);
  const [classes, factors] = weighed_targets(args, settings, linear_weight.size(0), types.acc, null);
  const result = ops.empty([input.size(0)], { dtype: input.dtype, device: input.device });
  for (const chunk of chunks(args, settings, types, linear_weight.to(types.scores), classes, factors)) {
    const own = at_classes(chunk);
    const denominators = chunk.scores.exp_().sum(1, { dtype: types.acc });
    const loss = denominators.log_().sub_(own.to(types.acc)).mul_(chunk.factors);
    result.narrow(0, chunk.start, chunk.size).copy_(loss);
  }
  return result;
}

/** The loss in one number, and the gradients that are wanted. */
function loss_and_gradients(
  args: Tensors,
  settings: Settings,
  [input_wanted, weight_wanted, bias_wanted]: Wanted,
  loss_gradient: Tensor | null,
): [loss: Tensor, gradients: Gradients] {
  const { input, linear_weight } = args;
  const types = precision(input.dtype, settings);
  const { dtype, device } = input;
  const [num_classes] = linear_weight.shape as readonly number[] as [number];
  const [classes, factors] = weighed_targets(args, settings, num_classes, types.acc, loss_gradient);
  const weight = linear_weight.to(types.scores);
  const loss = ops.zeros([], { dtype: types.loss, device });
  if (settings.reduction === 'mean' && input.size(0) === 0) loss.fill_(NaN);
  const grad_input = input_wanted ? ops.empty(input.shape, { dtype: types.grad_input, device }) : null;
  const grad_weight = weight_wanted ? ops.zeros(linear_weight.shape, { dtype, device }) : null;
  const grad_bias = bias_wanted ? ops.zeros([num_classes], { dtype, device }) : null;
  const adds_in_place = settings.acc_policy === 'compact' && types.scores === types.input;

  for (const chunk of chunks(args, settings, types, weight, classes, factors)) {
    const { scores, start, size } = chunk;
    loss.add_(chunk.factors.dot(at_classes(chunk).to(types.acc)));
    const denominators = scores.exp_().sum(1, { dtype: types.acc });
    scores.mul_(chunk.factors.div(denominators).to(types.scores).unsqueeze(1));
    loss.sub_(chunk.factors.dot(denominators.log_()));
    if (grad_bias !== null) add_bias_gradient(grad_bias, chunk, types);
    if (grad_input !== null) {
      const own = weight.index_select(0, chunk.classes).mul_(chunk.factors.to(types.scores).unsqueeze(1));
      grad_input.narrow(0, start, size).copy_(own.addmm_(scores, weight, { alpha: -1 }));
    }
    if (grad_weight !== null) add_weight_gradient(grad_weight, chunk, types, adds_in_place);
  }
  return [loss.to(dtype), [grad_input?.to(dtype) ?? null, grad_weight, grad_bias]];
}

function add_bias_gradient(grad_bias: Tensor, { scores, classes, factors }: Chunk, { input, acc }: Precision): void {
  const sum = input === acc ? grad_bias : ops.zeros_like(grad_bias, { dtype: acc });
  sum.sub_(scores.sum(0, { dtype: acc })).index_add_(0, classes, factors);
  if (sum !== grad_bias) grad_bias.add_(sum.to(input));
}

function add_weight_gradient(grad_weight: Tensor, chunk: Chunk, { input, acc }: Precision, in_place: boolean): void {
  const { scores, classes, factors, rows, acc_rows } = chunk;
  const own = acc_rows.mul(factors.unsqueeze(1));
  if (in_place) {
    grad_weight.addmm_(scores.t(), rows, { alpha: -1 }).index_add_(0, classes, own.to(input));
  } else {
    grad_weight.sub_(scores.to(acc).t().mm(acc_rows).index_add_(0, classes, own, { alpha: -1 }));
  }
}

// ---- The differentiable functions ---------------------------------------------------------------

type Inputs = [
  input: Tensor,
  linear_weight: Tensor,
  target: Tensor,
  linear_bias: Tensor | null,
  weight: Tensor | null,
  settings: Settings,
];

const wanted_of = (ctx: FunctionCtx): Wanted => {
  const [input = false, linear_weight = false, , linear_bias = false] = ctx.needs_input_grad;
  return [input, linear_weight, linear_bias];
};

const in_places = ([input, linear_weight, linear_bias]: Gradients): (Tensor | null)[] => [
  input,
  linear_weight,
  null,
  linear_bias,
  null,
  null,
];

class LinearCrossEntropyReduced extends Function {
  static forward(ctx: FunctionCtx, ...[input, linear_weight, target, linear_bias, weight, settings]: Inputs): Tensor {
    const args = { input, linear_weight, target, linear_bias, weight };
    const [loss, gradients] = loss_and_gradients(args, settings, wanted_of(ctx), null);
    ctx['gradients'] = gradients;
    ctx['allow_retain_graph'] = settings.allow_retain_graph;
    return loss;
  }

  static backward(ctx: FunctionCtx, grad_output: Tensor): (Tensor | null)[] {
    const gradients = ctx['gradients'] as Gradients | null;
    if (gradients === null) {
      throw new Error(
        'linear_cross_entropy chunked backward called twice; retain_graph=True / double backward are not ' +
          'supported.',
      );
    }
    const retained = ctx['allow_retain_graph'] === true;
    if (!retained) ctx['gradients'] = null;
    return in_places(
      gradients.map(
        (gradient) => gradient && (retained ? gradient.mul(grad_output) : gradient.mul_(grad_output)),
      ) as Gradients,
    );
  }
}

class LinearCrossEntropyUnreduced extends Function {
  static forward(ctx: FunctionCtx, ...[input, linear_weight, target, linear_bias, weight, settings]: Inputs): Tensor {
    ctx.save_for_backward(input, linear_weight, target, linear_bias, weight);
    ctx['settings'] = settings;
    return losses({ input, linear_weight, target, linear_bias, weight }, settings);
  }

  static backward(ctx: FunctionCtx, grad_output: Tensor): (Tensor | null)[] {
    const [input, linear_weight, target, linear_bias, weight] = ctx.saved_tensors as (Tensor | null)[] as [
      Tensor,
      Tensor,
      Tensor,
      Tensor | null,
      Tensor | null,
    ];
    const args = { input, linear_weight, target, linear_bias, weight };
    const [, gradients] = loss_and_gradients(args, ctx['settings'] as Settings, wanted_of(ctx), grad_output);
    return in_places(gradients);
  }
}

/**
 * The cross entropy of `input` (N, in_features) or (in_features) with class indices, in chunks.
 *
 * @throws Error when the dtypes or the sizes of chunks do not go together
 * @internal
 */
export function chunked_linear_cross_entropy(
  { input, target, ...rest }: Tensors,
  reduction: Reduction,
  ignore_index: number,
  options: LinearCrossEntropyOptions,
): Tensor {
  const batched = input.ndim === 2;
  const rows = batched ? input : input.unsqueeze(0);
  const classes = batched ? target : target.unsqueeze(0);
  const settings = settings_for(options, rows, rest.linear_weight.size(0), reduction, ignore_index);
  const inputs: Inputs = [rows, rest.linear_weight, classes, rest.linear_bias, rest.weight, settings];
  if (reduction !== 'none') return LinearCrossEntropyReduced.apply(...inputs);
  const result = LinearCrossEntropyUnreduced.apply(...inputs);
  return batched ? result : result.squeeze(0);
}

/** Whether {@link chunked_linear_cross_entropy} can do it. @internal */
export function can_be_chunked(
  target: Tensor,
  linear_weight: Tensor,
  reduction: string,
  label_smoothing: number,
): boolean {
  return label_smoothing === 0 && target.dtype === int64 && linear_weight.ndim === 2 && REDUCTIONS.includes(reduction);
}

declare const exports: Record<string, unknown>;
overridable_exports(exports);
