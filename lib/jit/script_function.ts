/** Functions of TorchScript, which `torch.jit.trace` makes of functions. */
import { native } from '../_C/native.js';
import type { Tail } from '../_internal/arguments.js';
import type { NodeBuffer } from '../_internal/node_types.js';
import type { ExtraFiles, ScriptModule } from './script_module.js';

/** A function of TorchScript is called like one of JavaScript. */
export interface ScriptFunction<A extends unknown[] = unknown[], R = unknown> {
  (...args: A): R;
}

/**
 * A function of TorchScript; `torch.jit.trace` makes one of a function. Saved, it is a module whose `forward` it is.
 * Mirrors `torch.jit.ScriptFunction`.
 * @example
 * ```ts
 * const f = torch.jit.trace((x: torch.Tensor) => x.mul(2).add(1), torch.ones(2));
 * print(f(torch.zeros(3)), f instanceof torch.jit.ScriptFunction); // tensor([1., 1., 1.]) True
 * ```
 */
export class ScriptFunction<A extends unknown[] = unknown[], R = unknown> {
  /** Its name. */
  declare readonly name: string;
  /** @internal */
  declare readonly _module: ScriptModule;

  /** @internal use `torch.jit.trace` */
  constructor(name: string, module: ScriptModule) {
    const call = (...args: unknown[]): unknown => module.run_method('forward', ...args);
    delete (call as { length?: unknown }).length;
    Object.setPrototypeOf(call, new.target.prototype as object);
    Object.defineProperty(call, 'name', { value: name, configurable: true });
    Object.defineProperty(call, '_module', { value: module });
    return call as unknown as ScriptFunction<A, R>;
  }

  /**
   * The function as TorchScript writes it.
   * @example
   * ```ts
   * const f = torch.jit.trace((x: torch.Tensor) => x.relu(), torch.ones(2));
   * print(f.code.includes('torch.relu(x)')); // True
   * ```
   */
  get code(): string {
    return native.jit_text(this._module._native, this.name, 'code');
  }

  /**
   * Its operators, as text.
   * @example
   * ```ts
   * const f = torch.jit.trace((x: torch.Tensor) => x.relu(), torch.ones(2));
   * print(f.graph.includes('aten::relu(%x)')); // True
   * ```
   */
  get graph(): string {
    return native.jit_text(this._module._native, this.name, 'graph');
  }

  /**
   * As {@link ScriptFunction.graph}, with the graphs of called functions instead of the calls.
   * @example
   * ```ts
   * const f = torch.jit.trace((x: torch.Tensor) => x.relu(), torch.ones(2));
   * print(f.inlined_graph.includes('aten::relu(%x)')); // True
   * ```
   */
  get inlined_graph(): string {
    return native.jit_text(this._module._native, this.name, 'inlined_graph');
  }

  /**
   * Its name, arguments and results.
   * @example
   * ```ts
   * const f = torch.jit.trace((x: torch.Tensor) => x.relu(), torch.ones(2));
   * print(f.schema.includes('(Tensor x) -> Tensor')); // True
   * ```
   */
  get schema(): string {
    return native.jit_text(this._module._native, this.name, 'schema');
  }

  /**
   * Writes an archive that `torch.jit.load` reads, here and in Python: a module whose `forward` this is.
   * @throws Error when the file cannot be written
   * @example
   * ```ts
   * import { rmSync } from 'node:fs';
   * torch.jit.trace((x: torch.Tensor) => x.mul(2), torch.ones(2)).save('double.pt');
   * print(torch.jit.load('double.pt')(torch.ones(1))); // tensor([2.])
   * rmSync('double.pt');
   * ```
   */
  save(f: string, ...options: Tail<[_extra_files: ExtraFiles], { _extra_files?: ExtraFiles }>): void {
    this._module.save(f, ...options);
  }

  /**
   * The bytes of an archive.
   * @example
   * ```ts
   * const bytes = torch.jit.trace((x: torch.Tensor) => x.mul(2), torch.ones(2)).save_to_buffer();
   * print(torch.jit.load(bytes)(torch.ones(1))); // tensor([2.])
   * ```
   */
  save_to_buffer(...options: Tail<[_extra_files: ExtraFiles], { _extra_files?: ExtraFiles }>): NodeBuffer {
    return this._module.save_to_buffer(...options);
  }

  toString(): string {
    return `<torch.jit.ScriptFunction object ${this.name}>`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
