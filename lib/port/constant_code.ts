/** `eval` and `exec` of a text that stands in the program: the code of that text instead. */
import { PythonSyntaxError, type Expr, type Program, type Stmt } from './ast.js';
import { parse } from './parse.js';

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Statements that may stand on one line. */
const SIMPLE = new Set(['Expr', 'Assign', 'Aug', 'Pass', 'Del', 'Assert', 'Import', 'From']);

/** What a function alone may hold, which such a text is not. */
const is_outside = (statement: Stmt): boolean =>
  statement.kind === 'Expr' && (statement.value.kind === 'Yield' || statement.value.kind === 'Await');

function statements_in(text: string): readonly Stmt[] | null {
  try {
    return parse(text).body;
  } catch (error) {
    if (error instanceof PythonSyntaxError) return null;
    throw error;
  }
}

/** The text that a call of `eval` or `exec` runs, where that is one line. */
function constant_of(expr: Expr, name: 'eval' | 'exec'): string | null {
  if (expr.kind !== 'Call' || expr.callee.kind !== 'Name' || expr.callee.id !== name || expr.args.length !== 1) {
    return null;
  }
  const value = expr.args[0]!.value;
  return value.kind === 'Str' && !value.bytes && !/[\n#]/.test(value.value) ? value.value.trim() : null;
}

function edit_of(node: Expr | Stmt, in_module: boolean): Edit | null {
  const { start, end } = node;
  // What exec() assigns within a function is no variable of it.
  if (node.kind === 'Expr') {
    const text = in_module ? constant_of(node.value, 'exec') : null;
    const body = text === null ? null : statements_in(text);
    return body?.length && body.every((each) => SIMPLE.has(each.kind) && !is_outside(each))
      ? { start, end: node.value.end, text: text! }
      : null;
  }
  const text = constant_of(node as Expr, 'eval');
  if (text === null) return null;
  const body = statements_in(text);
  return body?.length === 1 && body[0]!.kind === 'Expr' && !is_outside(body[0]!)
    ? { start, end, text: `(${text})` }
    : null;
}

function* edits_in(node: unknown, in_module: boolean): Iterable<Edit> {
  if (Array.isArray(node)) {
    for (const each of node) yield* edits_in(each, in_module);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const { kind } = node as { kind?: string };
  const edit = kind === undefined ? null : edit_of(node as Expr | Stmt, in_module);
  if (edit !== null) yield edit;
  else {
    const inner = in_module && kind !== 'Def' && kind !== 'Class';
    for (const value of Object.values(node)) yield* edits_in(value, inner);
  }
}

/** Parses a program in which such calls have been replaced. @throws PythonSyntaxError with line and column */
export function parse_with_constant_code(source: string): Program {
  const program = parse(source);
  const text = program.source;
  if (!/\b(?:eval|exec)\(/.test(text) || /\b(?:def|import|as)\s+(?:eval|exec)\b|\b(?:eval|exec)\s*=[^=]/.test(text)) {
    return program;
  }
  const edits = [...edits_in(program.body, true)].filter(({ start, end }) =>
    /^(?:eval|exec)\(.*\)$/.test(text.slice(start, end)),
  );
  if (edits.length === 0) return program;
  const ordered = edits.sort((a, b) => b.start - a.start);
  return parse(
    ordered.reduce((rest, { start, end, text: code }) => rest.slice(0, start) + code + rest.slice(end), text),
  );
}
