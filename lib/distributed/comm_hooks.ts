/** Hooks of libtorch that send gradients: `torch.distributed.BuiltinCommHookType`. */
import { NamedValue } from '../_internal/named_value.js';
import { define_kind } from '../_internal/signature.js';

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
