/** Which modules are running, in forward and in backward, as `torch.utils.module_tracker` finds out. */
import { native } from '../_C/native.js';
import type {} from '../_C/operator_watch.js';
import { kind_of } from '../_internal/kind_of.js';
import type { RemovableHandle } from '../_internal/hooks.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { register_module_forward_hook, register_module_forward_pre_hook } from '../nn/modules/global_hooks.js';
import type { Module } from '../nn/modules/module.js';
import { Tensor } from '../_tensor.js';

/** The tensors in nested arguments or results that require a gradient. */
function tracked_tensors(value: unknown, found: Tensor[] = []): Tensor[] {
  if (value instanceof Tensor) {
    if (value.requires_grad) found.push(value);
  } else if (Array.isArray(value)) {
    for (const each of value) tracked_tensors(each, found);
  } else if (is_plain_object(value)) {
    for (const each of Object.values(value)) tracked_tensors(each, found);
  }
  return found;
}

/** Calls `run` in each backward pass once, when the gradients of all tensors that it comes by are there. */
function on_all_gradients(tensors: readonly Tensor[], run: () => void): RemovableHandle[] {
  const handles = tensors.map(({ _h }) => _h);
  let pass = -1;
  let missing = 0;
  const one_more = (): void => {
    const now = native.graph_task_id();
    if (now !== pass) {
      pass = now;
      missing = handles.filter((handle) => native.will_execute(handle)).length;
    }
    missing -= 1;
    if (missing === 0) run();
  };
  return tensors.map((tensor) => tensor.register_hook(one_more));
}

/** The names of the modules that run. */
export class ModuleTracker {
  /** Full names, as keys of a state dict begin, and `Global`. */
  parents = new Set(['Global']);
  private readonly names = new WeakMap<Module, string>();
  private readonly seen = new WeakSet<Module>();
  private handles: RemovableHandle[] = [];
  private backward_task = -1;

  /** @param before_change - called before `parents` changes */
  constructor(private readonly before_change: () => void) {}

  /** Ends the part of the modules in a backward pass when it is over. */
  leave_backward(task: number): void {
    if (this.backward_task === -1 || task === this.backward_task) return;
    this.backward_task = -1;
    this.parents = new Set(['Global']);
  }

  private name_of(module: Module): string {
    const name = this.names.get(module) ?? kind_of(module);
    this.names.set(module, name);
    if (this.seen.has(module)) return name;
    for (const [child_name, child] of module.named_children()) {
      this.names.set(child, `${name}.${child_name}`);
      this.name_of(child);
    }
    this.seen.add(module);
    return name;
  }

  private enter(name: string, backward: boolean): void {
    this.before_change();
    const task = native.graph_task_id();
    this.leave_backward(task);
    if (backward) this.backward_task = task;
    this.parents.add(name);
  }

  private leave(name: string): void {
    this.before_change();
    this.leave_backward(native.graph_task_id());
    this.parents.delete(name);
  }

  begin(): void {
    const pre = register_module_forward_pre_hook((module, args) => {
      const name = this.name_of(module);
      this.enter(name, false);
      this.handles.push(...on_all_gradients(tracked_tensors(args), () => this.leave(name)));
    });
    const post = register_module_forward_hook((module, _args, output) => {
      const name = this.name_of(module);
      this.leave(name);
      this.handles.push(...on_all_gradients(tracked_tensors(output), () => this.enter(name, true)));
    });
    this.handles.push(pre, post);
  }

  end(): void {
    for (const handle of this.handles) handle.remove();
    this.handles = [];
  }
}
