/** Sizes that vary: from their values in several runs to expressions of symbols. */
import { no_grad } from '../autograd/grad_mode.js';
import { arange } from '../generated/functions.js';
import type { Tensor } from '../_tensor.js';
import type { ProgramBuilder } from './program_builder.js';
import type { Argument, SymInt } from './schema.js';

/** A size of an input that varies. */
export interface SizeSymbol {
  readonly name: string;
  /** Its value in each run; the first is the example's. */
  readonly values: readonly number[];
  readonly min: number;
  readonly max: number | null;
  /** The input that has it, in the graph and among the recorded tensors, and its dimension. */
  readonly input: string;
  readonly number: number;
  readonly dim: number;
}

/** `floor((constant + sum of products) / divisor)` */
export interface SizeExpression {
  readonly constant: number;
  readonly terms: readonly (readonly [factor: number, symbols: readonly SizeSymbol[]])[];
  readonly divisor: number;
  readonly hint: number;
}

const most_divided = 64;
const product = (symbols: readonly SizeSymbol[], run: number): number =>
  symbols.reduce((found, { values }) => found * values[run]!, 1);

function value_in({ constant, terms, divisor }: SizeExpression, run: number): number {
  const sum = terms.reduce((found, [factor, symbols]) => found + factor * product(symbols, run), constant);
  return Math.floor(sum / divisor);
}

const int = (value: number): Argument => ({ type: 'as_int', value });
const named = (value: string): Argument => ({ type: 'as_sym_int', value: { type: 'as_name', value } });

/** A tensor of other sizes, with elements of the given one. */
export function resized(tensor: Tensor, sizes: readonly number[]): Tensor {
  return no_grad(() => {
    let found = tensor.detach();
    sizes.forEach((size, dim) => {
      const has = found.size(dim);
      if (size !== has) found = found.index_select(dim, arange(size, { device: found.device }).remainder(has));
    });
    return found.requires_grad_(tensor.requires_grad);
  });
}

/** The values of the symbols in each run: each one alone is changed twice, and then all. */
export function run_values(
  symbols: readonly { hint: number; min: number; max: number | null }[],
  callee: string,
): number[][] {
  const others = symbols.map(({ hint, min, max }) => {
    const found: number[] = [];
    for (let step = 1; found.length < 3 && step < 64; step++) {
      for (const value of [hint + step, hint - step]) {
        if (found.length < 3 && value >= Math.max(min, 2) && (max === null || value <= max)) found.push(value);
      }
    }
    if (found.length === 0)
      throw new Error(`${callee}(): a size that varies needs a range with more than one value above 1`);
    while (found.length < 3) found.push(found[0]!);
    return found;
  });
  const base = symbols.map(({ hint }) => hint);
  if (symbols.length === 0) return [base];
  return [
    base,
    ...symbols.flatMap((_, i) => [0, 1].map((which) => base.map((value, j) => (i === j ? others[j]![which]! : value)))),
    others.map((values) => values[2]!),
  ];
}

/** Finds which expression of the symbols a size is, from its values in the runs. */
export class Sizes {
  /** The nodes that compute sizes, in each graph. */
  private readonly graphs = new Map<ProgramBuilder, Map<string, string>>();

  constructor(
    private readonly symbols: readonly SizeSymbol[],
    private readonly callee: string,
  ) {}

  private products(): (readonly SizeSymbol[])[] {
    const { symbols } = this;
    const pairs = symbols.flatMap((a, i) => symbols.slice(i).map((b) => [a, b]));
    return [...symbols.map((symbol) => [symbol]), ...pairs, ...(symbols.length > 2 ? [symbols] : [])];
  }

  /** @throws Error when no expression gives these values */
  expression(values: readonly number[], where: string): number | SizeExpression {
    const [hint] = values as [number];
    if (values.every((value) => value === hint)) return hint;
    const found = this.sum(values) ?? this.one_product(values) ?? this.quotient(values);
    if (found !== undefined) return found;
    throw new Error(
      `${this.callee}(): ${where} is ${values.join(', ')} where ` +
        `${this.symbols.map(({ name, values: its }) => `${name} is ${its.join(', ')}`).join('; ')}: ` +
        'it is not known how it depends on them, so these sizes cannot vary',
    );
  }

  /** An expression of one product, where the runs may change all symbols together; undefined when none gives these values. */
  of_product(values: readonly number[]): SizeExpression | undefined {
    return this.one_product(values) ?? this.quotient(values);
  }

  private fits(found: SizeExpression, values: readonly number[]): boolean {
    return values.every((value, run) => value_in(found, run) === value);
  }

  /** A sum of multiples of symbols: the second and third run of each symbol change it alone. */
  private sum(values: readonly number[]): SizeExpression | undefined {
    const [hint] = values as [number];
    const terms = this.symbols.map((symbol, i): [number, SizeSymbol[]] => {
      const run = 1 + 2 * i;
      return [(values[run]! - hint) / (symbol.values[run]! - symbol.values[0]!), [symbol]];
    });
    if (!terms.every(([factor]) => Number.isInteger(factor))) return undefined;
    const constant = terms.reduce((rest, [factor, [symbol]]) => rest - factor * symbol!.values[0]!, hint);
    const found = { constant, terms: terms.filter(([factor]) => factor !== 0), divisor: 1, hint };
    return this.fits(found, values) ? found : undefined;
  }

  /** A multiple of a product, and a constant. */
  private one_product(values: readonly number[]): SizeExpression | undefined {
    const [hint] = values as [number];
    const last = values.length - 1;
    for (const symbols of this.products()) {
      const factor = (values[last]! - hint) / (product(symbols, last) - product(symbols, 0));
      if (!Number.isInteger(factor)) continue;
      const found = {
        constant: hint - factor * product(symbols, 0),
        terms: [[factor, symbols]] as const,
        divisor: 1,
        hint,
      };
      if (this.fits(found, values)) return found;
    }
    return undefined;
  }

  /** A symbol and a constant, divided: what strides and pooling make of sizes. */
  private quotient(values: readonly number[]): SizeExpression | undefined {
    const [hint] = values as [number];
    for (const symbol of this.symbols) {
      for (let divisor = 2; divisor <= most_divided; divisor++) {
        const start = hint * divisor - symbol.values[0]!;
        for (let constant = start; constant < start + divisor; constant++) {
          const found = { constant, terms: [[1, [symbol]]] as const, divisor, hint };
          if (this.fits(found, values)) return found;
        }
      }
    }
    return undefined;
  }

  /** A size as the description of a tensor has it. */
  meta(values: readonly number[], where: string): SymInt {
    const found = this.expression(values, where);
    return typeof found === 'number' ? { type: 'as_int', value: found } : this.written(found);
  }

  /** The product of sizes, as strides are. */
  product_meta(factors: readonly (readonly number[])[], where: string): SymInt {
    const found = factors.map((values) => this.expression(values, where));
    const number = found.reduce<number>((total, its) => (typeof its === 'number' ? total * its : total), 1);
    const varying = found.filter((its): its is SizeExpression => typeof its !== 'number');
    if (varying.length === 0 || number === 0) return { type: 'as_int', value: number };
    const texts = varying.map(expression_text);
    if (number !== 1) texts.unshift(`Integer(${number})`);
    const value = varying.reduce((total, its) => total * its.hint, number);
    return {
      type: 'as_expr',
      value: {
        expr_str: texts.length === 1 ? texts[0]! : `Mul(${texts.join(', ')})`,
        hint: { type: 'as_int', value },
      },
    };
  }

  private written(found: SizeExpression): SymInt {
    return {
      type: 'as_expr',
      value: { expr_str: expression_text(found), hint: { type: 'as_int', value: found.hint } },
    };
  }

  private nodes_of(builder: ProgramBuilder): Map<string, string> {
    const known = this.graphs.get(builder);
    if (known !== undefined) return known;
    const nodes = new Map<string, string>();
    this.graphs.set(builder, nodes);
    return nodes;
  }

  /** The name of the node that computes a size. */
  node(found: SizeExpression, builder: ProgramBuilder): string {
    const text = expression_text(found);
    const nodes = this.nodes_of(builder);
    const known = nodes.get(text);
    if (known !== undefined) return known;
    const hint = found.hint;
    const binary = (target: string, base: string, a: Argument, b: Argument, meta: SizeExpression): string =>
      builder.add_size(
        `_operator.${target}`,
        base,
        [
          { name: 'a', arg: a, kind: 1 },
          { name: 'b', arg: b, kind: 1 },
        ],
        this.written(meta),
      );
    let sum: { name: string; so_far: SizeExpression } | undefined;
    for (const [factor, symbols] of found.terms) {
      let term: { name: string; so_far: SizeExpression } | undefined;
      for (const symbol of symbols) {
        const name = this.symbol_node(symbol, builder);
        if (term === undefined) term = { name, so_far: of_symbols(1, [symbol]) };
        else {
          const so_far = of_symbols(1, [...term.so_far.terms[0]![1], symbol]);
          term = { name: binary('mul', 'mul', named(term.name), named(name), so_far), so_far };
        }
      }
      if (factor !== 1) {
        const so_far = of_symbols(factor, symbols);
        term = { name: binary('mul', 'mul', named(term!.name), int(factor), so_far), so_far };
      }
      if (sum === undefined) sum = term!;
      else {
        const terms = [...sum.so_far.terms, [factor, symbols] as const];
        const so_far = with_hint({ constant: 0, terms, divisor: 1, hint });
        sum = { name: binary('add', 'add', named(sum.name), named(term!.name), so_far), so_far };
      }
    }
    let { name } = sum!;
    if (found.constant !== 0) {
      name = binary('add', 'add', named(name), int(found.constant), with_hint({ ...found, divisor: 1 }));
    }
    if (found.divisor !== 1) name = binary('floordiv', 'floordiv', named(name), int(found.divisor), found);
    nodes.set(text, name);
    return name;
  }

  private symbol_node(symbol: SizeSymbol, builder: ProgramBuilder): string {
    const its = of_symbols(1, [symbol]);
    const text = expression_text(its);
    const nodes = this.nodes_of(builder);
    let name = nodes.get(text);
    if (name === undefined) {
      name = builder.add_size(
        'torch.ops.aten.sym_size.int',
        'sym_size_int',
        [
          { name: 'self', arg: { type: 'as_tensor', value: { name: builder.name_of_symbol(symbol) } }, kind: 1 },
          { name: 'dim', arg: int(symbol.dim), kind: 1 },
        ],
        this.written(its),
      );
      nodes.set(text, name);
    }
    return name;
  }
}

const with_hint = (found: SizeExpression): SizeExpression => ({ ...found, hint: value_in(found, 0) });
const of_symbols = (factor: number, symbols: readonly SizeSymbol[]): SizeExpression =>
  with_hint({ constant: 0, terms: [[factor, symbols]], divisor: 1, hint: 0 });

/** A symbol as SymPy's `srepr` writes it. */
const symbol_text = (name: string): string => `Symbol('${name}', positive=True, integer=True)`;

/** An expression as SymPy's `srepr` writes it. */
function expression_text({ constant, terms, divisor }: SizeExpression): string {
  const parts = terms.map(([factor, symbols]) => {
    const factors = symbols.map(({ name }) => symbol_text(name));
    if (factor !== 1) factors.unshift(`Integer(${factor})`);
    return factors.length === 1 ? factors[0]! : `Mul(${factors.join(', ')})`;
  });
  if (constant !== 0) parts.push(`Integer(${constant})`);
  const sum = parts.length === 1 ? parts[0]! : `Add(${parts.join(', ')})`;
  return divisor === 1 ? sum : `FloorDiv(${sum}, Integer(${divisor}))`;
}
