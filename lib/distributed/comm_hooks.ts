/** What sends the gradients of `DistributedDataParallel`: hooks of libtorch, and what hooks of the caller's own get. */
import { NamedValue } from '../_internal/named_value.js';
import { define_kind, method_signature } from '../_internal/signature.js';
import type { Tensor } from '../_tensor.js';
import type { Future } from '../futures/index.js';
import { narrow } from '../generated/functions.js';

/** A hook of {@link BuiltinCommHookType}. */
export class BuiltinCommHook extends NamedValue {}
define_kind('BuiltinCommHookType', 'BuiltinCommHookType', (value) => value instanceof BuiltinCommHook);

/** The hooks of libtorch that send gradients. Mirrors `torch.distributed.BuiltinCommHookType`. */
export const BuiltinCommHookType = {
  /** Adds them up. */
  ALLREDUCE: new BuiltinCommHook('BuiltinCommHookType', 'ALLREDUCE', 1),
  /** The same in float16, which halves what is sent. */
  FP16_COMPRESS: new BuiltinCommHook('BuiltinCommHookType', 'FP16_COMPRESS', 2),
} as const;

const METHODS = {
  index: method_signature<object>('GradBucket.index'),
  buffer: method_signature<object>('GradBucket.buffer'),
  gradients: method_signature<object>('GradBucket.gradients'),
  parameters: method_signature<object>('GradBucket.parameters'),
  is_last: method_signature<object>('GradBucket.is_last'),
  set_buffer: method_signature<{ buffer: Tensor }>('GradBucket.set_buffer', 'buffer: Tensor'),
};

/** What a {@link GradBucket} is made of. */
interface Parts {
  readonly index: number;
  readonly is_last: boolean;
  readonly parameters: readonly Tensor[];
}

/**
 * The gradients that are sent at once. Mirrors `torch.distributed.GradBucket`; the hook of
 * {@link DistributedDataParallel.register_comm_hook} gets it.
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const model = new nn.parallel.DistributedDataParallel(new nn.Linear(2, 1));
 * model.register_comm_hook(null, (_, bucket) => {
 *   print(bucket.index(), bucket.is_last(), bucket.buffer().shape, bucket.gradients().length, bucket.parameters().length);
 *   return dist.algorithms.ddp_comm_hooks.default_hooks.allreduce_hook(null, bucket);
 * });
 * model(torch.ones(1, 2)).sum().backward();
 * dist.destroy_process_group();
 * ```
 * ```python
 * from torch.distributed.algorithms.ddp_comm_hooks import default_hooks
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * model = nn.parallel.DistributedDataParallel(nn.Linear(2, 1))
 * def hook(state, bucket):
 *     print(bucket.index(), bucket.is_last(), bucket.buffer().shape, len(bucket.gradients()), len(bucket.parameters()))
 *     return default_hooks.allreduce_hook(None, bucket)
 * model.register_comm_hook(None, hook)
 * model(torch.ones(1, 2)).sum().backward()
 * dist.destroy_process_group()
 * ```
 */
export class GradBucket {
  /** @internal */
  constructor(
    private readonly parts: Parts,
    private flat: Tensor,
  ) {}

  /** The number of the bucket, in the order in which they are sent. */
  index(...args: []): number {
    METHODS.index.read(args);
    return this.parts.index;
  }

  /** The gradients as one tensor of one dimension; of a sparse gradient, that. They are not divided by the number of processes. */
  buffer(...args: []): Tensor {
    METHODS.buffer.read(args);
    return this.flat;
  }

  /** The gradients, one for each of {@link GradBucket.parameters}; they are views of the buffer. */
  gradients(...args: []): Tensor[] {
    METHODS.gradients.read(args);
    if (this.flat.is_sparse) return [this.flat];
    let start = 0;
    return this.parts.parameters.map((parameter) => {
      const length = parameter.numel();
      const part = narrow(this.flat, 0, start, length);
      start += length;
      return part.view(parameter.shape);
    });
  }

  /** The parameters to which the gradients belong. */
  parameters(...args: []): Tensor[] {
    METHODS.parameters.read(args);
    return [...this.parts.parameters];
  }

  /** Whether no other bucket comes in this backward pass. */
  is_last(...args: []): boolean {
    METHODS.is_last.read(args);
    return this.parts.is_last;
  }

  /** Replaces the buffer, for the hooks that look at this bucket after this one. */
  set_buffer(buffer: Tensor): void;
  set_buffer(...args: unknown[]): void {
    this.flat = METHODS.set_buffer.read(args).buffer;
  }
}
define_kind('GradBucket', 'GradBucket', (value) => value instanceof GradBucket);

/** A function that sends the gradients of a bucket, and gives what replaces them. */
export type CommHook<S> = (state: S, bucket: GradBucket) => Future<Tensor>;
