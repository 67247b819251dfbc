/** Types of what is not there: compiled by `npm run typecheck` like calls.ts, and never run. */
import * as torch from 'torch-node';
import { nn, type Absent } from 'torch-node';

declare const net: nn.Module;

// Each has a type that says what to do.
export const modules: readonly Absent[] = [torch.package, nn.quantized];
export const names: readonly Absent[] = [
  torch.jit.script,
  torch.hub.load,
  torch.hub.list,
  torch.utils.data.IterDataPipe,
];
export const text: Absent<'trace with torch.jit.trace(), or script in Python and load the result with torch.jit.load()'> =
  torch.jit.script;

// @ts-expect-error
export const never: never = torch.jit.script;

export function uses(): void {
  // @ts-expect-error
  void torch.hub.list('x');
  // @ts-expect-error
  void torch.package.PackageExporter;
  // @ts-expect-error
  torch.jit.script(net);
  // @ts-expect-error
  void class extends torch.utils.data.IterDataPipe {};
}

/** As Python's programs ask whether a model is wrapped. */
export function inner(model: nn.Module): nn.Module {
  if (model instanceof nn.parallel.DistributedDataParallel) throw new Error('never');
  return model;
}
