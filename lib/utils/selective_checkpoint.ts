/** Checkpoints that save what some operators have computed: `torch.utils.checkpoint.create_selective_checkpoint_contexts`. */
import { native } from '../_C/native.js';
import { is_tensor, wrap } from '../_C/tensor_base.js';
import { EnumMember } from '../_internal/enum_member.js';
import { kind_of } from '../_internal/representation.js';
import { define_kind, signature } from '../_internal/signature.js';
import { is_overload, is_packet, ops, type Overload } from '../_ops.js';
import type { Tensor } from '../_tensor.js';
import { tree_map } from './_pytree.js';
import { TorchDispatchMode } from './_python_dispatch.js';

/**
 * What becomes of an operator's result in a checkpoint: it is saved, or computed again. Mirrors `torch.utils.checkpoint.CheckpointPolicy`.
 *
 * Here `MUST_` and `PREFER_` are the same; they differ for `torch.compile`, as do the two policies that keep results in the memory of the CPU,
 * with which a result is computed again.
 * @example
 * ```ts
 * const { CheckpointPolicy } = torch.utils.checkpoint;
 * print(CheckpointPolicy.MUST_SAVE, CheckpointPolicy.PREFER_RECOMPUTE.value);
 * ```
 * ```python
 * from torch.utils.checkpoint import CheckpointPolicy
 * print(CheckpointPolicy.MUST_SAVE, CheckpointPolicy.PREFER_RECOMPUTE.value)
 * ```
 */
export class CheckpointPolicy extends EnumMember {
  static readonly MUST_SAVE = new CheckpointPolicy('MUST_SAVE', 0);
  static readonly PREFER_SAVE = new CheckpointPolicy('PREFER_SAVE', 1);
  static readonly MUST_RECOMPUTE = new CheckpointPolicy('MUST_RECOMPUTE', 2);
  static readonly PREFER_RECOMPUTE = new CheckpointPolicy('PREFER_RECOMPUTE', 3);
  static readonly MUST_CPU_OFFLOAD = new CheckpointPolicy('MUST_CPU_OFFLOAD', 4);
  static readonly PREFER_CPU_OFFLOAD = new CheckpointPolicy('PREFER_CPU_OFFLOAD', 5);

  private constructor(name: string, value: number) {
    super(name, value, 'CheckpointPolicy');
  }
}

const CONTEXT = signature<{ is_recompute: boolean; op_output?: unknown }>(
  'SelectiveCheckpointContext',
  '*, is_recompute: bool, op_output?: any',
);

/**
 * What a policy is told beside the operator and its arguments. Mirrors `torch.utils.checkpoint.SelectiveCheckpointContext`.
 * @param options - `is_recompute`; `op_output`: default null
 * @example
 * ```ts
 * const context = new torch.utils.checkpoint.SelectiveCheckpointContext({ is_recompute: false });
 * print(context.is_recompute, context.op_output);
 * ```
 * ```python
 * context = torch.utils.checkpoint.SelectiveCheckpointContext(is_recompute=False)
 * print(context.is_recompute, context.op_output)
 * ```
 */
export class SelectiveCheckpointContext {
  /** False: policies are asked in the forward run only. */
  readonly is_recompute: boolean;
  /** What the operator has returned. */
  readonly op_output: unknown;

  constructor(options: { is_recompute: boolean; op_output?: unknown });
  constructor(...args: unknown[]) {
    const { is_recompute, op_output = null } = CONTEXT.read(args);
    this.is_recompute = is_recompute;
    this.op_output = op_output;
  }
}

/**
 * Operators that are never saved, since the two runs of a checkpoint may call them a different number of times. Mirrors
 * `torch.utils.checkpoint.SAC_IGNORED_OPS`.
 * @example
 * ```ts
 * print(torch.utils.checkpoint.SAC_IGNORED_OPS.has(torch.ops.aten['detach']!['default']!));
 * ```
 * ```python
 * print(torch.ops.aten.detach.default in torch.utils.checkpoint.SAC_IGNORED_OPS)
 * ```
 */
export const SAC_IGNORED_OPS: ReadonlySet<Overload> = new Set([ops.aten['detach']!['default']!]);

/** Decides on a result: a policy, or true to save it. */
export type PolicyFunction = (
  ctx: SelectiveCheckpointContext,
  op: Overload,
  ...args: unknown[]
) => CheckpointPolicy | boolean;

/** A saved value, with the version that a tensor had. */
class Saved {
  private readonly version: number | null;

  constructor(private readonly value: unknown) {
    this.version = is_tensor(value) ? value._version : null;
  }

  get(allow_mutation: boolean): unknown {
    if (this.version !== null && !allow_mutation && (this.value as Tensor)._version !== this.version) {
      throw new Error('Tensor cached during selective activation checkpoint has been mutated');
    }
    return this.value;
  }
}

/** An array of results, or the one, with each saved. */
interface Entry {
  readonly values: unknown;
}

type Kept = Entry | 'recompute' | 'consumed';

/** Of each operator: what became of its results, in the order of its calls. */
type Storage = Map<string, Kept[]>;

const detached = (value: unknown): unknown => (is_tensor(value) ? wrap(native.detach_beside(value._h)) : value);

/** Whether a policy saves. One that returns nothing saves nothing, as in Python. */
function saved_by(policy: unknown): boolean {
  if (typeof policy === 'boolean') return policy;
  if (policy === undefined || policy === null) return false;
  if (policy instanceof CheckpointPolicy) {
    return policy === CheckpointPolicy.MUST_SAVE || policy === CheckpointPolicy.PREFER_SAVE;
  }
  throw new TypeError(
    `create_selective_checkpoint_contexts(): the policy must return CheckpointPolicy or bool, not ${kind_of(policy)}`,
  );
}

/** The mode of the first run, which saves. */
class CachingMode extends TorchDispatchMode {
  constructor(
    private readonly policy_fn: PolicyFunction,
    private readonly storage: Storage,
  ) {
    super();
  }

  __torch_dispatch__(func: Overload, _types: [], args: unknown[], kwargs: Record<string, unknown>): unknown {
    const out = func(...args, kwargs);
    if (is_ignored(func)) return out;
    const context = new SelectiveCheckpointContext({ is_recompute: false, op_output: out });
    const named = Object.keys(kwargs).length > 0 ? [kwargs] : [];
    const saves = saved_by(this.policy_fn(context, func, ...args, ...named));
    let kept = this.storage.get(func.qualified);
    if (kept === undefined) this.storage.set(func.qualified, (kept = []));
    kept.push(saves ? { values: tree_map((value: unknown) => new Saved(detached(value)), out) } : 'recompute');
    return out;
  }
}

const MISMATCH =
  'This can happen if the operations in the checkpointed region are nondeterministic or depend on global state that changed ' +
  'between forward and backward.';

/** The mode of the recomputation, which returns what is saved. */
class CachedMode extends TorchDispatchMode {
  private readonly counts = new Map<string, number>();

  constructor(
    private readonly storage: Storage,
    private readonly allow_mutation: boolean,
  ) {
    super();
  }

  protected override on_enter(): void {
    this.counts.clear();
  }

  __torch_dispatch__(func: Overload, _types: [], args: unknown[], kwargs: Record<string, unknown>): unknown {
    if (is_ignored(func)) return func(...args, kwargs);
    const index = this.counts.get(func.qualified) ?? 0;
    this.counts.set(func.qualified, index + 1);
    const kept = this.storage.get(func.qualified);
    if (kept === undefined) {
      throw new Error(`${String(func)} encountered during backward but not found in storage. ${MISMATCH}`);
    }
    const entry = kept[index];
    if (entry === undefined) {
      throw new Error(
        `${String(func)} invocation index ${index} encountered during backward but not found in storage. ${MISMATCH}`,
      );
    }
    if (entry === 'consumed') {
      throw new Error(
        'Trying to backward an extra time. You are only allowed to backward once on any region computed under selective ' +
          'activation checkpoint.',
      );
    }
    if (entry === 'recompute') return func(...args, kwargs);
    kept[index] = 'consumed';
    return tree_map((saved: unknown) => (saved as Saved).get(this.allow_mutation), entry.values);
  }
}

const ignored = new Set([...SAC_IGNORED_OPS].map(({ qualified }) => qualified));
const is_ignored = ({ qualified }: Overload): boolean => ignored.has(qualified);

define_kind('Policy', 'a function or a list of ops', (value) => typeof value === 'function' || Array.isArray(value));
const CREATE = signature<{
  policy_fn_or_list: PolicyFunction | readonly unknown[];
  allow_cache_entry_mutation?: boolean;
}>('create_selective_checkpoint_contexts', 'policy_fn_or_list: Policy, allow_cache_entry_mutation?: bool');

function policy_of(given: PolicyFunction | readonly unknown[]): PolicyFunction {
  if (typeof given === 'function') return given;
  const names = new Set<string>();
  for (const op of given) {
    if (is_overload(op)) {
      names.add(op.qualified);
      continue;
    }
    const hint = is_packet(op)
      ? 'Please update the OpOverloadPacket to a specific OpOverload.For example, if you have `torch.ops.aten.mm`, change it to ' +
        '`torch.ops.aten.mm.default`.'
      : '';
    throw new Error(
      `Expected op in \`op_list\` to be an OpOverload but got: ${String(op)} of type ${kind_of(op)}. ${hint}`,
    );
  }
  return (_, { qualified }) => (names.has(qualified) ? CheckpointPolicy.MUST_SAVE : CheckpointPolicy.PREFER_RECOMPUTE);
}

/**
 * Two modes for the option `context_fn` of `checkpoint`: what some operators have computed is saved in the first run, and not computed again.
 * Mirrors `torch.utils.checkpoint.create_selective_checkpoint_contexts`.
 *
 * @param policy_fn_or_list - decides for each result, given a context, the operator and its arguments; or the operators whose results are
 * saved, such as `torch.ops.aten.mm.default`. Operators are seen below autograd, where `linear` is `addmm` or `mm`
 * @param allow_cache_entry_mutation - default false: a saved tensor that was changed since is an Error
 * @returns the mode of the forward run and that of the recomputation
 * @throws Error for what is not an overload; in the forward run, TypeError when the policy returns something else; in backward, Error when saved
 * results are asked for again, or the runs differ
 * @example
 * ```ts
 * const { checkpoint, create_selective_checkpoint_contexts } = torch.utils.checkpoint;
 * const [x, y] = [torch.ones(2, 2, { requires_grad: true }), torch.ones(2, 2)];
 * const context_fn = () => create_selective_checkpoint_contexts([torch.ops.aten['mm']!['default']!]);
 * const out = checkpoint((x: torch.Tensor) => x.matmul(y).sigmoid(), x, { use_reentrant: false, context_fn });
 * out.sum().backward();
 * print(x.grad);
 * ```
 * ```python
 * from torch.utils.checkpoint import checkpoint, create_selective_checkpoint_contexts
 * x, y = torch.ones(2, 2, requires_grad=True), torch.ones(2, 2)
 * context_fn = lambda: create_selective_checkpoint_contexts([torch.ops.aten.mm.default])
 * out = checkpoint(lambda x: x.matmul(y).sigmoid(), x, use_reentrant=False, context_fn=context_fn)
 * out.sum().backward()
 * print(x.grad)
 * ```
 */
export function create_selective_checkpoint_contexts(
  policy_fn_or_list: PolicyFunction | readonly Overload[],
  allow_cache_entry_mutation?: boolean,
): [forward: TorchDispatchMode, recompute: TorchDispatchMode];
export function create_selective_checkpoint_contexts(
  policy_fn_or_list: PolicyFunction | readonly Overload[],
  options: { allow_cache_entry_mutation?: boolean },
): [forward: TorchDispatchMode, recompute: TorchDispatchMode];
export function create_selective_checkpoint_contexts(...args: unknown[]): [TorchDispatchMode, TorchDispatchMode] {
  const { policy_fn_or_list, allow_cache_entry_mutation = false } = CREATE.read(args);
  const storage: Storage = new Map();
  return [new CachingMode(policy_of(policy_fn_or_list), storage), new CachedMode(storage, allow_cache_entry_mutation)];
}
