/** How libtorch runs TorchScript: switches for scripts and modules that `torch.jit.load` has loaded. */
import { native } from '../_C/native.js';
import { run_or_guard, type Guard } from '../_internal/guards.js';
import { signature } from '../_internal/signature.js';
import { warn } from '../_internal/warnings.js';

// What native/jit/executor.cpp exports.
declare module '../_C/native.js' {
  interface Native {
    jit_set_optimize(on: boolean): boolean;
    jit_set_fusion_strategy(
      strategy: readonly (readonly [dynamic: boolean, depth: number])[],
    ): [dynamic: boolean, depth: number][];
  }
}

/** How often to compile a script for the sizes that it meets: for these sizes alone, or for all of their kind. */
export type FusionStrategy = [behavior: 'STATIC' | 'DYNAMIC', depth: number][];

const OPTIMIZED = {
  run: signature<{ should_optimize: boolean; fn: () => unknown }>(
    'optimized_execution',
    'should_optimize: bool, fn: Callable',
  ),
  guard: signature<{ should_optimize: boolean }>('optimized_execution', 'should_optimize: bool'),
};
const SET_FUSION_STRATEGY = signature<{ strategy: Iterable<readonly [behavior: string, depth: number]> }>(
  'set_fusion_strategy',
  'strategy: Iterable',
);
const STRICT_FUSION = {
  run: signature<{ fn: () => unknown }>('strict_fusion', 'fn: Callable'),
  guard: signature<object>('strict_fusion', ''),
};

/**
 * Switches optimizations of TorchScript in a function, in a block of `using`, or in a method; see {@link Guard}. Mirrors
 * `torch.jit.optimized_execution`.
 *
 * @param should_optimize - whether to optimize
 * @param fn - a synchronous function
 * @returns what `fn` returned; a guard without `fn`
 * @example
 * ```ts
 * print(torch.jit.optimized_execution(false, () => torch.ones(2)));
 * ```
 * ```python
 * with torch.jit.optimized_execution(False): print(torch.ones(2))
 * ```
 */
export function optimized_execution<T>(should_optimize: boolean, fn: () => T): T;
export function optimized_execution(should_optimize: boolean | { should_optimize: boolean }): Guard;
export function optimized_execution(...args: unknown[]): unknown {
  const { should_optimize, fn } =
    args.length > 1 ? OPTIMIZED.run.read(args) : { ...OPTIMIZED.guard.read(args), fn: undefined };
  const mode = {
    enter: () => native.jit_set_optimize(should_optimize),
    leave: (before: boolean) => {
      native.jit_set_optimize(before);
    },
  };
  return run_or_guard('optimized_execution', mode, fn);
}

/**
 * Sets how often a script is compiled for the sizes that it meets. Mirrors `torch.jit.set_fusion_strategy`.
 *
 * @param strategy - pairs of `'STATIC'` (for these sizes alone) or `'DYNAMIC'` (for all of their kind) and how often
 * @returns what it was
 * @deprecated as in Python
 * @throws Error for another word
 * @example
 * ```ts
 * const before = torch.jit.set_fusion_strategy([['DYNAMIC', 3]]);
 * print(torch.jit.set_fusion_strategy(before)[0][1]);
 * ```
 * ```python
 * before = torch.jit.set_fusion_strategy([('DYNAMIC', 3)])
 * print(torch.jit.set_fusion_strategy(before)[0][1])
 * ```
 */
export function set_fusion_strategy(strategy: FusionStrategy): FusionStrategy;
export function set_fusion_strategy(...args: unknown[]): FusionStrategy {
  const { strategy } = SET_FUSION_STRATEGY.read(args);
  warn('`torch.jit.set_fusion_strategy` is deprecated. Please use `torch.compile` instead.', 'DeprecationWarning');
  const pairs = [...strategy].map(([behavior, depth]): [boolean, number] => {
    if (behavior === 'STATIC' || behavior === 'DYNAMIC') return [behavior === 'DYNAMIC', depth];
    throw new Error(`FusionBehavior only supported 'STATIC' or 'DYNAMIC', got: ${behavior}`);
  });
  return native.jit_set_fusion_strategy(pairs).map(([dynamic, depth]) => [dynamic ? 'DYNAMIC' : 'STATIC', depth]);
}

/**
 * Asks, in a script, for an error where operators cannot be fused; elsewhere it has no effect, which a warning says. Mirrors
 * `torch.jit.strict_fusion`.
 *
 * @param fn - a synchronous function
 * @returns what `fn` returned; a guard without `fn`
 * @example
 * ```ts
 * print(torch.jit.strict_fusion(() => torch.ones(2)));
 * ```
 * ```python
 * with torch.jit.strict_fusion(): print(torch.ones(2))
 * ```
 */
export function strict_fusion(): Guard;
export function strict_fusion<T>(fn: () => T): T;
export function strict_fusion(...args: unknown[]): unknown {
  const fn = args.length > 0 ? STRICT_FUSION.run.read(args).fn : undefined;
  if (fn === undefined) STRICT_FUSION.guard.read(args);
  warn('Only works in script mode');
  return run_or_guard('strict_fusion', { enter: () => undefined, leave: () => undefined }, fn);
}
