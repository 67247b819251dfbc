/** Python's source to the tree of `ast.ts`. The grammar is that of the npm package `@lezer/python`, an optional peer. */
import { optional_package } from '../_internal/optional_package.js';
import {
  type Argument,
  type Clause,
  type Comment,
  type Expr,
  type FormatField,
  type Handler,
  type Parameter,
  type Program,
  PythonSyntaxError,
  type Stmt,
} from './ast.js';

/** What is used of a node of the library. */
interface Node {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly firstChild: Node | null;
  readonly nextSibling: Node | null;
}
interface Cursor {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  next(): boolean;
}
interface Tree {
  readonly topNode: Node;
  cursor(): Cursor;
}
interface Library {
  readonly parser: { startParse(source: string): { advance(): Tree | null; bigReductionCount?: number } };
}

/**
 * The tree of a source. The library ends what it is in after 300 reductions of long texts, so that no tree gets deep to the left; a module of
 * 300 lines, comments and blank ones counted, would have an error in its middle.
 */
function tree_of(source: string): Tree {
  const parse = optional_package<Library>('@lezer/python', 'torch-node port').parser.startParse(source);
  for (;;) {
    const done = parse.advance();
    if (done) return done;
    if (parse.bigReductionCount !== undefined) parse.bigReductionCount = 0;
  }
}

/** As in CPython: more brackets within each other, or blocks, are an error there too. */
const MAX_BRACKETS = 200;
const MAX_BLOCKS = 100;

/**
 * Parses a program.
 * @param source Python's source
 * @throws PythonSyntaxError with line and column
 * @throws Error when the package `@lezer/python` is not installed
 */
export function parse(source: string): Program {
  const text = source.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  return new Parser(text.endsWith('\n') ? text : `${text}\n`).program();
}

function indent_error(found: string, expected: string): string {
  const width = (text: string): number => text.replaceAll('\t', ' '.repeat(8)).length;
  if (width(found) === width(expected)) return 'inconsistent use of tabs and spaces in indentation';
  return width(found) > width(expected) ? 'unexpected indent' : 'unindent does not match any outer indentation level';
}

/** What is Python, but has no place in the tree: its statement is left out. */
class Unported extends Error {}

class Parser {
  private readonly starts: number[] = [0];
  /** Where floats such as `1.` stand, which this grammar does not know. */
  private readonly dotted = new Map<number, string>();

  /** Where `match a, b:` has subjects without brackets, which this grammar does not know: where they begin and end. */
  private readonly subjects = new Map<number, readonly [from: number, to: number]>();

  /** Where patterns such as `int()` stand, of which this grammar reads one a pattern, and how long the names are. */
  private readonly empty_classes = new Map<number, number>();

  constructor(private readonly source: string) {
    for (let i = source.indexOf('\n'); i >= 0; i = source.indexOf('\n', i + 1)) this.starts.push(i + 1);
  }

  program(): Program {
    const tree = tree_of(this.without_bare_subjects(this.without_new_forms(this.without_bare_dots())));
    const comments: Comment[] = [];
    const line_has_code = new Set<number>();
    let [brackets, error] = [0, null as { from: number; after: string } | null];
    let last = '';
    for (const cursor = tree.cursor(); cursor.next(); ) {
      const { name, from, to } = cursor;
      if (name === 'Comment') {
        const line = this.line_of(from);
        const trailing = this.source.slice(this.starts[line - 1], from).trim() !== '';
        comments.push({ start: from, line, text: this.source.slice(from + 1, to), trailing });
        continue;
      }
      // A bare `yield` is a hole in this grammar.
      if (name === '⚠' && !((last === 'yield' || last === 'LiteralPattern') && from === to) && error === null)
        error = { from, after: last };
      if (name === '(' || name === '[' || name === '{') brackets++;
      if (name === ')' || name === ']' || name === '}') brackets--;
      if (brackets > MAX_BRACKETS) this.fail('too many nested parentheses', from);
      last = name;
    }
    this.check_blocks();
    if (error) this.fail('invalid syntax', this.place_of_error(error.from));
    const blank = new Set<number>();
    for (let line = 1; line < this.starts.length; line++) {
      if (this.source.slice(this.starts[line - 1], this.starts[line]).trim() === '') blank.add(line);
      else line_has_code.add(line);
    }
    const body = this.statements(tree.topNode);
    return { source: this.source, body, comments, blank, line_of: (offset) => this.line_of(offset) };
  }

  /** The source with `10.` as `100`, of the same length; {@link dotted} has what they are. */
  private without_bare_dots(): string {
    const token =
      /[a-zA-Z]{0,2}(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*')|#[^\n]*|(?<![\w.])\d[\d_]*\.(?![\d_])(?:[eE][+-]?\d+)?j?/g;
    return this.source.replace(token, (text, at: number) => {
      if (!/^\d/.test(text)) return text;
      this.dotted.set(at, text);
      return text.replace('.', '0');
    });
  }

  /**
   * The source without what this grammar does not know: the brackets of `with (a as b, c as d):`, and the `/` of `lambda x, /: x`. It has the
   * same length. `for x in *a, b:` gets one name; {@link subjects} has where the others are.
   */
  private without_new_forms(source: string): string {
    // Texts and comments do not count.
    const code = source.replace(
      /"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'|#[^\n]*/g,
      (text) => (text.startsWith('#') ? ' ' : '_').repeat(text.length),
    );
    if (!/\bwith[ \t]*\(|\blambda\b[^\n]*\/|\bin[ \t][^\n]*\*/.test(code)) return source;
    const chars = [...source.matchAll(/[\s\S]/g)].map(([char]) => char);
    for (const { index, 0: text } of code.matchAll(/(?<![\w.])lambda\b[^:()\n]*?,[ \t]*\/[ \t]*(?=[,:])/g))
      for (let at = index + text.lastIndexOf(','); at < index + text.length; at++) chars[at] = ' ';
    for (const { index, 0: text } of code.matchAll(/^[ \t]*(?:async[ \t]+)?with[ \t]*\(/gm)) {
      const open = index + text.length - 1;
      const { end, commas, named } = this.brackets_of(code, open);
      if (end < 0 || !/^[ \t]*:/.test(code.slice(end + 1, end + 40)) || !(named || commas.length > 0)) continue;
      for (const at of [open, end]) chars[at] = ' ';
      const last = commas.at(-1);
      if (last !== undefined && code.slice(last + 1, end).trim() === '') chars[last] = ' ';
      for (let at = open; at < end; at++)
        if (source[at] === '\n' || (code[at] === ' ' && source[at] !== ' ')) chars[at] = ' ';
    }
    for (const { index, 1: head, 2: items } of code.matchAll(
      /^([ \t]*(?:async[ \t]+)?for\b[^\n:]*?[ \t]in[ \t]+)([^\n:]*):/gm,
    )) {
      if (!/(^|,)[ \t]*\*/.test(items!)) continue;
      const from = index + head!.length;
      this.subjects.set(index + /^[ \t]*/.exec(head!)![0].length, [from, from + items!.length]);
      for (let at = from; at < from + items!.length; at++) chars[at] = at === from ? '_' : ' ';
    }
    return chars.join('');
  }

  /** Where a bracket is closed, and what stands in it, not in others. */
  private brackets_of(code: string, open: number): { end: number; commas: number[]; named: boolean } {
    const commas: number[] = [];
    let named = false;
    for (let at = open, depth = 0; at < code.length; at++) {
      const char = code[at]!;
      if (/[([{]/.test(char)) depth++;
      else if (/[)\]}]/.test(char) && --depth === 0) return { end: at, commas, named };
      else if (depth === 1 && char === ',') commas.push(at);
      else if (depth === 1 && /^\sas\s/.test(code.slice(at, at + 4))) named = true;
    }
    return { end: -1, commas, named };
  }

  /** The source with one subject for several, of the same length; {@link subjects} has where they are. */
  private without_bare_subjects(source: string): string {
    const named = source.replace(/^[ \t]+case\b[^#'"\n]*:/gm, (row: string, at: number) =>
      row.replace(/(?<![\w.])([A-Za-z_]\w*)\(\)/g, (_, name: string, from: number) => {
        this.empty_classes.set(at + from, name.length);
        return `${name}__`;
      }),
    );
    return named.replace(
      /^([ \t]*)match([ \t]+)([^#'"\n]*,[^#'"\n]*?)([ \t]*:[ \t]*(?:#[^\n]*)?\n(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]+case\b)/gm,
      (whole, indent: string, blank: string, subject: string, rest: string, at: number) => {
        const open = [...subject].reduce(
          ({ depth, bare }, char) => ({
            depth: depth + (/[([{]/.test(char) ? 1 : /[)\]}]/.test(char) ? -1 : 0),
            bare: bare || (char === ',' && depth === 0),
          }),
          { depth: 0, bare: false },
        );
        if (!open.bare) return whole;
        const from = at + indent.length + 'match'.length + blank.length;
        this.subjects.set(at + indent.length, [from, from + subject.length]);
        return `${indent}match${blank}${'_'.padEnd(subject.length)}${rest}`;
      },
    );
  }

  /** The tuple that stands in the source without brackets. */
  private bare_tuple([from, to]: readonly [number, number]): Expr {
    const alone = `${'\n'.repeat(from - 1)}(${this.source.slice(from, to)})\n`;
    const statement = this.children(tree_of(alone).topNode)[0]!;
    return this.expr(this.children(statement)[0]!);
  }

  private check_blocks(): void {
    const depths: number[] = [0];
    for (const [i, start] of this.starts.entries()) {
      const row = this.source.slice(start, this.starts[i + 1] ?? this.source.length);
      const content = row.trimStart();
      if (content === '' || content.startsWith('#')) continue;
      const depth = row.length - content.length;
      while (depths.length > 1 && depth < depths.at(-1)!) depths.pop();
      if (depth > depths.at(-1)!) depths.push(depth);
      if (depths.length > MAX_BLOCKS + 1) this.fail('too many levels of indentation', start + depth);
    }
  }

  /** Where a person looks: behind blanks, at what could not be read. */
  private place_of_error(from: number): number {
    let at = from;
    while (at < this.source.length && /[ \t]/.test(this.source[at]!)) at++;
    return at;
  }

  line_of(offset: number): number {
    let [low, high] = [0, this.starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  private fail(message: string, offset: number): never {
    const line = this.line_of(Math.min(offset, this.source.length - 1));
    throw new PythonSyntaxError(message, line, offset - this.starts[line - 1]! + 1);
  }

  private children(node: Node): Node[] {
    const found: Node[] = [];
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (child.name !== 'Comment' && child.name !== '⚠') found.push(child);
    }
    return found;
  }

  private text(node: Node): string {
    return this.source.slice(node.from, node.to);
  }

  private base(node: Node): { start: number; end: number; line: number } {
    return { start: node.from, end: node.to, line: this.line_of(node.from) };
  }

  // Statements

  private statements(body: Node): Stmt[] {
    const found: Stmt[] = [];
    let indent: string | null = body.name === 'Script' ? '' : null;
    for (const child of this.children(body)) {
      if (child.name === ':') continue;
      // What begins a line stands below the first of its block.
      const before = this.source.slice(this.starts[this.line_of(child.from) - 1], child.from).replace(/^\f/, '');
      if (/^[ \t]*$/.test(before)) {
        indent ??= before;
        if (before !== indent) this.fail(indent_error(before, indent), child.from);
      }
      if (child.name === 'StatementGroup') {
        for (const one of this.children(child)) if (one.name !== ';') found.push(this.statement(one));
      } else if (child.name === 'MatchStatement') found.push(...this.match_statement(child));
      else if (child.name !== ';') found.push(this.statement(child));
    }
    return found;
  }

  // `match`: tests and assignments by `:=`, one branch after the other

  private match_statement(node: Node): Stmt[] {
    const nodes = this.children(node);
    const base = this.base(node);
    const body = nodes.at(-1)!;
    const bare = this.subjects.get(node.from);
    let subject = bare ? this.bare_tuple(bare) : this.tuple_of(nodes.slice(1, -1), node);
    const found: Stmt[] = [];
    // A pattern may bind the name of the subject, which is asked for once.
    const rebinds = (name: string): boolean =>
      this.children(body).some((clause) =>
        this.children(clause)
          .slice(1, -1)
          .some((pattern) => new RegExp(`\\b${name}\\b`).test(this.text(pattern))),
      );
    if (subject.kind !== 'Name' || rebinds(subject.id)) {
      let name = 'subject';
      while (new RegExp(`\\b${name}\\b`).test(this.source)) name += '_';
      const target: Expr = { kind: 'Name', start: subject.start, end: subject.end, line: base.line, id: name };
      found.push({
        kind: 'Assign',
        start: node.from,
        end: subject.end,
        line: base.line,
        targets: [target],
        value: subject,
        annotation: null,
      });
      subject = { ...target };
    }
    const clauses = this.children(body).filter((child) => child.name === 'MatchClause');
    let orelse: Stmt[] = [];
    for (const [i, clause] of [...clauses.entries()].reverse()) {
      const parts = this.children(clause);
      const guard = parts.find((child) => child.name === 'Guard');
      const patterns = parts.slice(1, -1).filter((child) => child.name !== 'Guard');
      let test: Expr | null = patterns.some((child) => child.name === ',')
        ? this.sequence_pattern(patterns, clause, subject)
        : this.pattern(patterns[0]!, subject);
      if (guard) {
        const asked = this.expr(this.children(guard)[1]!);
        test = test === null ? asked : this.and(clause, test, asked);
      }
      const statements = this.statements(parts.at(-1)!);
      if (test === null && i === clauses.length - 1 && i > 0) {
        orelse = statements;
        continue;
      }
      test ??= { kind: 'Const', ...this.base(clause), value: 'True' };
      const one: Stmt = {
        kind: 'If',
        start: clause.from,
        end: node.to,
        line: this.line_of(clause.from),
        test,
        body: statements,
        orelse,
        elif: i > 0,
      };
      orelse = [one];
    }
    return [...found, ...orelse];
  }

  private and(node: Node, ...tests: readonly (Expr | null)[]): Expr {
    const given = tests.filter((test): test is Expr => test !== null);
    if (given.length === 0) return { kind: 'Const', ...this.base(node), value: 'True' };
    return given.reduce((left, right) => ({ kind: 'Bool', ...this.base(node), op: 'and', left, right }));
  }

  private call_of(node: Node, name: string, ...args: readonly Expr[]): Expr {
    const callee: Expr = { kind: 'Name', ...this.base(node), id: name };
    return {
      kind: 'Call',
      ...this.base(node),
      callee,
      args: args.map((value) => ({ value, name: null, star: 0 as const })),
    };
  }

  private capture(node: Node, name: Node, value: Expr): Expr {
    const target: Expr = { kind: 'Name', ...this.base(name), id: this.text(name) };
    return this.call_of(node, '__bound__', { kind: 'Named', ...this.base(node), target, value: again(value) });
  }

  /** The test that a pattern stands for; null for one that everything fits. */
  private pattern(node: Node, subject: Expr): Expr | null {
    const base = this.base(node);
    const nodes = this.children(node);
    switch (node.name) {
      case 'CapturePattern': {
        const length = this.empty_classes.get(node.from);
        if (length !== undefined) {
          const id = this.source.slice(node.from, node.from + length);
          return this.call_of(node, 'isinstance', again(subject), { kind: 'Name', ...base, id });
        }
        return this.text(node) === '_' ? null : this.capture(node, nodes[0]!, subject);
      }
      case 'LiteralPattern': {
        const value = nodes.length > 1 && this.text(nodes[0]!) === '-' ? this.expr(nodes[1]!) : this.expr(nodes[0]!);
        const right: Expr = nodes.length > 1 ? { kind: 'Un', ...base, op: '-', operand: value } : value;
        const op = right.kind === 'Const' ? 'is' : '==';
        return { kind: 'Cmp', ...base, left: again(subject), rest: [{ op, right }] };
      }
      case 'AttributePattern': {
        let right: Expr = { kind: 'Name', ...this.base(nodes[0]!), id: this.text(nodes[0]!) };
        for (const part of nodes.slice(1).filter((child) => child.name !== '.'))
          right = { kind: 'Attr', ...base, object: right, name: this.text(part) };
        return { kind: 'Cmp', ...base, left: again(subject), rest: [{ op: '==', right }] };
      }
      case 'OrPattern': {
        const options = nodes.filter((child) => child.name !== 'LogicOp');
        // `a | b as c`: to this grammar the name belongs to `b` alone.
        const named = options.at(-1)!.name === 'AsPattern' ? this.children(options.at(-1)!) : null;
        if (named) options[options.length - 1] = named[0]!;
        const tests = options.map((child) => this.pattern(child, subject) ?? this.and(child));
        const either = tests.reduce((left, right) => ({ kind: 'Bool', ...base, op: 'or', left, right }));
        return named ? this.and(node, either, this.capture(node, named.at(-1)!, subject)) : either;
      }
      case 'AsPattern':
        return this.and(node, this.pattern(nodes[0]!, subject), this.capture(node, nodes.at(-1)!, subject));
      case 'SequencePattern': {
        const inner = nodes.slice(1, -1);
        if (this.text(nodes[0]!) === '(' && inner.length === 1) return this.pattern(inner[0]!, subject);
        return this.sequence_pattern(inner, node, subject);
      }
      case 'MappingPattern':
        return this.mapping_pattern(node, nodes.slice(1, -1), subject);
      case 'ClassPattern':
        return this.class_pattern(node, nodes, subject);
      default:
        return this.fail(`invalid pattern (${node.name})`, node.from);
    }
  }

  private integer(node: Node, value: number): Expr {
    const number: Expr = { kind: 'Num', ...this.base(node), raw: String(Math.abs(value)), number: 'int' };
    return value < 0 ? { kind: 'Un', ...this.base(node), op: '-', operand: number } : number;
  }

  private sequence_pattern(nodes: readonly Node[], whole: Node, subject: Expr): Expr {
    const items = nodes.filter((child) => child.name !== ',');
    const base = this.base(whole);
    const star = items.findIndex((child) => child.name === 'StarPattern');
    const length = this.call_of(whole, 'len', again(subject));
    const count = star < 0 ? items.length : items.length - 1;
    const tests: (Expr | null)[] = [
      this.call_of(whole, '__is_sequence__', again(subject)),
      {
        kind: 'Cmp',
        ...base,
        left: length,
        rest: [{ op: star < 0 ? '==' : '>=', right: this.integer(whole, count) }],
      },
    ];
    for (const [i, item] of items.entries()) {
      if (i === star) {
        const name = this.children(item)[1]!;
        if (this.text(name) === '_') continue;
        const upper = items.length - 1 - i;
        const index: Expr = {
          kind: 'Slice',
          ...base,
          lower: this.integer(whole, i),
          upper: upper === 0 ? null : this.integer(whole, -upper),
          step: null,
        };
        const part: Expr = { kind: 'Sub', ...base, object: again(subject), index };
        tests.push(this.capture(item, this.children(name)[0] ?? name, this.call_of(whole, 'list', part)));
        continue;
      }
      const at = star >= 0 && i > star ? i - items.length : i;
      tests.push(this.pattern(item, { kind: 'Sub', ...base, object: again(subject), index: this.integer(whole, at) }));
    }
    return this.and(whole, ...tests);
  }

  private mapping_pattern(whole: Node, nodes: readonly Node[], subject: Expr): Expr {
    const base = this.base(whole);
    const tests: (Expr | null)[] = [this.call_of(whole, '__is_mapping__', again(subject))];
    const keys: Expr[] = [];
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i]!;
      if (node.name === ',') continue;
      if (node.name === '**') {
        tests.push(this.capture(whole, nodes[++i]!, this.call_of(whole, '__rest_of__', again(subject), ...keys)));
        continue;
      }
      const key = this.expr(this.children(node)[0]!);
      keys.push(key);
      tests.push({ kind: 'Cmp', ...base, left: key, rest: [{ op: 'in', right: again(subject) }] });
      tests.push(this.pattern(nodes[i + 2]!, { kind: 'Sub', ...base, object: again(subject), index: key }));
      i += 2;
    }
    return this.and(whole, ...tests);
  }

  private class_pattern(whole: Node, nodes: readonly Node[], subject: Expr): Expr {
    const base = this.base(whole);
    const list = nodes.at(-1)!;
    let cls: Expr = { kind: 'Name', ...this.base(nodes[0]!), id: this.text(nodes[0]!) };
    for (const part of nodes.slice(1, -1).filter((child) => child.name !== '.'))
      cls = { kind: 'Attr', ...base, object: cls, name: this.text(part) };
    const tests: (Expr | null)[] = [this.call_of(whole, 'isinstance', again(subject), cls)];
    let at = 0;
    for (const node of this.children(list).slice(1, -1)) {
      if (node.name === ',' || (node.from === node.to && this.children(node).length === 0)) continue;
      const parts = this.children(node);
      if (node.name === 'KeywordPattern') {
        const inner = parts.filter((child) => child.name !== 'AssignOp' && child.name !== '=');
        const value: Expr = { kind: 'Attr', ...base, object: again(subject), name: this.text(inner[0]!) };
        tests.push(this.pattern(inner.at(-1)!, value));
        continue;
      }
      const whole_subject =
        cls.kind === 'Name' && /^(int|float|str|bool|bytes|list|dict|tuple|set|frozenset)$/.test(cls.id);
      const value = whole_subject
        ? subject
        : this.call_of(whole, '__match_arg__', again(subject), cls, this.integer(whole, at));
      at++;
      tests.push(this.pattern(node, value));
    }
    return this.and(whole, ...tests);
  }

  private statement(node: Node, decorators: readonly Expr[] = []): Stmt {
    const base = this.base(node);
    try {
      return this.known_statement(node, base, decorators);
    } catch (error) {
      if (!(error instanceof Unported)) throw error;
      return { kind: 'Unknown', ...base, reason: error.message };
    }
  }

  private known_statement(node: Node, base: ReturnType<Parser['base']>, decorators: readonly Expr[]): Stmt {
    const nodes = this.children(node);
    switch (node.name) {
      case 'ExpressionStatement':
        return { kind: 'Expr', ...base, value: this.tuple_of(nodes, node) };
      case 'AssignStatement':
        return this.assignment(node, nodes);
      case 'UpdateStatement': {
        const at = nodes.findIndex((child) => child.name === 'UpdateOp');
        const op = this.text(nodes[at]!).slice(0, -1);
        const target = this.expr(nodes[0]!);
        return { kind: 'Aug', ...base, target, op, value: this.tuple_of(nodes.slice(at + 1), node) };
      }
      case 'PassStatement':
        return { kind: 'Pass', ...base };
      case 'BreakStatement':
        return { kind: 'Break', ...base };
      case 'ContinueStatement':
        return { kind: 'Continue', ...base };
      case 'ReturnStatement': {
        const rest = nodes.slice(1);
        return { kind: 'Return', ...base, value: rest.length ? this.tuple_of(rest, node) : null };
      }
      case 'YieldStatement':
        return { kind: 'Expr', ...base, value: this.yielded(node, nodes) };
      case 'RaiseStatement': {
        const from = nodes.findIndex((child) => child.name === 'from');
        const value = nodes[1] ? this.expr(nodes[1]) : null;
        return { kind: 'Raise', ...base, value, cause: from > 0 ? this.expr(nodes[from + 1]!) : null };
      }
      case 'DeleteStatement':
        return { kind: 'Del', ...base, targets: this.list_of(nodes.slice(1)) };
      case 'AssertStatement': {
        const [test, message] = this.list_of(nodes.slice(1));
        return { kind: 'Assert', ...base, test: test!, message: message ?? null };
      }
      case 'ScopeStatement': {
        const names = nodes.filter((child) => child.name === 'VariableName').map((child) => this.text(child));
        return { kind: nodes[0]!.name === 'global' ? 'Global' : 'Nonlocal', ...base, names };
      }
      case 'ImportStatement':
        return this.import_statement(node, nodes);
      case 'IfStatement':
        return this.if_statement(node, nodes);
      case 'ForStatement': {
        const at = nodes.findIndex((child) => child.name === 'in');
        const first = nodes[0]!.name === 'async' ? 2 : 1;
        const bodies = nodes.filter((child) => child.name === 'Body');
        const body_at = nodes.indexOf(bodies[0]!);
        const starred = this.subjects.get(node.from);
        return {
          kind: 'For',
          ...base,
          target: this.tuple_of(nodes.slice(first, at), node),
          iter: starred ? this.bare_tuple(starred) : this.tuple_of(nodes.slice(at + 1, body_at), node),
          body: this.statements(bodies[0]!),
          orelse: bodies[1] ? this.statements(bodies[1]) : [],
          is_async: first === 2,
        };
      }
      case 'WhileStatement': {
        const bodies = nodes.filter((child) => child.name === 'Body');
        return {
          kind: 'While',
          ...base,
          test: this.expr(nodes[1]!),
          body: this.statements(bodies[0]!),
          orelse: bodies[1] ? this.statements(bodies[1]) : [],
        };
      }
      case 'WithStatement':
        return this.with_statement(node, nodes);
      case 'TryStatement':
        return this.try_statement(node, nodes);
      case 'DecoratedStatement': {
        const found = nodes.filter((child) => child.name === 'Decorator').map((child) => this.decorator(child));
        return this.statement(nodes.at(-1)!, found);
      }
      case 'FunctionDefinition': {
        const is_async = nodes[0]!.name === 'async';
        const name = nodes.find((child) => child.name === 'VariableName')!;
        const params = nodes.find((child) => child.name === 'ParamList')!;
        const returns = nodes.find((child) => child.name === 'TypeDef');
        return {
          kind: 'Def',
          ...base,
          name: this.text(name),
          params: this.params(params),
          returns: returns ? this.annotation(returns) : null,
          body: this.statements(nodes.at(-1)!),
          decorators,
          is_async,
        };
      }
      case 'ClassDefinition': {
        const args = nodes.find((child) => child.name === 'ArgList');
        return {
          kind: 'Class',
          ...base,
          name: this.text(nodes.find((child) => child.name === 'VariableName')!),
          bases: args ? this.args(args) : [],
          body: this.statements(nodes.at(-1)!),
          decorators,
        };
      }
      // `type Name = ...`: what it says is for annotations.
      case 'TypeDefinition':
        return { kind: 'Pass', ...base };
      default:
        return { kind: 'Unknown', ...base, reason: node.name.replace(/Statement$/, '').toLowerCase() };
    }
  }

  private assignment(node: Node, nodes: readonly Node[]): Stmt {
    const base = this.base(node);
    const type_def = nodes.find((child) => child.name === 'TypeDef');
    const parts: Node[][] = [[]];
    for (const child of nodes) {
      if (child.name === 'AssignOp') parts.push([]);
      else if (child.name !== 'TypeDef') parts.at(-1)!.push(child);
    }
    const annotation = type_def ? this.annotation(type_def) : null;
    if (parts.length === 1) {
      return { kind: 'Assign', ...base, targets: [this.tuple_of(parts[0]!, node)], value: null, annotation };
    }
    const exprs = parts.map((part) => {
      const [only] = part;
      if (part.length >= 1 && only!.name === 'yield') return this.yielded(node, part);
      return this.tuple_of(part, node);
    });
    return { kind: 'Assign', ...base, targets: exprs.slice(0, -1), value: exprs.at(-1)!, annotation };
  }

  private annotation(node: Node): Expr {
    const nodes = this.children(node).filter((child) => child.name !== ':' && child.name !== '->');
    return this.tuple_of(nodes, node);
  }

  private import_statement(node: Node, nodes: readonly Node[]): Stmt {
    const base = this.base(node);
    let [level, module] = [0, ''];
    let at = 1;
    const from = nodes[0]!.name === 'from';
    if (from) {
      for (; nodes[at]!.name !== 'import'; at++) {
        const text = this.text(nodes[at]!);
        if (module === '' && /^\.+$/.test(text)) level += text.length;
        else module += text;
      }
      at++;
    }
    const names: { path: string; as: string | null }[] = [];
    let name = { path: '', as: null as string | null };
    let renamed = false;
    for (const child of nodes.slice(at)) {
      if (child.name === '(' || child.name === ')') continue;
      if (child.name === ',') {
        names.push(name);
        [name, renamed] = [{ path: '', as: null }, false];
      } else if (child.name === 'as') renamed = true;
      else if (renamed) name.as = this.text(child);
      else name.path += this.text(child);
    }
    if (name.path !== '') names.push(name);
    return from ? { kind: 'From', ...base, module, level, names } : { kind: 'Import', ...base, names };
  }

  private if_statement(node: Node, nodes: readonly Node[]): Stmt {
    // From the last branch to the first, so that a long chain is no deep recursion here.
    const branches: { test: Node | null; body: Node; start: number }[] = [];
    for (const [i, child] of nodes.entries()) {
      if (child.name !== 'Body') continue;
      const test = nodes[i - 1]!;
      branches.push(
        test.name === 'else'
          ? { test: null, body: child, start: test.from }
          : { test, body: child, start: nodes[i - 2]!.from },
      );
    }
    let orelse: Stmt[] = [];
    let elif = false;
    for (const { test, body, start } of branches.reverse()) {
      if (test === null) orelse = this.statements(body);
      else {
        const one: Stmt = {
          kind: 'If',
          start,
          end: node.to,
          line: this.line_of(start),
          test: this.expr(test),
          body: this.statements(body),
          orelse,
          elif,
        };
        orelse = [one];
        elif = true;
      }
    }
    return orelse[0]!;
  }

  private with_statement(node: Node, nodes: readonly Node[]): Stmt {
    const base = this.base(node);
    const body = nodes.at(-1)!;
    if (nodes[0]!.name === 'async') return { kind: 'Unknown', ...base, reason: 'async with' };
    const items: { value: Expr; target: Expr | null }[] = [];
    let rest = nodes.slice(1, -1);
    if (rest[0]?.name === '(' && rest.at(-1)?.name === ')') rest = rest.slice(1, -1);
    for (let i = 0; i < rest.length; i++) {
      if (rest[i]!.name === ',') continue;
      const value = this.expr(rest[i]!);
      if (rest[i + 1]?.name === 'as') {
        items.push({ value, target: this.expr(rest[i + 2]!) });
        i += 2;
      } else items.push({ value, target: null });
    }
    return { kind: 'With', ...base, items, body: this.statements(body) };
  }

  private try_statement(node: Node, nodes: readonly Node[]): Stmt {
    const found = { body: [] as Stmt[], handlers: [] as Handler[], orelse: [] as Stmt[], finalbody: [] as Stmt[] };
    for (let i = 0; i < nodes.length; i++) {
      const word = nodes[i]!;
      if (
        word.name === 'except' &&
        this.source
          .slice(word.to, word.to + 10)
          .trimStart()
          .startsWith('*')
      )
        return { kind: 'Unknown', ...this.base(node), reason: 'except*' };
      let at = i + 1;
      while (nodes[at] && nodes[at]!.name !== 'Body') at++;
      const body = this.statements(nodes[at]!);
      if (word.name === 'try') found.body = body;
      else if (word.name === 'else') found.orelse = body;
      else if (word.name === 'finally') found.finalbody = body;
      else {
        const between = nodes.slice(i + 1, at);
        const as = between.findIndex((child) => child.name === 'as');
        const types = as < 0 ? between : between.slice(0, as);
        found.handlers.push({
          type: types.length ? this.tuple_of(types, word) : null,
          name: as < 0 ? null : this.text(between[as + 1]!),
          body,
          line: this.line_of(word.from),
        });
      }
      i = at;
    }
    return { kind: 'Try', ...this.base(node), ...found };
  }

  private decorator(node: Node): Expr {
    const nodes = this.children(node).filter((child) => child.name !== 'At' && child.name !== '.');
    let found = this.expr(nodes[0]!);
    for (const child of nodes.slice(1)) {
      const base = { start: found.start, end: child.to, line: found.line };
      if (child.name === 'ArgList') found = { kind: 'Call', ...base, callee: found, args: this.args(child) };
      else found = { kind: 'Attr', ...base, object: found, name: this.text(child) };
    }
    return found;
  }

  private params(node: Node): Parameter[] {
    const found: Parameter[] = [];
    let keyword_only = false;
    let current: Node[] = [];
    const end = (): void => {
      if (current.length === 0) return;
      let star: 0 | 1 | 2 = 0;
      if (current[0]!.name === '*') star = 1;
      if (current[0]!.name === '**') star = 2;
      const name = current.find((child) => child.name === 'VariableName');
      const assign = current.findIndex((child) => child.name === 'AssignOp');
      const type_def = current.find((child) => child.name === 'TypeDef');
      if (name) {
        found.push({
          name: this.text(name),
          star,
          default: assign >= 0 ? this.expr(current[assign + 1]!) : null,
          annotation: type_def ? this.annotation(type_def) : null,
          keyword_only,
          line: this.line_of(name.from),
        });
      }
      if (star === 1) keyword_only = true;
      current = [];
    };
    for (const child of this.children(node)) {
      if (child.name === ',') end();
      else if (child.name !== '(' && child.name !== ')' && child.name !== '/') current.push(child);
    }
    end();
    return found;
  }

  // Expressions

  private list_of(nodes: readonly Node[]): Expr[] {
    const found: Expr[] = [];
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i]!;
      if (node.name === ',' || node.name === '(' || node.name === ')') continue;
      if (node.name === '*') {
        const value = this.expr(nodes[++i]!);
        found.push({ kind: 'Star', start: node.from, end: value.end, line: value.line, value });
      } else found.push(this.expr(node));
    }
    return found;
  }

  /** One expression, or several with commas, which are a tuple. */
  private tuple_of(nodes: readonly Node[], whole: Node): Expr {
    if (nodes.length === 0) this.fail('invalid syntax', whole.to);
    const items = this.list_of(nodes);
    if (!nodes.some((node) => node.name === ',')) return items[0]!;
    const [first, last] = [nodes[0]!, nodes.at(-1)!];
    return { kind: 'Tuple', start: first.from, end: last.to, line: this.line_of(first.from), items };
  }

  private yielded(node: Node, nodes: readonly Node[]): Expr {
    const from = nodes[1]?.name === 'from';
    const rest = nodes.slice(from ? 2 : 1);
    return { kind: 'Yield', ...this.base(node), value: rest.length ? this.tuple_of(rest, node) : null, from };
  }

  private args(node: Node): Argument[] {
    const nodes = this.children(node).slice(1, -1);
    if (nodes.some((child) => child.name === 'for' || child.name === 'async')) {
      return [{ value: this.comprehension(node, nodes, 'generator'), name: null, star: 0 }];
    }
    const found: Argument[] = [];
    for (let i = 0; i < nodes.length; i++) {
      const child = nodes[i]!;
      if (child.name === ',') continue;
      if (child.name === '*' || child.name === '**') {
        found.push({ value: this.expr(nodes[++i]!), name: null, star: child.name === '*' ? 1 : 2 });
      } else if (nodes[i + 1]?.name === 'AssignOp') {
        const operator = this.text(nodes[i + 1]!);
        const value = this.expr(nodes[i + 2]!);
        if (operator === ':=') {
          const target: Expr = { kind: 'Name', ...this.base(child), id: this.text(child) };
          const named: Expr = { kind: 'Named', start: child.from, end: value.end, line: value.line, target, value };
          found.push({ value: named, name: null, star: 0 });
        } else found.push({ value, name: this.text(child), star: 0 });
        i += 2;
      } else found.push({ value: this.expr(child), name: null, star: 0 });
    }
    return found;
  }

  private comprehension(node: Node, nodes: readonly Node[], of: 'list' | 'set' | 'dict' | 'generator'): Expr {
    const first_for = nodes.findIndex((child) => child.name === 'for');
    const head = nodes.slice(0, first_for);
    if (head.at(-1)?.name === 'async') throw new Unported('async for within a comprehension');
    const clauses: { target: Expr; iter: Expr; ifs: Expr[] }[] = [];
    for (let i = first_for; i < nodes.length; ) {
      let end = i + 1;
      while (end < nodes.length && nodes[end]!.name !== 'for' && nodes[end]!.name !== 'if') end++;
      const part = nodes.slice(i + 1, end);
      if (nodes[i]!.name === 'if') clauses.at(-1)!.ifs.push(this.expr(part[0]!));
      else {
        const at = part.findIndex((child) => child.name === 'in');
        const target = this.tuple_of(part.slice(0, at), node);
        clauses.push({ target, iter: this.tuple_of(part.slice(at + 1), node), ifs: [] });
      }
      i = end;
    }
    const colon = head.findIndex((child) => child.name === ':');
    return {
      kind: 'Comp',
      ...this.base(node),
      of,
      item: this.tuple_of(colon < 0 ? head : head.slice(0, colon), node),
      value: colon < 0 ? null : this.expr(head[colon + 1]!),
      clauses: clauses satisfies Clause[],
    };
  }

  private expr(node: Node): Expr {
    const base = this.base(node);
    switch (node.name) {
      case 'VariableName':
        return { kind: 'Name', ...base, id: this.text(node) };
      case 'Number': {
        const raw = (this.dotted.get(node.from) ?? this.text(node)).replaceAll('_', '').toLowerCase();
        const number = raw.endsWith('j') ? 'complex' : /^0[xob]/.test(raw) || /^\d+$/.test(raw) ? 'int' : 'float';
        return { kind: 'Num', ...base, raw, number };
      }
      case 'String':
        return this.string(node);
      case 'FormatString':
        return this.format_string([node], node);
      case 'ContinuedString':
        return this.continued(node);
      case 'Boolean':
        return { kind: 'Const', ...base, value: this.text(node) as 'True' | 'False' };
      case 'None':
        return { kind: 'Const', ...base, value: 'None' };
      case 'Ellipsis':
        return { kind: 'Const', ...base, value: '...' };
    }
    const nodes = this.children(node);
    switch (node.name) {
      case 'ParenthesizedExpression': {
        const inner = nodes.slice(1, -1);
        if (inner[0]?.name === 'yield') return this.yielded(node, inner);
        return this.tuple_of(inner, node);
      }
      case 'TupleExpression':
        return { kind: 'Tuple', ...base, items: this.list_of(nodes) };
      case 'ArrayExpression':
        return { kind: 'List', ...base, items: this.list_of(nodes.slice(1, -1)) };
      case 'SetExpression':
        return { kind: 'Set', ...base, items: this.list_of(nodes.slice(1, -1)) };
      case 'DictionaryExpression': {
        const entries: { key: Expr | null; value: Expr }[] = [];
        for (let i = 1; i < nodes.length - 1; i++) {
          if (nodes[i]!.name === ',') continue;
          if (nodes[i]!.name === '**') entries.push({ key: null, value: this.expr(nodes[++i]!) });
          else {
            entries.push({ key: this.expr(nodes[i]!), value: this.expr(nodes[i + 2]!) });
            i += 2;
          }
        }
        return { kind: 'Dict', ...base, entries };
      }
      case 'ArrayComprehensionExpression':
        return this.comprehension(node, nodes.slice(1, -1), 'list');
      case 'SetComprehensionExpression':
        return this.comprehension(node, nodes.slice(1, -1), 'set');
      case 'DictionaryComprehensionExpression':
        return this.comprehension(node, nodes.slice(1, -1), 'dict');
      case 'ComprehensionExpression':
        return this.comprehension(node, nodes.slice(1, -1), 'generator');
      case 'CallExpression':
        return { kind: 'Call', ...base, callee: this.expr(nodes[0]!), args: this.args(nodes[1]!) };
      case 'MemberExpression': {
        const object = this.expr(nodes[0]!);
        if (nodes[1]!.name === '.') return { kind: 'Attr', ...base, object, name: this.text(nodes[2]!) };
        return { kind: 'Sub', ...base, object, index: this.subscript(nodes.slice(2, -1), node) };
      }
      case 'NamedExpression': {
        const target: Expr = { kind: 'Name', ...this.base(nodes[0]!), id: this.text(nodes[0]!) };
        return { kind: 'Named', ...base, target, value: this.expr(nodes.at(-1)!) };
      }
      case 'UnaryExpression':
        if (this.text(nodes[0]!) === 'not') return this.logical(node);
        return { kind: 'Un', ...base, op: this.text(nodes[0]!), operand: this.expr(nodes[1]!) };
      case 'BinaryExpression':
        return this.binary(node);
      case 'ConditionalExpression':
        return {
          kind: 'Cond',
          ...base,
          then: this.expr(nodes[0]!),
          test: this.expr(nodes[2]!),
          otherwise: this.expr(nodes[4]!),
        };
      case 'LambdaExpression': {
        const params = nodes.find((child) => child.name === 'ParamList');
        return { kind: 'Lambda', ...base, params: params ? this.params(params) : [], body: this.expr(nodes.at(-1)!) };
      }
      case 'AwaitExpression':
        return { kind: 'Await', ...base, value: this.expr(nodes[1]!) };
      case 'YieldExpression':
        return this.yielded(node, nodes);
      default:
        return this.fail(`invalid syntax (${node.name})`, node.from);
    }
  }

  /** Chains to the left, such as a long sum, are walked in a loop. */
  private binary(whole: Node): Expr {
    const operator = this.children(whole)[1]!.name;
    if (operator === 'and' || operator === 'or') return this.logical(whole);
    const spine: Node[] = [];
    let node = whole;
    while (node.name === 'BinaryExpression') {
      spine.push(node);
      node = node.firstChild!;
    }
    let left = this.expr(node);
    for (const one of spine.reverse()) {
      const nodes = this.children(one);
      const op = nodes
        .slice(1, -1)
        .map((child) => this.text(child))
        .join(' ');
      const right = this.expr(nodes.at(-1)!);
      const base = this.base(one);
      if (/^(==|!=|<>|<=|>=|<|>|in|not in|is|is not)$/.test(op)) {
        // Without brackets a comparison on the left is a chain.
        if (
          left.kind === 'Cmp' &&
          left.end <= nodes[1]!.from &&
          this.source[one.from] === this.source[left.start] &&
          one.from === left.start &&
          !this.bracketed(one)
        )
          left = { kind: 'Cmp', ...base, left: left.left, rest: [...left.rest, { op, right }] };
        else left = { kind: 'Cmp', ...base, left, rest: [{ op, right }] };
      } else left = { kind: 'Bin', ...base, op, left, right };
    }
    return left;
  }

  /**
   * `and`, `or` and `not`. The grammar lets `not` take all that follows, `not a and b` being `not (a and b)` to it, so that the words
   * and what is between them are put in order here.
   */
  private logical(whole: Node): Expr {
    const items: (Node | { word: 'and' | 'or' | 'not'; from: number })[] = [];
    const stack: (Node | { word: 'and' | 'or' | 'not'; from: number })[] = [whole];
    while (stack.length > 0) {
      const node = stack.pop()!;
      if ('word' in node) {
        items.push(node);
        continue;
      }
      const nodes = node.name === 'BinaryExpression' || node.name === 'UnaryExpression' ? this.children(node) : [];
      const operator =
        nodes.length === 3 ? nodes[1]!.name : nodes.length === 2 && nodes[0]!.name === 'not' ? 'not' : '';
      if (operator === 'and' || operator === 'or')
        stack.push(nodes[2]!, { word: operator, from: nodes[1]!.from }, nodes[0]!);
      else if (operator === 'not') stack.push(nodes[1]!, { word: 'not', from: nodes[0]!.from });
      else items.push(node);
    }
    let at = 0;
    const word = (): string => {
      const item = items[at];
      return item && 'word' in item ? item.word : '';
    };
    const negated = (): Expr => {
      if (word() !== 'not') return this.expr(items[at++] as Node);
      const { from } = items[at++]!;
      const operand = negated();
      return { kind: 'Un', start: from, end: operand.end, line: this.line_of(from), op: 'not', operand };
    };
    const level = (op: 'and' | 'or', inner: () => Expr): Expr => {
      let left = inner();
      while (word() === op) {
        at++;
        const right = inner();
        left = { kind: 'Bool', start: left.start, end: right.end, line: left.line, op, left, right };
      }
      return left;
    };
    return level('or', () => level('and', negated));
  }

  /** Whether the first operand is in brackets of its own. */
  private bracketed(node: Node): boolean {
    return node.firstChild!.name === 'ParenthesizedExpression';
  }

  private subscript(nodes: readonly Node[], whole: Node): Expr {
    const parts: Node[][] = [[]];
    let commas = false;
    for (const node of nodes) {
      if (node.name === ',') {
        commas = true;
        parts.push([]);
      } else parts.at(-1)!.push(node);
    }
    if (parts.at(-1)!.length === 0) parts.pop();
    const items = parts.map((part): Expr => {
      if (!part.some((node) => node.name === ':')) return this.list_of(part)[0]!;
      const bounds: (Expr | null)[] = [null, null, null];
      let at = 0;
      for (const node of part) {
        if (node.name === ':') at++;
        else bounds[at] = this.expr(node);
      }
      const [first, last] = [part[0]!, part.at(-1)!];
      const [lower, upper, step] = bounds as [Expr | null, Expr | null, Expr | null];
      return { kind: 'Slice', start: first.from, end: last.to, line: this.line_of(first.from), lower, upper, step };
    });
    if (!commas) return items[0]!;
    return { kind: 'Tuple', ...this.base(whole), items };
  }

  // Strings

  private continued(node: Node): Expr {
    const nodes = this.children(node);
    if (nodes.some((child) => child.name === 'FormatString')) return this.format_string(nodes, node);
    const parts = nodes.map((child) => this.string(child));
    return {
      kind: 'Str',
      ...this.base(node),
      value: parts.map((part) => part.value).join(''),
      bytes: parts[0]!.bytes,
      triple: false,
    };
  }

  private string(node: Node): Extract<Expr, { kind: 'Str' }> {
    const text = this.text(node);
    const { prefix, quote, raw, bytes } = opening(text);
    if (!text.endsWith(quote) || text.length < prefix + 2 * quote.length)
      this.fail('unterminated string literal', node.from);
    const content = text.slice(prefix + quote.length, text.length - quote.length);
    const value = raw ? content : unescape(content, bytes);
    return { kind: 'Str', ...this.base(node), value, bytes, triple: quote.length === 3 };
  }

  private format_string(nodes: readonly Node[], whole: Node): Expr {
    const parts: (string | FormatField)[] = [];
    const add = (text: string): void => {
      if (text === '') return;
      if (typeof parts.at(-1) === 'string') parts[parts.length - 1] = (parts.at(-1) as string) + text;
      else parts.push(text);
    };
    for (const node of nodes) {
      if (node.name === 'String') {
        add(this.string(node).value);
        continue;
      }
      const { prefix, quote, raw } = opening(this.text(node));
      const decode = (text: string): string => {
        const plain = text.replaceAll('{{', '{').replaceAll('}}', '}');
        return raw ? plain : unescape(plain, false);
      };
      let at = node.from + prefix + quote.length;
      for (const child of this.children(node)) {
        if (child.name !== 'FormatReplacement') continue;
        add(decode(this.source.slice(at, child.from)));
        parts.push(this.field(child));
        at = child.to;
      }
      add(decode(this.source.slice(at, node.to - quote.length)));
    }
    return { kind: 'FStr', ...this.base(whole), parts };
  }

  private field(node: Node): FormatField {
    const nodes = this.children(node);
    const exprs = nodes.filter((child) => !/^(\{|\}|FormatConversion|FormatSpec|FormatSelfDoc)$/.test(child.name));
    const conversion = nodes.find((child) => child.name === 'FormatConversion');
    const spec = nodes.find((child) => child.name === 'FormatSpec');
    const self_doc = nodes.find((child) => child.name === 'FormatSelfDoc');
    const parts: (string | FormatField)[] = [];
    if (spec) {
      let at = spec.from + 1;
      for (const child of this.children(spec)) {
        if (child.name !== 'FormatReplacement') continue;
        if (child.from > at) parts.push(this.source.slice(at, child.from));
        parts.push(this.field(child));
        at = child.to;
      }
      if (spec.to > at) parts.push(this.source.slice(at, spec.to));
    }
    return {
      expr: this.tuple_of(exprs, node),
      conversion: conversion ? this.text(conversion).slice(1) : '',
      spec: parts,
      self_doc: self_doc ? this.source.slice(node.from + 1, self_doc.to) : '',
    };
  }
}

/** How a literal begins. */
function opening(text: string): { prefix: number; quote: string; raw: boolean; bytes: boolean } {
  const [, prefix = '', quote = ''] = /^([a-zA-Z]*)("""|'''|"|')/.exec(text) ?? [];
  const letters = prefix.toLowerCase();
  return { prefix: prefix.length, quote, raw: letters.includes('r'), bytes: letters.includes('b') };
}

const SIMPLE: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};

function unescape(text: string, bytes: boolean): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g,
    (all, x?: string, u?: string, wide?: string, octal?: string, one?: string) => {
      if (x !== undefined) return String.fromCodePoint(Number.parseInt(x, 16));
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      if (!bytes && u !== undefined) return String.fromCharCode(Number.parseInt(u, 16));
      if (!bytes && wide !== undefined) return String.fromCodePoint(Number.parseInt(wide, 16));
      // JavaScript does not know the names of characters.
      if (!bytes && one === 'N') throw new Unported('\\N{...} of a text');
      return one !== undefined && one in SIMPLE ? SIMPLE[one]! : all;
    },
  );
}

/** An expression once more: each place has its own type. */
function again(expr: Expr): Expr {
  return structuredClone(expr);
}
