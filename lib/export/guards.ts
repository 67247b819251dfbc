/**
 * The conditions under which a program was exported, on the sizes and numbers among its inputs. They are written as
 * expressions of Python's, and become nodes before those of the graph.
 */
import { Kind } from '../generated/shared_numbers.js';
import type { Tagged } from '../_C/native.js';
import type { GraphCompiler } from './compile.js';

/** An expression in Python. */
type Expression =
  | { readonly type: 'number'; readonly value: number | bigint; readonly float: boolean; readonly text: string }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'input'; readonly index: number; readonly text: string }
  | { readonly type: 'size'; readonly index: number; readonly dim: number; readonly text: string }
  | { readonly type: 'unary'; readonly operator: string; readonly operand: Expression }
  | { readonly type: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly type: 'compare'; readonly operators: readonly string[]; readonly operands: readonly Expression[] }
  | { readonly type: 'logic'; readonly operator: 'and' | 'or'; readonly operands: readonly Expression[] }
  | { readonly type: 'call'; readonly name: string; readonly args: readonly Expression[] };

/** How tightly operators bind, as in Python. */
const binding: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  not: 3,
  compare: 4,
  '|': 5,
  '&': 7,
  '<<': 8,
  '>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '//': 10,
  '%': 10,
  unary: 11,
  '**': 12,
};

const binary_targets: Readonly<Record<string, string>> = {
  '+': '_operator.add',
  '-': '_operator.sub',
  '*': '_operator.mul',
  '/': '_operator.truediv',
  '//': '_operator.floordiv',
  '%': '_operator.mod',
  '**': '_operator.pow',
  '<<': '_operator.lshift',
  '>>': '_operator.rshift',
  '&': '_operator.and_',
  '|': '_operator.or_',
};
const comparison_targets: Readonly<Record<string, string>> = {
  '==': '_operator.eq',
  '!=': '_operator.ne',
  '<': '_operator.lt',
  '<=': '_operator.le',
  '>': '_operator.gt',
  '>=': '_operator.ge',
};
const call_targets: Readonly<Record<string, string>> = {
  Eq: '_operator.eq',
  Ne: '_operator.ne',
  Lt: '_operator.lt',
  Le: '_operator.le',
  Gt: '_operator.gt',
  Ge: '_operator.ge',
  And: '_operator.and_',
  Or: '_operator.or_',
  Not: 'torch.sym_not',
  Mod: '_operator.mod',
  PythonMod: '_operator.mod',
  FloorDiv: '_operator.floordiv',
  TrueDiv: '_operator.truediv',
  IntTrueDiv: '_operator.truediv',
  FloatTrueDiv: '_operator.truediv',
  PowByNatural: '_operator.pow',
  FloatPow: '_operator.pow',
  Max: 'torch.sym_max',
  Min: 'torch.sym_min',
  max: 'torch.sym_max',
  min: 'torch.sym_min',
  ToFloat: 'torch.sym_float',
  TruncToInt: 'math.trunc',
  FloorToInt: 'math.floor',
  CeilToInt: 'math.ceil',
  floor: 'math.floor',
  ceiling: 'math.ceil',
  'math.floor': 'math.floor',
  'math.ceil': 'math.ceil',
  'math.trunc': 'math.trunc',
  Identity: '_operator.pos',
};

const tokens =
  /\s*(?:(\d+\.\d*(?:[eE][+-]?\d+)?|\d+(?:[eE][+-]?\d+)?)|([A-Za-z_][\w.]*)|(\*\*|\/\/|<<|>>|[<>=!]=|[-+*/%<>()|&,]))/y;
const deepest = 200;

/** A leaf of the inputs, as expressions name it. */
export interface GuardInput {
  /** As in `L['x'][0]`, without the `L`. */
  readonly key: string;
  /** As error texts name it: `x[0]`. */
  readonly shown: string;
}

class Parser {
  private at = 0;
  private token = '';
  private kind: 'number' | 'name' | 'sign' | 'end' = 'end';
  private depth = 0;

  constructor(
    private readonly text: string,
    private readonly inputs: readonly GuardInput[],
  ) {
    this.next();
  }

  parse(): Expression {
    const found = this.either();
    if (this.kind !== 'end') throw this.error();
    return found;
  }

  private error(): Error {
    return new Error(`a condition of the program is not understood: ${this.text}`);
  }

  private next(): void {
    if (/^\s*$/.test(this.text.slice(this.at))) {
      this.kind = 'end';
      this.token = '';
      return;
    }
    tokens.lastIndex = this.at;
    const match = tokens.exec(this.text);
    if (match === null) throw this.error();
    this.at = tokens.lastIndex;
    const [, number, name, sign] = match;
    this.kind = number !== undefined ? 'number' : name !== undefined ? 'name' : 'sign';
    this.token = number ?? name ?? sign!;
  }

  private take(token: string): boolean {
    if (this.kind === 'end' || this.token !== token) return false;
    this.next();
    return true;
  }

  private joined(operator: 'and' | 'or', part: () => Expression): Expression {
    const operands = [part()];
    while (this.kind === 'name' && this.take(operator)) operands.push(part());
    return operands.length === 1 ? operands[0]! : { type: 'logic', operator, operands };
  }

  private either(): Expression {
    if (++this.depth > deepest) throw this.error();
    const found = this.joined('or', () => this.joined('and', () => this.negation()));
    this.depth--;
    return found;
  }

  private negation(): Expression {
    if (this.kind === 'name' && this.take('not')) {
      if (++this.depth > deepest) throw this.error();
      const operand = this.negation();
      this.depth--;
      return { type: 'unary', operator: 'not', operand };
    }
    return this.comparison();
  }

  private comparison(): Expression {
    const operands = [this.binary(5)];
    const operators: string[] = [];
    while (this.kind === 'sign' && Object.hasOwn(comparison_targets, this.token)) {
      operators.push(this.token);
      this.next();
      operands.push(this.binary(5));
    }
    return operators.length === 0 ? operands[0]! : { type: 'compare', operators, operands };
  }

  private binary(weakest: number): Expression {
    let left = this.unary();
    for (;;) {
      const operator = this.token;
      if (this.kind !== 'sign' || !Object.hasOwn(binary_targets, operator)) return left;
      const strength = binding[operator]!;
      if (strength < weakest) return left;
      this.next();
      // Powers bind to the right, with a sign in the exponent.
      const right = operator === '**' ? this.binary(strength) : this.binary(strength + 1);
      left = { type: 'binary', operator, left, right };
    }
  }

  private unary(): Expression {
    if (this.kind !== 'sign' || (this.token !== '-' && this.token !== '+')) return this.primary();
    if (++this.depth > deepest) throw this.error();
    const operator = this.token;
    this.next();
    const operand = this.binary(binding['**']!);
    this.depth--;
    return { type: 'unary', operator, operand };
  }

  private primary(): Expression {
    if (this.kind === 'number') return this.number();
    if (this.take('(')) {
      const inner = this.either();
      if (!this.take(')')) throw this.error();
      return inner;
    }
    if (this.kind !== 'name') throw this.error();
    const name = this.token;
    if (name === 'L') return this.input();
    this.next();
    if (name === 'True' || name === 'False') return { type: 'bool', value: name === 'True' };
    if (name === 'math.inf' || name === 'inf') return { type: 'number', value: Infinity, float: true, text: name };
    if (!Object.hasOwn(call_targets, name) || !this.take('(')) throw this.error();
    const args: Expression[] = [];
    while (!this.take(')')) {
      if (args.length > 0 && !this.take(',')) throw this.error();
      args.push(this.either());
    }
    return { type: 'call', name, args };
  }

  private number(): Expression {
    const text = this.token;
    this.next();
    const float = /[.eE]/.test(text);
    const value = float || Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text);
    return { type: 'number', value, float, text };
  }

  /** `L['x'][0].size()[1]`: the longest known path. */
  private input(): Expression {
    const rest = this.text.slice(this.at);
    let index = -1;
    this.inputs.forEach(({ key }, i) => {
      if (rest.startsWith(key) && (index < 0 || key.length > this.inputs[index]!.key.length)) index = i;
    });
    if (index < 0) throw this.error();
    const { key, shown } = this.inputs[index]!;
    const size = /^\.size\(\)\[(\d+)\]/.exec(rest.slice(key.length));
    this.at += key.length + (size?.[0].length ?? 0);
    this.next();
    if (size === null) return { type: 'input', index, text: shown };
    const dim = Number(size[1]);
    return { type: 'size', index, dim, text: `${shown}.size()[${dim}]` };
  }
}

/** An expression as Python's `ast.unparse` writes it. */
function written(expression: Expression, outside = 0): string {
  const within = (strength: number, text: string): string => (strength < outside ? `(${text})` : text);
  switch (expression.type) {
    case 'number':
    case 'input':
    case 'size':
      return expression.text;
    case 'bool':
      return expression.value ? 'True' : 'False';
    case 'unary': {
      const { operator, operand } = expression;
      if (operator === 'not') return within(binding.not!, `not ${written(operand, binding.not)}`);
      return within(binding.unary!, `${operator}${written(operand, binding.unary)}`);
    }
    case 'binary': {
      const { operator, left, right } = expression;
      const strength = binding[operator]!;
      const [before, after] = operator === '**' ? [strength + 1, strength] : [strength, strength + 1];
      return within(strength, `${written(left, before)} ${operator} ${written(right, after)}`);
    }
    case 'compare': {
      const texts = expression.operands.map((operand) => written(operand, binding.compare! + 1));
      return within(
        binding.compare!,
        texts.map((text, i) => (i === 0 ? text : `${expression.operators[i - 1]} ${text}`)).join(' '),
      );
    }
    case 'logic': {
      const strength = binding[expression.operator]!;
      const texts = expression.operands.map((operand) => written(operand, strength + 1));
      return within(strength, texts.join(` ${expression.operator} `));
    }
    case 'call':
      return `${expression.name}(${expression.args.map((arg) => written(arg)).join(', ')})`;
  }
}

/** Adds conditions to a graph that is compiled. */
export class GuardCompiler {
  /** @param slots the input of the graph that each leaf of the inputs is */
  constructor(
    private readonly compiler: GraphCompiler,
    private readonly inputs: readonly GuardInput[],
    private readonly slots: readonly Tagged[],
  ) {}

  /** A condition as it is in a program: `L['x'].size()[0] <= 64`. */
  add(code: string): void {
    const expression = new Parser(code.replaceAll('\n', ''), this.inputs).parse();
    const text = `Guard failed: ${written(expression)}`;
    this.compiler.add({ target: 'assert', arguments: [['', this.value(expression)]], results: [], text });
  }

  private node(target: string, args: readonly Tagged[], text?: string): Tagged {
    const slot = this.compiler.new_slot();
    this.compiler.add({
      target,
      arguments: args.map((arg) => ['', arg] as const),
      results: [slot],
      ...(text === undefined ? {} : { text }),
    });
    return [Kind.slot, slot, false];
  }

  private folded(target: string, values: readonly Tagged[]): Tagged {
    return values.slice(1).reduce((left, right) => this.node(target, [left, right]), values[0]!);
  }

  private value(expression: Expression): Tagged {
    switch (expression.type) {
      case 'number': {
        const { value, float } = expression;
        return [float ? Kind.float : typeof value === 'bigint' ? Kind.bigint : Kind.int, value];
      }
      case 'bool':
        return [Kind.bool, expression.value];
      case 'input':
        return this.slot(expression.index);
      case 'size':
        return this.node(
          'size',
          [this.slot(expression.index), [Kind.int, expression.dim]],
          `Expected input ${this.inputs[expression.index]!.shown} to be a tensor`,
        );
      case 'unary': {
        const operand = this.value(expression.operand);
        if (expression.operator === 'not') return this.node('torch.sym_not', [operand]);
        return this.node(expression.operator === '-' ? '_operator.neg' : '_operator.pos', [operand]);
      }
      case 'binary':
        return this.node(binary_targets[expression.operator]!, [
          this.value(expression.left),
          this.value(expression.right),
        ]);
      case 'compare': {
        const values = expression.operands.map((operand) => this.value(operand));
        const pairs = expression.operators.map((operator, i) =>
          this.node(comparison_targets[operator]!, [again(values[i]!), again(values[i + 1]!)]),
        );
        return this.folded('_operator.and_', pairs);
      }
      case 'logic': {
        const values = expression.operands.map((operand) => this.value(operand));
        return this.folded(expression.operator === 'and' ? '_operator.and_' : '_operator.or_', values);
      }
      case 'call': {
        const args = expression.args.map((arg) => this.value(arg));
        const target = call_targets[expression.name]!;
        const wanted = /sym_not|sym_float|trunc|floor$|ceil|pos/.test(target) ? 1 : 2;
        if (wanted === 1 || target === '_operator.floordiv' || args.length === 2) return this.node(target, args);
        return this.folded(target, args);
      }
    }
  }

  private slot(index: number): Tagged {
    return again(this.slots[index]!);
  }
}

/** The same value for another node: which use is the last is said of each by itself. */
function again(value: Tagged): Tagged {
  return [...value] as Tagged;
}
