/**
 * The syntax tree of a Python program, of our own: the stages behind the parser know nothing of the library that parses.
 * Positions are offsets into the source; `line` counts from 1.
 */
import type { Type } from './types.js';

/** What all expressions have. `type` is written by the inference. */
export interface ExprBase {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  type?: Type;
}

export interface Name extends ExprBase {
  readonly kind: 'Name';
  readonly id: string;
}
export interface Num extends ExprBase {
  readonly kind: 'Num';
  readonly raw: string;
  readonly number: 'int' | 'float' | 'complex';
}
export interface Str extends ExprBase {
  readonly kind: 'Str';
  readonly value: string;
  readonly bytes: boolean;
  readonly triple: boolean;
}
export interface FormatField {
  readonly expr: Expr;
  readonly conversion: string;
  readonly spec: readonly (string | FormatField)[];
  /** The text of `{x=}`, which is written before the value. */
  readonly self_doc: string;
}
export interface FormatString extends ExprBase {
  readonly kind: 'FStr';
  readonly parts: readonly (string | FormatField)[];
}
export interface Constant extends ExprBase {
  readonly kind: 'Const';
  readonly value: 'None' | 'True' | 'False' | '...';
}
export interface Sequence extends ExprBase {
  readonly kind: 'Tuple' | 'List' | 'Set';
  readonly items: readonly Expr[];
}
export interface Dict extends ExprBase {
  readonly kind: 'Dict';
  /** A key of null stands for `**value`. */
  readonly entries: readonly { readonly key: Expr | null; readonly value: Expr }[];
}
export interface Clause {
  readonly target: Expr;
  readonly iter: Expr;
  readonly ifs: readonly Expr[];
}
export interface Comprehension extends ExprBase {
  readonly kind: 'Comp';
  readonly of: 'list' | 'set' | 'dict' | 'generator';
  readonly item: Expr;
  /** Of a dict: what belongs to the key `item`. */
  readonly value: Expr | null;
  readonly clauses: readonly Clause[];
}
export interface Argument {
  readonly value: Expr;
  readonly name: string | null;
  readonly star: 0 | 1 | 2;
}
export interface Call extends ExprBase {
  readonly kind: 'Call';
  readonly callee: Expr;
  readonly args: readonly Argument[];
}
export interface Attribute extends ExprBase {
  readonly kind: 'Attr';
  readonly object: Expr;
  readonly name: string;
}
export interface Subscript extends ExprBase {
  readonly kind: 'Sub';
  readonly object: Expr;
  readonly index: Expr;
}
export interface Slice extends ExprBase {
  readonly kind: 'Slice';
  readonly lower: Expr | null;
  readonly upper: Expr | null;
  readonly step: Expr | null;
}
export interface Binary extends ExprBase {
  readonly kind: 'Bin';
  readonly op: string;
  readonly left: Expr;
  readonly right: Expr;
}
export interface Unary extends ExprBase {
  readonly kind: 'Un';
  readonly op: string;
  readonly operand: Expr;
}
export interface Logical extends ExprBase {
  readonly kind: 'Bool';
  readonly op: 'and' | 'or';
  readonly left: Expr;
  readonly right: Expr;
}
export interface Compare extends ExprBase {
  readonly kind: 'Cmp';
  readonly left: Expr;
  readonly rest: readonly { readonly op: string; readonly right: Expr }[];
}
export interface Conditional extends ExprBase {
  readonly kind: 'Cond';
  readonly test: Expr;
  readonly then: Expr;
  readonly otherwise: Expr;
}
export interface Parameter {
  readonly name: string;
  readonly star: 0 | 1 | 2;
  readonly default: Expr | null;
  readonly annotation: Expr | null;
  readonly keyword_only: boolean;
  readonly line: number;
}
export interface Lambda extends ExprBase {
  readonly kind: 'Lambda';
  readonly params: readonly Parameter[];
  readonly body: Expr;
}
export interface Yield extends ExprBase {
  readonly kind: 'Yield';
  readonly value: Expr | null;
  readonly from: boolean;
}
export interface Await extends ExprBase {
  readonly kind: 'Await';
  readonly value: Expr;
}
export interface Named extends ExprBase {
  readonly kind: 'Named';
  readonly target: Name;
  readonly value: Expr;
}
export interface Starred extends ExprBase {
  readonly kind: 'Star';
  readonly value: Expr;
}

export type Expr =
  | Name
  | Num
  | Str
  | FormatString
  | Constant
  | Sequence
  | Dict
  | Comprehension
  | Call
  | Attribute
  | Subscript
  | Slice
  | Binary
  | Unary
  | Logical
  | Compare
  | Conditional
  | Lambda
  | Yield
  | Await
  | Named
  | Starred;

export interface StmtBase {
  readonly start: number;
  readonly end: number;
  readonly line: number;
}
export interface ExprStatement extends StmtBase {
  readonly kind: 'Expr';
  readonly value: Expr;
}
export interface Assign extends StmtBase {
  readonly kind: 'Assign';
  readonly targets: readonly Expr[];
  /** Of `x: int`, which assigns nothing, null. */
  readonly value: Expr | null;
  readonly annotation: Expr | null;
}
export interface Augmented extends StmtBase {
  readonly kind: 'Aug';
  readonly target: Expr;
  readonly op: string;
  readonly value: Expr;
}
export interface Simple extends StmtBase {
  readonly kind: 'Pass' | 'Break' | 'Continue';
}
export interface Return extends StmtBase {
  readonly kind: 'Return';
  readonly value: Expr | null;
}
export interface Raise extends StmtBase {
  readonly kind: 'Raise';
  readonly value: Expr | null;
  readonly cause: Expr | null;
}
export interface Delete extends StmtBase {
  readonly kind: 'Del';
  readonly targets: readonly Expr[];
}
export interface Assert extends StmtBase {
  readonly kind: 'Assert';
  readonly test: Expr;
  readonly message: Expr | null;
}
export interface ScopeStatement extends StmtBase {
  readonly kind: 'Global' | 'Nonlocal';
  readonly names: readonly string[];
}
export interface ImportStatement extends StmtBase {
  readonly kind: 'Import';
  readonly names: readonly { readonly path: string; readonly as: string | null }[];
}
export interface ImportFrom extends StmtBase {
  readonly kind: 'From';
  readonly module: string;
  readonly level: number;
  readonly names: readonly { readonly path: string; readonly as: string | null }[];
}
export interface If extends StmtBase {
  readonly kind: 'If';
  readonly test: Expr;
  readonly body: readonly Stmt[];
  readonly orelse: readonly Stmt[];
  /** Whether `orelse` is one `elif`. */
  readonly elif: boolean;
}
export interface For extends StmtBase {
  readonly kind: 'For';
  readonly is_async: boolean;
  readonly target: Expr;
  readonly iter: Expr;
  readonly body: readonly Stmt[];
  readonly orelse: readonly Stmt[];
}
export interface While extends StmtBase {
  readonly kind: 'While';
  readonly test: Expr;
  readonly body: readonly Stmt[];
  readonly orelse: readonly Stmt[];
}
export interface With extends StmtBase {
  readonly kind: 'With';
  readonly items: readonly { readonly value: Expr; readonly target: Expr | null }[];
  readonly body: readonly Stmt[];
}
export interface Handler {
  readonly type: Expr | null;
  readonly name: string | null;
  readonly body: readonly Stmt[];
  readonly line: number;
}
export interface Try extends StmtBase {
  readonly kind: 'Try';
  readonly body: readonly Stmt[];
  readonly handlers: readonly Handler[];
  readonly orelse: readonly Stmt[];
  readonly finalbody: readonly Stmt[];
}
export interface FunctionDef extends StmtBase {
  readonly kind: 'Def';
  readonly name: string;
  readonly params: readonly Parameter[];
  readonly returns: Expr | null;
  readonly body: readonly Stmt[];
  readonly decorators: readonly Expr[];
  readonly is_async: boolean;
}
export interface ClassDef extends StmtBase {
  readonly kind: 'Class';
  readonly name: string;
  readonly bases: readonly Argument[];
  readonly body: readonly Stmt[];
  readonly decorators: readonly Expr[];
}
/** A statement that this tool does not know, kept for the report. */
export interface Unknown extends StmtBase {
  readonly kind: 'Unknown';
  readonly reason: string;
}

export type Stmt =
  | ExprStatement
  | Assign
  | Augmented
  | Simple
  | Return
  | Raise
  | Delete
  | Assert
  | ScopeStatement
  | ImportStatement
  | ImportFrom
  | If
  | For
  | While
  | With
  | Try
  | FunctionDef
  | ClassDef
  | Unknown;

/** A comment: its text without the `#`. */
export interface Comment {
  readonly start: number;
  readonly line: number;
  readonly text: string;
  /** Whether it stands behind code on its line. */
  readonly trailing: boolean;
}

export interface Program {
  readonly source: string;
  readonly body: readonly Stmt[];
  readonly comments: readonly Comment[];
  /** The lines that are blank, by number. */
  readonly blank: ReadonlySet<number>;
  line_of(offset: number): number;
}

/** A mistake in the Python source: Python's `SyntaxError`. */
export class PythonSyntaxError extends Error {
  override readonly name = 'PythonSyntaxError';
  /** The module that it is in, of a program of several. */
  file?: string;

  constructor(
    message: string,
    readonly line: number,
    readonly column: number,
  ) {
    super(message);
  }
}
