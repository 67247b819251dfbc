/** The expressions of sizes that vary, as sympy writes them: `Mul(Integer(2), Symbol('s0', positive=True))`. */

interface Call {
  readonly name: string;
  readonly args: readonly Term[];
}
type Term = Call | string;

const tokens = /\s*(?:([A-Za-z_]\w*)|('(?:[^'\\]|\\.)*')|(-?\d[\w.+-]*)|([(),=]))/y;
const deepest = 100;

/** @throws Error for what is no such expression */
function parse(text: string): Term {
  let at = 0;
  let depth = 0;
  const error = (): Error => new Error(`a size of the program is not understood: ${text}`);
  const next = (): string => {
    tokens.lastIndex = at;
    const match = tokens.exec(text);
    if (match === null) throw error();
    at = tokens.lastIndex;
    return match[1] ?? match[2] ?? match[3] ?? match[4]!;
  };
  const term = (): Term => {
    if (++depth > deepest) throw error();
    const name = next();
    depth--;
    if ('(),='.includes(name)) throw error();
    if (text[at] !== '(') return name;
    at++;
    const args: Term[] = [];
    depth++;
    while (text[at] !== ')') {
      const before = args.length > 0 ? next() : ',';
      if (before !== ',') throw error();
      while (text[at] === ' ') at++;
      const keyword = /^\w+=/.exec(text.slice(at, at + 64));
      if (keyword === null) args.push(term());
      else {
        // An assumption, such as positive=True.
        at += keyword[0].length;
        next();
      }
    }
    depth--;
    at++;
    return { name, args };
  };
  const found = term();
  if (at !== text.length) throw error();
  return found;
}

/** The name of the symbol that an expression is; undefined for other expressions. */
export function symbol_name(text: string): string | undefined {
  const match = /^Symbol\('(\w+)'(?:, \w+=\w+)*\)$/.exec(text);
  return match?.[1] ?? (/^[a-z]+\d+$/.test(text) ? text : undefined);
}

const binds = { quotient: 0.5, sum: 1, product: 2, power: 3, atom: 4 };
const relations: Readonly<Record<string, string>> = {
  StrictGreaterThan: '>',
  StrictLessThan: '<',
  GreaterThan: '>=',
  LessThan: '<=',
};

function numeric(term: Term): number | undefined {
  if (typeof term === 'string') return undefined;
  if (term.name === 'Integer' || term.name === 'Float') return Number(String(term.args[0]).replaceAll("'", ''));
  return undefined;
}

/** The powers of what a term is a product of: of symbols (which go first), and of functions by their texts. */
function powers(term: Term, found = new Map<string, number>(), power = 1): Map<string, number> {
  if (typeof term === 'string' || numeric(term) !== undefined || term.name === 'Rational') return found;
  if (term.name === 'Mul') for (const arg of term.args) powers(arg, found, power);
  else if (term.name === 'Pow') powers(term.args[0]!, found, power * (numeric(term.args[1]!) ?? 1));
  else {
    const key = `${term.name === 'Symbol' ? 0 : 1}${printed(term, 0)}`;
    found.set(key, (found.get(key) ?? 0) + power);
  }
  return found;
}

/** The terms of a sum in sympy's order: higher powers of the first symbol go first, numbers last. */
function ordered(terms: readonly Term[]): Term[] {
  const all = terms.map((term) => ({ term, of: powers(term) }));
  const factors = [...new Set(all.flatMap(({ of }) => [...of.keys()]))].sort();
  return all
    .sort((a, b) => {
      for (const factor of factors) {
        const difference = (b.of.get(factor) ?? 0) - (a.of.get(factor) ?? 0);
        if (difference !== 0) return difference;
      }
      return 0;
    })
    .map(({ term }) => term);
}

function printed(term: Term, outside: number): string {
  const within = (strength: number, text: string): string => (strength < outside ? `(${text})` : text);
  if (typeof term === 'string') return term.replace(/^'(.*)'$/, '$1');
  const { name, args } = term;
  switch (name) {
    case 'Symbol':
    case 'Integer':
    case 'Float': {
      const text = printed(args[0]!, 0);
      return text.startsWith('-') ? within(binds.sum, text) : text;
    }
    case 'Rational':
      return within(binds.product, args.map((arg) => printed(arg, 0)).join('/'));
    case 'Mul': {
      const [first, ...others] = [...args].sort(
        (a, b) => Number(numeric(b) !== undefined) - Number(numeric(a) !== undefined),
      );
      if (numeric(first!) === -1)
        return within(binds.product, `-${others.map((arg) => printed(arg, binds.product)).join('*')}`);
      const texts = [first!, ...others].map((arg) =>
        numeric(arg) === undefined ? printed(arg, binds.product) : printed(arg, 0),
      );
      return within(binds.product, texts.join('*'));
    }
    case 'Pow':
      return within(binds.power, `${printed(args[0]!, binds.atom)}**${printed(args[1]!, binds.atom)}`);
    case 'Add': {
      const texts = ordered(args).map((arg) => printed(arg, binds.sum));
      const text = texts.reduce((sum, part) =>
        part.startsWith('-') ? `${sum} - ${part.slice(1)}` : `${sum} + ${part}`,
      );
      return within(binds.sum, text);
    }
    case 'FloorDiv':
    case 'CleanDiv':
      return within(binds.quotient, `(${args.map((arg) => printed(arg, binds.atom)).join('//')})`);
    case 'Equality':
      return `Eq(${args.map((arg) => printed(arg, 0)).join(', ')})`;
    case 'Unequality':
      return `Ne(${args.map((arg) => printed(arg, 0)).join(', ')})`;
    default: {
      const relation = Object.hasOwn(relations, name) ? relations[name] : undefined;
      if (relation !== undefined) return args.map((arg) => printed(arg, binds.sum)).join(` ${relation} `);
      return `${name}(${args.map((arg) => printed(arg, 0)).join(', ')})`;
    }
  }
}

const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Mul: (a, b) => a * b,
  Pow: (a, b) => a ** b,
  FloorDiv: (a, b) => Math.floor(a / b),
  CleanDiv: (a, b) => a / b,
  Mod: (a, b) => a - b * Math.floor(a / b),
  PythonMod: (a, b) => a - b * Math.floor(a / b),
  Max: Math.max,
  Min: Math.min,
};

/** The value of an expression. @throws Error for a symbol without a value, and for other functions than those of sizes */
export function expression_value(text: string, values: ReadonlyMap<string, number>): number {
  const value = (term: Term): number => {
    const number = numeric(term);
    if (number !== undefined) return number;
    const { name, args } = typeof term === 'string' ? { name: 'Symbol', args: [term] } : term;
    if (name === 'Symbol') {
      const found = values.get(printed(args[0]!, 0));
      if (found !== undefined) return found;
    }
    const operate = Object.hasOwn(arithmetic, name) ? arithmetic[name] : undefined;
    if (operate === undefined) throw new Error(`the value of the size ${printed_expression(text)} is not known`);
    return args.map(value).reduce(operate);
  };
  return value(parse(text));
}

/** The names of the symbols in an expression. */
export function symbols_in(text: string): string[] {
  const found = [...text.matchAll(/Symbol\('(\w+)'/g)].map((match) => match[1]!);
  const alone = symbol_name(text);
  return [...new Set(alone === undefined ? found : [alone])];
}

/** An expression as Python prints it: `2*s0`. What is not understood is printed as it is. */
export function printed_expression(text: string): string {
  try {
    return printed(parse(text), 0);
  } catch {
    return text;
  }
}
