/** Hooks that send low-rank approximations of gradients: `torch.distributed.algorithms.ddp_comm_hooks.powerSGD_hook`. */
import { define_kind, method_signature, signature, type Arguments } from '../../../_internal/signature.js';
import type { Tensor } from '../../../_tensor.js';
import { norm } from '../../../functional.js';
import type { Future } from '../../../futures/index.js';
import { bmm, cat, empty, matmul, randn, stack, zeros_like } from '../../../generated/functions.js';
import { qr } from '../../../generated/linalg.js';
import { RandomState } from '../../../numpy/random.js';
import { fork_rng, manual_seed } from '../../../random.js';
import { bfloat16, float16 } from '../../../types/dtype.js';
import { all_reduce } from '../../collectives.js';
import type { GradBucket } from '../../comm_hooks.js';
import { default_group, type Group } from '../../process_group.js';
import { allreduce_hook } from './default_hooks.js';

/** What {@link PowerSGDState} takes by name. */
export interface PowerSGDStateOptions {
  /** The rank of the approximations. Default 1. */
  matrix_approximation_rank?: number;
  /** How many steps are done without compression first. Default 1000. */
  start_powerSGD_iter?: number;
  /** A gradient is compressed where that makes it smaller by this factor. Default 2. */
  min_compression_rate?: number;
  /** Add what compression lost to the next gradients. Default true. */
  use_error_feedback?: boolean;
  /** Begin with the matrices of the step before. Default true. */
  warm_start?: boolean;
  /** What is added to norms, so that none is 0. Default 0. */
  orthogonalization_epsilon?: number;
  /** The seed of the first matrices. Default 0. */
  random_seed?: number;
  /** Steps between reports, which are not printed here. Default 10000. */
  compression_stats_logging_frequency?: number;
  /** Compress gradients of one shape together. Default false. */
  batch_tensors_with_same_shape?: boolean;
}

const STATE = signature<PowerSGDStateOptions & { process_group: Group }>(
  'PowerSGDState',
  'process_group: ProcessGroup|None, matrix_approximation_rank?: int, start_powerSGD_iter?: int, min_compression_rate?: float, ' +
    'use_error_feedback?: bool, warm_start?: bool, orthogonalization_epsilon?: float, random_seed?: int, ' +
    'compression_stats_logging_frequency?: int, batch_tensors_with_same_shape?: bool',
);
const METHODS = {
  maybe_increase_iter: method_signature<{ bucket: GradBucket }>(
    'PowerSGDState.maybe_increase_iter',
    'bucket: GradBucket',
  ),
  compression_stats: method_signature<object>('PowerSGDState.compression_stats'),
};

/**
 * What {@link powerSGD_hook} and {@link batched_powerSGD_hook} keep between steps. Mirrors
 * `torch.distributed.algorithms.ddp_comm_hooks.powerSGD_hook.PowerSGDState`.
 *
 * @param process_group - the group; null for the default one
 * @throws Error when compression is to start in the first two steps, with error feedback or a warm start
 * @example
 * ```ts
 * const { powerSGD_hook } = torch.distributed.algorithms.ddp_comm_hooks;
 * const state = new powerSGD_hook.PowerSGDState(null, { matrix_approximation_rank: 2, start_powerSGD_iter: 10 });
 * print(state.matrix_approximation_rank, state.iter, state.warm_start);
 * ```
 * ```python
 * from torch.distributed.algorithms.ddp_comm_hooks import powerSGD_hook
 * state = powerSGD_hook.PowerSGDState(None, matrix_approximation_rank=2, start_powerSGD_iter=10)
 * print(state.matrix_approximation_rank, state.iter, state.warm_start)
 * ```
 */
export class PowerSGDState {
  process_group: Group;
  matrix_approximation_rank: number;
  start_powerSGD_iter: number;
  min_compression_rate: number;
  use_error_feedback: boolean;
  warm_start: boolean;
  orthogonalization_epsilon: number;
  batch_tensors_with_same_shape: boolean;
  compression_stats_logging_frequency: number;
  /** Draws the seeds of the first matrices, the same in all processes. */
  readonly rng: RandomState;
  /** What compression lost, by bucket. */
  readonly error_dict = new Map<number, Tensor>();
  readonly p_memory_dict = new Map<number, Tensor>();
  readonly q_memory_dict = new Map<number, Tensor>();
  /** How many steps were done. */
  iter = 0;
  total_numel_before_compression = 0;
  total_numel_after_compression = 0;

  constructor(
    ...args: Arguments<
      [
        process_group: Group,
        matrix_approximation_rank?: number,
        start_powerSGD_iter?: number,
        min_compression_rate?: number,
        use_error_feedback?: boolean,
        warm_start?: boolean,
        orthogonalization_epsilon?: number,
        random_seed?: number,
        compression_stats_logging_frequency?: number,
        batch_tensors_with_same_shape?: boolean,
      ],
      PowerSGDStateOptions & { process_group: Group },
      [
        'process_group',
        'matrix_approximation_rank',
        'start_powerSGD_iter',
        'min_compression_rate',
        'use_error_feedback',
        'warm_start',
        'orthogonalization_epsilon',
        'random_seed',
        'compression_stats_logging_frequency',
        'batch_tensors_with_same_shape',
      ]
    >
  );
  constructor(...args: unknown[]) {
    const given = STATE.read(args);
    this.process_group = given.process_group;
    this.matrix_approximation_rank = Number(given.matrix_approximation_rank ?? 1);
    if (this.matrix_approximation_rank < 1) {
      throw new RangeError(
        `PowerSGDState(): matrix_approximation_rank must be at least 1, not ${this.matrix_approximation_rank}`,
      );
    }
    this.start_powerSGD_iter = Number(given.start_powerSGD_iter ?? 1000);
    this.min_compression_rate = Number(given.min_compression_rate ?? 2);
    this.use_error_feedback = given.use_error_feedback ?? true;
    this.warm_start = given.warm_start ?? true;
    this.orthogonalization_epsilon = Number(given.orthogonalization_epsilon ?? 0);
    this.batch_tensors_with_same_shape = given.batch_tensors_with_same_shape ?? false;
    this.compression_stats_logging_frequency = Math.max(1, Number(given.compression_stats_logging_frequency ?? 10000));
    if ((this.use_error_feedback || this.warm_start) && this.start_powerSGD_iter <= 1) {
      throw new Error(
        'PowerSGDState(): Expect `start_powerSGD_iter` > 1 if `use_error_feedback` or `warm_start` is enabled, because PowerSGD can only be ' +
          'applied after the first two iterations in DDP.',
      );
    }
    this.rng = new RandomState(Number(given.random_seed ?? 0));
  }

  /** Counts a step, with its last bucket. */
  maybe_increase_iter(bucket: GradBucket): void;
  maybe_increase_iter(...args: unknown[]): void {
    if (METHODS.maybe_increase_iter.read(args).bucket.is_last()) this.iter++;
  }

  /** How much smaller gradients have become, their elements before, and after. */
  compression_stats(): [rate: number, before: number, after: number];
  compression_stats(...args: unknown[]): [rate: number, before: number, after: number] {
    METHODS.compression_stats.read(args);
    const [before, after] = [this.total_numel_before_compression, this.total_numel_after_compression];
    return [after > 0 ? before / after : 0, before, after];
  }
}
define_kind('PowerSGDState', 'PowerSGDState', (value) => value instanceof PowerSGDState);

/** Makes the columns of matrices orthonormal, in place. */
function orthogonalize(matrices: Tensor, epsilon = 0): void {
  const rank = matrices.shape[2]!;
  if (rank > 2 && matrices.dtype !== float16 && matrices.dtype !== bfloat16) {
    matrices.copy_(qr(matrices)[0]);
    return;
  }
  for (let i = 0; i < rank; i++) {
    const column = matrices.narrow(2, i, 1);
    const length = norm(column, 2, 1, true);
    column.div_(epsilon === 0 ? length : length.add(epsilon));
    if (i + 1 === rank) continue;
    const rest = matrices.narrow(2, i + 1, rank - i - 1);
    rest.sub_(column.mul(rest).sum(1, true).mul(column));
  }
}

/** Runs a function with a generator that the state seeds, the same in all processes. */
function with_seed_of<R>(state: PowerSGDState, run: () => R): R {
  return fork_rng(() => {
    manual_seed(Number(state.rng.randint(1_000_000_000)));
    return run();
  }, []);
}

/** Adds what was lost before, and returns a copy with which to find what is lost now. */
function with_errors(state: PowerSGDState, index: number, gradient: Tensor): Tensor | null {
  if (!state.use_error_feedback) return null;
  const error = state.error_dict.get(index);
  if (error === undefined) state.error_dict.set(index, zeros_like(gradient));
  else gradient.add_(error);
  return gradient.detach().clone();
}

function remember(state: PowerSGDState, index: number, before: Tensor | null, after: Tensor): void {
  if (before !== null) state.error_dict.set(index, before.sub(after));
  if (state.warm_start) return;
  state.p_memory_dict.clear();
  state.q_memory_dict.clear();
}

const sum_of = (tensor: Tensor, group: Group): Future<Tensor[]> =>
  all_reduce(tensor, { group, async_op: true })!.get_future();

const of_bucket = 'state: PowerSGDState, bucket: GradBucket';
const HOOKS = {
  powerSGD_hook: signature<{ state: PowerSGDState; bucket: GradBucket }>('powerSGD_hook', of_bucket),
  batched_powerSGD_hook: signature<{ state: PowerSGDState; bucket: GradBucket }>('batched_powerSGD_hook', of_bucket),
};

/** The gradients of a bucket that are compressed, by shape, and the others. */
function divided(state: PowerSGDState, bucket: GradBucket): { matrices: Map<string, Tensor[]>; others: Tensor[] } {
  const matrices = new Map<string, Tensor[]>();
  const others: Tensor[] = [];
  for (const gradient of bucket.gradients()) {
    const matrix = gradient.view([gradient.shape[0] ?? 1, -1]);
    const [n, m] = matrix.shape as unknown as [number, number];
    const rank = Math.min(n, m, state.matrix_approximation_rank);
    const [before, after] = [n * m, (n + m) * rank];
    const is_smaller = after * state.min_compression_rate < before;
    state.total_numel_before_compression += before;
    state.total_numel_after_compression += is_smaller ? after : before;
    if (!is_smaller) others.push(gradient);
    else {
      const key = `${n} ${m}`;
      matrices.set(key, [...(matrices.get(key) ?? []), matrix]);
    }
  }
  return { matrices, others };
}

/**
 * Sends approximations of gradients of low rank, each of its own. Mirrors
 * `torch.distributed.algorithms.ddp_comm_hooks.powerSGD_hook.powerSGD_hook`.
 *
 * @param state - what is kept between steps
 * @param bucket - the gradients
 * @returns a future of the averaged gradients
 * @example
 * ```ts
 * const dist = torch.distributed;
 * const { PowerSGDState, powerSGD_hook } = dist.algorithms.ddp_comm_hooks.powerSGD_hook;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const model = new nn.parallel.DistributedDataParallel(new nn.Linear(8, 8));
 * const state = new PowerSGDState(null, { start_powerSGD_iter: 2 });
 * model.register_comm_hook(state, powerSGD_hook);
 * for (let step = 0; step < 4; step++) model(torch.ones(1, 8)).sum().backward();
 * print(state.iter, state.compression_stats().slice(1));
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * from torch.distributed.algorithms.ddp_comm_hooks.powerSGD_hook import PowerSGDState, powerSGD_hook
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * model = nn.parallel.DistributedDataParallel(nn.Linear(8, 8))
 * state = PowerSGDState(None, start_powerSGD_iter=2)
 * model.register_comm_hook(state, powerSGD_hook)
 * for step in range(4):
 *     model(torch.ones(1, 8)).sum().backward()
 * print(state.iter, list(state.compression_stats()[1:]))
 * dist.destroy_process_group()
 * ```
 */
export function powerSGD_hook(state: PowerSGDState, bucket: GradBucket): Future<Tensor>;
export function powerSGD_hook(...args: unknown[]): Future<Tensor> {
  const { state, bucket } = HOOKS.powerSGD_hook.read(args);
  return send_low_rank(state, bucket);
}

/** As long as nothing is compressed. */
function send_whole(state: PowerSGDState, bucket: GradBucket, group: Group): Future<Tensor> {
  state.maybe_increase_iter(bucket);
  return allreduce_hook(group, bucket);
}

function send_low_rank(state: PowerSGDState, bucket: GradBucket): Future<Tensor> {
  const group = state.process_group ?? default_group();
  if (state.iter < state.start_powerSGD_iter) return send_whole(state, bucket, group);
  const [buffer, index] = [bucket.buffer(), bucket.index()];
  const before = with_errors(state, index, buffer);
  const { matrices, others } = divided(state, bucket);
  const rank_of = (tensor: Tensor): number =>
    Math.min(tensor.shape[1]!, tensor.shape[2]!, state.matrix_approximation_rank);
  const batches = [...matrices.values()].flatMap((list) => {
    if (!state.batch_tensors_with_same_shape) return list.map((each) => ({ tensor: each.unsqueeze(0), of: [each] }));
    return [{ tensor: list.length === 1 ? list[0]!.unsqueeze(0) : stack(list), of: list }];
  });
  const { device, dtype } = buffer;
  const memory = (dim: 1 | 2): Tensor => {
    const length = batches.reduce(
      (sum, { tensor }) => sum + tensor.shape[0]! * tensor.shape[dim]! * rank_of(tensor),
      0,
    );
    return empty(length, { device, dtype });
  };
  const fresh = !state.warm_start || !state.p_memory_dict.has(index);
  if (fresh) {
    state.p_memory_dict.set(index, memory(1));
    state.q_memory_dict.set(index, memory(2));
  }
  const parts = (all: Tensor, dim: 1 | 2): Tensor[] => {
    let at = 0;
    return batches.map(({ tensor }) => {
      const sizes = [tensor.shape[0]!, tensor.shape[dim]!, rank_of(tensor)];
      const length = sizes.reduce((a, b) => a * b, 1);
      const part = all.narrow(0, at, length).view(sizes);
      at += length;
      return part;
    });
  };
  const ps = parts(state.p_memory_dict.get(index)!, 1);
  const qs = parts(state.q_memory_dict.get(index)!, 2);
  const epsilon = state.orthogonalization_epsilon;
  if (fresh) {
    with_seed_of(state, () => {
      for (const q of qs) {
        q.copy_(randn([...q.shape], { dtype }));
        orthogonalize(q, epsilon);
      }
    });
  } else for (const q of qs) orthogonalize(q, epsilon);
  batches.forEach(({ tensor }, i) => bmm(tensor, qs[i]!, { out: ps[i]! }));
  const rest = others.length > 0 ? cat(others.map((each) => each.view(-1))) : empty(0, { device, dtype });
  const size = group.size();
  return sum_of(rest, group)
    .then((future) => {
      const sum = future.value()[0]!.div_(size);
      let at = 0;
      for (const each of others) {
        each.copy_(sum.narrow(0, at, each.numel()).view_as(each));
        at += each.numel();
      }
      return sum_of(state.p_memory_dict.get(index)!, group).wait();
    })
    .then(() => {
      for (const p of ps) orthogonalize(p, epsilon);
      batches.forEach(({ tensor }, i) => bmm(tensor.transpose(1, 2), ps[i]!, { out: qs[i]! }));
      return sum_of(state.q_memory_dict.get(index)!, group).wait();
    })
    .then(() => {
      state.q_memory_dict.get(index)!.div_(size);
      batches.forEach(({ tensor, of }, i) => {
        bmm(ps[i]!, qs[i]!.transpose(1, 2), { out: tensor });
        if (of.length > 1) of.forEach((each, k) => each.copy_(tensor.select(0, k)));
      });
      remember(state, index, before, buffer);
      state.maybe_increase_iter(bucket);
      return buffer;
    });
}

/**
 * Sends one approximation of low rank of all gradients of a bucket, as one square matrix: faster than {@link powerSGD_hook}, and less exact. Mirrors
 * `torch.distributed.algorithms.ddp_comm_hooks.powerSGD_hook.batched_powerSGD_hook`, which in torch 2.13 fails at an assertion.
 *
 * @param state - what is kept between steps
 * @param bucket - the gradients
 * @returns a future of the averaged gradients
 */
export function batched_powerSGD_hook(state: PowerSGDState, bucket: GradBucket): Future<Tensor>;
export function batched_powerSGD_hook(...args: unknown[]): Future<Tensor> {
  const { state, bucket } = HOOKS.batched_powerSGD_hook.read(args);
  return send_square(state, bucket);
}

function send_square(state: PowerSGDState, bucket: GradBucket): Future<Tensor> {
  const group = state.process_group ?? default_group();
  if (state.iter < state.start_powerSGD_iter) return send_whole(state, bucket, group);
  const [buffer, index] = [bucket.buffer(), bucket.index()];
  const { dtype } = buffer;
  const length = buffer.numel();
  const side = Math.ceil(Math.sqrt(length));
  const rank = state.matrix_approximation_rank;
  state.total_numel_before_compression += length;
  state.total_numel_after_compression += side * rank * 2;
  // A copy with zeros behind: the memory of the bucket is as long as its gradients.
  const padded = cat([buffer, buffer.new_zeros([side * side - length])]);
  const before = with_errors(state, index, padded);
  const matrix = padded.view([side, side]);
  if (!state.warm_start || !state.p_memory_dict.has(index)) {
    state.p_memory_dict.set(index, buffer.new_empty([side, rank]));
    state.q_memory_dict.set(index, with_seed_of(state, () => randn([side, rank], { dtype })).to(buffer.device));
  }
  const [p, q] = [state.p_memory_dict.get(index)!, state.q_memory_dict.get(index)!];
  orthogonalize(q.unsqueeze(0));
  matmul(matrix, q, { out: p });
  return sum_of(p, group)
    .then(() => {
      orthogonalize(p.unsqueeze(0));
      matmul(matrix.t(), p, { out: q });
      return sum_of(q, group).wait();
    })
    .then(() => {
      q.div_(group.size());
      matmul(p, q.t(), { out: matrix });
      remember(state, index, before, padded);
      buffer.copy_(padded.narrow(0, 0, length));
      state.maybe_increase_iter(bucket);
      return buffer;
    });
}
