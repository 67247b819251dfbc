/** Names of nodes: each once in a graph, and none that Python has. */
import { taken_names } from '../export/graph.js';

const WELL_FORMED = /^([a-zA-Z_][0-9a-zA-Z_]*?)(?:_(\d+))?$/;

/** Gives names to objects, each its own. */
export class Namespace {
  private readonly of = new Map<unknown, string>();
  private readonly used = new Set<string>();
  private readonly counts = new Map<string, number>();

  /**
   * A name that nothing has.
   * @param candidate - what it should be like
   * @param object - what keeps the name, if anything
   * @param builtin - whether the object is the very one that Python calls so
   */
  create_name(candidate: string, object: unknown, builtin = false): string {
    const known = object === null ? undefined : this.of.get(object);
    if (known !== undefined) return known;
    if (!WELL_FORMED.test(candidate)) {
      candidate = candidate.replace(/[^0-9a-zA-Z_]+/g, '_');
      if (candidate === '') candidate = '_unnamed';
      if (/^\d/.test(candidate)) candidate = `_${candidate}`;
    }
    const [, base, digits] = WELL_FORMED.exec(candidate) as unknown as [string, string, string | undefined];
    let number = Number(digits ?? 0);
    if (digits === undefined || this.used.has(candidate)) {
      number = this.counts.get(base) ?? 0;
      if (taken_names.has(candidate) && !builtin) candidate = `${base}_${++number}`;
    }
    while (this.used.has(candidate)) candidate = `${base}_${++number}`;
    this.used.add(candidate);
    this.counts.set(base, number);
    if (object !== null) this.of.set(object, candidate);
    return candidate;
  }

  /** Lets an object have a name that was made without one. */
  associate(name: string, object: unknown): void {
    this.of.set(object, name);
  }
}

/** `nameOf` as `name_of`. */
export function snake_case(name: string): string {
  return name.replace(/(?<=[a-z])([A-Z])/g, '_$1').toLowerCase();
}
