/** Data parallelism over modules that tensor parallelism has cut: what `DistributedDataParallel` does with their parameters. */
import type { Module } from '../../../nn/modules/module.js';
import { fields_of, swap_member } from '../../../nn/modules/module.js';
import { Parameter } from '../../../nn/parameter.js';
import { DTensor, wrapped, type Spec } from '../dtensor.js';

/** Where a parameter is, and how it lay. */
interface Place {
  readonly holder: Module;
  readonly name: string;
  readonly spec: Spec;
}

/**
 * Replaces the parameters of a module that are DTensors by their local tensors, of which they are DTensors again while `forward` runs; gradients go
 * to the local tensors. Mirrors `torch.distributed.tensor.parallel.ddp._pre_dp_module_transform`.
 */
export function localize_parameters(module: Module): void {
  const places: Place[] = [];
  const local_of = new Map<DTensor, Parameter>();
  for (const [, holder] of module.named_modules()) {
    for (const [name, parameter] of [...holder.named_parameters('', false, false)]) {
      if (!(parameter instanceof DTensor)) continue;
      const cut = parameter as unknown as DTensor;
      const local = local_of.get(cut) ?? new Parameter(cut._local_tensor.detach(), parameter.requires_grad);
      local_of.set(cut, local);
      swap_member(holder, name, local);
      places.push({ holder, name, spec: cut._spec });
    }
  }
  if (places.length === 0) return;
  let before: unknown[] = [];
  module.register_forward_pre_hook(() => {
    before = places.map(({ holder, name, spec }) => {
      const local = fields_of(holder)[name] as Parameter;
      const shown = local.requires_grad ? local.view_as(local) : local.detach();
      swap_member(holder, name, wrapped(shown, spec));
      return local;
    });
  });
  module.register_forward_hook(
    () => {
      before.forEach((local, i) => swap_member(places[i]!.holder, places[i]!.name, local));
      before = [];
    },
    { always_call: true },
  );
}
