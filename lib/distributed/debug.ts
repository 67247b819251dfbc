/** How much c10d checks: `torch.distributed.set_debug_level`. */
import { native } from '../_C/native.js';
import { NamedValue } from '../_internal/named_value.js';
import { define_kind, no_arguments, signature } from '../_internal/signature.js';

/** A level of {@link DebugLevel}. */
export class Level extends NamedValue {}
define_kind('DebugLevel', 'DebugLevel', (value) => value instanceof Level);

/**
 * How much is checked. Mirrors `torch.distributed.DebugLevel`.
 * @example
 * ```ts
 * print(torch.distributed.DebugLevel.DETAIL);
 * ```
 * ```python
 * print(torch.distributed.DebugLevel.DETAIL)
 * ```
 */
export const DebugLevel = {
  /** Nothing. */
  OFF: new Level('DebugLevel', 'OFF', 0),
  /** More is logged. */
  INFO: new Level('DebugLevel', 'INFO', 1),
  /** Before each collective, all processes compare what they are about to do. */
  DETAIL: new Level('DebugLevel', 'DETAIL', 2),
} as const;

const SET_LEVEL = signature<{ arg0: Level }>('set_debug_level', 'arg0: DebugLevel');
let asked = false;

/** Reads `TORCH_DISTRIBUTED_DEBUG` once, as Python does while it imports the package. */
export function read_debug_level(): void {
  if (asked || !native.distributed_available()) return;
  asked = true;
  native.distributed_set_debug_level(null);
}

/**
 * How much is checked: at first, what `TORCH_DISTRIBUTED_DEBUG` says. Mirrors `torch.distributed.get_debug_level`.
 * @example
 * ```ts
 * print(torch.distributed.get_debug_level());
 * ```
 * ```python
 * print(torch.distributed.get_debug_level())
 * ```
 */
export function get_debug_level(): Level;
export function get_debug_level(...none: unknown[]): Level {
  no_arguments('get_debug_level', none);
  read_debug_level();
  const level = native.distributed_debug_level();
  return Object.values(DebugLevel).find(({ value }) => value === level)!;
}

/**
 * Sets how much groups that are made from now on check. Mirrors `torch.distributed.set_debug_level`.
 * @example
 * ```ts
 * const { DebugLevel, get_debug_level, set_debug_level } = torch.distributed;
 * set_debug_level(DebugLevel.INFO);
 * print(get_debug_level());
 * set_debug_level(DebugLevel.OFF);
 * ```
 * ```python
 * from torch.distributed import DebugLevel, get_debug_level, set_debug_level
 * set_debug_level(DebugLevel.INFO)
 * print(get_debug_level())
 * set_debug_level(DebugLevel.OFF)
 * ```
 */
export function set_debug_level(arg0: Level): void;
export function set_debug_level(...args: unknown[]): void {
  const { arg0 } = SET_LEVEL.read(args);
  asked = true;
  native.distributed_set_debug_level(arg0.value);
}

/**
 * Reads `TORCH_DISTRIBUTED_DEBUG` again. Mirrors `torch.distributed.set_debug_level_from_env`. @throws Error for other values
 * @example
 * ```ts
 * torch.distributed.set_debug_level_from_env();
 * print(torch.distributed.get_debug_level());
 * ```
 * ```python
 * torch.distributed.set_debug_level_from_env()
 * print(torch.distributed.get_debug_level())
 * ```
 */
export function set_debug_level_from_env(): void;
export function set_debug_level_from_env(...none: unknown[]): void {
  no_arguments('set_debug_level_from_env', none);
  asked = true;
  native.distributed_set_debug_level(null);
}
