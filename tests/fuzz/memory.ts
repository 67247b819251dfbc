/**
 * Random interleavings of operations that affect how long memory lives: `npm run fuzz:memory -- [--seed N] [--steps N]`.
 *
 * Beside each storage stands a copy of what must be in it. After every step a view is compared with the copy, and all live
 * views and tensors after every fiftieth: memory that was freed too early, or given to somebody else, shows as a difference.
 */
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';

import * as torch from 'torch-node';
import type { RemovableHandle, Tensor } from 'torch-node';

import { Dice } from './calls.js';

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    steps: { type: 'string', default: '100000' },
    help: { type: 'boolean' },
  },
});

/** What must be in a storage. */
interface Copy {
  values: number[];
  /** Whether numpy() has shown it, so that it cannot be resized. */
  shown: boolean;
  /** Whether its memory is that of a JavaScript array. */
  of_array: boolean;
}

/** A tensor of one dimension, or what a typed array shows. */
interface Window {
  copy: Copy;
  offset: number;
  length: number;
}
interface LiveTensor extends Window {
  tensor: Tensor;
}
interface LiveView extends Window {
  data: Float32Array;
}

const most = 60;

class Interleaving {
  private tensors: LiveTensor[] = [];
  private views: LiveView[] = [];
  private readonly leaf = torch.ones([3], { requires_grad: true });
  private hooks: { handle: RemovableHandle; factor: number }[] = [];
  private next_value = 1;
  steps = 0;

  constructor(private readonly dice: Dice) {}

  private value(): number {
    return (this.next_value = (this.next_value + 1) % 9973);
  }

  private length(): number {
    // From a few bytes, which share pages, to what is mapped alone.
    return this.dice.pick([1, 3, 16, 300, 1500, 5000, 40_000]);
  }

  private add_tensor(tensor: Tensor, copy: Copy, offset: number, length: number): void {
    this.tensors.push({ tensor, copy, offset, length });
    if (this.tensors.length > most) this.tensors.splice(this.dice.below(most), 1);
  }

  private add_view(data: Float32Array, window: Window): void {
    this.views.push({ data, copy: window.copy, offset: window.offset, length: window.length });
    if (this.views.length > most) this.views.splice(this.dice.below(most), 1);
  }

  private made(): LiveTensor {
    const length = this.length();
    const value = this.value();
    const copy: Copy = { values: Array<number>(length).fill(value), shown: false, of_array: false };
    switch (this.dice.below(3)) {
      case 0: {
        const array = new Float32Array(length).fill(value);
        copy.of_array = true;
        const live = { tensor: torch.from_numpy(array), copy, offset: 0, length };
        if (this.dice.below(2) === 0) this.add_view(array, live);
        return live;
      }
      case 1:
        return { tensor: torch.tensor(copy.values, { dtype: torch.float32 }), copy, offset: 0, length };
      default:
        return { tensor: torch.full([length], value, { dtype: torch.float32 }), copy, offset: 0, length };
    }
  }

  private show(live: LiveTensor): void {
    live.copy.shown = true;
    this.add_view(live.tensor.numpy().data as Float32Array, live);
  }

  private readonly actions: Record<string, () => void | Promise<void>> = {
    make: () => {
      const { tensor, copy, offset, length } = this.made();
      this.add_tensor(tensor, copy, offset, length);
    },
    slice: () =>
      this.with_tensor((live) => {
        const start = this.dice.below(live.length);
        const length = 1 + this.dice.below(live.length - start);
        this.add_tensor(live.tensor.narrow(0, start, length), live.copy, live.offset + start, length);
      }),
    show: () =>
      this.with_tensor((live) => {
        this.show(live);
      }),
    fill: () =>
      this.with_tensor((live) => {
        const value = this.value();
        live.tensor.fill_(value);
        live.copy.values.fill(value, live.offset, live.offset + live.length);
      }),
    write: () => {
      if (this.views.length === 0) return;
      const view = this.dice.pick(this.views);
      const place = this.dice.below(view.length);
      view.data[place] = view.copy.values[view.offset + place] = this.value();
    },
    dispose: () =>
      this.with_tensor((live) => {
        live.tensor.dispose();
        this.forget(live);
      }),
    forget: () =>
      this.with_tensor((live) => {
        this.forget(live);
      }),
    forget_view: () => {
      this.views.splice(this.dice.below(this.views.length + 1), 1);
    },
    scope: () => {
      torch.scope(() => {
        const live = this.made();
        this.show(live);
        return null;
      });
    },
    // A tensor that is a view for autograd, or whose storage others resize, is left alone by these.
    set: () =>
      this.with_tensor((live) => {
        const other = this.made();
        live.tensor.set_(other.tensor);
        Object.assign(live, { copy: other.copy, offset: 0, length: other.length });
      }),
    data: () =>
      this.with_tensor((live) => {
        const other = this.made();
        live.tensor.data = other.tensor;
        Object.assign(live, { copy: other.copy, offset: 0, length: other.length });
      }),
    resize: () =>
      this.with_tensor((live) => {
        const length = this.length();
        const { copy, offset, tensor } = live;
        const grows = offset + length > copy.values.length;
        if (grows && (copy.shown || copy.of_array)) {
          try {
            tensor.resize_(length);
          } catch (error) {
            if (!/not resizable/.test((error as Error).message)) throw error;
            return;
          }
          throw new Error('a storage that is shown was resized');
        }
        tensor.resize_(length);
        live.length = length;
        if (!grows) return;
        const value = this.value();
        tensor.fill_(value);
        copy.values.length = offset + length;
        copy.values.fill(value, offset);
      }),
    hand_over: () =>
      this.with_tensor((live) => {
        if (live.copy.of_array) {
          this.share(live);
          return;
        }
        const taken = torch.take_over<Tensor>(structuredClone(torch.hand_over(live.tensor)));
        this.add_tensor(taken, live.copy, live.offset, live.length);
      }),
    release: () =>
      this.with_tensor((live) => {
        if (live.copy.of_array) return;
        const message = torch.hand_over([live.tensor, live.tensor]);
        live.tensor.dispose();
        this.forget(live);
        message.release();
      }),
    hook: () => {
      const factor = 1 + this.dice.below(3);
      this.hooks.push({ handle: this.leaf.register_hook((grad) => grad.mul(factor)), factor });
      if (this.hooks.length > 8) this.unhook();
    },
    unhook: () => {
      this.unhook();
    },
    backward: () => {
      this.leaf.grad = null;
      this.leaf.mul(this.leaf).sum().backward();
      const wanted = this.hooks.reduce((product, { factor }) => product * factor, 2);
      this.expect_equal(this.leaf.grad!.tolist() as number[], [wanted, wanted, wanted], 'a gradient through hooks');
    },
    custom_function: () =>
      this.with_tensor((live) => {
        const factor = this.value();
        class Scale extends torch.autograd.Function {
          static forward(ctx: torch.autograd.FunctionCtx, x: Tensor): Tensor {
            ctx.save_for_backward(x);
            return x.mul(factor);
          }
          static backward(ctx: torch.autograd.FunctionCtx, grad: Tensor): Tensor {
            return grad.mul(factor).add(ctx.saved_tensors[0]!.mul(0));
          }
        }
        const x = live.tensor.detach().clone().requires_grad_();
        const y = Scale.apply(x) as Tensor;
        if (this.dice.below(3) === 0) return;
        y.sum().backward();
        this.expect_equal(
          [x.grad!.index(0).item(), x.grad!.index(-1).item()],
          [factor, factor],
          'a gradient of a function',
        );
      }),
    noise: () => {
      for (let i = 0; i < 20; i++) torch.full([this.length()], -1);
    },
    collect: () => {
      (globalThis as unknown as { gc(): void }).gc();
    },
    turn: () =>
      new Promise<void>((resolve) => {
        setImmediate(resolve);
      }),
    worker: async () => {
      if (this.dice.below(60) > 0) return;
      const live = this.tensors.find(({ copy }) => !copy.of_array);
      if (live === undefined) return;
      const value = this.value();
      const worker = new Worker(
        `const torch = require('torch-node');
        const { parentPort, workerData: { message, value } } = require('node:worker_threads');
        const x = torch.take_over(message);
        globalThis.kept = [x.numpy().data, torch.from_numpy(new Float32Array(9))];
        x.fill_(value);
        parentPort.postMessage(torch.hand_over(torch.full([77], value, { dtype: torch.float32 })));
        ${this.dice.below(2) === 0 ? '' : 'parentPort.on("message", () => undefined);'}`,
        { eval: true, workerData: { message: torch.hand_over(live.tensor), value } },
      );
      const [message] = (await once(worker, 'message')) as [unknown];
      await worker.terminate();
      live.copy.shown = true;
      live.copy.values.fill(value, live.offset, live.offset + live.length);
      const made = torch.take_over<Tensor>(message);
      this.add_tensor(made, { values: Array<number>(77).fill(value), shown: false, of_array: false }, 0, 77);
    },
  };

  private with_tensor(act: (live: LiveTensor) => void): void {
    if (this.tensors.length > 0) act(this.dice.pick(this.tensors));
  }

  private forget(live: LiveTensor): void {
    this.tensors.splice(this.tensors.indexOf(live), 1);
  }

  private unhook(): void {
    const [gone] = this.hooks.splice(this.dice.below(this.hooks.length), 1);
    gone?.handle.remove();
  }

  /** Moves the storage out of its array: tensors follow, the array and what looks at it keep their own memory from now on. */
  private share(live: LiveTensor): void {
    const { copy } = live;
    live.tensor.share_memory_();
    const apart: Copy = { ...copy, values: [...copy.values] };
    for (const view of this.views) if (view.copy === copy) view.copy = apart;
    copy.of_array = false;
    copy.shown = true;
  }

  private expect_equal(found: ArrayLike<number>, wanted: readonly number[], what: string): void {
    for (let i = 0; i < wanted.length; i++) {
      if (found[i] !== wanted[i])
        throw new Error(`step ${this.steps}: ${what} has ${found[i]} at ${i}, not ${wanted[i]}`);
    }
  }

  private check_view(view: LiveView): void {
    if (view.data.length !== view.length)
      throw new Error(`step ${this.steps}: a view has ${view.data.length} elements, not ${view.length}`);
    for (let i = 0; i < view.length; i++) {
      if (view.data[i] !== view.copy.values[view.offset + i]) {
        throw new Error(
          `step ${this.steps}: a view has ${view.data[i]} at ${i}, not ${view.copy.values[view.offset + i]}`,
        );
      }
    }
  }

  check_all(): void {
    for (const view of this.views) this.check_view(view);
    for (const { tensor, copy, offset, length } of this.tensors) {
      this.expect_equal(tensor.tolist() as number[], copy.values.slice(offset, offset + length), 'a tensor');
    }
  }

  async step(): Promise<void> {
    this.steps++;
    const name = this.dice.pick(Object.keys(this.actions));
    try {
      await this.actions[name]!();
    } catch (error) {
      throw new Error(`step ${this.steps}, ${name}: ${(error as Error).message}`, { cause: error });
    }
    if (this.views.length > 0) this.check_view(this.dice.pick(this.views));
    if (this.steps % 50 === 0) this.check_all();
  }
}

async function main(): Promise<void> {
  if (options.help) {
    console.log('usage: npm run fuzz:memory -- [--seed N] [--steps N]');
    return;
  }
  const seed = Number(options.seed);
  const steps = Number(options.steps);
  if (!Number.isSafeInteger(seed) || !(steps > 0)) throw new Error('--seed must be an integer and --steps positive');
  const interleaving = new Interleaving(new Dice(seed));
  while (interleaving.steps < steps) await interleaving.step();
  interleaving.check_all();
  const { live_tensors, process_bytes } = torch.memory_stats();
  console.log(
    `fuzz:memory --seed ${seed}: ${steps} steps, ${live_tensors} live tensors, ${Math.round(process_bytes / 2 ** 20)} MB`,
  );
  if (process_bytes > 2 ** 28) throw new Error('memory does not come back');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main().catch((error: unknown) => {
    console.error(`fuzz:memory --seed ${options.seed}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  });
}
