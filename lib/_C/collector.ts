/** Garbage collections for the tensor table (native/memory/tensor_table.h), by V8's `gc` function. */
import { readFileSync } from 'node:fs';
import v8 from 'node:v8';
import vm from 'node:vm';
import { isMainThread } from 'node:worker_threads';

import { native } from './native.js';

type Collect = (options?: { type: 'minor' }) => void;

/** What Node was started with: a worker's `process.execArgv` has what the worker was started with. */
function node_arguments(): readonly string[] {
  if (isMainThread) return process.execArgv;
  try {
    return readFileSync('/proc/self/cmdline', 'latin1').split('\0');
  } catch {
    // no Linux
    return (process.report.getReport() as { header: { commandLine: string[] } }).header.commandLine;
  }
}

/** V8's flags cannot be set where they are frozen, and must not be set while a snapshot is made. */
function flags_can_be_set(): boolean {
  const { bun, electron } = process.versions;
  if (bun !== undefined || electron !== undefined || 'Deno' in globalThis) return false;
  if (node_arguments().some((argument) => /^--fr(eeze|ozen)[-_]flags/.test(argument))) return false;
  return v8.startupSnapshot?.isBuildingSnapshot?.() !== true;
}

/** V8's `gc`, from a new context; undefined where it is not available. */
function exposed_gc(): Collect | undefined {
  if (!flags_can_be_set()) return undefined;
  const exposed = typeof (globalThis as { gc?: unknown }).gc === 'function';
  try {
    if (!exposed) v8.setFlagsFromString('--expose-gc');
    const found: unknown = vm.runInNewContext('gc');
    return typeof found === 'function' ? (found as Collect) : undefined;
  } catch {
    return undefined;
  } finally {
    if (!exposed) v8.setFlagsFromString('--no-expose-gc');
  }
}

const young = { type: 'minor' } as const;
let gc: Collect | undefined;
let looked = false;

/** Collects the young generation, or the whole heap; false where that is not possible. */
function collect(whole_heap: boolean): boolean {
  if (!looked) {
    looked = true;
    gc = exposed_gc();
  }
  if (gc === undefined) return false;
  // The V8 of Node 20 takes any object for a request of a minor collection, `{ type: 'major' }` too.
  if (whole_heap) gc();
  else gc(young);
  return true;
}

native.set_collector(collect);
