/** TypeScript of a program whose types are known: statements in order, with their comments and blank lines. */
import type {
  Argument,
  Assign,
  Call,
  ClassDef,
  Comprehension,
  Expr,
  For,
  FormatField,
  FunctionDef,
  Lambda,
  Parameter,
  Program,
  Stmt,
  Try,
  With,
} from './ast.js';
import { type Plan, plan_scope } from './declare.js';
import { constant_int, DUNDER, type Inferred, match_arg, type Surface } from './infer.js';
import { METHOD_NAMES } from './methods.js';
import { blocks_of, expressions_of, names_in, owner_of, parts_of, statements_of } from './scopes.js';
import { CLASSES, IMAGE, MODULES, NOT_IMPORTED } from './tables.js';
import {
  type ClassInfo,
  element_of,
  type FunctionInfo,
  is_number,
  join,
  lineage,
  method_of,
  package_base,
  plain,
  type Scope,
  show,
  type Type,
  UNKNOWN,
} from './types.js';
import { wrap } from './wrap.js';

/** A place that a person should look at. */
export interface Place {
  readonly line: number;
  readonly kind: 'left out' | 'operator' | 'assumed' | 'note';
  readonly reason: string;
}

export interface Emitted {
  readonly text: string;
  readonly places: readonly Place[];
}

export interface EmitOptions {
  /** Where a module of the program is imported from, such as `./name.js`; null for one that is not of the program. */
  readonly resolve: (module: string, level: number) => string | null;
  /** Whether other modules import this one, which exports its names then. */
  readonly imported: boolean;
  /** The other modules of the program. */
  readonly others: readonly { readonly program: Program; readonly types: Inferred }[];
  /** What Python calls the module: `__main__` for a program that is started. */
  readonly module: string;
  /** Whether a path such as `torch/nn/functional` can be imported from the package. */
  readonly has_path: (path: string) => boolean;
}

const DIGITS_OF_PRODUCTS =
  'NumPy and libtorch add up products of matrices in different orders: last digits of floats may differ';

/** An assignment that was left out: its line, and how deep it stands. */
interface Missing {
  readonly line: number;
  readonly depth: number;
}

/** What cannot be carried over, where it stands. */
class Unportable extends Error {
  constructor(
    message: string,
    readonly line: number,
  ) {
    super(message);
  }
}

const RESERVED = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally
  for function if implements import in instanceof interface let new null package private protected public return static super
  switch this throw true try typeof undefined var void while with yield Array Object Number String Boolean Map Set Math Symbol
  Infinity NaN Error process Tensor`.split(/\s+/),
);

const METHODS_OF_TENSOR: Readonly<Record<string, string>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '//': 'floor_divide',
  '%': 'remainder',
  '**': 'pow',
  '@': 'matmul',
  '<<': 'bitwise_left_shift',
  '>>': 'bitwise_right_shift',
};
const COMPARISONS: Readonly<Record<string, string>> = {
  '==': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
};
const SWAPPED: Readonly<Record<string, string>> = { eq: 'eq', ne: 'ne', lt: 'gt', le: 'ge', gt: 'lt', ge: 'le' };
const OPERATORS: Readonly<Record<string, string>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'truediv',
  '//': 'floordiv',
  '%': 'mod',
  '**': 'pow',
  '@': 'matmul',
  '&': 'and',
  '|': 'or',
  '^': 'xor',
  '<<': 'lshift',
  '>>': 'rshift',
};

// Precedence of JavaScript's operators, lowest first.
const P = {
  arrow: 2,
  conditional: 3,
  or: 4,
  and: 5,
  equality: 9,
  relation: 10,
  sum: 12,
  product: 13,
  power: 14,
  unary: 15,
  call: 18,
  atom: 20,
};
type Code = readonly [text: string, precedence: number];

export function emit(program: Program, types: Inferred, surface: Surface, options: EmitOptions): Emitted {
  return new Emitter(program, types, surface, options).run();
}

interface Loop {
  /** The flag that `break` sets where the loop has an `else`. */
  readonly flag: string | null;
  readonly targets: readonly string[];
}

class Emitter {
  private lines: string[] = [];
  private depth = 0;
  private readonly places: Place[] = [];
  private readonly imports = new Map<string, Set<string>>();
  private next_comment = 0;
  private last_line = 0;
  private scope: Scope;
  private plan: Plan;
  private readonly loops: Loop[] = [];
  private readonly bound = new Set<string>();
  private readonly caught = new Set<string>();
  private temporaries = 0;
  private readonly excluded_of = new Map<Scope, Set<string>>();
  /** Names of the module that only `except ... as` gives, and takes away. */
  private readonly handled = new Set<string>();
  private readonly functions_by_name = new Map<string, FunctionInfo[]>();
  /** Class attributes that are asked of instances. */
  private readonly shared = new Map<ClassInfo, Set<string>>();
  /** Fields of dataclasses whose defaults are asked of the class. */
  private readonly asked_of_class = new Map<ClassInfo, Set<string>>();
  /** Names that are compared with something. */
  private readonly compared = new Set<string>();
  /** Of the method that is written: the name of its object, and what the program calls it. */
  private self: string | null = null;
  private in_init = false;
  /** The expression that is a statement, whose value nothing asks for. */
  private whole_statement: Expr | null = null;
  /** Whether there is an enumeration, whose members print otherwise by themselves than in a list. */
  private readonly has_enumerations: boolean;
  /** Calls of coroutines that are awaited where they are made. */
  private readonly awaited = new Set<Expr>();
  /** Imports that were left out: the name, and why. What stands for it throws when it is used. */
  private readonly absent = new Map<string, string>();
  private noted_products = false;
  /** Variables whose assignment was left out, in the scope that they belong to, and fields by the text of `object.field`. */
  private readonly missing = new Map<Scope, Map<string, Missing>>();
  /** The same with those that get a value further below, before which functions may read them. */
  private readonly left_out = new Map<Scope, Map<string, Missing>>();
  private readonly missing_fields = new Map<string, Missing>();
  /** What the statement that is written reads of them. */
  private read_missing = new Map<string, Missing>();
  /** Variables of other scopes that functions read, which may be left out further below. */
  private readonly read_outside: { readonly scope: Scope; readonly name: string; readonly line: number }[] = [];
  /** Names that stand for a module where there is one, and for something else here. */
  private readonly declared = new Set<string>();
  /** Imports of the module whose names are assigned to as well, and the names that one of them has while it is written. */
  private readonly rebound = new Set<string>();
  private readonly renamed = new Map<string, string>();
  private typing_names: Set<string> | undefined;
  private readonly import_constants = new Map<Scope, Set<string>>();
  /** Whether whole modules are saved, which must be known by name then. */
  private saves_modules = false;
  /** Whether classes are handed to functions, so that what is called may be one. */
  private classes_as_values = false;
  /** Whether the program records what it does by `torch.fx`: operators stay Python's, since `x + 1` is another node than `x.add(1)`. */
  private readonly traces: boolean;
  /** Functions that a statement further below makes nodes of graphs, with the `torch.fx.wrap` of that statement. */
  private readonly wrapped = new Map<FunctionDef, Expr>();
  /** These statements. */
  private readonly wrapping = new Set<Stmt>();

  constructor(
    private readonly program: Program,
    private readonly types: Inferred,
    private readonly surface: Surface,
    private readonly options: EmitOptions,
  ) {
    this.scope = types.module;
    this.has_enumerations = [types, ...options.others.map((one) => one.types)].some((one) =>
      [...one.classes.values()].some((cls) => cls.enumeration !== null),
    );
    if (options.imported) for (const name of types.module.locals) types.module.captured.add(name);
    const add = (scope: Scope): void => {
      for (const name of scope.locals) this.bound.add(name);
    };
    add(types.module);
    for (const info of types.functions.values()) {
      add(info.scope);
    }
    for (const one of [types, ...options.others.map((other) => other.types)]) {
      for (const info of one.functions.values()) {
        const same = this.functions_by_name.get(info.name);
        if (same) same.push(info);
        else this.functions_by_name.set(info.name, [info]);
      }
    }
    for (const target of comprehension_names(program)) this.bound.add(target);
    for (const name of ['IndexError', 'KeyError', 'LookupError', 'ZeroDivisionError']) {
      const asked = new RegExp(`\\bexcept\\b[^\\n]*\\b${name}\\b`);
      if ([program, ...options.others.map((one) => one.program)].some(({ source }) => asked.test(source)))
        this.caught.add(name);
    }
    this.traces = [program, ...options.others.map((one) => one.program)].some(({ source }) =>
      /\btorch\.fx\b|\bfrom torch import\b[^\n]*\bfx\b/.test(source),
    );
    if (this.traces) this.find_wrapped();
    this.find_shared();
    this.plan = plan_scope(types.module, types, this.excluded(types.module));
  }

  run(): Emitted {
    this.block(this.program.body);
    for (const { scope, name, line } of this.read_outside) {
      const found = this.left_out.get(scope)?.get(name);
      if (found) this.place(line, 'note', `\`${name}\` has no value, because line ${found.line} was left out`);
    }
    this.comments_before(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    if (this.options.imported) this.exports();
    const stand_ins = this.stand_ins();
    const head = this.import_lines();
    // Without either a file is a script, whose names all files share.
    if (head.length === 0 && !this.lines.some((line) => line.startsWith('export {'))) this.line('\nexport {};');
    if (stand_ins.length > 0) head.push('', ...stand_ins);
    // Behind the comments and the text that the program begins with.
    let at = 0;
    while (at < this.lines.length && /^(\/\/|\/\*\*| \*)/.test(this.lines[at]!)) at++;
    const rest = this.lines.slice(at);
    while (rest[0] === '') rest.shift();
    const text = [...this.lines.slice(0, at), ...head, '', ...rest]
      .flatMap(wrap)
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trimStart();
    return { text: `${text.trimEnd()}\n`, places: this.places };
  }

  /** Finds statements such as `torch.fx.wrap(f)` and `torch.fx.wrap('f')` of functions of this module. */
  private find_wrapped(): void {
    const functions = new Map<string, FunctionDef>();
    for (const stmt of this.program.body) {
      if (stmt.kind === 'Def') functions.set(stmt.name, stmt);
      if (stmt.kind !== 'Expr' || stmt.value.kind !== 'Call' || stmt.value.args.length !== 1) continue;
      const { callee, args } = stmt.value;
      const name = callee.kind === 'Name' ? callee.id : callee.kind === 'Attr' ? callee.name : '';
      const { value } = args[0]!;
      const text = value.kind === 'Name' ? value.id : value.kind === 'Str' ? value.value : '';
      const found = functions.get(text);
      if (name !== 'wrap' || found === undefined) continue;
      this.wrapped.set(found, callee);
      this.wrapping.add(stmt);
    }
  }

  /** What stands for imports that were left out, so that the rest of the program runs until it needs them. */
  private stand_ins(): string[] {
    const declared = [...this.declared].map((name) => `let ${this.name(name)}: any;`);
    if (this.absent.size === 0) return declared;
    const assigned = new Set([...statements_of(this.program.body)].flatMap(bound_names));
    const stand_ins = [...this.absent].map(
      ([name, reason]) =>
        `${assigned.has(name) ? 'let' : 'const'} ${this.name(name)}: any = ${this.py}.absent(${quote(reason)});`,
    );
    return [...declared, ...stand_ins];
  }

  /** All names of the module, which Python lets other modules have. */
  private exports(): void {
    const packages = new Set<string>();
    for (const stmt of this.program.body) {
      if (stmt.kind !== 'Import' && stmt.kind !== 'From') continue;
      for (const { path, as } of stmt.names) {
        const name = as ?? (stmt.kind === 'Import' ? path.split('.')[0]! : path);
        const local = stmt.kind === 'From' && this.options.resolve(stmt.module, stmt.level) !== null;
        if (!local) packages.add(name);
      }
    }
    const names = [...this.types.module.locals].filter((name) => !packages.has(name) && !this.handled.has(name));
    if (names.length === 0) return;
    this.blank();
    const parts = names.map((name) => (this.name(name) === name ? name : `${this.name(name)} as ${name}`));
    this.line(`export { ${parts.join(', ')} };`);
  }

  // Names and imports

  /** What is imported from a package, under a name that the program does not use. */
  private use(from: string, name: string): string {
    const alias = this.bound.has(name) ? `${name}_` : name;
    this.import_of(from, alias === name ? name : `${name} as ${alias}`);
    return alias;
  }

  private import_of(from: string, what: string): void {
    const names = this.imports.get(from);
    if (names) names.add(what);
    else this.imports.set(from, new Set([what]));
  }

  private get py(): string {
    return this.use('torch-node/port', 'py');
  }

  private get op(): string {
    return this.use('torch-node/port', 'op');
  }

  private python(name: string): string {
    return this.use('torch-node/python', name);
  }

  /** A name that means the package itself. */
  private torch(): string {
    const type = this.types.module.joined.get('torch');
    if (type?.k === 'package' && type.path === 'torch') return 'torch';
    const alias = this.bound.has('torch') ? 'torch_' : 'torch';
    this.import_of('torch-node', `* as ${alias}`);
    return alias;
  }

  private tensor_type(): string {
    this.import_of('torch-node', 'type Tensor');
    return 'Tensor';
  }

  private import_lines(): string[] {
    const found: string[] = [];
    for (const [from, names] of [...this.imports].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const whole = [...names].filter((name) => name.startsWith('* as ')).sort();
      const parts = [...names]
        .filter((name) => !name.startsWith('* as '))
        .sort((a, b) => (a.replace('type ', '') < b.replace('type ', '') ? -1 : 1));
      for (const name of whole) found.push(`import ${name} from '${from}';`);
      if (parts.length > 0)
        found.push(
          `import ${parts.every((part) => part.startsWith('type ')) ? `type { ${parts.map((part) => part.slice(5)).join(', ')} }` : `{ ${parts.join(', ')} }`} from '${from}';`,
        );
    }
    return found;
  }

  private name(id: string): string {
    if (id === this.self) return 'this';
    const renamed = this.renamed.get(id);
    if (renamed !== undefined) return renamed;
    return RESERVED.has(id) ? `${id}_` : id;
  }

  private fresh(base: string): string {
    for (;;) {
      const name = this.temporaries === 0 ? base : `${base}${this.temporaries}`;
      this.temporaries++;
      if (!this.bound.has(name)) return name;
    }
  }

  private place(line: number, kind: Place['kind'], reason: string): void {
    if (!this.places.some((one) => one.line === line && one.reason === reason))
      this.places.push({ line, kind, reason });
  }

  /** Names that are no variables: functions and classes that are bound once, imports, parameters. */
  private excluded(scope: Scope): Set<string> {
    const known = this.excluded_of.get(scope);
    if (known) return known;
    const found = new Set<string>(scope.fn ? scope.fn.node.params.map((param) => param.name) : []);
    const counts = new Map<string, number>();
    const once: string[] = [];
    const caught: string[] = [];
    const count = (name: string): void => {
      counts.set(name, (counts.get(name) ?? 0) + 1);
    };
    const visit = (body: readonly Stmt[], top: boolean): void => {
      for (const stmt of body) {
        if (stmt.kind === 'Def' || stmt.kind === 'Class') {
          count(stmt.name);
          if (top) once.push(stmt.name);
        }
        if (stmt.kind === 'Assign') for (const name of stmt.targets.flatMap(names_in)) count(name);
        if (stmt.kind === 'For') for (const name of names_in(stmt.target)) count(name);
        if (stmt.kind === 'Aug') for (const name of names_in(stmt.target)) count(name);
        if (stmt.kind === 'Import') for (const { path, as } of stmt.names) found.add(as ?? path.split('.')[0]!);
        if (stmt.kind === 'From') for (const { path, as } of stmt.names) found.add(as ?? path);
        if (stmt.kind === 'Try') {
          for (const handler of stmt.handlers) if (handler.name) caught.push(handler.name);
          for (const handler of stmt.handlers) visit(handler.body, false);
          for (const block of [stmt.body, stmt.orelse, stmt.finalbody]) visit(block, false);
        }
        if (stmt.kind === 'If' || stmt.kind === 'For' || stmt.kind === 'While') {
          visit(stmt.body, false);
          visit(stmt.orelse, false);
        }
        if (stmt.kind === 'With') visit(stmt.body, false);
      }
    };
    visit(scope.body, true);
    for (const name of once) if (counts.get(name) === 1) found.add(name);
    if (scope === this.types.module)
      for (const name of scope.body.flatMap(imported_names)) if (counts.has(name)) this.rebound.add(name);
    // `except Error as e` has an `e` of its own, which another one may stand beside.
    for (const name of caught) {
      if (counts.has(name)) continue;
      found.add(name);
      if (scope === this.types.module) this.handled.add(name);
    }
    this.excluded_of.set(scope, found);
    return found;
  }

  private is_class_value(value: Expr): boolean {
    const type = plain(value.type);
    if (type.k === 'class') return true;
    if (type.k !== 'package' || type.path!.startsWith('builtins.')) return false;
    const found = this.surface.find(type.path!);
    return found !== null && found !== 'missing' && found.is_class;
  }

  private find_shared(): void {
    const visit = (expr: Expr): void => {
      const stack = [expr];
      while (stack.length > 0) {
        const one = stack.pop()!;
        if (one.kind === 'Call' && plain(one.callee.type).path === 'torch.save') {
          const saved = plain(one.args[0]?.value.type);
          if (
            saved.k === 'instance' ||
            saved.k === 'unknown' ||
            (saved.k === 'object' && saved.path!.startsWith('torch.nn.'))
          )
            this.saves_modules = true;
        }
        if (one.kind === 'Call' && !(one.callee.kind === 'Name' && one.callee.id === 'isinstance')) {
          if (one.args.some(({ value }) => this.is_class_value(value))) this.classes_as_values = true;
        }
        if (one.kind === 'Cmp')
          for (const side of [one.left, ...one.rest.map(({ right }) => right)])
            if (side.kind === 'Name') this.compared.add(side.id);
        if (one.kind === 'Attr') {
          const owner = plain(one.object.type);
          // The default of a field, asked of the class.
          const of_class =
            owner.k === 'class' ? lineage(owner.cls!).find((c) => c.attributes.has(one.name)) : undefined;
          if (of_class?.dataclass) {
            const names = this.asked_of_class.get(of_class) ?? new Set();
            this.asked_of_class.set(of_class, names.add(one.name));
          }
          if (owner.k === 'instance') {
            const cls: ClassInfo | undefined = lineage(owner.cls!).find(
              (c) => c.attributes.has(one.name) && !c.dataclass,
            );
            if (cls) {
              const names = this.shared.get(cls) ?? new Set();
              names.add(one.name);
              this.shared.set(cls, names);
            }
          }
        }
        for (const part of parts_of(one)) stack.push(part);
      }
    };
    for (const { body } of [this.program, ...this.options.others.map((one) => one.program)])
      for (const expr of all_expressions(body)) visit(expr);
  }

  // Lines

  private line(text: string): void {
    const pad = '  '.repeat(this.depth);
    for (const one of text.split('\n')) this.lines.push(one === '' ? '' : pad + one);
  }

  /** The blank line and the comments that stand before an offset. */
  private comments_before(offset: number, line: number): void {
    const { comments, blank } = this.program;
    for (; this.next_comment < comments.length && comments[this.next_comment]!.start < offset; this.next_comment++) {
      const comment = comments[this.next_comment]!;
      if (
        comment.trailing &&
        comment.line === this.last_line &&
        this.lines.length > 0 &&
        !/\/\/ /.test(this.lines.at(-1)!)
      ) {
        this.lines[this.lines.length - 1] += ` //${comment.text}`;
        continue;
      }
      if (blank.has(comment.line - 1)) this.blank();
      if (!comment.text.startsWith('!')) this.line(`//${comment.text}`);
    }
    if (blank.has(line - 1)) this.blank();
  }

  private blank(): void {
    if (this.lines.length > 0 && this.lines.at(-1) !== '' && !this.lines.at(-1)!.endsWith('{')) this.lines.push('');
  }

  private block(body: readonly Stmt[]): void {
    for (const stmt of body) if (!this.wrapping.has(stmt)) this.statement(stmt);
  }

  private nested(body: readonly Stmt[]): void {
    this.depth++;
    this.block(body);
    this.depth--;
  }

  private statement(stmt: Stmt): void {
    const anchor =
      stmt.kind === 'Def' || stmt.kind === 'Class' ? (stmt.decorators[0]?.start ?? stmt.start) : stmt.start;
    this.comments_before(anchor, this.program.line_of(anchor));
    for (const name of this.plan.before.get(stmt) ?? [])
      this.line(`let ${this.name(name)}!: ${this.variable_type(name)};`);
    const kept = {
      lines: this.lines.length,
      depth: this.depth,
      comment: this.next_comment,
      self: this.self,
      scope: this.scope,
      plan: this.plan,
      loops: this.loops.length,
      in_init: this.in_init,
    };
    const outer = this.read_missing;
    this.read_missing = new Map();
    try {
      if (stmt.kind === 'Expr') this.whole_statement = stmt.value;
      this.write(stmt);
      this.note_missing(stmt, kept.lines);
    } catch (error) {
      if (!(error instanceof Unportable)) throw error;
      this.lines.length = kept.lines;
      this.depth = kept.depth;
      this.self = kept.self;
      this.scope = kept.scope;
      this.plan = kept.plan;
      this.loops.length = kept.loops;
      this.in_init = kept.in_init;
      this.leave_out(stmt, error.message, error.line);
      this.skip_comments(stmt.end);
    }
    this.read_missing = outer;
    this.last_line = this.program.line_of(Math.max(stmt.start, stmt.end - 1));
    if (!/^(Def|Class|If|For|While|With|Try)$/.test(stmt.kind)) this.trailing(stmt);
  }

  private trailing(stmt: Stmt): void {
    const { comments } = this.program;
    const inner: string[] = [];
    for (; this.next_comment < comments.length && comments[this.next_comment]!.start < stmt.end; this.next_comment++) {
      inner.push(comments[this.next_comment]!.text);
    }
    const next = comments[this.next_comment];
    if (next?.trailing && next.line === this.last_line && this.lines.length > 0) {
      this.lines[this.lines.length - 1] += ` //${next.text}`;
      this.next_comment++;
    }
    for (const text of inner) this.line(`//${text}`);
  }

  /** Says above a statement which of the variables that it reads have no value, since their assignments were left out. */
  private note_missing(stmt: Stmt, first_line: number): void {
    if (stmt.kind === 'Aug' && stmt.target.kind === 'Name') this.read_variable(stmt.target.id, stmt.line);
    const line = this.program.line_of(stmt.start);
    for (const [name, { line: assigned }] of this.read_missing) {
      const text = `TODO: \`${name}\` has no value, because line ${assigned} was left out`;
      this.lines.splice(first_line, 0, `${'  '.repeat(this.depth)}// ${text}`);
      this.place(line, 'note', text.replace('TODO: ', ''));
    }
    if (stmt.kind !== 'Assign') return;
    for (const name of bound_names(stmt)) {
      const found = this.missing.get(owner_of(name, this.scope) ?? this.scope);
      if ((found?.get(name)?.depth ?? -1) >= this.depth) found!.delete(name);
    }
    for (const target of stmt.targets) {
      const text = target.kind === 'Attr' ? this.source_text(target) : '';
      if ((this.missing_fields.get(text)?.depth ?? -1) >= this.depth) this.missing_fields.delete(text);
    }
  }

  private source_text({ start, end }: { start: number; end: number }): string {
    return this.program.source.slice(start, end);
  }

  private read_variable(name: string, line: number): void {
    const owner = owner_of(name, this.scope) ?? this.scope;
    const found = this.missing.get(owner)?.get(name);
    if (found !== undefined) this.read_missing.set(name, found);
    else if (owner !== this.scope) this.read_outside.push({ scope: owner, name, line });
  }

  /** Names and fields of an assignment that was left out throw when they are used, as far as they have members. */
  private leave_out_targets(stmt: Stmt, reason: string): void {
    const line = this.program.line_of(stmt.start);
    const { depth } = this;
    const scope_of = (name: string): Scope => owner_of(name, this.scope) ?? this.scope;
    for (const name of new Set(bound_names(stmt))) {
      const scope = scope_of(name);
      for (const known of [this.missing, this.left_out]) {
        if (!known.has(scope)) known.set(scope, new Map());
        known.get(scope)!.set(name, { line, depth });
      }
      const declares = this.scope.locals.has(name) && this.plan.assigned.get(stmt)?.has(name);
      this.line(
        `${declares ? 'let ' : ''}${this.name(name)}${declares ? ': any' : ''} = ${this.py}.absent(${quote(reason)});`,
      );
    }
    if (stmt.kind !== 'Assign') return;
    for (const target of stmt.targets) {
      if (target.kind !== 'Attr') continue;
      try {
        this.line(`${this.assign_to(target, `${this.py}.absent(${quote(reason)})`, null)};`);
      } catch (error) {
        if (!(error instanceof Unportable)) throw error;
      }
      this.missing_fields.set(this.source_text(target), { line, depth });
    }
  }

  private leave_out(stmt: Stmt, reason: string, line: number): void {
    this.comment_out(stmt, reason, line);
    if (stmt.kind === 'Import' || stmt.kind === 'From')
      for (const { path, as } of stmt.names)
        if (path !== '*') this.absent.set(as ?? (stmt.kind === 'Import' ? path.split('.')[0]! : path), reason);
    if (stmt.kind === 'Def' || stmt.kind === 'Class') {
      const once = this.excluded(this.scope).has(stmt.name);
      this.line(
        `${once ? 'const ' : ''}${this.name(stmt.name)}${once ? ': any' : ''} = ${this.py}.absent(${quote(reason)});`,
      );
      if (stmt.kind === 'Class' && once) this.line(`type ${this.name(stmt.name)} = any;`);
    }
    if (stmt.kind === 'Return') this.line(`throw new ${this.py}.NotImplementedError(${quote(reason)});`);
    if (stmt.kind === 'Assign') return this.leave_out_targets(stmt, reason);
    for (const name of new Set(bound_names(stmt)))
      if (this.scope.locals.has(name) && this.plan.assigned.get(stmt)?.has(name))
        this.line(`let ${this.name(name)}!: any;`);
  }

  /** The statement as a comment, below the reason. */
  /** Comments of what stands as a comment itself. */
  private skip_comments(end: number): void {
    const { comments } = this.program;
    while (this.next_comment < comments.length && comments[this.next_comment]!.start < end) this.next_comment++;
  }

  private comment_out(stmt: Stmt, reason: string, line: number): void {
    this.place(line, 'left out', reason);
    this.line(`// port: ${reason}`);
    const text = this.program.source.slice(stmt.start, stmt.end).trimEnd();
    for (const one of text.split('\n')) this.line(`// ${one}`);
  }

  // Types as TypeScript writes them

  private ts(type: Type | undefined): string {
    switch (type?.k) {
      case 'int':
      case 'float':
      case 'number':
        return 'number';
      case 'bool':
        return 'boolean';
      case 'str':
        return 'string';
      case 'tensor':
        return this.tensor_type();
      case 'list': {
        const inner = this.ts(type.a);
        return inner === 'any' ? 'any[]' : `${inner}[]`;
      }
      case 'instance':
        return this.class_name(type.cls!);
      default:
        return 'any';
    }
  }

  private class_name(cls: ClassInfo): string {
    // A class within a function has no name outside of it.
    const known = cls.scope.parent === this.types.module && this.excluded(this.types.module).has(cls.name);
    return known ? this.name(cls.name) : 'any';
  }

  private variable_type(name: string): string {
    return this.ts(this.scope.joined.get(name));
  }

  private annotation(name: string, word: 'const' | 'let', value: Expr | null): string {
    const type = this.ts(this.scope.joined.get(name));
    // A constant has a literal type, which the compiler lets be compared with none but itself.
    if (word === 'const' && /^(Num|Str)$/.test(value?.kind ?? '') && this.compared.has(name)) return `: ${type}`;
    if (
      word === 'const' &&
      value &&
      value.kind !== 'List' &&
      /^(number|boolean|string|Tensor)$/.test(type) &&
      value.kind !== 'Sub'
    )
      return '';
    if (word === 'const' && type !== 'any' && value?.kind === 'Call' && plain(value.callee.type).k === 'class')
      return '';
    if (word === 'const' && value?.kind === 'Lambda') return '';
    if (word === 'const' && plain(value?.type).k === 'object' && value?.kind === 'Call') {
      // The package's own types are better than any that is written here, but for elements that it does not know.
      const path = plain(value.type).path!;
      return path === 'torch.utils.data.DataLoader' && !/^(object)$/.test(plain(value.args[0]?.value.type).k)
        ? ': any'
        : '';
    }
    return `: ${type}`;
  }

  // Statements

  private write(stmt: Stmt): void {
    switch (stmt.kind) {
      case 'Expr':
        return this.expression_statement(stmt.value);
      case 'Assign':
        return this.assign(stmt);
      case 'Aug':
        return this.augmented(stmt);
      case 'Pass':
      case 'Global':
      case 'Nonlocal':
        return;
      case 'Break': {
        const flag = this.loops.at(-1)?.flag;
        if (flag) this.line(`${flag} = true;`);
        return this.line('break;');
      }
      case 'Continue':
        return this.line('continue;');
      case 'Return':
        if (this.in_init || (stmt.value === null && !this.scope.fn?.generator))
          return this.line(this.in_init ? 'return;' : 'return null as any;');
        return this.line(stmt.value ? `return ${this.returned(stmt.value)};` : 'return;');
      case 'Raise':
        return this.raise(stmt);
      case 'Del':
        for (const target of stmt.targets) this.delete(target);
        return;
      case 'Assert': {
        const message = stmt.message ? this.e(stmt.message) : '';
        return this.line(`if (!${this.truth(stmt.test, P.unary)}) throw new ${this.py}.AssertionError(${message});`);
      }
      case 'Import':
      case 'From':
        return this.imports_of(stmt);
      case 'If':
        return this.if_statement(stmt);
      case 'While':
        return this.loop(stmt, `while (${this.truth(stmt.test, 0)})`);
      case 'For':
        return this.for_statement(stmt);
      case 'With':
        return this.with_statement(stmt);
      case 'Try':
        return this.try_statement(stmt);
      case 'Def':
        return this.function_statement(stmt);
      case 'Class':
        return this.class_statement(stmt);
      case 'Unknown':
        throw new Unportable(`no counterpart of \`${stmt.reason}\``, stmt.line);
    }
  }

  private expression_statement(value: Expr): void {
    if (value.kind === 'Str') {
      const text = value.value.trim();
      if (text.includes('\n')) {
        const rows = text.split('\n').map((row) => ` * ${row.trim().replaceAll('*/', '*\\/')}`.trimEnd());
        this.line(`/**\n${rows.join('\n')}\n */`);
      } else this.line(`/** ${text.replaceAll('*/', '*\\/')} */`);
      return;
    }
    if (value.kind === 'Const' && value.value === '...') return;
    if (value.kind === 'Call') {
      const { callee } = value;
      const super_call =
        callee.kind === 'Attr' &&
        callee.name === '__init__' &&
        callee.object.kind === 'Call' &&
        callee.object.callee.kind === 'Name' &&
        callee.object.callee.id === 'super';
      if (super_call) {
        if (this.in_init) return; // written at the beginning of the constructor
        throw new Unportable('super().__init__() outside of __init__', value.line);
      }
      const type = plain(callee.type);
      const aside = /^(?:warnings\.|sys\.path\.(?:append|insert)$|matplotlib\.use$)/.exec(type.path ?? '')?.[0];
      if (type.k === 'package' && aside) {
        const what = { 'warnings.': 'warnings of Python are', 'matplotlib.use': 'the backend of plots is' }[aside];
        this.place(value.line, 'note', `${what ?? 'the path of imports is'} left out`);
        return this.line(`// ${this.program.source.slice(value.start, value.end).replaceAll('\n', ' ')}`);
      }
    }
    const text = this.e(value);
    this.line(`${/^(\{|function|class)/.test(text) ? `(${text})` : text};`);
  }

  private returned(value: Expr): string {
    // A function that is a value may be called where the type of its result is not known.
    // What a graph returns is printed as a tuple.
    return value.kind === 'Tuple' && !this.scope.fn?.escapes && !this.traces ? this.array(value.items) : this.e(value);
  }

  private assign(stmt: Assign): void {
    const { targets, value } = stmt;
    if (value === null) return;
    const declared = this.plan.assigned.get(stmt);
    if (targets.length === 1 && declared) {
      const [target] = targets;
      const words = new Set(declared.values());
      const word = words.has('let') ? 'let' : 'const';
      if (target!.kind === 'Name') {
        return this.line(
          `${word} ${this.name(target!.id)}${this.annotation(target!.id, word, value)} = ${this.assigned_value(value, target!)};`,
        );
      }
      const source = plain(value.type);
      const loose =
        source.k === 'tuple' || source.k === 'unknown' || source.k === 'list' || source.k === 'optional' ? ': any' : '';
      return this.line(
        `${word} ${this.target(target!)}${value.kind === 'Tuple' && word === 'const' && !value.items.some((item) => item.kind === 'List' || item.kind === 'Dict') ? '' : loose} = ${this.unpack_early(target!, this.unpacked(value))};`,
      );
    }
    if (targets.length === 1)
      return this.line(
        `${this.assign_to(targets[0]!, targets[0]!.kind === 'Name' || targets[0]!.kind === 'Attr' || targets[0]!.kind === 'Sub' ? this.assigned_value(value, targets[0]!) : this.unpacked(value), value)};`,
      );
    // a = b = value
    const simple = value.kind === 'Num' || value.kind === 'Const' || value.kind === 'Str' || value.kind === 'Name';
    let text = this.assigned_value(value, targets[0]!);
    if (!simple) {
      const name = this.fresh('value');
      this.line(`const ${name}: any = ${text};`);
      text = name;
    }
    for (const target of targets) this.line(`${this.assign_to(target, text, value)};`);
  }

  /** Empty lists and dicts are what the variable turns out to be. */
  private assigned_value(value: Expr, target: Expr): string {
    if (value.kind === 'Dict' && value.entries.length === 0) {
      const type = target.kind === 'Name' ? (this.scope.joined.get(target.id) ?? value.type) : value.type;
      const owner = target.kind === 'Attr' ? plain(target.object.type) : undefined;
      const field = target.kind === 'Attr' && owner?.k === 'instance' ? this.field_type(owner.cls!, target.name) : type;
      return this.new_dict(plain(field).k === 'dict' ? plain(field) : value.type);
    }
    return this.e(value);
  }

  /** The length of a dataset is a property here: a field of that name gets another one. */
  private field_name(owner: Type, name: string): string {
    if (name !== 'length' || owner.k !== 'instance') return name;
    const taken = method_of(owner.cls!, '__len__') && package_base(owner.cls!)?.startsWith('torch.utils.data.');
    return taken ? 'length_' : name;
  }

  private field_type(cls: ClassInfo, name: string): Type {
    for (const one of lineage(cls)) if (one.fields.has(name)) return one.fields.get(name)!;
    return UNKNOWN;
  }

  private new_dict(type: Type | undefined, entries = ''): string {
    const key = type?.k === 'dict' ? plain(type.a).k : 'unknown';
    const simple =
      /^(str|int|bool|instance|none|object|tensor|class|function|package)$/.test(key) || type?.a?.k === 'bottom';
    return `new ${simple ? 'Map' : `${this.py}.Dict`}<any, any>(${entries})`;
  }

  /** `*a, b = xs`: JavaScript takes the rest at the end only. */
  private unpack_early(target: Expr, text: string): string {
    if (target.kind !== 'Tuple' && target.kind !== 'List') return text;
    const starred = target.items.findIndex((item) => item.kind === 'Star');
    if (starred < 0 || starred === target.items.length - 1) return text;
    return `${this.py}.unpack(${text}, ${starred}, ${target.items.length - 1 - starred})`;
  }

  /** What is unpacked at once needs no tuple. */
  private unpacked(value: Expr): string {
    if (value.kind === 'Tuple') return this.array(value.items);
    return this.iterable(value, true);
  }

  private assign_to(target: Expr, text: string, value: Expr | null): string {
    switch (target.kind) {
      case 'Name':
        return `${this.name(target.id)} = ${text}`;
      case 'Attr': {
        const owner = plain(target.object.type);
        if (owner.k === 'module') throw new Unportable('an assignment to a name of another module', target.line);
        const known = owner.k === 'instance' || owner.k === 'class';
        return `${known ? this.e(target.object, P.call) : this.any(target.object)}.${this.field_name(owner, target.name)} = ${text}`;
      }
      case 'Sub':
        return this.set_item(target, text, value);
      case 'Tuple':
      case 'List': {
        const simple = target.items.every(
          (item) =>
            item.kind === 'Name' ||
            item.kind === 'Attr' ||
            (item.kind === 'Star' && item.value.kind === 'Name') ||
            item.kind === 'Tuple',
        );
        const early = this.unpack_early(target, text);
        if (early !== text) return `${this.target(target)} = ${early}`;
        if (simple) return `${this.target(target)} = ${text}${/^\[/.test(text) ? '' : ' as any'}`;
        const name = this.fresh('values');
        this.line(`const ${name}: any = [...${text}];`);
        const last = target.items.length - 1;
        for (const [i, item] of target.items.entries()) {
          const one = this.assign_to(item, `${name}[${i}]`, null);
          if (i === last) return one;
          this.line(`${one};`);
        }
        return '';
      }
      default:
        throw new Unportable(`an assignment to ${target.kind}`, target.line);
    }
  }

  /** A target of destructuring. */
  private target(target: Expr, skipped?: Set<Expr>): string {
    // Of `_, x, _` the last one counts; JavaScript binds a name once.
    if (!skipped) {
      const last = new Map<string, Expr>();
      const all: Expr[] = [];
      const visit = (one: Expr): void => {
        if (one.kind === 'Tuple' || one.kind === 'List') one.items.forEach(visit);
        else if (one.kind === 'Star') visit(one.value);
        else if (one.kind === 'Name') {
          all.push(one);
          last.set(one.id, one);
        }
      };
      visit(target);
      return this.target(target, new Set(all.filter((one) => one.kind === 'Name' && last.get(one.id) !== one)));
    }
    if (skipped.has(target)) return '';
    if (target.kind === 'Tuple' || target.kind === 'List') {
      const starred = target.items.findIndex((item) => item.kind === 'Star');
      const early = starred >= 0 && starred < target.items.length - 1;
      return `[${target.items.map((item) => this.target(early && item.kind === 'Star' ? item.value : item, skipped)).join(', ')}]`;
    }
    if (target.kind === 'Star') return `...${this.target(target.value, skipped)}`;
    if (target.kind === 'Name') return this.name(target.id);
    if (target.kind === 'Attr')
      return `${this.e(target.object, P.call)}.${this.field_name(plain(target.object.type), target.name)}`;
    throw new Unportable('an element as a target of several values', target.line);
  }

  private set_item(target: Extract<Expr, { kind: 'Sub' }>, text: string, value: Expr | null): string {
    const owner = plain(target.object.type);
    const holder = this.e(target.object, P.call);
    switch (owner.k) {
      case 'tensor':
      case 'ndarray': {
        const keys = this.tensor_keys(target.index);
        const given = value?.type?.k === 'list' && owner.k === 'tensor' ? `${this.torch()}.tensor(${text})` : text;
        return `${holder}.index_put_(${keys.length === 1 ? keys[0] : `[${keys.join(', ')}]`}, ${given})`;
      }
      case 'dict':
        if (owner.how === 'map') return `${holder}.set(${this.e(target.index)}, ${text})`;
        if (owner.how === 'record') return `${holder}${this.record_key(target.index)} = ${text}`;
        break;
      case 'list': {
        const at = constant_int(target.index);
        if (at !== undefined && at >= 0 && !this.caught.has('IndexError')) return `${holder}[${at}] = ${text}`;
        break;
      }
      case 'instance':
        if (method_of(owner.cls!, '__setitem__'))
          return `${holder}.__setitem__(${this.index_value(target.index)}, ${text})`;
        break;
    }
    if (owner.k === 'unknown')
      this.place(target.line, 'operator', `what is assigned to in ${this.source_of(target)} is not known`);
    return `${this.op}.setitem(${this.e(target.object)}, ${this.index_value(target.index)}, ${text})`;
  }

  private record_key(index: Expr): string {
    if (index.kind === 'Str' && /^[A-Za-z_$][\w$]*$/.test(index.value)) return `.${index.value}`;
    return `[${this.e(index)}]`;
  }

  private augmented(stmt: Extract<Stmt, { kind: 'Aug' }>): void {
    const { target, op, value } = stmt;
    const [left, right] = [plain(target.type), plain(value.type)];
    const result = target.kind === 'Name' ? plain(this.scope.joined.get(target.id) ?? left) : left;
    if (target.kind === 'Sub') {
      // The element is read once more: an index with effects would have them twice.
      const read: Expr = {
        kind: 'Bin',
        start: stmt.start,
        end: stmt.end,
        line: stmt.line,
        op,
        left: target,
        right: value,
        type: left.k === 'tensor' ? left : result,
      };
      if (!/^(tensor|int|float|number|str|ndarray|bool)$/.test(left.k)) {
        return this.line(
          `${this.set_item(target, `${this.op}.in_place('${op}', ${this.e(target)}, ${this.e(value)})`, null)};`,
        );
      }
      return this.line(`${this.set_item(target, this.e(read), null)};`);
    }
    const place = this.e(target, P.call);
    const numbers = is_number(left) && is_number(right);
    if (numbers && left.k !== 'bool' && /^[-+*]$/.test(op))
      return this.line(`${place} ${op}= ${this.e(value, P.arrow)};`);
    if (numbers && op === '/' && !this.caught.has('ZeroDivisionError'))
      return this.line(`${place} /= ${this.e(value, P.arrow)};`);
    if (left.k === 'str' && right.k === 'str' && op === '+') return this.line(`${place} += ${this.e(value, P.arrow)};`);
    if (left.k === 'list' && op === '+') return this.line(`${place}.push(...${this.iterable(value, true)});`);
    const operands = left.k === 'tensor' && (right.k === 'tensor' || is_number(right));
    if (operands && !this.traces && METHODS_OF_TENSOR[op] && op !== '@') {
      if (!this.whole_float(value, left)) return this.line(`${place}.${METHODS_OF_TENSOR[op]}_(${this.e(value)});`);
    }
    if (numbers || (left.k === 'str' && op !== '+')) {
      const read: Expr = {
        kind: 'Bin',
        start: stmt.start,
        end: stmt.end,
        line: stmt.line,
        op,
        left: target,
        right: value,
        type: result,
      };
      return this.line(`${this.assign_to(target, this.e(read), null)};`);
    }
    if (left.k === 'unknown' || right.k === 'unknown')
      this.place(stmt.line, 'operator', `the types of ${this.source_of(stmt)} are not known`);
    this.line(
      `${this.assign_to(target, `${this.op}.in_place('${op}', ${this.e(target)}, ${this.float_operand(value, left)})`, null)};`,
    );
  }

  private delete(target: Expr): void {
    if (target.kind === 'Tuple' || target.kind === 'List') {
      for (const item of target.items) this.delete(item);
      return;
    }
    if (target.kind === 'Name') return; // the variable is not used any more
    if (target.kind === 'Attr') return this.line(`delete (${this.e(target.object)} as any).${target.name};`);
    if (target.kind !== 'Sub') throw new Unportable('del', target.line);
    const owner = plain(target.object.type);
    if (owner.k === 'dict' && owner.how === 'map' && !this.caught.has('KeyError'))
      return this.line(`${this.e(target.object, P.call)}.delete(${this.e(target.index)});`);
    if (owner.k === 'dict' && owner.how === 'record' && !this.caught.has('KeyError'))
      return this.line(`delete ${this.e(target.object, P.call)}${this.record_key(target.index)};`);
    this.line(`${this.op}.delitem(${this.e(target.object)}, ${this.index_value(target.index)});`);
  }

  private raise(stmt: Extract<Stmt, { kind: 'Raise' }>): void {
    if (!stmt.value) return this.line('throw error;');
    const type = plain(stmt.value.type);
    const name = stmt.value.kind === 'Name' ? stmt.value.id : '';
    if (/(Error|Exception|Exit|Interrupt|Iteration)$/.test(name) && (type.k === 'package' || type.k === 'class')) {
      return this.line(`throw new ${this.exception(stmt.value)}();`);
    }
    this.line(`throw ${this.e(stmt.value)};`);
  }

  /** The class of an exception. */
  private exception(expr: Expr): string {
    const type = plain(expr.type);
    const said = expr.kind === 'Name' ? expr.id : expr.kind === 'Attr' ? expr.name : '';
    if (said === 'FrozenInstanceError' && type.k !== 'class') return `${this.py}.FrozenInstanceError`;
    if (type.k === 'package' && type.path!.startsWith('builtins.')) {
      const name = type.path!.slice('builtins.'.length);
      const known: Readonly<Record<string, string>> = {
        TypeError: 'PyTypeError',
        IOError: 'OSError',
        EnvironmentError: 'OSError',
        BaseException: 'Exception',
        ModuleNotFoundError: 'ImportError',
        UnicodeDecodeError: 'ValueError',
      };
      const here = known[name] ?? name;
      if (
        !/^(Exception|ArithmeticError|ZeroDivisionError|OverflowError|AssertionError|AttributeError|EOFError|FrozenInstanceError|LookupError|IndexError|KeyError|NameError|OSError|FileNotFoundError|RuntimeError|NotImplementedError|StopIteration|ValueError|ImportError|PyTypeError|KeyboardInterrupt|SystemExit)$/.test(
          here,
        )
      ) {
        throw new Unportable(`the exception ${name} is not here`, expr.line);
      }
      return `${this.py}.${here}`;
    }
    return this.e(expr, P.call);
  }

  private if_statement(stmt: Extract<Stmt, { kind: 'If' }>): void {
    if (stmt.test.kind === 'Name' && stmt.test.id === 'TYPE_CHECKING' && stmt.orelse.length === 0) {
      this.skip_comments(stmt.end);
      return;
    }
    this.line(`if (${this.truth(stmt.test, 0)}) {`);
    this.last_line = stmt.line;
    this.nested(stmt.body);
    let rest = stmt.orelse;
    let chained =
      stmt.orelse.length === 1 &&
      stmt.orelse[0]!.kind === 'If' &&
      stmt.orelse[0]!.elif &&
      !this.plan.before.has(stmt.orelse[0]!);
    while (chained) {
      const next = rest[0] as Extract<Stmt, { kind: 'If' }>;
      this.line(`} else if (${this.truth(next.test, 0)}) {`);
      this.last_line = next.line;
      this.nested(next.body);
      rest = next.orelse;
      chained = rest.length === 1 && rest[0]!.kind === 'If' && rest[0]!.elif && !this.plan.before.has(rest[0]!);
    }
    if (rest.length > 0) {
      this.line('} else {');
      this.nested(rest);
    }
    this.line('}');
  }

  private loop(stmt: For | Extract<Stmt, { kind: 'While' }>, head: string, first: string | null = null): void {
    const flag = stmt.orelse.length > 0 ? this.fresh('broken') : null;
    if (flag) this.line(`let ${flag} = false;`);
    this.line(`${head} {`);
    this.last_line = stmt.line;
    this.loops.push({ flag, targets: stmt.kind === 'For' ? names_in(stmt.target) : [] });
    this.depth++;
    if (first) this.line(first);
    this.depth--;
    this.nested(stmt.body);
    this.loops.pop();
    this.line('}');
    if (flag) {
      this.line(`if (!${flag}) {`);
      this.nested(stmt.orelse);
      this.line('}');
    }
  }

  private for_statement(stmt: For): void {
    const declared = this.plan.looped.get(stmt);
    // What is not known within `zip` is unknown to the compiler too, which lets nothing be done with it.
    const zipped =
      stmt.iter.kind === 'Call' &&
      ((stmt.iter.callee.kind === 'Name' && /^(zip|enumerate)$/.test(stmt.iter.callee.id)) ||
        plain(stmt.iter.callee.type).path?.startsWith('tqdm.')) &&
      (names_in(stmt.target).some((name) => plain(this.scope.joined.get(name)).k === 'unknown') ||
        (stmt.iter.args.length > 1 &&
          stmt.iter.args.some(({ value }) => !/^(list|str|iterator|bytes)$/.test(plain(value.type).k))));
    const loader = stmt.iter.kind === 'Call' && plain(stmt.iter.type).path === 'torch.utils.data.DataLoader';
    const iterable = `${this.iterable(stmt.iter)}${zipped || loader ? ' as any' : ''}`;
    const each = stmt.is_async ? 'for await' : 'for';
    if (declared) {
      const word = [...declared.values()].includes('let') ? 'let' : 'const';
      return this.loop(stmt, `${each} (${word} ${this.target(stmt.target)} of ${iterable})`);
    }
    if (stmt.target.kind === 'Name' && this.scope.locals.has(stmt.target.id))
      return this.loop(stmt, `${each} (${this.name(stmt.target.id)} of ${iterable})`);
    const item = this.fresh('item');
    return this.loop(
      stmt,
      `${each} (const ${item} of ${iterable} as any)`,
      `${this.assign_to(stmt.target, item, null)};`,
    );
  }

  private with_statement(stmt: With): void {
    this.line('{');
    this.last_line = stmt.line;
    this.depth++;
    for (const { value, target } of stmt.items) {
      const type = plain(value.type);
      const manager = this.e(value);
      const own = type.k === 'instance' || type.k === 'unknown' || type.path === 'tempfile.TemporaryDirectory';
      if (!target) {
        this.line(`using ${this.fresh('guard')} = ${own ? `${this.py}.enter(${manager})` : manager};`);
        continue;
      }
      const guard = this.fresh('guard');
      this.line(`using ${guard} = ${own ? `${this.py}.enter(${manager})` : manager};`);
      this.line(`${this.assign_to(target, own ? `${guard}.value` : guard, null)};`);
    }
    this.block(stmt.body);
    this.depth--;
    this.line('}');
  }

  /**
   * `try: import x` with another way for where it is not there: whether it is, is known now. False where it is no such statement.
   */
  private try_import(stmt: Try): boolean {
    const count = stmt.body.findIndex((one) => one.kind !== 'Import' && one.kind !== 'From');
    const imports = count < 0 ? stmt.body : stmt.body.slice(0, count);
    const handler = stmt.handlers.find(
      ({ type }) =>
        type === null ||
        (type.kind === 'Tuple' ? type.items : [type]).some(
          (one) => one.kind === 'Name' && /^(ImportError|ModuleNotFoundError|Exception)$/.test(one.id),
        ),
    );
    if (imports.length === 0 || !handler || stmt.finalbody.length > 0) return false;
    const kept = { lines: this.lines.length, places: this.places.length, absent: new Map(this.absent) };
    const imported = new Map([...this.imports].map(([from, names]) => [from, new Set(names)]));
    try {
      for (const one of imports) this.write(one);
      if (this.absent.size > kept.absent.size) throw new Unportable([...this.absent.values()].at(-1)!, stmt.line);
    } catch (error) {
      if (!(error instanceof Unportable)) throw error;
      this.lines.length = kept.lines;
      this.places.length = kept.places;
      this.absent.clear();
      for (const [name, reason] of kept.absent) this.absent.set(name, reason);
      this.imports.clear();
      for (const [from, names] of imported) this.imports.set(from, names);
      this.place(stmt.line, 'note', `${error.message}: what stands in 'except' is done`);
      const given = new Set(handler.body.flatMap((one) => (one.kind === 'Assign' ? bound_names(one) : [])));
      const bound_there = new Set(handler.body.flatMap((one) => [...bound_within(one), ...imported_names(one)]));
      for (const one of imports)
        if (one.kind === 'Import' || one.kind === 'From')
          for (const { path, as } of one.names) {
            const name = as ?? (one.kind === 'Import' ? path.split('.')[0]! : path);
            if (given.has(name)) this.declared.add(name);
            else if (!bound_there.has(name)) this.absent.set(name, error.message);
          }
      this.block(handler.body);
      return true;
    }
    this.block(stmt.body.slice(imports.length));
    this.block(stmt.orelse);
    return true;
  }

  private try_statement(stmt: Try): void {
    if (this.try_import(stmt)) return;
    const flag = stmt.orelse.length > 0 ? this.fresh('failed') : null;
    // `else` runs before `finally`, and what it raises is not caught here.
    const around = flag !== null && stmt.finalbody.length > 0;
    if (around) {
      this.line('try {');
      this.depth++;
    }
    if (flag) this.line(`let ${flag} = false;`);
    this.line('try {');
    this.last_line = stmt.line;
    this.nested(stmt.body);
    if (stmt.handlers.length > 0) {
      this.line('} catch (error: any) {');
      this.depth++;
      if (flag) this.line(`${flag} = true;`);
      let closed = false;
      for (const [i, handler] of stmt.handlers.entries()) {
        const last = i === stmt.handlers.length - 1;
        if (handler.type) {
          const classes = handler.type.kind === 'Tuple' ? handler.type.items : [handler.type];
          const all = classes.some(
            (one) => one.kind === 'Name' && (one.id === 'Exception' || one.id === 'BaseException'),
          );
          if (!(all && i === 0 && last)) {
            this.line(
              `${i === 0 ? '' : '} else '}if (${this.py}.catches(error, ${classes.map((one) => this.exception(one)).join(', ')})) {`,
            );
            closed = true;
          }
        } else if (i > 0) {
          this.line('} else {');
        }
        if (closed) this.depth++;
        if (handler.name && handler.name !== 'error') this.line(`const ${this.name(handler.name)}: any = error;`);
        this.block(handler.body);
        if (closed) this.depth--;
        if (last && closed) {
          if (handler.type) this.line('} else throw error;');
          else this.line('}');
        }
      }
      this.depth--;
    }
    if (stmt.finalbody.length > 0 && !flag) {
      this.line('} finally {');
      this.nested(stmt.finalbody);
    }
    this.line('}');
    if (flag) {
      this.line(`if (!${flag}) {`);
      this.nested(stmt.orelse);
      this.line('}');
    }
    if (around) {
      this.depth--;
      this.line('} finally {');
      this.nested(stmt.finalbody);
      this.line('}');
    }
  }

  // Imports

  /** The package and export that stand for a module of Python. */
  private module_of(path: string, line: number): { from: string; name: string } {
    if (Object.hasOwn(MODULES, path)) {
      const [from, name] = MODULES[path]!;
      if (from === 'torch-node/pyplot' && !this.options.has_path('pyplot'))
        throw new Unportable(`the module ${path} is not in torch-node`, line);
      return { from, name };
    }
    if (path === 'torch') return { from: 'torch-node', name: '*' };
    if (path.startsWith('torch.')) {
      const sub = path.slice('torch.'.length).replaceAll('.', '/');
      if (this.options.has_path(sub)) return { from: `torch-node/${sub}`, name: '*' };
      return { from: '', name: path };
    }
    throw new Unportable(`the module ${path} is not in torch-node`, line);
  }

  /** An import. A name that is assigned to as well is a variable, which is given what is imported under another name. */
  private imports_of(stmt: Extract<Stmt, { kind: 'Import' | 'From' }>): void {
    const rebound =
      this.scope === this.types.module ? imported_names(stmt).filter((name) => this.rebound.has(name)) : [];
    for (const name of rebound) this.renamed.set(name, `${name}_module`);
    try {
      if (stmt.kind === 'Import') this.import_statement(stmt);
      else this.import_from(stmt);
    } finally {
      this.renamed.clear();
    }
    for (const name of rebound) {
      if (this.absent.has(name)) continue;
      this.declared.add(name);
      this.line(`${this.name(name)} = ${name}_module;`);
    }
  }

  private import_statement(stmt: Extract<Stmt, { kind: 'Import' }>): void {
    this.each_name(stmt, stmt.names, ({ path, as }) => {
      if (NOT_IMPORTED.has(path) || path === 'asyncio') return;
      const root = path.split('.')[0]!;
      const bound = as ?? root;
      const local = this.options.resolve(path, 0);
      if (local !== null) {
        if (!as && path.includes('.')) throw new Unportable(`import ${path} without a name of its own`, stmt.line);
        this.import_of(local, `* as ${this.name(bound)}`);
        return;
      }
      if (as && path.startsWith('torchvision.')) {
        this.check_there(path, stmt.line);
        this.import_of('torch-node/vision', '* as vision_module');
        this.import_constant(`const ${this.name(as)} = vision_module${path.slice('torchvision'.length)};`);
        return;
      }
      const { from, name } = this.module_of(as ? path : root, stmt.line);
      if (from === '')
        this.import_constant(`const ${this.name(bound)} = ${this.torch()}${path.slice('torch'.length)};`);
      else if (name === '*') this.import_of(from, `* as ${this.name(bound)}`);
      else if (as === null || name === as) this.import_of(from, name);
      else if (path === 'os.path') this.path_of_os(as);
      else this.import_of(from, `${name} as ${this.name(as)}`);
    });
  }

  /** A constant that stands for an import, once where the same is imported again. */
  private import_constant(text: string): void {
    const known = this.import_constants.get(this.scope);
    if (known?.has(text) && this.depth === 0) return;
    if (known) known.add(text);
    else this.import_constants.set(this.scope, new Set([text]));
    this.line(text);
  }

  private path_of_os(name: string): void {
    this.import_of('torch-node/port', 'os as os_module');
    this.import_constant(`const ${this.name(name)} = os_module.path;`);
  }

  private import_from(stmt: Extract<Stmt, { kind: 'From' }>): void {
    const { module, level, names } = stmt;
    if (level === 0 && (NOT_IMPORTED.has(module) || module === 'asyncio')) {
      return;
    }
    const local = names.map(({ path }) => this.options.resolve(module === '' ? path : `${module}.${path}`, level));
    const holder = this.options.resolve(module, level);
    if (level > 0 || holder !== null || local.some((path) => path !== null)) {
      if (names.some(({ path }) => path === '*')) throw new Unportable(`from ${module} import *`, stmt.line);
      for (const [i, { path: name, as }] of names.entries()) {
        const bound = this.name(as ?? name);
        if (local[i] !== null) this.import_of(local[i]!, `* as ${bound}`);
        else if (holder === null)
          throw new Unportable(
            `the module ${'.'.repeat(level)}${module} is not among those that are ported`,
            stmt.line,
          );
        else this.import_of(holder, bound === name ? name : `${name} as ${bound}`);
      }
      return;
    }
    if (names.some(({ path }) => path === '*')) throw new Unportable(`from ${module} import *`, stmt.line);
    this.each_name(stmt, names, ({ path, as }) => this.import_name(stmt, path, as));
  }

  /** What can be imported of a statement is; it is left out as a whole where nothing can. */
  private each_name<N extends { path: string; as: string | null }>(
    stmt: Extract<Stmt, { kind: 'Import' | 'From' }>,
    names: readonly N[],
    run: (name: N) => void,
  ): void {
    const missing: { bound: string; error: Unportable }[] = [];
    for (const name of names) {
      try {
        run(name);
      } catch (error) {
        if (!(error instanceof Unportable)) throw error;
        missing.push({ bound: name.as ?? (stmt.kind === 'Import' ? name.path.split('.')[0]! : name.path), error });
      }
    }
    if (missing.length === 0) return;
    if (missing.length === names.length) throw missing[0]!.error;
    for (const { bound, error } of missing) this.absent.set(bound, error.message);
    const reasons = [...new Set(missing.map(({ error }) => error.message))];
    for (const reason of reasons) this.place(stmt.line, 'left out', reason);
    this.line(`// port: ${reasons.join(', ')}`);
    this.line(`// ${this.program.source.slice(stmt.start, stmt.end).replace(/\s+/g, ' ')}`);
  }

  /** One name of a package: it is a module, or is asked of one. */
  private import_name(stmt: Extract<Stmt, { kind: 'From' }>, name: string, as: string | null): void {
    const { module } = stmt;
    const bound = this.name(as ?? name);
    const whole = `${module}.${name}`;
    // `io.open` is the builtin itself.
    if (whole === 'io.open') return;
    this.check_there(whole, stmt.line);
    if (module === 'os' && name === 'path') return this.path_of_os(bound);
    if (Object.hasOwn(MODULES, whole)) {
      const found = this.module_of(whole, stmt.line);
      this.import_of(
        found.from,
        found.name === '*' ? `* as ${bound}` : found.name === bound ? bound : `${found.name} as ${bound}`,
      );
      return;
    }
    const found = this.module_of(/^torchvision\./.test(module) ? 'torchvision' : module, stmt.line);
    if (/^torchvision\./.test(module)) {
      this.import_of(found.from, '* as vision_module');
      this.import_constant(
        `const { ${name}${as ? `: ${bound}` : ''} } = vision_module.${module.slice('torchvision.'.length)};`,
      );
    } else if (found.from === '') {
      this.import_constant(
        `const { ${name}${as ? `: ${bound}` : ''} } = ${this.torch()}${module.slice('torch'.length)};`,
      );
    } else if (found.name === '*') {
      const imported = name === 'tqdm' && module.startsWith('tqdm') ? 'tqdm' : name;
      this.import_of(found.from, imported === bound ? imported : `${imported} as ${bound}`);
    } else {
      const holder = this.bound.has(found.name) ? `${found.name}_` : found.name;
      this.import_of(found.from, holder === found.name ? holder : `${found.name} as ${holder}`);
      this.import_constant(
        `const { ${name}${as ? `: ${bound}` : ''} } = ${holder}${module === 'os.path' ? '.path' : ''};`,
      );
    }
  }

  /** Names that the package does not have are not guessed. */
  private check_there(path: string, line: number): void {
    if (this.surface.find(path) === 'missing') throw new Unportable(`${path} is not in torch-node`, line);
  }

  // Functions

  private enter_scope(info: FunctionInfo, run: () => void): void {
    const kept = {
      scope: this.scope,
      plan: this.plan,
      loops: this.loops.splice(0),
      in_init: this.in_init,
      self: this.self,
    };
    this.scope = info.scope;
    this.plan = plan_scope(info.scope, this.types, this.excluded(info.scope));
    this.in_init = false;
    run();
    this.scope = kept.scope;
    this.plan = kept.plan;
    this.loops.push(...kept.loops);
    this.in_init = kept.in_init;
    this.self = kept.self;
  }

  /** How a function takes its arguments. */
  private shape(info: FunctionInfo): {
    positional: Parameter[];
    named: Parameter[];
    rest: Parameter | undefined;
    options: Parameter | undefined;
  } {
    const bound = info.owner !== null && info.role !== 'static' && info.node.kind === 'Def';
    const params = info.node.params.slice(bound ? 1 : 0);
    return {
      positional: params.filter((param) => param.star === 0 && !param.keyword_only),
      named: params.filter((param) => param.star === 0 && param.keyword_only),
      rest: params.find((param) => param.star === 1),
      options: params.find((param) => param.star === 2),
    };
  }

  /** Parameters, and what the body begins with. */
  private parameters(info: FunctionInfo): { text: string; first: string[] } {
    const { positional, named, rest, options } = this.shape(info);
    const first: string[] = [];
    const type_of = (param: Parameter): string => this.ts(info.scope.joined.get(param.name));
    const one = (param: Parameter): string => {
      const text = this.name(param.name);
      if (!param.default) return `${text}: ${type_of(param)}`;
      const value = this.with_scope(info.scope.parent!, () => this.e(param.default!));
      return `${text}: ${type_of(param)} = ${keeps_outer(param) ? `${text}_now` : value}`;
    };
    const parts = positional.map(one);
    // What has no default may stand behind what has one in Python by name only; here undefined stands for it.
    if (named.length > 0 || options) {
      const names = named.map((param) =>
        param.default
          ? `${this.name(param.name)} = ${this.with_scope(info.scope.parent!, () => this.e(param.default!))}`
          : this.name(param.name),
      );
      if (options) names.push(`...${this.name(options.name)}`);
      const pattern = `{ ${names.join(', ')} }`;
      if (rest) first.push(`const ${pattern}: any = ${this.py}.keywords(${this.name(rest.name)});`);
      else parts.push(`${pattern}: any = {}`);
    }
    if (rest) parts.push(`...${this.name(rest.name)}: any[]`);
    return { text: parts.join(', '), first };
  }

  private with_scope<T>(scope: Scope, run: () => T): T {
    const kept = this.scope;
    this.scope = scope;
    try {
      return run();
    } finally {
      this.scope = kept;
    }
  }

  private result_type(info: FunctionInfo): string {
    const is_async = info.node.kind === 'Def' && info.node.is_async;
    if (info.generator) return is_async ? 'AsyncGenerator<any, any, any>' : 'Generator<any, any, any>';
    if (is_async) return 'Promise<any>';
    if (info.returns.k === 'none') return 'any';
    return this.ts(info.returns);
  }

  /** The body of a function, between braces that stand already. */
  private body(info: FunctionInfo, body: readonly Stmt[], first: readonly string[]): void {
    this.enter_scope(info, () => {
      this.depth++;
      for (const text of first) this.line(text);
      this.block(body);
      // Python gives None where a function ends by itself, JavaScript undefined.
      if (!info.generator && info.returns.k !== 'none' && !ends(body) && info.name !== '__init__')
        this.line('return null as any;');
      this.depth--;
    });
  }

  private function_statement(stmt: FunctionDef): void {
    const info = this.types.functions.get(stmt)!;
    const { text, first } = this.parameters(info);
    for (const param of stmt.params) {
      if (param.default && /^(List|Dict|Set|Comp)$/.test(param.default.kind)) {
        this.place(param.line, 'note', `the default of '${param.name}' is made anew for each call`);
      }
    }
    const name = this.name(stmt.name);
    const once = this.excluded(this.scope).has(stmt.name);
    const wrap = this.wrapped.get(stmt);
    const decorators = [...stmt.decorators, ...(wrap === undefined ? [] : [wrap])].map((decorator) =>
      this.e(decorator),
    );
    const star = info.generator ? '*' : '';
    const is_async = stmt.is_async ? 'async ' : '';
    const result = this.result_type(info);
    this.last_line = stmt.line;
    if (decorators.length === 0 && once && this.scope === this.types.module) {
      this.line(`${is_async}function${star} ${name}(${text}): ${result} {`);
      this.body(info, stmt.body, first);
      this.line('}');
      return;
    }
    const uses_this = this.self !== null && info.generator && mentions_name(stmt.body, this.self);
    if (uses_this) throw new Unportable(`a generator within a method that uses '${this.self}'`, stmt.line);
    for (const param of stmt.params)
      if (keeps_outer(param)) this.line(`const ${this.name(param.name)}_now: any = ${this.name(param.name)};`);
    const head = once ? `const ${name}: any = ` : `${name} = `;
    // Nodes of graphs are called by the names of functions.
    const keeps_name = this.traces && decorators.length > 0 && this.scope === this.types.module;
    const open =
      info.generator || keeps_name
        ? `${is_async}function${star}${keeps_name ? ` ${name}` : ' '}(${text}): ${result} {`
        : `${is_async}(${text}): ${result} => {`;
    this.line(`${head}${decorators.length ? `${this.py}.decorate(` : ''}${open}`);
    this.body(info, stmt.body, first);
    this.line(`}${decorators.length ? `, ${decorators.join(', ')})` : ''};`);
  }

  // Classes

  private class_statement(stmt: ClassDef): void {
    const info = this.types.classes.get(stmt)!;
    const name = this.name(stmt.name);
    // A name that is given to several classes, or to something else too, is a variable.
    const once = this.excluded(this.scope).has(stmt.name);
    const decorators = stmt.decorators.filter((decorator) => {
      const callee = decorator.kind === 'Call' ? decorator.callee : decorator;
      return !(
        (callee.kind === 'Name' && callee.id === 'dataclass') ||
        (callee.kind === 'Attr' && callee.name === 'dataclass')
      );
    });
    const bases = real_bases(stmt);
    if (!once && (info.enumeration || decorators.length > 0 || bases.length > 1 || info.methods.has('__call__')))
      throw new Unportable(`a class ${stmt.name} beside something else of that name`, stmt.line);
    if (info.enumeration) return this.enumeration(stmt, info, decorators);
    const mixins =
      bases.length > 1
        ? this.mixins(
            stmt,
            bases.map((one) => one.value),
          )
        : null;
    const base = mixins ? mixins.base : bases[0]?.value;
    let extended = '';
    const callable = info.methods.has('__call__') && !base;
    const package_path = package_base(info);
    if (base) {
      const target = base.kind === 'Sub' ? base.object : base;
      const type = plain(target.type);
      const exception = type.k === 'package' && /^builtins\..*(Error|Exception)$/.test(type.path!);
      extended = exception ? this.exception(target) : this.e(target, P.call);
      if (type.k === 'package' && /^torch\.utils\.data\.(IterableDataset|Dataset)$/.test(type.path!))
        extended += '<any>';
      const strange = type.k === 'package' && !/^(builtins|enum)\./.test(type.path!) && !this.surface.find(type.path!);
      if (type.k === 'unknown' || strange)
        throw new Unportable(`the base class ${this.source_of(base)} is not known`, stmt.line);
    } else if (callable) extended = `${this.py}.Callable`;
    if (mixins && extended) {
      extended = `(${this.py}.mixed(${[extended, ...mixins.others].join(', ')}) as typeof ${extended})`;
      this.line(`interface ${name} extends ${mixins.others.join(', ')} {}`);
    }
    if (callable) this.line(`interface ${name} {\n  (...args: any[]): any;\n}`);
    this.last_line = stmt.line;
    this.class_decorators(decorators);
    this.line(`${once ? '' : `${name} = `}class ${name}${extended ? ` extends ${extended}` : ''} {`);
    this.depth++;
    const body = [...stmt.body];
    const doc = body[0];
    if (doc?.kind === 'Expr' && doc.value.kind === 'Str') {
      this.statement(doc);
      body.shift();
    }
    this.fields(info);
    if (info.dataclass) this.dataclass(info, stmt);
    const later: string[] = [];
    for (const inner of body) this.member(inner, info, package_path, later);
    if (!info.methods.has('__init__') && callable) void 0;
    this.extra_members(info, package_path);
    this.depth--;
    this.line(once ? '}' : '};');
    const shared = this.shared.get(info);
    if (shared && shared.size > 0)
      this.line(`${this.py}.share(${name}, ${[...shared].map((one) => quote(one)).join(', ')});`);
    if (this.saves_modules && package_path?.startsWith('torch.nn.')) {
      this.line(`${this.torch()}.serialization.add_safe_globals([[${name}, '__main__.${info.name}']]);`);
    }
    for (const text of later) this.line(text);
  }

  private class_decorators(decorators: readonly Expr[]): void {
    for (const decorator of decorators) this.line(`@${this.py}.class_decorator(${this.e(decorator)})`);
  }

  /**
   * Several bases: one that is extended, and others whose methods are copied over it. They must be classes of the program that
   * extend nothing, have no `__init__` and do not ask `super()`, so that the order of Python's lookup is kept.
   */
  private mixins(stmt: ClassDef, bases: readonly Expr[]): { base: Expr | undefined; others: string[] } {
    const simple = (base: Expr): boolean => {
      const type = plain(base.type);
      if (type.k !== 'class') return false;
      const cls = type.cls!;
      const bare = cls.node.bases.every(
        (one) => one.name !== null || (one.value.kind === 'Name' && /^(object|ABC)$/.test(one.value.id)),
      );
      return (
        bare &&
        !cls.methods.has('__init__') &&
        !cls.dataclass &&
        !cls.enumeration &&
        !mentions_name(cls.node.body, 'super')
      );
    };
    const whole = bases.filter((base) => !simple(base));
    if (whole.length > 1)
      throw new Unportable('a class of several bases that have an __init__ or ask super()', stmt.line);
    const base = whole[0] ?? bases.at(-1)!;
    // What stands before the class that is extended goes over it, what stands behind it does not.
    const at = bases.indexOf(base);
    const before = bases.slice(0, at).reverse();
    const names = (one: Expr): string[] => [...plain(one.type).cls!.methods.keys()];
    const behind = bases.slice(at + 1);
    if (behind.length > 0) {
      const type = plain(base.type);
      const own = type.k === 'class' ? lineage(type.cls!).flatMap((cls) => [...cls.methods.keys()]) : null;
      // Of a class of the package it is not known what it has.
      if (own === null || package_base(type.cls!) !== undefined)
        throw new Unportable('a class of the package before other bases', stmt.line);
      for (const one of behind) {
        if (names(one).some((name) => own.includes(name)))
          throw new Unportable('bases that have methods of the same name', stmt.line);
      }
    }
    return { base, others: [...behind, ...before].map((one) => this.e(one, P.call)) };
  }

  /** An enumeration: its members are made when the class is. */
  private enumeration(stmt: ClassDef, info: ClassInfo, decorators: readonly Expr[]): void {
    const name = this.name(stmt.name);
    const above = info.bases[0];
    const base = above?.k === 'class' ? this.name(above.cls!.name) : `${this.py}.${info.enumeration}`;
    if (info.methods.has('__init__') || info.methods.has('__new__'))
      throw new Unportable('an enumeration with __init__', stmt.line);
    for (const decorator of decorators)
      if (!(decorator.kind === 'Name' && decorator.id === 'unique'))
        throw new Unportable('a decorator of an enumeration', stmt.line);
    this.last_line = stmt.line;
    this.line(`class ${name} extends ${base} {`);
    this.depth++;
    const members: string[] = [];
    for (const inner of stmt.body) {
      if (inner.kind === 'Assign' && inner.value) {
        const [target] = inner.targets;
        if (inner.targets.length > 1 || target!.kind !== 'Name' || target.id.startsWith('_'))
          throw new Unportable('an attribute of an enumeration that is not a member', inner.line);
        this.comments_before(inner.start, inner.line);
        this.line(`declare static ${target.id}: any;`);
        members.push(
          `${target.id}: ${this.with_scope(info.scope, () => this.typed_text(this.e(inner.value!, P.arrow), inner.value!.type))}`,
        );
        this.last_line = this.program.line_of(inner.end - 1);
      } else this.member(inner, info, undefined, []);
    }
    this.extra_members(
      { ...info, methods: new Map([...info.methods].filter(([one]) => one !== '__repr__')) },
      undefined,
    );
    if (members.length > 0) this.line(`static {\n  ${this.py}.members(this, { ${members.join(', ')} });\n}`);
    this.depth--;
    this.line('}');
  }

  private fields(info: ClassInfo): void {
    const before = this.lines.length;
    const above = lineage(info).slice(1);
    for (const [name, type] of info.fields) {
      if (info.methods.has(name) || info.setters.has(name)) continue;
      if (name === 'length' && info.methods.has('__len__') && package_base(info)?.startsWith('torch.utils.data.')) {
        this.line(`declare length_: ${this.ts(type)};`);
        continue;
      }
      if (above.some((cls) => cls.fields.has(name) || cls.methods.get(name)?.role === 'property')) continue;
      this.line(`declare ${name}: ${this.field_annotation(type)};`);
    }
    const shared = this.shared.get(info);
    for (const name of shared ?? []) if (!info.fields.has(name)) this.line(`declare ${name}: any;`);
    if (this.lines.length > before) this.lines.push('');
  }

  private field_annotation(type: Type): string {
    if (
      type.k === 'object' &&
      /^torch\.nn\.[A-Z]\w*$/.test(type.path!) &&
      !/(Sequential|ModuleList|ModuleDict|ParameterList|ParameterDict|Identity|DataParallel|\.Module)$/.test(type.path!)
    ) {
      return `${this.torch()}.${type.path!.slice('torch.'.length)}`;
    }
    return this.ts(type);
  }

  private dataclass(info: ClassInfo, stmt: ClassDef): void {
    const chain = lineage(info)
      .filter((cls) => cls.dataclass)
      .reverse();
    const said = dataclass_options(stmt);
    const all = new Map<string, Expr | null>();
    for (const cls of chain) for (const [name, { value }] of cls.attributes) all.set(name, value);
    const left_out = (option: string): Set<string> =>
      new Set([...all].flatMap(([name, value]) => (value && field_option(value, option) === false ? [name] : [])));
    const [hidden, uncompared] = [left_out('repr'), left_out('compare')];
    if (
      /\basdict\b/.test(this.program.source) ||
      this.options.others.some(({ program }) => /\basdict\b/.test(program.source))
    ) {
      const types = [...all.keys()].map((name) => `${name}: ${quote(type_text(this.field_type(info, name)))}`);
      this.line(`static __dataclass_fields__: any = { ${types.join(', ')} };`);
    }
    for (const name of all.keys()) if (!info.fields.has(name) && chain.length === 1) this.line(`declare ${name}: any;`);
    for (const name of this.asked_of_class.get(info) ?? []) {
      const value = info.attributes.get(name)?.value;
      if (value) this.line(`static ${name}: any = ${this.default_of(value)};`);
    }
    const params = [...all].map(([name, value]) => {
      const type = this.ts(this.field_type(info, name));
      return value ? `${this.name(name)}: ${type} = ${this.default_of(value)}` : `${this.name(name)}: ${type}`;
    });
    this.line(`constructor(${params.join(', ')}) {`);
    this.depth++;
    if (stmt.bases.length > 0)
      this.line(
        `super(${
          chain.length > 1
            ? [...chain.slice(0, -1)]
                .flatMap((cls) => [...cls.attributes.keys()])
                .map((name) => this.name(name))
                .join(', ')
            : ''
        });`,
      );
    for (const name of all.keys()) this.line(`this.${name} = ${this.name(name)};`);
    if (said.has('frozen')) this.line(`if (new.target === ${this.name(info.name)}) ${this.py}.freeze(this);`);
    if (info.methods.has('__post_init__')) this.line('this.__post_init__();');
    this.depth--;
    this.line('}');
    if (!info.methods.has('__repr__')) {
      const shown = [...all.keys()].filter((name) => !hidden.has(name));
      const parts = shown.map(
        (name) => `${name}=\${${this.py}.repr(${this.typed_text(`this.${name}`, this.field_type(info, name))})}`,
      );
      this.blank();
      this.line(`__repr__(): string {\n  return \`${info.name}(${parts.join(', ')})\`;\n}`);
      this.blank();
      this.line('repr(): string {\n  return this.__repr__();\n}');
    }
    const compared = [...all.keys()].filter((name) => !uncompared.has(name));
    if (!info.methods.has('__eq__')) {
      this.blank();
      const tests = compared.map((name) => `${this.py}.equal(this.${name}, other.${name})`);
      this.line(
        `__eq__(other: any): boolean {\n  return ${[`other instanceof ${this.name(info.name)}`, ...tests].join(' && ')};\n}`,
      );
    }
    if (said.has('order')) {
      for (const [name, sign] of Object.entries({ __lt__: '<', __le__: '<=', __gt__: '>', __ge__: '>=' })) {
        if (info.methods.has(name)) throw new Unportable(`${name} beside order=True`, stmt.line);
        const values = (of: string): string => `${this.py}.tuple(${compared.map((one) => `${of}.${one}`).join(', ')})`;
        this.blank();
        this.line(
          `${name}(other: any): boolean {\n  if (other?.constructor !== this.constructor) ${this.py}.unordered('${sign}', this, other);\n  return ${this.py}.compare(${values('this')}, ${values('other')}) ${sign} 0;\n}`,
        );
      }
    }
    this.lines.push('');
  }

  private default_of(value: Expr): string {
    if (value.kind === 'Call' && value.callee.kind === 'Name' && value.callee.id === 'field') {
      const factory = value.args.find((arg) => arg.name === 'default_factory');
      const simple = value.args.find((arg) => arg.name === 'default');
      const odd = value.args.find(
        (arg) => !/^(default|default_factory|repr|compare|hash|metadata)$/.test(arg.name ?? ''),
      );
      if (odd) throw new Unportable(`field(${odd.name ?? ''})`, value.line);
      if (simple) return this.e(simple.value);
      if (factory?.value.kind === 'Name' && factory.value.id === 'list') return '[]';
      if (factory?.value.kind === 'Name' && factory.value.id === 'dict') return 'new Map<any, any>()';
      if (factory?.value.kind === 'Name' && factory.value.id === 'set') return 'new Set<any>()';
      if (factory?.value.kind === 'Lambda') return this.e(factory.value.body);
      if (factory?.value.kind === 'Name') return this.applied(factory.value, []);
      throw new Unportable('a field of a dataclass', value.line);
    }
    return this.e(value);
  }

  private member(stmt: Stmt, info: ClassInfo, package_path: string | undefined, later: string[]): void {
    const decorators = stmt.kind === 'Def' ? stmt.decorators : [];
    const anchor = decorators[0]?.start ?? stmt.start;
    this.comments_before(anchor, this.program.line_of(anchor));
    try {
      if (stmt.kind === 'Pass') return;
      if (stmt.kind === 'Expr' && (stmt.value.kind === 'Str' || stmt.value.kind === 'Const')) return;
      if (stmt.kind === 'Assign') {
        if (info.dataclass || stmt.value === null) return;
        for (const target of stmt.targets) {
          if (target.kind !== 'Name') throw new Unportable('several attributes of a class at once', stmt.line);
          // `__rmul__ = __mul__`: another name of a method.
          if (stmt.value.kind === 'Name' && info.methods.has(stmt.value.id)) {
            if (info.methods.get(stmt.value.id)!.role !== 'method')
              throw new Unportable(`another name of ${stmt.value.id}`, stmt.line);
            this.line(`${target.id}(...args: any[]): any {\n  return (this as any).${stmt.value.id}(...args);\n}`);
            continue;
          }
          const value = this.with_scope(info.scope, () => this.e(stmt.value!));
          this.line(`static ${target.id}: any = ${value};`);
        }
        this.last_line = this.program.line_of(stmt.end - 1);
        return;
      }
      if (stmt.kind === 'Def') return this.method(stmt, info, package_path, later);
      throw new Unportable(`a statement of a class: ${stmt.kind}`, stmt.line);
    } catch (error) {
      if (!(error instanceof Unportable)) throw error;
      this.comment_out(stmt, error.message, error.line);
      const role = stmt.kind === 'Def' ? this.types.functions.get(stmt)!.role : null;
      if (stmt.kind !== 'Def' || stmt.name === '__init__' || role === 'setter') return;
      const head = role === 'property' ? `get ${stmt.name}()` : `${stmt.name}(..._: any[])`;
      this.line(`${role === 'static' || role === 'class' ? 'static ' : ''}${head}: any {`);
      this.line(`  throw new ${this.py}.NotImplementedError(${quote(error.message)});\n}`);
    }
  }

  private method(stmt: FunctionDef, info: ClassInfo, package_path: string | undefined, later: string[]): void {
    const fn = this.types.functions.get(stmt)!;
    if (fn.role !== 'setter' && info.methods.get(stmt.name) !== fn && info.methods.get(stmt.name)?.role === fn.role) {
      this.place(stmt.line, 'note', `${stmt.name} is defined again below`);
      for (const row of this.program.source.slice(stmt.start, stmt.end).trimEnd().split('\n')) this.line(`// ${row}`);
      this.skip_comments(stmt.end);
      return;
    }
    const dataset = package_path?.startsWith('torch.utils.data.') ?? false;
    const kept = this.self;
    const mark = this.lines.length;
    this.self = fn.role === 'static' ? null : (stmt.params[0]?.name ?? null);
    try {
      const { text, first } = this.parameters(fn);
      const star = fn.generator ? '*' : '';
      const result = this.result_type(fn);
      if (stmt.name === '__init__') return this.constructor_method(stmt, fn, info, text, first);
      for (const decorator of stmt.decorators) {
        const name = decorator.kind === 'Name' ? decorator.id : decorator.kind === 'Attr' ? decorator.name : '';
        if (/^(staticmethod|classmethod|property|abstractmethod|cached_property|override|setter)$/.test(name)) continue;
        const type = plain(decorator.type);
        const called = decorator.kind === 'Call' ? plain(decorator.callee.type) : type;
        if (fn.decorated && fn.role === 'method' && !/^__/.test(stmt.name)) {
          this.line(`@${this.py}.method_decorator(${this.e(decorator)})`);
          continue;
        }
        if (called.k !== 'package' || !/^torch\.(no_grad|enable_grad|inference_mode|autocast)/.test(called.path!))
          throw new Unportable('a decorator of a method', stmt.line);
        this.line(`@${this.e(decorator)}${decorator.kind === 'Call' ? '' : '()'}`);
      }
      this.last_line = stmt.line;
      if (fn.role === 'property') this.line(`get ${stmt.name}(): ${result} {`);
      else if (fn.role === 'setter') this.line(`set ${stmt.name}(${text}) {`);
      else if (dataset && stmt.name === '__len__') this.line('get length(): number {');
      else if (dataset && stmt.name === '__getitem__') this.line(`get(${text}): ${result} {`);
      else
        this.line(
          `${fn.role === 'static' || fn.role === 'class' ? 'static ' : ''}${stmt.is_async ? 'async ' : ''}${star}${stmt.name}(${text}): ${result} {`,
        );
      this.body(fn, stmt.body, first);
      this.line('}');
    } catch (error) {
      this.lines.length = mark;
      throw error;
    } finally {
      this.self = kept;
      void later;
    }
  }

  private constructor_method(
    stmt: FunctionDef,
    fn: FunctionInfo,
    info: ClassInfo,
    text: string,
    first: readonly string[],
  ): void {
    this.last_line = stmt.line;
    this.line(`constructor(${text}) {`);
    this.enter_scope(fn, () => {
      this.in_init = true;
      this.depth++;
      for (const one of first) this.line(one);
      const callable =
        info.methods.has('__call__') &&
        info.bases.every((base) => base.k === 'package' && base.path === 'builtins.object');
      const extends_something = real_bases(info.node).length > 0;
      if (extends_something || callable) {
        const call = super_init(stmt.body);
        const at = call ? stmt.body.findIndex((one) => one.kind === 'Expr' && one.value === call) : 0;
        const args = call && extends_something ? this.super_arguments(call, info) : '';
        const needs = call ? stmt.body.slice(0, at) : [];
        const depends = call !== undefined && call.args.length > 0 && needs.length > 0;
        if (call && at < 0) throw new Unportable('super().__init__() within a block', stmt.line);
        if (!call && info.bases.some((base) => base.k === 'class'))
          this.place(stmt.line, 'note', `${info.name}.__init__ does not call that of its base, as JavaScript must`);
        if (depends) {
          if (needs.some((one) => mentions_name([one], this.self ?? 'self')))
            throw new Unportable('fields that are assigned before super().__init__()', stmt.line);
          this.block(needs);
          this.line(`super(${args});`);
          this.block(stmt.body.slice(at + 1));
        } else {
          const doc = stmt.body[0]?.kind === 'Expr' && stmt.body[0].value.kind === 'Str' ? 1 : 0;
          this.block(stmt.body.slice(0, doc));
          this.line(`super(${args});`);
          this.block(stmt.body.slice(doc));
        }
      } else this.block(stmt.body);
      this.depth--;
    });
    this.line('}');
  }

  private super_arguments(call: Call, info: ClassInfo): string {
    const base = info.bases[0];
    if (base?.k === 'class') {
      const init = method_of(base.cls!, '__init__');
      if (init) return this.arguments_for(init, call, true);
    }
    return this.arguments_plain(call.args);
  }

  /** What JavaScript asks of an object under other names. */
  private extra_members(info: ClassInfo, package_path: string | undefined): void {
    const { methods } = info;
    const module = package_path?.startsWith('torch.nn.');
    if (methods.has('__iter__')) {
      this.blank();
      const own = methods.has('__next__')
        ? `const it = this.__iter__();\n  return it === (this as any) ? ${this.py}.iterator_of(this) : ${this.py}.iter(it);`
        : `return ${this.py}.iter(this.__iter__());`;
      this.line(`[Symbol.iterator](): any {\n  ${own}\n}`);
    }
    if (methods.has('__repr__') && !module) {
      this.blank();
      this.line('repr(): string {\n  return this.__repr__();\n}');
    }
  }

  // Expressions

  private e(expr: Expr, min = 0): string {
    const { type } = expr;
    if (this.is_for_annotations(expr)) {
      if (expr.kind === 'Name' && expr.id === 'TYPE_CHECKING') return 'false';
      if (expr.kind === 'Call' && expr.callee.kind === 'Name' && expr.callee.id === 'cast' && expr.args.length === 2)
        return this.e(expr.args[1]!.value, min);
      return `${this.py}.absent(${quote(`${this.source_of(expr)} is for annotations`)})`;
    }
    const key = type?.k === 'dict' || type?.k === 'set' ? plain(type.a) : undefined;
    if (key?.k === 'instance' && (lineage(key.cls!).some((cls) => cls.dataclass) || method_of(key.cls!, '__eq__')))
      this.place(expr.line, 'note', `a key of ${key.cls!.name} is found by its identity, not by what it equals`);
    const [text, precedence] = this.code(expr);
    return precedence < min ? `(${text})` : text;
  }

  /** Whether a value is made of names of `typing`, such as `TypeVar('T')` and `List[int]`. */
  private is_for_annotations(expr: Expr): boolean {
    let root = expr;
    while (root.kind === 'Call' || root.kind === 'Sub' || root.kind === 'Attr')
      root = root.kind === 'Call' ? root.callee : root.object;
    if (root.kind !== 'Name') return false;
    this.typing_names ??= new Set(
      [...statements_of(this.program.body)].flatMap((stmt) =>
        (stmt.kind === 'From' && /^typing(_extensions)?$/.test(stmt.module)) ||
        (stmt.kind === 'Import' && stmt.names.every(({ path }) => path === 'typing'))
          ? imported_names(stmt)
          : [],
      ),
    );
    return this.typing_names.has(root.id);
  }

  private any(expr: Expr): string {
    return `(${this.e(expr, P.relation)} as any)`;
  }

  private source_of(node: { start: number; end: number }): string {
    const text = this.program.source.slice(node.start, node.end).replace(/\s+/g, ' ');
    return `\`${text.length > 60 ? `${text.slice(0, 57)}...` : text}\``;
  }

  private code(expr: Expr): Code {
    switch (expr.kind) {
      case 'Name':
        return this.name_code(expr);
      case 'Num':
        return this.number(expr);
      case 'Str':
        if (expr.bytes) return [`new TextEncoder().encode(${quote(expr.value)})`, P.call];
        return [quote(expr.value), P.atom];
      case 'FStr':
        return [this.format_string(expr.parts), P.atom];
      case 'Const':
        if (expr.value === '...') return [`'...'`, P.atom];
        return [{ None: 'null', True: 'true', False: 'false' }[expr.value], P.atom];
      case 'Tuple':
        return [`${this.py}.tuple(${this.items(expr.items)})`, P.call];
      case 'List':
        return [this.array(expr.items), P.atom];
      case 'Set':
        return [`new ${this.set_class(expr.type)}([${this.items(expr.items)}])`, P.call];
      case 'Dict':
        return this.dict(expr);
      case 'Comp':
        return this.comprehension(expr);
      case 'Call':
        return this.call(expr);
      case 'Attr':
        return this.attribute(expr);
      case 'Sub':
        return this.subscript(expr);
      case 'Slice':
        return [
          `new ${this.op}.Slice(${[expr.lower, expr.upper, expr.step].map((part) => (part ? this.e(part) : 'null')).join(', ')})`,
          P.call,
        ];
      case 'Bin':
        return this.binary(expr);
      case 'Un':
        return this.unary(expr);
      case 'Bool':
        return this.logical(expr);
      case 'Cmp':
        return this.compare(expr);
      case 'Cond':
        return [
          `${this.truth(expr.test, P.or)} ? ${this.e(expr.then, P.conditional)} : ${this.e(expr.otherwise, P.conditional)}`,
          P.conditional,
        ];
      case 'Lambda':
        return this.lambda(expr);
      case 'Yield':
        return [
          `yield${expr.from ? '*' : ''}${expr.value ? ` ${expr.from ? this.iterable(expr.value) : this.e(expr.value, P.arrow)}` : ''}`,
          P.arrow,
        ];
      case 'Await': {
        this.awaits(expr.value);
        return [`await ${this.e(expr.value, P.unary)}`, P.unary];
      }
      case 'Named':
        return [`${this.name(expr.target.id)} = ${this.e(expr.value, P.arrow)}`, P.arrow];
      case 'Star':
        return [`...${this.iterable(expr.value)}`, P.arrow];
    }
  }

  /** Marks the calls of coroutines that start at once here, as they do in JavaScript. */
  private awaits(expr: Expr): void {
    this.awaited.add(expr);
    if (expr.kind !== 'Call' || plain(expr.callee.type).path !== 'asyncio.gather') return;
    for (const { value } of expr.args) this.awaited.add(value.kind === 'Comp' ? value.item : value);
  }

  private asyncio_call(path: string, expr: Call): Code {
    const [first] = expr.args;
    switch (path) {
      case 'asyncio.run':
        if (this.scope !== this.types.module || !first)
          throw new Unportable('asyncio.run() within a function', expr.line);
        this.awaits(first.value);
        return [`await ${this.e(first.value, P.unary)}`, P.unary];
      case 'asyncio.sleep':
        return [`${this.py}.sleep(${this.arguments_plain(expr.args)})`, P.call];
      case 'asyncio.gather':
        if (!this.awaited.has(expr)) throw new Unportable('asyncio.gather() that is not awaited at once', expr.line);
        if (expr.args.some((arg) => arg.name !== null)) throw new Unportable('options of asyncio.gather()', expr.line);
        return [
          `Promise.all(${this.array(expr.args.map(({ value, star }) => (star ? { kind: 'Star', start: value.start, end: value.end, line: value.line, value } : value)))})`,
          P.call,
        ];
      default:
        throw new Unportable(`${path} is not in torch-node`, expr.line);
    }
  }

  private name_code(expr: Extract<Expr, { kind: 'Name' }>): Code {
    const type = expr.type ?? UNKNOWN;
    if (type.k === 'package' && type.path!.startsWith('builtins.') && !owner_of(expr.id, this.scope))
      return this.builtin_value(expr);
    if (expr.id === '__file__') return ['__filename', P.atom];
    if (expr.id === '__name__' && !owner_of(expr.id, this.scope)) return [`'__main__'`, P.atom];
    if (type.k === 'package') this.check_there(type.path!, expr.line);
    this.read_variable(expr.id, expr.line);
    // What a method is called by is known there alone: `self` of a function within it is the same object.
    return [this.name(expr.id), P.atom];
  }

  /** A builtin function as a value, such as `map(int, xs)`. */
  private builtin_value(expr: Extract<Expr, { kind: 'Name' }>): Code {
    const { py } = this;
    const simple: Readonly<Record<string, string>> = {
      int: '(x: any = 0) => PY.int(x)',
      float: '(x: any = 0) => PY.float(x)',
      str: "(x: any = '') => PY.str(x)",
      repr: '(x: any) => PY.repr(x)',
      bool: '(x: any = false) => PY.bool(x)',
      len: '(x: any) => PY.len(x)',
      list: '(x: any = []) => PY.list(x)',
      tuple: '(x: any = []) => PY.tuple_of(x)',
      set: '(x: any = []) => PY.set(x)',
      dict: '(x: any = []) => PY.dict(x)',
      abs: '(x: any) => Math.abs(x)',
      sum: '(x: any) => PY.sum(x)',
      ord: '(x: any) => PY.ord(x)',
      chr: '(x: any) => PY.chr(x)',
      sorted: '(x: any) => PY.sorted(x)',
      min: '(...x: any[]) => PY.min(x)',
      max: '(...x: any[]) => PY.max(x)',
      round: '(x: any) => PY.round(x)',
    };
    if (Object.hasOwn(simple, expr.id)) return [simple[expr.id]!.replaceAll('PY', py), P.arrow];
    if (expr.id === 'print') return [this.python('print'), P.atom];
    if (/(Error|Exception)$/.test(expr.id)) return [this.exception(expr), P.call];
    throw new Unportable(`the name ${expr.id} is not known`, expr.line);
  }

  private number(expr: Extract<Expr, { kind: 'Num' }>): Code {
    if (expr.number === 'complex') return [`new ${this.torch()}.Complex(0, ${Number(expr.raw.slice(0, -1))})`, P.call];
    const value = Number(expr.raw);
    if (expr.number === 'int' && !Number.isSafeInteger(value))
      throw new Unportable(`the integer ${expr.raw} is beyond 2^53`, expr.line);
    if (expr.number === 'int') return [/^0[xob]/.test(expr.raw) ? expr.raw : String(value), P.atom];
    return [value === Infinity ? 'Infinity' : String(value), P.atom];
  }

  private items(items: readonly Expr[]): string {
    return items
      .map((item) => (item.kind === 'Star' ? `...${this.iterable(item.value)}` : this.e(item, P.arrow)))
      .join(', ');
  }

  private array(items: readonly Expr[]): string {
    return `[${this.items(items)}]`;
  }

  private set_class(type: Type | undefined): string {
    const key = type?.k === 'set' ? plain(type.a).k : 'unknown';
    return /^(str|int|bool|instance|none|object|tensor|class|package)$/.test(key) || type?.a?.k === 'bottom'
      ? 'Set<any>'
      : `${this.py}.PySet`;
  }

  private dict(expr: Extract<Expr, { kind: 'Dict' }>): Code {
    if (expr.type?.k === 'dict' && expr.type.how === 'record') {
      const parts = expr.entries.map(({ key, value }) => {
        if (!key) return `...${this.e(value, P.arrow)}`;
        const text = (key as { value: string }).value;
        const name = /^[A-Za-z_$][\w$]*$/.test(text) ? text : quote(text);
        const given = this.e(value, P.arrow);
        return name === given ? name : `${name}: ${given}`;
      });
      return [`{ ${parts.join(', ')} }`, P.atom];
    }
    const parts = expr.entries.map(({ key, value }) =>
      key ? `[${this.e(key)}, ${this.e(value, P.arrow)}]` : `...${this.py}.dict(${this.e(value)})`,
    );
    return [this.new_dict(expr.type, parts.length > 0 ? `[${parts.join(', ')}]` : ''), P.call];
  }

  private lambda(expr: Lambda): Code {
    const info = this.types.functions.get(expr)!;
    if (has_yield(expr.body)) throw new Unportable('yield within a lambda', expr.line);
    const { text, first } = this.parameters(info);
    let body = '';
    this.enter_scope_of_lambda(info, () => {
      body = this.e(expr.body, P.arrow);
    });
    // What a function begins with is an argument of one within it: lines are not broken between statements.
    const inner = first.reduceRight((found, one) => {
      const [, pattern, value] = /^const (.*): any = (.*);$/.exec(one)!;
      return `${this.py}.given(${value}, (${pattern}: any) => ${found.startsWith('{') ? `(${found})` : found})`;
    }, body);
    const arrow = `(${text}) => ${inner.startsWith('{') ? `(${inner})` : inner}`;
    // `lambda x, n=n`: the outer `n`, as it is now.
    const kept = expr.params.filter(keeps_outer).map((param) => this.name(param.name));
    if (kept.length > 0)
      return [`((${kept.map((name) => `${name}_now: any`).join(', ')}) => ${arrow})(${kept.join(', ')})`, P.call];
    return [arrow, P.arrow];
  }

  private enter_scope_of_lambda(info: FunctionInfo, run: () => void): void {
    const kept = this.scope;
    this.scope = info.scope;
    run();
    this.scope = kept;
  }

  // Iteration

  /** What JavaScript can go through. `once`: it is spread or unpacked at once. */
  private iterable(expr: Expr, once = false): string {
    const type = plain(expr.type);
    if (expr.kind === 'Tuple') return this.array(expr.items);
    if (expr.kind === 'Call' && expr.callee.kind === 'Name') {
      const builtin = plain(expr.callee.type);
      if (builtin.k === 'package' && builtin.path === 'builtins.range') return this.range(expr);
    }
    if (expr.kind === 'Call' && expr.callee.kind === 'Attr') {
      const owner = plain(expr.callee.object.type);
      if (owner.k === 'dict' && owner.how === 'map' && expr.callee.name === 'items')
        return this.e(expr.callee.object, P.call);
      if (owner.k === 'dict' && owner.how === 'record' && expr.callee.name === 'items')
        return `Object.entries(${this.e(expr.callee.object)})`;
    }
    if (type.k === 'set' && /^(str|bytes)$/.test(plain(type.a).k))
      this.place(expr.line, 'note', `the order of ${this.source_of(expr)} changes from run to run in Python`);
    switch (type.k) {
      case 'list':
      case 'tuple':
      case 'iterator':
      case 'set':
      case 'str':
      case 'bytes':
      case 'tensor':
      case 'ndarray':
      case 'size':
        return this.e(expr, P.call);
      case 'dict':
        if (type.how === 'map') return `${this.e(expr, P.call)}.keys()`;
        if (type.how === 'record') return `Object.keys(${this.e(expr)})`;
        break;
      case 'object':
        if (/^torch\.|^collections\.deque|^file$/.test(type.path!)) return this.e(expr, P.call);
        if (type.path === 'collections.Counter' || type.path === 'collections.defaultdict')
          return `${this.e(expr, P.call)}.keys()`;
        break;
      case 'instance':
        if (method_of(type.cls!, '__iter__')) return this.e(expr, P.call);
        break;
    }
    void once;
    return `${this.py}.iter(${this.e(expr)})`;
  }

  private range(expr: Call): string {
    return `${this.python('range')}(${this.arguments_plain(expr.args)})`;
  }

  /** Functions made in a loop see the variable's last value in Python, and that of their turn in JavaScript. */
  private late_names(fn: Lambda, targets: readonly string[]): void {
    const own = new Set(fn.params.map((param) => param.name));
    const stack: Expr[] = [fn.body];
    while (stack.length > 0) {
      const one = stack.pop()!;
      if (one.kind === 'Name' && targets.includes(one.id) && !own.has(one.id))
        this.place(fn.line, 'note', `the function keeps '${one.id}' of its turn, where Python's sees the last`);
      for (const part of parts_of(one)) stack.push(part);
    }
  }

  private comprehension(expr: Comprehension): Code {
    const { clauses, of } = expr;
    if (parts_of(expr).some(has_await)) throw new Unportable('await within a comprehension', expr.line);
    for (const made of [expr.item, expr.value])
      if (made?.kind === 'Lambda')
        this.late_names(
          made,
          clauses.flatMap((clause) => names_in(clause.target)),
        );
    if (of === 'dict') {
      const pairs = this.chain(expr, `[${this.e(expr.item)}, ${this.e(expr.value!, P.arrow)}]`, null);
      return [this.new_dict(expr.type, pairs), P.call];
    }
    const item = this.e(expr.item, P.arrow);
    const last = clauses.at(-1)!;
    const same = last.target.kind === 'Name' && expr.item.kind === 'Name' && last.target.id === expr.item.id;
    const text = this.chain(expr, item.startsWith('{') ? `(${item})` : item, same ? item : null);
    if (of === 'set') return [`new ${this.set_class(expr.type)}(${text})`, P.call];
    if (of === 'generator')
      return [`${text}${text.endsWith(')') || text.endsWith(']') ? '' : ''}[Symbol.iterator]()`, P.call];
    return [text, P.call];
  }

  /** The list of a comprehension. */
  private chain(expr: Comprehension, item: string, same: string | null): string {
    const step = (at: number): string => {
      const clause = expr.clauses[at]!;
      const type = plain(clause.iter.type);
      const element = element_of(type);
      const target = this.target(clause.target);
      const annotation = clause.target.kind === 'Name' ? this.ts(element) : 'any';
      const param = `(${target}: ${annotation})`;
      const iterable = this.iterable(clause.iter);
      const is_array = type.k === 'list' && clause.iter.kind !== 'Tuple';
      const tests = clause.ifs.map((test) => this.truth(test, P.and)).join(' && ');
      const last = at === expr.clauses.length - 1;
      let items = is_array ? this.e(clause.iter, P.call) : iterable.startsWith('[') ? iterable : `[...${iterable}]`;
      if (!last) {
        if (tests) items = `${items}.filter(${param} => ${tests})`;
        return `${items}.flatMap(${param} => ${step(at + 1)})`;
      }
      if (tests && clause.ifs.some(assigns))
        return `${items}.flatMap(${param} => (${tests} ? [${item.startsWith('({') ? item.slice(1, -1) : item}] : []))`;
      if (tests) {
        const kept = `${items}.filter(${param} => ${tests})`;
        return same ? kept : `${kept}.map(${param} => ${item})`;
      }
      if (same) return is_array ? `[...${items}]` : items;
      // Without an array between: `Array.from` maps as it goes.
      return is_array ? `${items}.map(${param} => ${item})` : `Array.from(${iterable}, ${param} => ${item})`;
    };
    return step(0);
  }

  // Operators

  /** Whether an operand is a float that JavaScript would take for an integer, beside a tensor that may hold integers. */
  private whole_float(expr: Expr, beside: Type): boolean {
    const type = plain(expr.type);
    if (type.k !== 'float' && type.k !== 'number') return false;
    if (beside.k !== 'tensor' || beside.dtype === 'float') return false;
    if (expr.kind === 'Num') return Number.isInteger(Number(expr.raw));
    if (expr.kind === 'Un' && expr.operand.kind === 'Num') return Number.isInteger(Number(expr.operand.raw));
    return type.k === 'float';
  }

  private float_operand(expr: Expr, beside: Type): string {
    const type = plain(expr.type);
    return type.k === 'float' && beside.k !== 'float' && !(expr.kind === 'Num' && !Number.isInteger(Number(expr.raw)))
      ? `${this.py}.as_float(${this.e(expr)})`
      : this.e(expr);
  }

  private binary(expr: Extract<Expr, { kind: 'Bin' }>): Code {
    const { op, left, right } = expr;
    const [a, b] = [plain(left.type), plain(right.type)];
    if (is_number(a) && is_number(b)) return this.number_operator(expr, a, b);
    if (this.traces && (a.k === 'tensor' || b.k === 'tensor'))
      return [`${this.op}.${OPERATORS[op]}(${this.float_operand(left, b)}, ${this.float_operand(right, a)})`, P.call];
    if (a.k === 'tensor') return this.tensor_operator(expr, a, b);
    if (b.k === 'tensor' && is_number(a) && !this.whole_float(left, b)) {
      const other = this.e(right, P.call);
      const number = this.e(left);
      if (op === '+') return [`${other}.add(${number})`, P.call];
      if (op === '*') return [`${other}.mul(${number})`, P.call];
      if (op === '-') return [`${this.torch()}.rsub(${this.e(right)}, ${number})`, P.call];
      if (op === '/') return [`${other}.reciprocal().mul(${number})`, P.call];
      if (op === '**') return [`${this.torch()}.pow(${number}, ${this.e(right)})`, P.call];
    }
    if (a.k === 'ndarray' && (b.k === 'ndarray' || is_number(b)) && /^[-+*/]$/.test(op)) {
      return [`${this.e(left, P.call)}.${METHODS_OF_TENSOR[op]}(${this.e(right)})`, P.call];
    }
    if (a.k === 'str' && op === '%') return this.percent(expr);
    if (a.k === 'str' && b.k === 'str' && op === '+')
      return [`${this.e(left, P.sum)} + ${this.e(right, P.sum + 1)}`, P.sum];
    if (a.k === 'str' && is_number(b) && op === '*')
      return [`${this.e(left, P.call)}.repeat(${this.e(right)})`, P.call];
    if (a.k === 'list' && b.k === 'list' && op === '+')
      return [`[...${this.e(left, P.call)}, ...${this.e(right, P.call)}]`, P.atom];
    if (
      left.kind === 'List' &&
      left.items.length === 1 &&
      op === '*' &&
      is_number(b) &&
      /^(Num|Const|Str)$/.test(left.items[0]!.kind)
    ) {
      return [`new Array(${this.e(right)}).fill(${this.e(left.items[0]!)})`, P.call];
    }
    if (a.k === 'instance' && method_of(a.cls!, DUNDER[op] ?? ''))
      return [`${this.e(left, P.call)}.${DUNDER[op]}(${this.e(right)})`, P.call];
    if (a.k === 'unknown' || b.k === 'unknown')
      this.place(expr.line, 'operator', `the types of ${this.source_of(expr)} are not known`);
    return [`${this.op}.${OPERATORS[op]}(${this.float_operand(left, b)}, ${this.float_operand(right, a)})`, P.call];
  }

  private number_operator(expr: Extract<Expr, { kind: 'Bin' }>, a: Type, b: Type): Code {
    const { op, left, right } = expr;
    if (a.k === 'bool' || b.k === 'bool') {
      if (a.k === 'bool' && b.k === 'bool' && (op === '&' || op === '|'))
        return [`${this.e(left, P.and)} ${op}${op} ${this.e(right, P.and + 1)}`, op === '&' ? P.and : P.or];
      return [`${this.op}.${OPERATORS[op]}(${this.e(left)}, ${this.e(right)})`, P.call];
    }
    const zero_matters = this.caught.has('ZeroDivisionError');
    switch (op) {
      case '+':
      case '-':
        return [`${this.e(left, P.sum)} ${op} ${this.e(right, P.sum + 1)}`, P.sum];
      case '*':
        return [`${this.e(left, P.product)} * ${this.e(right, P.product + 1)}`, P.product];
      case '/':
        if (zero_matters) return [`${this.py}.truediv(${this.e(left)}, ${this.e(right)})`, P.call];
        return [`${this.e(left, P.product)} / ${this.e(right, P.product + 1)}`, P.product];
      case '//':
        if (zero_matters || a.k !== 'int' || b.k !== 'int')
          return [`${this.py}.floordiv(${this.e(left)}, ${this.e(right)})`, P.call];
        return [`Math.floor(${this.e(left, P.product)} / ${this.e(right, P.product + 1)})`, P.call];
      case '%':
        return [`${this.py}.mod(${this.e(left)}, ${this.e(right)})`, P.call];
      case '**': {
        const exponent = constant_int(right);
        if (a.k === 'int' && exponent !== undefined && exponent >= 0 && exponent < 4)
          return [`${this.e(left, P.unary + 1)} ** ${exponent}`, P.power];
        return [`${this.py}.pow(${this.e(left)}, ${this.e(right)})`, P.call];
      }
      default:
        return [`${this.op}.${OPERATORS[op]}(${this.e(left)}, ${this.e(right)})`, P.call];
    }
  }

  private tensor_operator(expr: Extract<Expr, { kind: 'Bin' }>, a: Type, b: Type): Code {
    const { op, left, right } = expr;
    const known = b.k === 'tensor' || is_number(b);
    if (known && !this.whole_float(right, op === '/' ? { k: 'tensor', dtype: 'float' } : a)) {
      let method = METHODS_OF_TENSOR[op];
      if (!method && (op === '&' || op === '|' || op === '^'))
        method = { '&': 'bitwise_and', '|': 'bitwise_or', '^': 'bitwise_xor' }[op];
      if (op === '&' && a.dtype === 'bool' && b.dtype === 'bool') method = 'logical_and';
      if (op === '|' && a.dtype === 'bool' && b.dtype === 'bool') method = 'logical_or';
      if (method) return [`${this.e(left, P.call)}.${method}(${this.e(right)})`, P.call];
    }
    if (b.k === 'unknown') this.place(expr.line, 'operator', `the types of ${this.source_of(expr)} are not known`);
    return [`${this.op}.${OPERATORS[op]}(${this.e(left)}, ${this.float_operand(right, a)})`, P.call];
  }

  private percent(expr: Extract<Expr, { kind: 'Bin' }>): Code {
    const { left, right } = expr;
    const type = plain(right.type);
    const format = this.python('format');
    // Numbers are marked as floats where their text is asked for; `%d` and `%.2f` take numbers.
    const conversions =
      left.kind === 'Str'
        ? [...left.value.matchAll(/%[-+ #0]*[\d*]*(?:\.[\d*]+)?([a-zA-Z%])/g)]
            .map((found) => found[1]!)
            .filter((one) => one !== '%')
        : [];
    const value = (item: Expr, i: number): string =>
      /^[sra]$/.test(conversions[i] ?? '') ? this.text_value(item) : this.e(item, P.arrow);
    if (right.kind === 'Tuple') return [`${format}(${this.e(left)}, ${right.items.map(value).join(', ')})`, P.call];
    if (is_number(type) || type.k === 'str' || type.k === 'tensor' || type.k === 'list')
      return [`${format}(${this.e(left)}, ${value(right, 0)})`, P.call];
    if (type.k === 'tuple')
      return [`${format}(${this.e(left)}, ...${this.typed_text(this.e(right), right.type)})`, P.call];
    return [`${this.op}.mod(${this.e(left)}, ${value(right, 0)})`, P.call];
  }

  private unary(expr: Extract<Expr, { kind: 'Un' }>): Code {
    const { op, operand } = expr;
    if (op === 'not') return [`!${this.truth(operand, P.unary)}`, P.unary];
    const type = plain(operand.type);
    if (is_number(type) && type.k !== 'bool') {
      if (op === '~') return [`~${this.e(operand, P.unary)}`, P.unary];
      const text = this.e(operand, P.unary);
      return [`${op}${text.startsWith(op) ? `(${text})` : text}`, P.unary];
    }
    if ((type.k === 'tensor' && !this.traces) || type.k === 'ndarray') {
      if (op === '-') return [`${this.e(operand, P.call)}.neg()`, P.call];
      if (op === '~' && type.dtype === 'bool') return [`${this.e(operand, P.call)}.logical_not()`, P.call];
      if (op === '~') return [`${this.e(operand, P.call)}.bitwise_not()`, P.call];
    }
    if (type.k === 'unknown') this.place(expr.line, 'operator', `the type of ${this.source_of(expr)} is not known`);
    return [`${this.op}.${{ '-': 'neg', '+': 'pos', '~': 'invert' }[op]}(${this.e(operand)})`, P.call];
  }

  private logical(expr: Extract<Expr, { kind: 'Bool' }>): Code {
    const left = expr.left.type ?? UNKNOWN;
    const symbol = expr.op === 'and' ? '&&' : '||';
    const level = expr.op === 'and' ? P.and : P.or;
    const simple = (type: Type): boolean =>
      /^(bool|int|float|number|str|none)$/.test(type.k) ||
      (type.k === 'optional' && (simple(type.a!) || this.always_true(type.a!)));
    // The compiler refuses a literal as a condition.
    const literal = /^(Num|Str|Const)$/.test(expr.left.kind);
    if (!literal && (simple(left) || this.always_true(left))) {
      const side = (one: Expr): string =>
        one.kind === 'Bool' && one.op !== expr.op ? `(${this.e(one)})` : this.e(one, level);
      return [`${side(expr.left)} ${symbol} ${side(expr.right)}`, level];
    }
    const { py } = this;
    return [
      `${py}.${expr.op === 'and' ? 'both' : 'either'}(${this.e(expr.left)}, ${py}.bool, () => ${this.e(expr.right, P.arrow)})`,
      P.call,
    ];
  }

  /** Objects that are never false. */
  private always_true(type: Type): boolean {
    if (type.k === 'function' || type.k === 'class' || type.k === 'package') return true;
    if (type.k === 'instance') return !method_of(type.cls!, '__bool__') && !method_of(type.cls!, '__len__');
    return (
      type.k === 'object' &&
      /^torch\.(optim|device|dtype)|^torch\.nn\.(?!ModuleList|ModuleDict|Sequential|Parameter)/.test(type.path!)
    );
  }

  /** A condition. */
  private truth(expr: Expr, min: number): string {
    const wrap = (text: string, precedence: number): string => (precedence < min ? `(${text})` : text);
    if (expr.kind === 'Un' && expr.op === 'not') return wrap(`!${this.truth(expr.operand, P.unary)}`, P.unary);
    if (expr.kind === 'Bool') {
      const level = expr.op === 'and' ? P.and : P.or;
      const side = (one: Expr): string =>
        one.kind === 'Bool' && one.op !== expr.op ? `(${this.truth(one, 0)})` : this.truth(one, level);
      return wrap(`${side(expr.left)} ${expr.op === 'and' ? '&&' : '||'} ${side(expr.right)}`, level);
    }
    const type = expr.type ?? UNKNOWN;
    const value = plain(type);
    if (expr.kind === 'Str' || expr.kind === 'List') return `${this.py}.bool(${this.e(expr)})`;
    switch (value.k) {
      case 'bool':
      case 'int':
      case 'float':
      case 'number':
      case 'str':
      case 'none':
        return this.e(expr, min);
      case 'list':
      case 'tuple':
        if (type.k !== 'optional') return wrap(`${this.e(expr, P.call)}.length > 0`, P.relation);
        break;
      case 'set':
        if (type.k !== 'optional') return wrap(`${this.e(expr, P.call)}.size > 0`, P.relation);
        break;
      case 'dict':
        if (type.k !== 'optional' && value.how === 'map') return wrap(`${this.e(expr, P.call)}.size > 0`, P.relation);
        break;
    }
    if (this.always_true(value)) return this.e(expr, min);
    if (value.k === 'unknown' && expr.kind !== 'Call')
      this.place(expr.line, 'operator', `whether ${this.source_of(expr)} is true is asked at run time`);
    return `${this.py}.bool(${this.e(expr)})`;
  }

  private compare(expr: Extract<Expr, { kind: 'Cmp' }>): Code {
    let left = expr.left;
    const parts: Code[] = [];
    for (const [i, { op, right }] of expr.rest.entries()) {
      if (i > 0 && !/^(Name|Num|Str|Const|Attr)$/.test(left.kind))
        this.place(expr.line, 'note', `${this.source_of(left)} is evaluated twice`);
      parts.push(this.comparison(op, left, right, expr));
      left = right;
    }
    if (parts.length === 1) return parts[0]!;
    return [parts.map(([text, precedence]) => (precedence < P.equality ? `(${text})` : text)).join(' && '), P.and];
  }

  private comparison(op: string, left: Expr, right: Expr, whole: Expr): Code {
    const [a, b] = [plain(left.type), plain(right.type)];
    if (op === 'in' || op === 'not in') return this.membership(op === 'in', left, right);
    if (this.asks_type(left) || this.asks_type(right)) {
      if (!/^(is|is not|==|!=)$/.test(op)) throw new Unportable(`${op} of classes`, whole.line);
      const sign = op === 'is' || op === '==' ? '===' : '!==';
      return [`${this.class_value(left)} ${sign} ${this.class_value(right)}`, P.equality];
    }
    if (op === 'is' || op === 'is not') {
      const none = right.kind === 'Const' && right.value === 'None';
      const loose =
        none && (left.type?.k === 'unknown' || left.kind === 'Attr' || left.kind === 'Sub' || left.kind === 'Call')
          ? ''
          : '=';
      return [
        `${this.e(left, P.equality)} ${op === 'is' ? '=' : '!'}=${loose} ${this.e(right, P.equality + 1)}`,
        P.equality,
      ];
    }
    const equality = op === '==' || op === '!=';
    const same = (x: Type, y: Type): boolean =>
      (x.k === 'str' && y.k === 'str') ||
      (x.k === 'bool' && y.k === 'bool') ||
      x.k === 'none' ||
      y.k === 'none' ||
      (is_number(x) && is_number(y) && x.k !== 'bool' && y.k !== 'bool');
    const dtypes = (x: Type): boolean =>
      (x.k === 'package' && /^torch\.\w+$/.test(x.path!)) || (x.k === 'object' && x.path === 'torch.dtype');
    const literal = (x: Expr, y: Type): boolean => x.kind === 'Str' && (y.k === 'unknown' || y.k === 'object');
    if (equality && (same(a, b) || dtypes(a) || dtypes(b) || literal(left, b) || literal(right, a))) {
      const remainder = this.zero_remainder(left, right);
      if (remainder) return [`${remainder} ${op}= 0`, P.equality];
      if (left.kind === right.kind && (left.kind === 'Num' || left.kind === 'Str'))
        return [`(${this.e(left)} as any) ${op}= ${this.e(right)}`, P.equality];
      return [`${this.e(left, P.equality)} ${op}= ${this.e(right, P.equality + 1)}`, P.equality];
    }
    if (!equality && is_number(a) && is_number(b))
      return [`${this.e(left, P.relation)} ${op} ${this.e(right, P.relation + 1)}`, P.relation];
    const method = COMPARISONS[op]!;
    const simple = (type: Type): boolean =>
      (type.k === 'tensor' && !this.traces) || type.k === 'ndarray' || is_number(type);
    if (simple(a) && !is_number(a) && simple(b)) return [`${this.e(left, P.call)}.${method}(${this.e(right)})`, P.call];
    if (simple(b) && !is_number(b) && simple(a))
      return [`${this.e(right, P.call)}.${SWAPPED[method]}(${this.e(left)})`, P.call];
    if (
      equality &&
      a.k !== 'unknown' &&
      b.k !== 'unknown' &&
      a.k !== 'tensor' &&
      b.k !== 'tensor' &&
      a.k !== 'ndarray' &&
      b.k !== 'ndarray'
    ) {
      const own = a.k === 'instance' && method_of(a.cls!, op === '==' ? '__eq__' : '__ne__');
      if (!own)
        return [
          `${op === '!=' ? '!' : ''}${this.py}.equal(${this.e(left)}, ${this.e(right)})`,
          op === '!=' ? P.unary : P.call,
        ];
    }
    if (a.k === 'unknown' || b.k === 'unknown')
      this.place(whole.line, 'operator', `the types of ${this.source_of(whole)} are not known`);
    return [`${this.op}.${method}(${this.e(left)}, ${this.e(right)})`, P.call];
  }

  /** Whether an expression is `type(x)`. */
  private asks_type(expr: Expr): boolean {
    return expr.kind === 'Call' && plain(expr.callee.type).path === 'builtins.type' && expr.args.length === 1;
  }

  /** A class as what `type(x)` is compared with. */
  private class_value(expr: Expr): string {
    const { path } = plain(expr.type);
    const builtin =
      expr.kind === 'Name' ? /^builtins\.(bool|int|float|str|bytes|list|tuple|dict|set)$/.exec(path ?? '') : null;
    if (builtin) return `${this.py}.builtin_type('${builtin[1]}')`;
    if (path?.startsWith('builtins.') && !this.asks_type(expr))
      throw new Unportable(`type() compared with ${path.slice('builtins.'.length)}`, expr.line);
    return `${this.asks_type(expr) ? this.e(expr, P.equality + 1) : this.any(expr)}`;
  }

  /** `type(x)` as a text. */
  private class_text(expr: Expr): string {
    const file = this.options.module;
    const own = [...this.types.classes.values()]
      .filter((cls) => cls.scope.parent === this.types.module)
      .map((cls) => `${cls.name}: '${file}.${cls.name}'`);
    return `${this.py}.class_text(${this.e(expr)}${own.length > 0 ? `, { ${own.join(', ')} }` : ''})`;
  }

  /** `a % b == 0`: the sign of the remainder does not matter. */
  private zero_remainder(left: Expr, right: Expr): string | null {
    if (left.kind !== 'Bin' || left.op !== '%' || constant_int(right) !== 0 || this.caught.has('ZeroDivisionError'))
      return null;
    if (plain(left.left.type).k !== 'int' || plain(left.right.type).k !== 'int') return null;
    return `${this.e(left.left, P.product)} % ${this.e(left.right, P.product + 1)}`;
  }

  private membership(is_in: boolean, item: Expr, container: Expr): Code {
    const type = plain(container.type);
    const value = plain(item.type);
    const simple = /^(str|int|bool|none)$/.test(value.k);
    let text: string;
    if (this.asks_type(item)) {
      if (container.kind !== 'Tuple' && container.kind !== 'List')
        throw new Unportable('type() among classes that are not named here', item.line);
      text = `[${container.items.map((one) => this.class_value(one)).join(', ')}].includes(${this.e(item)})`;
    } else if ((container.kind === 'Tuple' || container.kind === 'List') && simple)
      text = `(${this.array(container.items)} as any[]).includes(${this.e(item)})`;
    else if (type.k === 'dict' && type.how === 'map') text = `${this.e(container, P.call)}.has(${this.e(item)})`;
    else if (type.k === 'dict' && type.how === 'record') text = `Object.hasOwn(${this.e(container)}, ${this.e(item)})`;
    else if (type.k === 'set') text = `${this.e(container, P.call)}.has(${this.e(item)})`;
    else if (type.k === 'str' && value.k === 'str') text = `${this.e(container, P.call)}.includes(${this.e(item)})`;
    else if (type.k === 'list' && simple && type.a!.k === value.k)
      text = `${this.e(container, P.call)}.includes(${this.e(item)})`;
    else {
      if (type.k === 'unknown')
        this.place(item.line, 'operator', `the type of ${this.source_of(container)} is not known`);
      text = `${this.op}.contains(${this.e(container)}, ${this.e(item)})`;
    }
    return [is_in ? text : `!${text}`, is_in ? P.call : P.unary];
  }

  // Attributes and elements

  private attribute(expr: Extract<Expr, { kind: 'Attr' }>): Code {
    const missing = this.missing_fields.get(this.source_text(expr));
    if (missing !== undefined) this.read_missing.set(this.source_text(expr), missing);
    const type = plain(expr.object.type);
    const path = type.k === 'package' ? `${type.path}.${expr.name}` : '';
    if (path && expr.name !== '__dict__') {
      this.check_there(path, expr.line);
      if (path === 'itertools.chain.from_iterable')
        return [`${this.e((expr.object as { object: Expr }).object)}.chain_from_iterable`, P.call];
      if (path === 'os.environ' || path === 'sys.argv') return [`${this.e(expr.object, P.call)}.${expr.name}`, P.call];
    }
    if (expr.name === '__name__') {
      if (expr.object.kind === 'Attr' && expr.object.name === '__class__')
        return [`${this.e(expr.object.object, P.call)}.constructor.name`, P.call];
      if (expr.object.kind === 'Call' && expr.object.callee.kind === 'Name' && expr.object.callee.id === 'type')
        return [
          `${this.py}.type_name(${this.typed_text(this.e(expr.object.args[0]!.value, P.arrow), expr.object.args[0]!.value.type)})`,
          P.call,
        ];
      return [`${this.e(expr.object, P.call)}.name`, P.call];
    }
    if (type.path === IMAGE.path && type.k === 'object') {
      if (!/^(size|width|height|mode)$/.test(expr.name))
        throw new Unportable(`Image.${expr.name} of PIL is not here`, expr.line);
      return [`${this.use('torch-node/port', 'pil')}.${expr.name}(${this.e(expr.object)})`, P.call];
    }
    // There may be none.
    if (expr.object.kind === 'Attr' && expr.object.name === 'grad_fn')
      return [`${this.e(expr.object, P.call)}!.${expr.name}`, P.call];
    if (expr.object.kind === 'Call' && plain(expr.object.callee.type).path === 'torch.accelerator.current_accelerator')
      return [`${this.e(expr.object, P.call)}!.${expr.name}`, P.call];
    if (expr.name === 'flat' && type.k === 'unknown')
      return [`${this.py}.flat(${this.e(expr.object)}, 'flat')`, P.call];
    if (expr.name === '__class__') return [`(${this.e(expr.object, P.call)}.constructor as any)`, P.atom];
    if (type.k === 'package' && expr.name === '__dict__') {
      this.place(expr.line, 'note', `the names of ${type.path} are those that torch-node has`);
      return [`{ ...${this.e(expr.object, P.call)} }`, P.atom];
    }
    if (expr.name === '__dict__') return this.fields_of(expr.object);
    if (/^builtins\.(str|list|dict|set|bytes)$/.test(type.path ?? '') && METHOD_NAMES.has(expr.name))
      return [`(self: any, ...args: any[]) => ${this.py}.call(self, ${quote(expr.name)}, ...args)`, P.arrow];
    if (expr.object.kind === 'Call' && expr.object.callee.kind === 'Name' && expr.object.callee.id === 'super')
      return [`super.${expr.name}`, P.call];
    if (type.k === 'tuple' && /^(values|indices)$/.test(expr.name))
      return [`${this.any(expr.object)}.${expr.name}`, P.call];
    if (/^(str|list|dict|set|tuple|bytes)$/.test(type.k) && METHOD_NAMES.has(expr.name)) {
      return [`(...args: any[]) => ${this.py}.call(${this.e(expr.object)}, ${quote(expr.name)}, ...args)`, P.arrow];
    }
    // `key=counts.get`: a method as a value keeps its object.
    if (
      (type.k === 'unknown' && expr.name === 'get') ||
      (/^collections\./.test(type.path ?? '') && type.k === 'object' && METHOD_NAMES.has(expr.name))
    )
      return [`(...args: any[]) => ${this.any(expr.object)}.${expr.name}(...args)`, P.arrow];
    if (type.k === 'instance') {
      const method = method_of(type.cls!, expr.name);
      if (method && (method.role === 'static' || method.role === 'class'))
        return [`${this.name(method.owner!.name)}.${expr.name}`, P.call];
      if (method && method.role !== 'property') {
        // A method as a value keeps its object.
        return [`${this.e(expr.object, P.call)}.${expr.name}.bind(${this.e(expr.object)})`, P.call];
      }
      const known = lineage(type.cls!).some(
        (cls) => cls.fields.has(expr.name) || cls.methods.has(expr.name) || cls.attributes.has(expr.name),
      );
      if (expr.name === 'length') return [`${this.e(expr.object, P.call)}.${this.field_name(type, 'length')}`, P.call];
      if (!known && !package_base(type.cls!)) return [`${this.any(expr.object)}.${expr.name}`, P.call];
    }
    if (
      type.k === 'class' &&
      !lineage(type.cls!).some((cls) => cls.methods.has(expr.name) || cls.attributes.has(expr.name))
    )
      return [`${this.any(expr.object)}.${expr.name}`, P.call];
    return [`${this.e(expr.object, P.call)}.${expr.name}`, P.call];
  }

  /** `vars(object)`, with what is known of its fields: `1.0` is a float. */
  private fields_of(object: Expr): Code {
    const type = plain(object.type);
    const copied = `{ ...${this.any(object)} }`;
    if (type.k !== 'instance') return [`(${copied} as any)`, P.atom];
    const marks: string[] = [];
    for (const cls of lineage(type.cls!))
      for (const [name, field] of cls.fields) {
        const shape = cls.attributes.has(name) ? join(field, cls.attributes.get(name)!.type) : field;
        if (needs_marks(plain(shape)))
          marks.push(`${/^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name)}: ${quote(type_text(shape))}`);
      }
    if (marks.length === 0) return [`(${copied} as any)`, P.atom];
    return [`${this.py}.typed_fields(${copied}, { ${marks.join(', ')} })`, P.call];
  }

  /** A value as JavaScript's own number, where it may be one that is marked as a float. */
  private unmarked(value: Expr): string {
    const text = this.e(value, P.arrow);
    return plain(value.type).k === 'unknown' ? `${this.py}.unmarked(${text})` : text;
  }

  /** `locals()` and `globals()`: the names that are bound where it stands, which a statement before says for sure. */
  private names_as_dict(expr: Call, scope: Scope): Code {
    const what = `${expr.callee.kind === 'Name' ? expr.callee.id : ''}()`;
    if (scope !== this.scope) throw new Unportable(`no counterpart of ${what} within a function`, expr.line);
    const found = new Set<string>(scope.fn ? scope.fn.node.params.map((param) => param.name) : []);
    const walk = (body: readonly Stmt[]): void => {
      for (const stmt of body) {
        if (stmt.start >= expr.start) return;
        const inside = stmt.end > expr.start;
        if (inside && stmt.kind === 'Assign') return;
        if (inside && (stmt.kind === 'If' || stmt.kind === 'With')) {
          if (stmt.kind === 'With') for (const { target } of stmt.items) if (target) names_in(target).forEach(add);
          for (const block of blocks_of(stmt)) if (block.some((one) => one.end > expr.start)) walk(block);
          return;
        }
        const sure = bound_names(stmt);
        sure.forEach(add);
        const unsure = bound_within(stmt).find((name) => !found.has(name));
        if (unsure !== undefined) throw new Unportable(`whether '${unsure}' is among ${what} is not known`, expr.line);
      }
    };
    const add = (name: string): void => {
      found.add(name);
    };
    walk(scope.body);
    this.place(expr.line, 'note', `names that are imported are not among ${what}`);
    const fields = [...found]
      .filter((name) => owner_of(name, scope) === scope)
      .map((name) => {
        const text = this.typed_text(this.name(name), scope.joined.get(name));
        return text === name ? name : `${name}: ${text}`;
      });
    return [fields.length > 0 ? `{ ${fields.join(', ')} }` : '{}', P.atom];
  }

  private index_value(index: Expr): string {
    if (index.kind === 'Tuple')
      return `${this.py}.tuple(${index.items.map((item) => this.e(item, P.arrow)).join(', ')})`;
    return this.e(index);
  }

  /** What stands in the brackets of a tensor. */
  private tensor_keys(index: Expr): string[] {
    const items = index.kind === 'Tuple' ? index.items : [index];
    return items.map((item) => {
      if (item.kind === 'Slice') return this.slice_key(item);
      if (item.kind === 'Const' && item.value === '...') return `'...'`;
      if (item.kind === 'Tuple') return this.array(item.items);
      if (item.kind === 'Star') return `...${this.iterable(item.value)}`;
      return this.e(item, P.arrow);
    });
  }

  /** The bound of a slice: a tensor of one integer is one in Python. */
  private bound_text(bound: Expr | null): string {
    if (bound === null) return 'null';
    return plain(bound.type).k === 'tensor' ? `${this.py}.int(${this.e(bound)})` : this.e(bound);
  }

  private slice_key({ lower, upper, step }: Extract<Expr, { kind: 'Slice' }>): string {
    const bounds = [lower, upper, step].map((bound) => (bound === null ? '' : constant_int(bound)));
    if (bounds.every((bound) => bound !== undefined)) {
      const [from, to, by] = bounds;
      return `'${from}:${to}${by === '' ? '' : `:${by}`}'`;
    }
    const text = (bound: Expr | null): string => this.bound_text(bound);
    const slice = `${this.torch()}.slice`;
    if (upper === null && step === null) return `${slice}.from(${text(lower)})`;
    if (step === null)
      return lower === null ? `${slice}(null, ${text(upper)})` : `${slice}(${text(lower)}, ${text(upper)})`;
    return `${slice}(${text(lower)}, ${text(upper)}, ${text(step)})`;
  }

  private subscript(expr: Extract<Expr, { kind: 'Sub' }>): Code {
    const { object, index } = expr;
    const type = plain(object.type);
    const holder = (): string => this.e(object, P.call);
    const at = constant_int(index);
    switch (type.k) {
      case 'tensor':
      case 'ndarray':
        return [`${holder()}.index(${this.tensor_keys(index).join(', ')})`, P.call];
      case 'list':
      case 'tuple':
      case 'size':
        if (index.kind === 'Slice') return this.sequence_slice(expr, type);
        if (this.caught.has('IndexError') || this.caught.has('LookupError')) break;
        if (type.k === 'size' && at === undefined) return [`${holder()}.at(${this.e(index)})!`, P.call];
        if (at !== undefined && at >= 0) return [`${holder()}[${at}]`, P.call];
        if (index.type?.k === 'int') return [`${holder()}.at(${this.e(index)})!`, P.call];
        break;
      case 'str':
        if (index.kind === 'Slice') return this.sequence_slice(expr, type);
        if (this.caught.has('IndexError')) break;
        return [`${this.op}.getitem(${this.e(object)}, ${this.e(index)})`, P.call];
      case 'dict':
        if (this.caught.has('KeyError') || this.caught.has('LookupError')) break;
        if (type.how === 'map') return [`${holder()}.get(${this.e(index)})`, P.call];
        if (type.how === 'record' && object.kind === 'Dict' && index.kind !== 'Str')
          return [`${this.any(object)}[${this.e(index)}]`, P.call];
        if (type.how === 'record')
          return [`${holder()}${this.record_key(index)}${index.kind === 'Str' ? '' : '!'}`, P.call];
        break;
      case 'object':
        if (type.path === 'collections.deque' && index.kind !== 'Slice')
          return [`${holder()}.at(${this.e(index)})`, P.call];
        if (/^collections\.(defaultdict|Counter)$/.test(type.path!))
          return [`${holder()}.get(${this.e(index)})`, P.call];
        if (/^torch\.nn\.(Sequential|ModuleList)$/.test(type.path!)) {
          if (index.kind === 'Slice') return this.sequence_slice(expr, type);
          return [
            at !== undefined && at >= 0 ? `${this.any(object)}[${at}]` : `${this.any(object)}.at(${this.e(index)})`,
            P.call,
          ];
        }
        if (type.path === 'torch.nn.ModuleDict') return [`${this.any(object)}.get(${this.e(index)})`, P.call];
        if (/^torch(vision)?\..*(Dataset|MNIST|CIFAR10|Subset)$/.test(type.path!))
          return [`${this.any(object)}.get(${this.e(index)})`, P.call];
        break;
      case 'instance': {
        const base = package_base(type.cls!);
        if (base?.startsWith('torch.utils.data.')) return [`${holder()}.get(${this.e(index)})`, P.call];
        if (method_of(type.cls!, '__getitem__')) return [`${holder()}.__getitem__(${this.index_value(index)})`, P.call];
        break;
      }
      case 'class':
        if (method_of(type.cls!, '__class_getitem__')) throw new Unportable('__class_getitem__', expr.line);
        if (!type.cls!.enumeration) return this.code(object);
        if (type.cls!.enumeration) return [`${this.any(object)}.member(${this.e(index)})`, P.call];
        break;
      case 'package':
        if (type.path === 'os.environ') return [`${holder()}${this.record_key(index)}`, P.call];
        break;
    }
    if (type.k === 'unknown') this.place(expr.line, 'operator', `the type of ${this.source_of(object)} is not known`);
    const keys = index.kind === 'Tuple' ? index.items.map((item) => this.e(item, P.arrow)).join(', ') : this.e(index);
    return [`${this.op}.getitem(${this.e(object)}, ${keys})`, P.call];
  }

  private sequence_slice(expr: Extract<Expr, { kind: 'Sub' }>, type: Type): Code {
    const { lower, upper, step } = expr.index as Extract<Expr, { kind: 'Slice' }>;
    const holder = this.e(expr.object, P.call);
    const text = (bound: Expr | null): string => this.bound_text(bound);
    // What is a tuple in Python and an array here stays what it is; `slice` of a Tuple is an array, which prints by its type.
    if (step === null && type.k !== 'object') {
      if (type.k === 'str' && !(lower === null && upper === null))
        return [
          `${holder}.slice(${upper === null ? text(lower) : `${lower === null ? 0 : text(lower)}, ${text(upper)}`})`,
          P.call,
        ];
      const none = lower === null && upper === null;
      if (type.k === 'list' || type.k === 'str')
        return [
          `${holder}.slice(${none ? '' : upper === null ? text(lower) : `${lower === null ? 0 : text(lower)}, ${text(upper)}`})`,
          P.call,
        ];
    }
    if (type.k === 'object')
      return [`${this.any(expr.object)}.slice(${lower ? text(lower) : 0}${upper ? `, ${text(upper)}` : ''})`, P.call];
    const bounds = [text(lower), text(upper), text(step)];
    while (bounds.length > 1 && bounds.at(-1) === 'null') bounds.pop();
    return [`${this.py}.slice(${this.e(expr.object)}, ${bounds.join(', ')})`, P.call];
  }

  // Texts

  /** A value whose text is asked for: floats and tuples are marked as such where JavaScript's values do not tell. */
  private text_value(expr: Expr): string {
    const type = plain(expr.type);
    if (this.asks_type(expr)) return this.class_text(expr);
    if (type.k === 'object' && type.path === IMAGE.path) throw new Unportable('the text of an image of PIL', expr.line);
    if (expr.kind === 'List' && holds_numbers(type) && !expr.items.some((item) => item.kind === 'Star'))
      return `[${expr.items.map((item) => this.text_value(item)).join(', ')}]`;
    if (expr.kind === 'Num' && expr.number === 'float' && !Number.isInteger(Number(expr.raw))) return this.e(expr);
    if (type.k === 'instance' && method_of(type.cls!, '__str__')) return `${this.py}.str(${this.e(expr)})`;
    if (type.k === 'instance' && type.cls!.enumeration) return `${this.py}.str(${this.e(expr)})`;
    if (type.k === 'object' && /^(Exception$|datetime\.|pathlib\.)/.test(type.path!))
      return `${this.py}.str(${this.e(expr)})`;
    if (type.k === 'instance' && package_base(type.cls!)?.startsWith('builtins.'))
      return `${this.py}.str(${this.e(expr)})`;
    if (
      expr.kind === 'Call' &&
      expr.callee.kind === 'Attr' &&
      type.k === 'float' &&
      plain(expr.callee.object.type).k === 'ndarray' &&
      plain(expr.callee.object.type).dtype === undefined
    )
      this.place(expr.line, 'note', `${this.source_of(expr)} is written with the digits of float64`);
    const element = expr.kind === 'Sub' && plain(expr.object.type).k === 'ndarray';
    const named =
      expr.kind === 'Name' || (expr.kind === 'Attr' && !/^(__name__|__dict__|dtype|device)$/.test(expr.name));
    if (type.k === 'unknown' && (named || (expr.kind === 'Sub' && !element)))
      this.place(
        expr.line,
        'note',
        `the type of ${this.source_of(expr)} is not known: a whole float is written without '.0'`,
      );
    // An element of an array of floats is one, and a part of it stays an array.
    if (expr.kind === 'Sub' && element && type.k === 'unknown') {
      const { dtype } = plain(expr.object.type);
      if (dtype === 'float') return `${this.py}.as_float(${this.e(expr)})`;
      if (dtype !== undefined) return this.e(expr, P.arrow);
    }
    if (type.k === 'unknown' && (this.functions_by_name.has('__str__') || this.has_enumerations))
      return `${this.py}.str(${this.e(expr)})`;
    if (holds_numbers(type) || (element && type.k === 'unknown'))
      this.place(
        expr.line,
        'note',
        `whether ${this.source_of(expr)} is an int or a float is not known: a whole number is written without '.0'`,
      );
    if (expr.kind === 'Call' && expr.callee.kind === 'Attr' && expr.callee.name === 'item' && type.k === 'number')
      return this.e(expr);
    return this.typed_text(this.e(expr, P.arrow), expr.type);
  }

  /** Whether asking for a value may change another: it calls a method that does, or a function of which that is not known. */
  private has_effects(expr: Expr): boolean {
    if (expr.kind === 'Call') {
      const { callee } = expr;
      const type = plain(callee.type);
      const harmless =
        callee.kind === 'Attr' &&
        /^(item|size|tolist|numpy|cpu|detach|mean|sum|max|min|keys|values|items|get|join|split|strip|lower|upper|format|count|dim|numel)$/.test(
          callee.name,
        );
      if (/^(function|instance|class)$/.test(type.k) || (type.k === 'unknown' && !harmless)) return true;
      if (callee.kind === 'Name' && callee.id === 'next') return true;
      if (
        callee.kind === 'Attr' &&
        /^(append|appendleft|extend|insert|pop|popleft|popitem|remove|clear|sort|reverse|update|add|discard|setdefault|rotate|step|backward|load_state_dict)$|[a-z]_$/.test(
          callee.name,
        )
      )
        return true;
    }
    return expr.kind !== 'Lambda' && parts_of(expr).some((part) => this.has_effects(part));
  }

  private typed_text(text: string, given: Type | undefined): string {
    const type = plain(given);
    if (type.k === 'float') return `${this.py}.as_float(${text})`;
    if (!needs_marks(type)) return text;
    return `${this.py}.typed(${text}, ${quote(type_text(type))})`;
  }

  private format_string(parts: readonly (string | FormatField)[]): string {
    const fields = parts.filter((part): part is FormatField => typeof part !== 'string');
    const plain_text = fields.every(
      (field) =>
        field.spec.length === 0 &&
        field.conversion === '' &&
        field.self_doc === '' &&
        /^(str|int)$/.test(field.expr.type?.k ?? ''),
    );
    let text = '';
    let tagged = false;
    for (const [i, part] of parts.entries()) {
      if (typeof part === 'string') {
        const before = parts[i - 1];
        let literal = template_text(part);
        // A colon behind a value would begin a spec.
        if (
          before !== undefined &&
          typeof before !== 'string' &&
          before.spec.length === 0 &&
          !plain_text &&
          literal.startsWith(':')
        )
          literal = `\\${literal}`;
        text += literal;
        continue;
      }
      if (part.self_doc) text += template_text(part.self_doc);
      const spec = part.spec.every((one) => typeof one === 'string') ? part.spec.join('') : null;
      const repr =
        part.conversion === 'r' || (part.self_doc !== '' && part.conversion === '' && part.spec.length === 0);
      let value = this.text_value(part.expr);
      // Python writes each field before the next is asked for; a template asks for all of them first.
      const changes =
        may_change(part.expr) &&
        parts.slice(i + 1).some((one) => typeof one !== 'string' && this.has_effects(one.expr));
      if (changes && !repr && part.conversion === '' && spec === '' && !value.startsWith(`${this.py}.str(`))
        value = `${this.py}.str(${value})`;
      // A spec is for the value, not for its text.
      if (spec !== '' && part.conversion === '' && plain(part.expr.type).k === 'unknown')
        value = this.e(part.expr, P.arrow);
      if (repr) value = `${this.py}.repr(${value})`;
      if (part.conversion === 's') value = `${this.py}.str(${value})`;
      if (spec === null) {
        text += `\${${this.py}.format_value(${value}, ${this.format_string(part.spec)})}`;
        if (!plain_text) tagged = true;
      } else if (spec === '') {
        text += `\${${value}}`;
        if (!plain_text) tagged = true;
      } else if (
        /^([<>^=]?\+?0?\d*,?(\.\d+)?[a-zA-Z%])$/.test(spec) &&
        !/^[<>^]?[a-zA-Z%]$/.test(spec) &&
        !changes &&
        this.formats_simply(part.expr)
      ) {
        text += `\${${this.number_value(part.expr, value)}}:${spec}`;
        tagged = true;
        // What follows must not look like more of the spec.
        const next = parts[i + 1];
        if (typeof next === 'string' && /^[\w.,%]/.test(next)) {
          text =
            text.slice(0, -`\${${this.number_value(part.expr, value)}}:${spec}`.length) +
            `\${${this.py}.format_value(${this.number_value(part.expr, value)}, ${quote(spec)})}`;
        }
      } else text += `\${${this.py}.format_value(${value}, ${quote(spec)})}`;
    }
    if (!tagged && fields.some((field) => field.spec.length > 0)) tagged = false;
    return `${tagged ? this.python('f') : ''}\`${text}\``;
  }

  /** With a precision it is the same for ints and floats. */
  private number_value(expr: Expr, value: string): string {
    return plain(expr.type).k === 'float' ? this.e(expr, P.arrow) : value;
  }

  private formats_simply(expr: Expr): boolean {
    const type = plain(expr.type);
    return is_number(type) || type.k === 'unknown' || type.k === 'str' || type.k === 'tensor';
  }

  // Calls

  private call(expr: Call): Code {
    const { callee } = expr;
    if (callee.kind === 'Sub' && is_generic(callee.object)) return this.call({ ...expr, callee: callee.object });
    const type = plain(callee.type);
    if (
      callee.kind === 'Name' &&
      type.k === 'package' &&
      type.path!.startsWith('builtins.') &&
      !owner_of(callee.id, this.scope)
    ) {
      return this.builtin(callee.id, expr);
    }
    // `io.open`, under whatever name.
    if (type.path === 'builtins.open') return this.builtin('open', expr);
    if (callee.kind === 'Attr') {
      const found = this.method_call(expr, callee);
      if (found) return found;
    }
    const coroutine = type.k === 'function' && type.fn!.node.kind === 'Def' && type.fn!.node.is_async;
    if (coroutine && !type.fn!.generator && !this.awaited.has(expr))
      throw new Unportable('a coroutine that is not awaited where it is made', expr.line);
    switch (type.k) {
      case 'class':
        if (type.cls!.enumeration) return [`${this.any(callee)}.of(${this.arguments_plain(expr.args)})`, P.call];
        return [
          `new ${this.spreading(this.e(callee, P.call), expr, method_of(type.cls!, '__init__'))}(${this.class_arguments(type.cls!, expr)})`,
          P.call,
        ];
      case 'function':
        return [
          `${this.spreading(this.callee_text(callee), expr, type.fn)}(${this.arguments_for(type.fn!, expr, type.self !== undefined)})`,
          P.call,
        ];
      case 'instance': {
        const base = package_base(type.cls!);
        const method = method_of(type.cls!, base?.startsWith('torch.nn.') ? 'forward' : '__call__');
        const args = method ? this.arguments_for(method, expr, true) : this.arguments_plain(expr.args);
        if (callee.kind === 'Name' && callee.id === this.self) return [`(this as any)(${args})`, P.call];
        return [`${this.spreading(this.e(callee, P.call), expr, method)}(${args})`, P.call];
      }
      case 'package':
        return this.package_call(type.path!, expr);
      case 'object':
        // Modules of the package take their inputs by name too, which their types do not say.
        if (type.path!.startsWith('torch.nn.') && expr.args.some((arg) => arg.name !== null))
          return [`${this.any(callee)}(${this.arguments_plain(expr.args, 'torch')})`, P.call];
        break;
    }
    if (callee.kind === 'Call' && callee.callee.kind === 'Name' && callee.callee.id === 'getattr') {
      return [
        `${this.py}.create(${[this.e(callee), this.arguments_unknown(expr.args)].filter(Boolean).join(', ')})`,
        P.call,
      ];
    }
    if (type.k === 'unknown' && this.classes_as_values && (callee.kind === 'Name' || callee.kind === 'Sub')) {
      this.check_names(expr, ['forward', '__call__', '__init__', '<lambda>', callee.kind === 'Name' ? callee.id : '']);
      return [
        `${this.py}.create(${[this.e(callee), this.arguments_unknown(expr.args)].filter(Boolean).join(', ')})`,
        P.call,
      ];
    }
    // What is called is not known: names of arguments could be those of a function of the program.
    const said = callee.kind === 'Name' ? callee.id : callee.kind === 'Attr' ? callee.name : '';
    this.check_names(expr, ['forward', '__call__', '<lambda>', said]);
    return [
      `${type.k === 'object' && /ModuleList|Sequential|\.Module$/.test(type.path!) ? this.any(callee) : this.e(callee, P.call)}(${this.arguments_unknown(expr.args)})`,
      P.call,
    ];
  }

  /** A list that is spread has no length for the compiler, so that the callee is of any type then. */
  private spreading(text: string, expr: Call, info?: FunctionInfo): string {
    if (!expr.args.some((arg) => arg.star !== 0) || text.startsWith('super')) return text;
    if (
      info?.node.params.some((param) => param.star === 1) &&
      info.node.params.filter((param) => param.star === 0 && param.name !== this.self).length === 0
    )
      return text;
    return `(${text} as any)`;
  }

  private callee_text(callee: Expr): string {
    // Without the `bind` of a method that is a value.
    if (callee.kind === 'Attr') {
      if (callee.object.kind === 'Call' && callee.object.callee.kind === 'Name' && callee.object.callee.id === 'super')
        return `super.${callee.name}`;
      const owner = plain(callee.object.type);
      const method = owner.k === 'instance' ? method_of(owner.cls!, callee.name) : undefined;
      if (method?.role === 'static') return `${this.name(method.owner!.name)}.${callee.name}`;
      if (method?.role === 'class') return `(${this.e(callee.object, P.call)}.constructor as any).${callee.name}`;
      return `${this.e(callee.object, P.call)}.${callee.name}`;
    }
    return this.e(callee, P.call);
  }

  private check_names(expr: Call, names: readonly string[]): void {
    for (const { name } of expr.args) {
      if (name === null) continue;
      const takes = names.some((one) =>
        this.functions_by_name
          .get(one)
          ?.some((info) =>
            info.node.params.some((param) => param.name === name && !param.keyword_only && param.star === 0),
          ),
      );
      if (takes)
        throw new Unportable(
          `which function ${this.source_of(expr)} calls is not known, so that '${name}' has no place`,
          expr.line,
        );
    }
  }

  /** Arguments of what is not known, which may take no keyword arguments: none are handed over where there are none. */
  private arguments_unknown(args: readonly Argument[]): string {
    const spread = args.filter(({ star }) => star === 2);
    if (spread.length !== 1 || args.some(({ name }) => name !== null)) return this.arguments_plain(args);
    const positional = this.arguments_plain(args.filter(({ star }) => star !== 2));
    return [positional, `...${this.py}.options(${this.record(spread[0]!.value)})`].filter(Boolean).join(', ');
  }

  private arguments_plain(args: readonly Argument[], dtypes: 'numpy' | 'torch' | null = null): string {
    const parts: string[] = [];
    const named: string[] = [];
    for (const { value, name, star } of args) {
      const dtype = dtypes === null || star !== 0 ? null : this.dtype_of(value, dtypes === 'numpy');
      if (dtype !== null) {
        if (name === null) parts.push(dtype);
        else named.push(`${name}: ${dtype}`);
      } else if (star === 2) named.push(`...${this.record(value)}`);
      else if (name !== null) {
        const text = this.argument(value);
        // The texts that a function of the package takes are a few, and a variable may be any.
        if (dtypes === 'torch' && value.kind !== 'Str' && plain(value.type).k === 'str')
          named.push(`${name}: ${this.any(value)}`);
        else named.push(text === name ? name : `${name}: ${text}`);
      } else if (star === 1) parts.push(`...${this.iterable(value)}`);
      else parts.push(this.argument(value));
    }
    if (named.length > 0)
      parts.push(named.length === 1 && named[0]!.startsWith('...') ? named[0]!.slice(3) : `{ ${named.join(', ')} }`);
    return parts.join(', ');
  }

  /** Keyword arguments that a dict has. */
  private record(value: Expr): string {
    const type = plain(value.type);
    if (type.k === 'dict' && type.how === 'record') return this.e(value, P.call);
    if (type.k === 'dict' && type.how === 'map') return `Object.fromEntries(${this.e(value)})`;
    return this.e(value, P.call);
  }

  /** `int`, `float` and `bool` as dtypes: NumPy's are texts here. */
  private dtype_of(value: Expr, numpy: boolean): string | null {
    const path = plain(value.type).path ?? '';
    const name = /^builtins\.(int|float|bool|complex)$/.exec(path)?.[1];
    if (value.kind !== 'Name' || name === undefined || owner_of(value.id, this.scope)) return null;
    const dtype = { int: 'int64', float: 'float64', bool: 'bool', complex: 'complex128' }[name]!;
    return numpy ? `'${dtype}'` : `${this.torch()}.${dtype}`;
  }

  /** Tuples are arrays where the package takes them. */
  private argument(value: Expr): string {
    if (plain(value.type).path === 'pathlib.Path' && plain(value.type).k === 'object')
      return `String(${this.e(value)})`;
    if (value.kind === 'Tuple') return this.array(value.items);
    return this.e(value, P.arrow);
  }

  /** The arguments of a call of a function of the program: those by name go to their places. */
  private arguments_for(info: FunctionInfo, expr: Call, bound: boolean): string {
    const { positional, named, rest, options } = this.shape(info);
    const skips = !bound && info.owner !== null && info.role === 'method';
    const args = [...expr.args];
    const parts: string[] = [];
    if (skips) throw new Unportable(`the method ${info.name} is called without its object`, expr.line);
    const by_name = new Map<string, string>();
    const spread: string[] = [];
    for (const { value, name, star } of args) {
      if (star === 2) spread.push(`...${this.record(value)}`);
      else if (name !== null) by_name.set(name, this.e(value, P.arrow));
      else if (star === 1) parts.push(`...${this.iterable(value)}`);
      else parts.push(this.e(value, P.arrow));
    }
    const spreads = parts.some((part) => part.startsWith('...'));
    const wanted = positional.map((param) => param.name).filter((name) => by_name.has(name));
    if (spreads && wanted.length > 0) {
      // How many the list has is known when it is called.
      const given = wanted.map((name) => `${name}: ${by_name.get(name)}`);
      for (const name of wanted) by_name.delete(name);
      const names = positional.map((param) => quote(param.name));
      parts.splice(
        0,
        parts.length,
        `...${this.py}.placed([${parts.join(', ')}], [${names.join(', ')}], { ${given.join(', ')} })`,
      );
    }
    if (!spreads) {
      const last = positional.reduce((found, param, i) => (by_name.has(param.name) ? i : found), -1);
      for (let i = parts.length; i <= last; i++) {
        const name = positional[i]!.name;
        parts.push(by_name.get(name) ?? 'undefined');
        by_name.delete(name);
      }
    }
    const takes_options = named.length > 0 || options !== undefined;
    const fields = [...by_name].map(([name, text]) => (name === text ? name : `${name}: ${text}`));
    if (spread.length > 0 && !takes_options) {
      if (positional.length > parts.length && !spreads) {
        // `f(**config)`: the names are those of the parameters.
        const source =
          spread.length === 1 && fields.length === 0 ? spread[0]!.slice(3) : `{ ${[...spread, ...fields].join(', ')} }`;
        const from = this.fresh('given');
        const rest_of = positional.slice(parts.length).map((param) => `${from}.${param.name}`);
        return `...((${from}: any) => [${[...parts, ...rest_of].join(', ')}])(${source})`;
      }
      throw new Unportable("'**' to a function without options", expr.line);
    }
    if (spread.length > 0 && positional.length > parts.length && !options)
      throw new Unportable("'**' to parameters by position", expr.line);
    if (fields.length > 0 && !takes_options)
      throw new Unportable(`${info.name}() has no parameter '${[...by_name.keys()][0]}'`, expr.line);
    if (takes_options) {
      const all = [...spread, ...fields];
      if (all.length > 0 || rest) {
        // The options stand behind the parameters and those of `*args`, however many are given.
        if (spreads && positional.length > parts.findIndex((part) => part.startsWith('...')))
          parts.splice(0, parts.length, `...${this.py}.filled([${parts.join(', ')}], ${positional.length})`);
        for (let i = parts.length; !spreads && i < positional.length; i++) parts.push('undefined');
        parts.push(
          all.length === 0
            ? '{}'
            : all.length === 1 && all[0]!.startsWith('...')
              ? all[0]!.slice(3)
              : `{ ${all.join(', ')} }`,
        );
      }
    }
    return parts.join(', ');
  }

  private class_arguments(cls: ClassInfo, expr: Call): string {
    const init = method_of(cls, '__init__');
    if (init) return this.arguments_for(init, expr, true);
    const chain = lineage(cls)
      .filter((one) => one.dataclass)
      .reverse();
    if (chain.length === 0) return this.arguments_plain(expr.args);
    const names = [...new Set(chain.flatMap((one) => [...one.attributes.keys()]))];
    const parts = expr.args
      .filter((arg) => arg.name === null && arg.star === 0)
      .map((arg) => this.e(arg.value, P.arrow));
    const by_name = new Map(
      expr.args.filter((arg) => arg.name !== null).map((arg) => [arg.name!, this.e(arg.value, P.arrow)]),
    );
    const spread = expr.args.find((arg) => arg.star === 2);
    if (spread) {
      const from = this.fresh('given');
      const rest = names.slice(parts.length).map((name) => by_name.get(name) ?? `${from}.${name}`);
      return `...((${from}: any) => [${[...parts, ...rest].join(', ')}])(${this.record(spread.value)})`;
    }
    const last = names.reduce((found, name, i) => (by_name.has(name) ? i : found), -1);
    for (let i = parts.length; i <= last; i++) parts.push(by_name.get(names[i]!) ?? 'undefined');
    return parts.join(', ');
  }

  private package_call(path: string, expr: Call): Code {
    if (path.startsWith('asyncio.')) return this.asyncio_call(path, expr);
    if (path === 'numpy.dtype' && expr.args.length === 1) {
      const { value } = expr.args[0]!;
      if (value.kind === 'Name' && value.id === 'str' && !owner_of('str', this.scope)) return [`'str'`, P.atom];
      const dtype = this.dtype_of(value, true);
      if (dtype !== null) return [dtype, P.atom];
    }
    if (/^torchvision\.transforms\.(v2\.)?(RandomRotation|RandomAffine|RandomPerspective|ColorJitter)$/.test(path))
      this.place(
        expr.line,
        'note',
        `${expr.callee.kind === 'Attr' ? expr.callee.name : this.source_of(expr.callee)} computes as with tensors: bytes of images of PIL may differ by 1 or more`,
      );
    const image = plain(expr.args[0]?.value.type).path === IMAGE.path;
    if (image && /^numpy\.(array|asarray)$/.test(path)) {
      if (expr.args.length > 1) throw new Unportable(`a dtype of ${path} for an image`, expr.line);
      return [`${this.use('torch-node/port', 'pil')}.array(${this.e(expr.args[0]!.value)})`, P.call];
    }
    if (image && /^matplotlib\..*imshow$/.test(path)) {
      const rest = this.arguments_plain(expr.args.slice(1));
      const array = `${this.use('torch-node/port', 'pil')}.array(${this.e(expr.args[0]!.value)})`;
      return [`${this.callee_text(expr.callee)}(${array}${rest ? `, ${rest}` : ''})`, P.call];
    }
    const out = /^numpy\.\w+$/.test(path) ? expr.args.find((arg) => arg.name === 'out') : undefined;
    if (out) {
      const method = { add: 'add_', subtract: 'sub_', multiply: 'mul_', divide: 'div_' }[path.slice('numpy.'.length)];
      const [first, second] = expr.args.map((arg) => arg.value);
      const same = first?.kind === 'Name' && out.value.kind === 'Name' && first.id === out.value.id;
      if (!method || !same || expr.args.length !== 3) throw new Unportable(`'out' of ${path}`, expr.line);
      return [`${this.e(first, P.call)}.${method}(${this.e(second!)})`, P.call];
    }
    if (path === 'dataclasses.asdict' && expr.args.length === 1)
      return [`${this.py}.asdict(${this.e(expr.args[0]!.value)})`, P.call];
    if (path.startsWith('dataclasses.')) throw new Unportable(`${path} is not in torch-node`, expr.line);
    const asked = path === 'inspect.signature' ? plain(expr.args[0]?.value.type) : UNKNOWN;
    const asked_fn = asked.k === 'class' ? method_of(asked.cls!, '__init__') : asked.fn;
    if (asked_fn) {
      const bound = asked_fn.role === 'method' && (asked.k === 'class' || asked.self !== undefined);
      const names = asked_fn.node.params.slice(bound ? 1 : 0).map((param) => quote(param.name));
      return [`${this.callee_text(expr.callee)}(${this.e(expr.args[0]!.value)}, [${names.join(', ')}])`, P.call];
    }
    if (path === 'enum.auto') return [`${this.py}.auto`, P.call];
    this.check_there(path, expr.line);
    // Names of dtypes, which are texts here.
    const cast = /^numpy\.(u?int(?:8|16|32|64)|float(?:16|32|64))$/.exec(path)?.[1];
    if (cast && expr.args.length === 1 && plain(expr.args[0]!.value.type).k === 'ndarray')
      return [`${this.e(expr.args[0]!.value, P.call)}.astype('${cast}')`, P.call];
    const given = expr.args[0]?.value;
    // An element of an array may be a scalar, which NumPy makes a scalar of.
    const element = given?.kind === 'Sub' && plain(given.object.type).k === 'ndarray';
    if (cast && given && expr.args.length === 1 && plain(given.type).k === 'unknown' && !element)
      return [`${this.py}.cast_array(${this.e(given, P.arrow)}, '${cast}')`, P.call];
    if (/^numpy\.(u?int(8|16|32|64)?|float(16|32|64)|bool_?|complex(64|128))$/.test(path))
      throw new Unportable(`${path} as a function is not here`, expr.line);
    const args = this.package_arguments(path, expr);
    const found = this.surface.find(path);
    const is_class = CLASSES.has(path) || (found !== null && found !== 'missing' && found.is_class);
    const named = this.callee_text(expr.callee);
    // `new f().Name()` would make an `f`.
    const callee = is_class && named.includes('(') ? `(${named})` : named;
    if (path === 'functools.partial')
      this.check_names(expr, [expr.args[0]?.value.kind === 'Name' ? expr.args[0].value.id : '']);
    const generic = path === 'torch.load' && !expr.args.some((arg) => arg.star !== 0) ? '<any>' : '';
    return [`${is_class ? 'new ' : ''}${this.spreading(callee, expr)}${generic}(${args})`, P.call];
  }

  private package_arguments(path: string, expr: Call): string {
    // `dtype=None` is what is done without it.
    const args = /^numpy\.(array|asarray|zeros|ones|empty|full|arange)$/.test(path)
      ? expr.args.filter((arg) => !(arg.name && arg.value.kind === 'Const' && arg.value.value === 'None'))
      : expr.args;
    const file = args[0]?.value;
    if (path === 'torch.load' && file && plain(file.type).path === 'file') {
      return [`${this.e(file, P.call)}.name`, this.arguments_plain(args.slice(1))].filter(Boolean).join(', ');
    }
    if (path === 'torch.load' && file && plain(file.type).path === 'io.BytesIO')
      return [`${this.e(file, P.call)}.read()`, this.arguments_plain(args.slice(1))].filter(Boolean).join(', ');
    const text = this.arguments_plain(args, /^numpy\./.test(path) ? 'numpy' : /^torch\./.test(path) ? 'torch' : null);
    // Whole floats look like integers in JavaScript: the dtype says what they are.
    const at = path === 'torch.full' ? 1 : 0;
    if (
      /^numpy\.(array|asarray|arange)$/.test(path) &&
      args.length > 0 &&
      args.every((arg) => arg.name === null && arg.star === 0) &&
      (path === 'numpy.arange' || args.length === 1) &&
      args.some((arg) => has_float(arg.value.type)) &&
      !args.some((arg) => shows_fraction(arg.value))
    ) {
      return `${text}, { dtype: 'float64' }`;
    }
    const takes_dtype = /^torch\.(tensor|full|as_tensor)$/.test(path) || path === 'torch.arange';
    if (!takes_dtype || args.some((arg) => arg.name === 'dtype' || arg.star !== 0)) {
      if (path === 'argparse.ArgumentParser') return text;
      return text;
    }
    const positional = args.filter((arg) => arg.name === null);
    const data = path === 'torch.arange' ? positional : positional.slice(at, at + 1);
    if (data.length === 0) return text;
    // A deque, which a tensor is made of as of a list.
    if (path === 'torch.tensor' && plain(data[0]!.value.type).path === 'collections.deque') {
      const held = plain(data[0]!.value.type).a;
      if (held === undefined || may_be_float(held) || held.k === 'unknown')
        this.place(
          expr.line,
          'note',
          `the dtype of ${this.source_of(expr)} is that of the numbers at run time: whole floats are integers in JavaScript`,
        );
      return [
        `[...${this.any(data[0]!.value)}]`,
        this.arguments_plain(
          args.filter((arg) => arg !== data[0]),
          'torch',
        ),
      ]
        .filter(Boolean)
        .join(', ');
    }
    const floats = data.some((arg) => has_float(arg.value.type));
    if (!floats) {
      if (data.some((arg) => may_be_float(arg.value.type))) {
        this.place(
          expr.line,
          'note',
          `the dtype of ${this.source_of(expr)} is that of the numbers at run time: whole floats are integers in JavaScript`,
        );
      }
      return text;
    }
    if (data.some((arg) => shows_fraction(arg.value))) return text;
    const dtype = /set_default_dtype|set_default_tensor_type/.test(this.program.source)
      ? `${this.torch()}.get_default_dtype()`
      : `${this.torch()}.float32`;
    const named = args.some((arg) => arg.name !== null);
    return named ? text.replace(/ \}$/, `, dtype: ${dtype} }`) : `${text}, { dtype: ${dtype} }`;
  }

  /** Methods of what JavaScript has under other names; null where a plain call will do. */
  private method_call(expr: Call, callee: Extract<Expr, { kind: 'Attr' }>): Code | null {
    const { object, name } = callee;
    const type = plain(object.type);
    const args = expr.args;
    const given = (): string => this.arguments_plain(args);
    const holder = (): string => this.e(object, P.call);
    const general = (): Code => [
      `${this.py}.call(${[this.e(object), quote(name), ...(args.length ? [this.arguments_values(args)] : [])].join(', ')})`,
      P.call,
    ];
    // JavaScript's give something where Python's give None: `x in seen or seen.add(x)`.
    if (
      expr !== this.whole_statement &&
      ((type.k === 'list' && /^(append|extend|reverse)$/.test(name)) || (type.k === 'set' && name === 'add'))
    )
      return general();
    if (
      name === 'update' &&
      object.kind === 'Attr' &&
      object.name === '__dict__' &&
      args.length === 1 &&
      args[0]!.star === 0
    )
      return [
        `Object.assign(${this.any(object.object)}, ${this.py}.attributes_of(${this.e(args[0]!.value, P.arrow)}))`,
        P.call,
      ];
    if (object.kind === 'Attr' && object.name === '__dict__' && /^(pop|clear|setdefault|popitem)$/.test(name))
      throw new Unportable(`__dict__.${name}()`, expr.line);
    if (name === 'dot' && args.length === 1 && (type.k === 'ndarray' || type.k === 'unknown')) {
      if (!this.noted_products) this.place(expr.line, 'note', DIGITS_OF_PRODUCTS);
      this.noted_products = true;
      return [`${this.py}.dot(${this.e(object)}, ${this.e(args[0]!.value)})`, P.call];
    }
    switch (type.k) {
      case 'tensor':
      case 'ndarray':
        if (type.k === 'tensor' && name === 'type' && args.length === 0) return [`${holder()}.type()`, P.call];
        if (name === 'reshape' || name === 'view' || args.length > 0)
          return [
            `${holder()}.${name}(${this.arguments_plain(args, type.k === 'tensor' ? 'torch' : 'numpy')})`,
            P.call,
          ];
        return [`${holder()}.${name}()`, P.call];
      case 'str': {
        const simple: Readonly<Record<string, string>> = { upper: 'toUpperCase', lower: 'toLowerCase' };
        if (Object.hasOwn(simple, name)) return [`${holder()}.${simple[name]}()`, P.call];
        if (name === 'strip' && args.length === 0) return [`${holder()}.trim()`, P.call];
        if (
          (name === 'startswith' || name === 'endswith') &&
          args.length === 1 &&
          plain(args[0]!.value.type).k === 'str'
        )
          return [`${holder()}.${name === 'endswith' ? 'endsWith' : 'startsWith'}(${given()})`, P.call];
        if (name === 'replace' && args.length === 2)
          return [`${holder()}.replaceAll(${this.e(args[0]!.value)}, ${this.replacement(args[1]!.value)})`, P.call];
        if (name === 'join' && args.length === 1) {
          const items = plain(args[0]!.value.type);
          const value = args[0]!.value;
          if (items.k === 'list') return [`${this.e(value, P.call)}.join(${this.e(object)})`, P.call];
          if (value.kind === 'Comp' && value.of !== 'dict')
            return [`${this.list_of(value)}.join(${this.e(object)})`, P.call];
        }
        if (name === 'format') return this.format_call(expr, object);
        return general();
      }
      case 'list':
        if (name === 'append' && args[0]?.value.kind === 'Lambda')
          this.late_names(
            args[0].value,
            this.loops.flatMap((loop) => loop.targets),
          );
        if (name === 'append' && args.length === 1)
          return [`${holder()}.push(${this.e(args[0]!.value, P.arrow)})`, P.call];
        if (name === 'extend' && args.length === 1)
          return [`${holder()}.push(...${this.iterable(args[0]!.value, true)})`, P.call];
        if (name === 'pop' && args.length === 0 && !this.caught.has('IndexError'))
          return [`${holder()}.pop()!`, P.call];
        if (name === 'reverse') return [`${holder()}.reverse()`, P.call];
        if (name === 'copy') return [`[...${holder()}]`, P.atom];
        return general();
      case 'dict':
        if (type.how === 'map' && name === 'keys') return [`${holder()}.keys()`, P.call];
        if (type.how === 'map' && name === 'values') return [`${holder()}.values()`, P.call];
        if (type.how === 'record' && name === 'keys') return [`Object.keys(${this.e(object)})`, P.call];
        if (type.how === 'record' && name === 'values') return [`Object.values(${this.e(object)})`, P.call];
        return general();
      case 'set':
        if (name === 'add') return [`${holder()}.add(${given()})`, P.call];
        return general();
      case 'tuple':
      case 'bytes':
        return general();
      case 'int':
      case 'float':
      case 'number':
      case 'bool':
        if (name === 'item' && args.length === 0) return [`${this.py}.item(${this.e(object)})`, P.call];
        if (name === 'is_integer' && args.length === 0) return [`Number.isInteger(${this.e(object)})`, P.call];
        throw new Unportable(`no counterpart of ${type.k}.${name}()`, expr.line);
      case 'object':
        if (type.path === IMAGE.path) return this.image_call(expr, object, name);
        if (name === 'get_last_lr' && args.length === 0) return [`(${holder()}.get_last_lr() as number[])`, P.atom];
        if (type.path === 'collections.defaultdict' || type.path === 'collections.OrderedDict') {
          if (METHOD_NAMES.has(name)) return general();
        }
        return null;
      case 'package': {
        const path = `${type.path}.${name}`;
        if (path === 'os.environ.get' && args.every((arg) => arg.star === 0 && arg.name === null)) {
          const found = `${holder()}${this.record_key(args[0]!.value)}`;
          return [`(${found} ?? ${args[1] ? this.e(args[1].value, P.call) : 'null'})`, P.atom];
        }
        return null;
      }
      case 'instance': {
        const method = method_of(type.cls!, name);
        if (method || package_base(type.cls!)) return null;
        const known = lineage(type.cls!).some((cls) => cls.fields.has(name) || cls.attributes.has(name));
        return known ? null : [`${this.any(object)}.${name}(${given()})`, P.call];
      }
      case 'unknown': {
        this.check_names(expr, [name]);
        if (name === 'item' && args.length === 0) return [`${this.py}.item(${this.e(object)})`, P.call];
        if (name === 'ravel' || name === 'flatten')
          return [
            `${this.py}.flat(${[this.e(object), quote(name), ...(args.length ? [given()] : [])].join(', ')})`,
            P.call,
          ];
        if (name === 'astype') return [`${holder()}.astype(${this.arguments_plain(args, 'numpy')})`, P.call];
        if (METHOD_NAMES.has(name)) {
          this.place(expr.line, 'operator', `the object of ${this.source_of(expr)} is not known`);
          return general();
        }
        return null;
      }
      default:
        return null;
    }
  }

  /** A method of an image of PIL. */
  private image_call(expr: Call, object: Expr, name: string): Code {
    const known: Readonly<Record<string, readonly string[]>> = {
      convert: ['mode'],
      resize: ['size', 'resample'],
      crop: ['box'],
      copy: [],
      save: ['fp'],
    };
    const params = known[name];
    const values = new Map(expr.args.map(({ name: given, value }, i) => [given ?? params?.[i] ?? '', value]));
    const odd = params && [...values.keys()].find((one) => !params.includes(one));
    if (!params || odd !== undefined || expr.args.some((arg) => arg.star !== 0))
      throw new Unportable(odd ? `'${odd}' of Image.${name}()` : `Image.${name}() of PIL is not here`, expr.line);
    if (name === 'resize')
      this.place(expr.line, 'note', 'Pillow 13 resizes to some sizes in another order, with bytes that differ by 1');
    const args = params.map((one) => (values.has(one) ? this.e(values.get(one)!, P.arrow) : 'undefined'));
    while (args.at(-1) === 'undefined') args.pop();
    return [`${this.use('torch-node/port', 'pil')}.${name}(${[this.e(object), ...args].join(', ')})`, P.call];
  }

  private arguments_values(args: readonly Argument[]): string {
    const parts: string[] = [];
    const named: string[] = [];
    for (const { value, name, star } of args) {
      if (star === 2) named.push(`...${this.record(value)}`);
      else if (name !== null) named.push(`${name}: ${this.e(value, P.arrow)}`);
      else if (star === 1) parts.push(`...${this.iterable(value)}`);
      else parts.push(this.e(value, P.arrow));
    }
    if (named.length > 0) parts.push(`{ ${named.join(', ')} }`);
    return parts.join(', ');
  }

  /** `$` is no pattern in a text that is put in. */
  private replacement(value: Expr): string {
    return value.kind === 'Str' && !value.value.includes('$') ? this.e(value) : `() => ${this.e(value)}`;
  }

  private list_of(value: Expr): string {
    if (value.kind === 'Comp' && value.of === 'generator') {
      const [text] = this.comprehension({ ...value, of: 'list' });
      return text;
    }
    return `[...${this.iterable(value)}]`;
  }

  /** `'...'.format(a, b=c)` as the template that it is. */
  private format_call(expr: Call, template: Expr): Code {
    if (template.kind !== 'Str' || expr.args.some((arg) => arg.star !== 0)) {
      const { py } = this;
      return [`${py}.call(${this.e(template)}, 'format', ${this.arguments_plain(expr.args)})`, P.call];
    }
    const parts: (string | FormatField)[] = [];
    let [text, at, next] = [template.value, 0, 0];
    let literal = '';
    const positional = expr.args.filter((arg) => arg.name === null);
    while (at < text.length) {
      const char = text[at]!;
      if ((char === '{' || char === '}') && text[at + 1] === char) {
        literal += char;
        at += 2;
      } else if (char === '{') {
        const end = text.indexOf('}', at);
        const field = text.slice(at + 1, end);
        if (end < 0 || field.includes('{')) throw new Unportable('a spec of format() with values in it', expr.line);
        const [, key = '', conversion = '', spec = ''] = /^([^!:]*)(?:!([rsa]))?(?::(.*))?$/s.exec(field) ?? [];
        const arg =
          key === ''
            ? positional[next++]
            : /^\d+$/.test(key)
              ? positional[Number(key)]
              : expr.args.find((one) => one.name === key);
        if (!arg) throw new Unportable(`the field {${key}} of format()`, expr.line);
        if (literal) parts.push(literal);
        literal = '';
        parts.push({ expr: arg.value, conversion, spec: spec === '' ? [] : [spec], self_doc: '' });
        at = end + 1;
      } else {
        literal += char;
        at++;
      }
    }
    if (literal) parts.push(literal);
    return [this.format_string(parts), P.atom];
  }

  private builtin(name: string, expr: Call): Code {
    const { args } = expr;
    // What `match` was made of by the parser.
    switch (name) {
      case '__is_main__':
        return [`${this.py}.is_main(import.meta.url)`, P.call];
      case '__bound__':
        return [`(${this.e(args[0]!.value)}, true)`, P.atom];
      case '__is_sequence__':
        return [`${this.py}.is_sequence(${this.e(args[0]!.value)})`, P.call];
      case '__is_mapping__':
        return [`${this.py}.is_type(${this.e(args[0]!.value)}, 'dict')`, P.call];
      case '__rest_of__':
        return [`${this.py}.rest_of(${this.arguments_values(args)})`, P.call];
      case '__match_arg__': {
        const attribute = match_arg(plain(args[1]!.value.type), args[2]!.value);
        if (attribute === undefined) throw new Unportable('a class pattern by position', expr.line);
        return [`${this.any(args[0]!.value)}.${attribute}`, P.call];
      }
    }
    const [first, second] = args.map((arg) => arg.value);
    const type = plain(first?.type);
    const given = (): string => this.arguments_values(args);
    const py = (text: string): Code => [`${this.py}.${text}`, P.call];
    switch (name) {
      case 'print':
        return [this.print(expr), P.call];
      case 'len':
        switch (type.k) {
          case 'list':
          case 'tuple':
          case 'size':
          case 'tensor':
          case 'ndarray':
            return [`${this.e(first!, P.call)}.length`, P.call];
          case 'set':
            return [`${this.e(first!, P.call)}.size`, P.call];
          case 'dict':
            if (type.how === 'map') return [`${this.e(first!, P.call)}.size`, P.call];
            break;
          case 'object':
            if (/^torch\.(utils\.data\.|nn\.(ModuleList|Sequential))|^torchvision\.datasets/.test(type.path!))
              return [`${this.e(first!, P.call)}.length`, P.call];
            break;
          case 'instance':
            if (package_base(type.cls!)?.startsWith('torch.utils.data.'))
              return [`${this.e(first!, P.call)}.length`, P.call];
            if (method_of(type.cls!, '__len__')) return [`${this.e(first!, P.call)}.__len__()`, P.call];
        }
        return py(`len(${given()})`);
      case 'range':
        return py(`range_list(${given()})`);
      case 'enumerate': {
        const rest = args
          .slice(1)
          .map((arg) => `, ${this.e(arg.value)}`)
          .join('');
        const loose = this.ts(type) === 'any' || type.k === 'iterator' ? '<any>' : '';
        return [`${this.python('enumerate')}${loose}(${this.iterable(first!)}${rest})`, P.call];
      }
      case 'zip':
        return [
          `${this.python('zip')}(${args.map((arg) => (arg.star === 1 ? `...${this.iterable(arg.value)}` : arg.name ? `{ ${arg.name}: ${this.e(arg.value)} }` : this.iterable(arg.value))).join(', ')})`,
          P.call,
        ];
      case 'int':
        if (args.length === 1 && type.k === 'int') return this.code(first!);
        if (args.length === 1 && (type.k === 'float' || type.k === 'number'))
          return [`Math.trunc(${this.e(first!)})`, P.call];
        return py(`int(${given()})`);
      case 'float':
        if (first?.kind === 'Str' && /^[+-]?inf(inity)?$/i.test(first.value))
          return [first.value.startsWith('-') ? '-Infinity' : 'Infinity', P.unary];
        if (first?.kind === 'Str' && /^nan$/i.test(first.value)) return ['NaN', P.atom];
        if (args.length === 1 && (type.k === 'int' || type.k === 'float' || type.k === 'number'))
          return this.code(first!);
        return py(`float(${given()})`);
      case 'bool':
        return args.length === 0 ? ['false', P.atom] : type.k === 'bool' ? this.code(first!) : py(`bool(${given()})`);
      case 'str':
        if (args.length === 0) return [`''`, P.atom];
        if (type.k === 'str') return this.code(first!);
        if (type.k === 'int') return [`String(${this.e(first!)})`, P.call];
        return py(`str(${this.text_value(first!)})`);
      case 'repr':
        return py(`repr(${this.typed_text(this.e(first!), first!.type)})`);
      case 'list':
        if (args.length === 0) return ['[]', P.atom];
        return [`[...${this.iterable(first!)}]`, P.atom];
      case 'tuple':
        return args.length === 0 ? py('tuple()') : py(`tuple_of(${this.iterable(first!)})`);
      case 'set':
      case 'frozenset':
        if (args.length === 0) return [`new ${this.set_class(expr.type)}()`, P.call];
        return [
          `new ${this.set_class(expr.type)}(${first!.kind === 'Comp' ? this.list_of(first!) : this.iterable(first!)})`,
          P.call,
        ];
      case 'dict':
        if (args.length === 0) return [this.new_dict(expr.type), P.call];
        if (args.every((arg) => arg.name !== null))
          return [`{ ${args.map((arg) => `${arg.name}: ${this.e(arg.value, P.arrow)}`).join(', ')} }`, P.atom];
        if (args.length === 1 && type.k === 'dict' && type.how === 'record')
          return [`{ ...${this.e(first!, P.call)} }`, P.atom];
        return py(`dict(${given()})`);
      case 'abs':
        if (type.k === 'tensor' || type.k === 'ndarray') return [`${this.e(first!, P.call)}.abs()`, P.call];
        if (is_number(type)) return [`Math.abs(${this.e(first!)})`, P.call];
        if (type.k === 'instance') return [`${this.e(first!, P.call)}.__abs__()`, P.call];
        return py(`abs(${given()})`);
      case 'min':
      case 'max': {
        const positional = args.filter((arg) => arg.name === null);
        const named = args.filter((arg) => arg.name !== null);
        if (
          named.length === 0 &&
          positional.length > 1 &&
          positional.every((arg) => /^(int|float|number)$/.test(plain(arg.value.type).k) && arg.star === 0)
        ) {
          return [`Math.${name}(${positional.map((arg) => this.e(arg.value)).join(', ')})`, P.call];
        }
        const options =
          named.length > 0
            ? `, { ${named.map((arg) => `${arg.name}: ${this.e(arg.value, P.arrow)}`).join(', ')} }`
            : '';
        return py(
          `${name}([${positional.map((arg) => (arg.star === 1 ? `...${this.iterable(arg.value)}` : this.e(arg.value, P.arrow))).join(', ')}]${options})`,
        );
      }
      case 'map':
        return this.map_call(expr);
      case 'filter': {
        if (first?.kind === 'Const')
          return [`[...${this.iterable(second!)}].filter((x: any) => ${this.py}.bool(x))[Symbol.iterator]()`, P.call];
        return [
          `[...${this.iterable(second!)}].filter((x: any) => ${this.py}.bool(${this.applied(first!, ['x'])}))[Symbol.iterator]()`,
          P.call,
        ];
      }
      case 'next':
      case 'iter':
        if (name === 'iter' && args.length === 1) return [`${this.iterable(first!)}[Symbol.iterator]()`, P.call];
        return py(`next(${given()})`);
      case 'sum':
      case 'any':
      case 'all':
      case 'sorted':
      case 'reversed':
        return py(
          `${name}(${first?.kind === 'Comp' ? [this.list_of(first), ...(args.length > 1 ? [this.arguments_values(args.slice(1))] : [])].join(', ') : given()})`,
        );
      case 'round':
      case 'divmod':
      case 'hasattr':
      case 'getattr':
      case 'ord':
      case 'chr':
      case 'hex':
      case 'bin':
      case 'oct':
        if (name === 'round' && args.some((arg) => arg.name))
          return py(`round(${args.map((arg) => this.e(arg.value, P.arrow)).join(', ')})`);
        if (name === 'round' && type.k === 'tensor') return [`${this.e(first!, P.call)}.round()`, P.call];
        return py(`${name}(${given()})`);
      case 'setattr':
        return [`(${this.e(first!)} as any)[${this.e(second!)}] = ${this.unmarked(args[2]!.value)}`, P.arrow];
      case 'pow':
        if (args.length === 2)
          return this.binary({
            kind: 'Bin',
            start: expr.start,
            end: expr.end,
            line: expr.line,
            op: '**',
            left: first!,
            right: second!,
            type: expr.type ?? UNKNOWN,
          });
        break;
      case 'format':
        return py(`format_value(${[this.text_value(first!), second ? this.e(second) : `''`].join(', ')})`);
      case 'isinstance':
        return this.isinstance(first!, second!);
      case 'callable':
        return [`typeof ${this.e(first!, P.unary)} === 'function'`, P.equality];
      case 'type':
        if (args.length !== 1) break;
        if (type.k === 'instance') return [`(${this.e(first!, P.call)}.constructor as any)`, P.atom];
        return py(`type_of(${this.typed_text(this.e(first!, P.arrow), first!.type)})`);
      case 'open':
        return py(`open(${given()})`);
      case 'input':
        return py(`input(${given()})`);
      case 'id':
        if (args.length !== 1 || is_number(type) || type.k === 'str') break;
        return py(`id(${this.e(first!)})`);
      case 'eval':
      case 'exec':
        break;
      case 'globals':
        return this.names_as_dict(expr, this.types.module);
      case 'locals':
        return this.names_as_dict(expr, this.scope);
      case 'vars':
        if (!first) return this.names_as_dict(expr, this.scope);
        return this.fields_of(first);
      case 'slice':
        return [
          `new ${this.op}.Slice(${[...args.map((arg) => this.e(arg.value)), 'null', 'null'].slice(0, 3).join(', ')})`,
          P.call,
        ];
      case 'exit':
      case 'quit':
        return [`process.exit(${args.length ? this.e(first!) : 0})`, P.call];
      case 'super':
        return ['super', P.atom];
      default:
        if (/(Error|Exception|Exit|Interrupt|Iteration)$/.test(name))
          return [`new ${this.exception(expr.callee)}(${given()})`, P.call];
        if (/Warning$/.test(name)) break;
    }
    if (name === 'eval' || name === 'exec') {
      throw new Unportable(
        `${name}() of what is not a text on one line of the program: write the code that it runs`,
        expr.line,
      );
    }
    throw new Unportable(`no counterpart of ${name}()`, expr.line);
  }

  /** A function applied to arguments that are texts. */
  private applied(fn: Expr, args: readonly string[], spread = false): string {
    if (fn.kind === 'Name') {
      const type = plain(fn.type);
      if (type.k === 'package' && type.path!.startsWith('builtins.') && !owner_of(fn.id, this.scope)) {
        const one = this.builtin_value(fn)[0];
        const simple = /^\(x: any(?: = [^)]*)?\) => ([\w.]+)\(x\)$/.exec(one);
        return simple ? `${simple[1]}(${args.join(', ')})` : `(${one})(${args.join(', ')})`;
      }
      if (type.k === 'class') return `new ${this.e(fn)}(${args.join(', ')})`;
      if (type.k === 'package') {
        const found = this.surface.find(type.path!);
        if (found && found !== 'missing' && found.is_class) return `new ${this.e(fn)}(${args.join(', ')})`;
      }
    }
    return `${spread ? this.any(fn) : this.e(fn, P.call)}(${args.join(', ')})`;
  }

  private map_call(expr: Call): Code {
    const [fn, ...others] = expr.args.map((arg) => arg.value);
    if (others.length === 1) {
      if (fn!.kind === 'Lambda' && fn!.params.length === 1)
        return [`Array.from(${this.iterable(others[0]!)}, ${this.e(fn!, P.arrow)})[Symbol.iterator]()`, P.call];
      return [
        `Array.from(${this.iterable(others[0]!)}, (x: any) => ${this.applied(fn!, ['x'])})[Symbol.iterator]()`,
        P.call,
      ];
    }
    return [
      `Array.from(${this.python('zip')}(${others.map((one) => this.iterable(one)).join(', ')}), (xs: any) => ${this.applied(fn!, ['...xs'], true)})[Symbol.iterator]()`,
      P.call,
    ];
  }

  private isinstance(value: Expr, types: Expr): Code {
    const all = types.kind === 'Tuple' ? types.items : [types];
    const text = this.e(value, P.relation);
    const names: string[] = [];
    const tests: string[] = [];
    const static_type = plain(value.type);
    for (const one of all) {
      const type = plain(one.type);
      if (type.k === 'package' && type.path!.startsWith('builtins.')) {
        const name = type.path!.slice('builtins.'.length);
        if (!/^(int|float|str|bool|list|tuple|dict|set|bytes|object)$/.test(name)) {
          if (/(Error|Exception)$/.test(name))
            tests.push(`${this.py}.catches(${this.e(value)}, ${this.exception(one)})`);
          else throw new Unportable(`isinstance with ${name}`, one.line);
          continue;
        }
        // Where Python's type is known a number needs no look: 1.0 is no integer.
        if (/^(int|float|str|bool|list|tuple|dict|set)$/.test(static_type.k) && value.type?.k !== 'optional') {
          const holds = static_type.k === name || (static_type.k === 'bool' && name === 'int');
          names.push(name);
          if (
            all.length === 1 &&
            value.kind === 'Name' &&
            (static_type.k === 'float' || static_type.k === 'int' || static_type.k === 'tuple')
          )
            return [String(holds), P.atom];
        } else names.push(name);
      } else if (type.k === 'class' || type.k === 'package' || type.k === 'unknown') {
        if (type.k === 'package') this.check_there(type.path!, one.line);
        tests.push(`${text} instanceof ${this.e(one, P.relation + 1)}`);
      } else if (
        type.k === 'tuple' &&
        element_of(type).k !== 'bottom' &&
        (type.items ?? [type.a!]).every(is_class_type)
      ) {
        tests.push(`${this.e(one, P.call)}.some((one: any) => ${text} instanceof one)`);
      } else throw new Unportable('isinstance with what is not known', one.line);
    }
    if (names.length === 1 && names[0] === 'str') tests.unshift(`typeof ${this.e(value, P.unary)} === 'string'`);
    else if (names.length > 0) tests.unshift(`${this.py}.is_type(${this.e(value)}, ${names.map(quote).join(', ')})`);
    return tests.length === 1
      ? [tests[0]!, tests[0]!.startsWith(this.py) ? P.call : P.relation - 1]
      : [tests.join(' || '), P.or];
  }

  private print(expr: Call): string {
    const positional = expr.args.filter((arg) => arg.name === null);
    const settings = expr.args
      .filter((arg) => arg.name === 'sep' || arg.name === 'end')
      .map((arg) => `${arg.name}: ${this.e(arg.value)}`);
    for (const arg of expr.args) {
      if (arg.name === 'file') {
        const out = arg.value.kind === 'Attr' && arg.value.name === 'stderr';
        if (!out) throw new Unportable('print to a file', expr.line);
        return `console.error(${positional.map((one) => `${this.py}.str(${this.text_value(one.value)})`).join(', ')})`;
      }
      if (arg.star === 2) throw new Unportable("'**' of print", expr.line);
    }
    const print = this.python('print');
    // A text with '%' would take the values behind it.
    const risky =
      positional.length > 1 &&
      positional
        .slice(0, -1)
        .some(
          ({ value }) =>
            (value.kind === 'Str' && value.value.includes('%')) ||
            (value.kind === 'FStr' && value.parts.some((part) => typeof part === 'string' && part.includes('%'))),
        );
    // Python asks for all values before it writes the first: what a later one changes is seen in those before it.
    const [params, given]: [string[], string[]] = [[], []];
    const late = positional.some(
      ({ value }, i) => may_change(value) && positional.slice(i + 1).some((one) => this.has_effects(one.value)),
    );
    const values = positional.map(({ value, star }) => {
      if (late && star === 0) {
        const [text, plain_text] = [this.text_value(value), this.e(value, P.arrow)];
        if (text.includes(plain_text) || !may_change(value)) {
          const param = this.fresh('value');
          params.push(`${param}: any`);
          given.push(plain_text);
          return text.includes(plain_text) ? text.replace(plain_text, () => param) : param;
        }
      }
      if (star === 1)
        return `...${this.typed_text(`[...${this.iterable(value)}]`, { k: 'list', a: element_of(plain(value.type)) })}`;
      return this.text_value(value);
    });
    if (risky && !late) {
      const texts = values.map((value) =>
        value.startsWith('...') ? `...${value.slice(3)}.map(${this.py}.str)` : `${this.py}.str(${value})`,
      );
      const sep = expr.args.find((arg) => arg.name === 'sep');
      const end = settings.filter((one) => one.startsWith('end'));
      return `${print}([${texts.join(', ')}].join(${sep ? this.e(sep.value) : `' '`})${end.length ? `, { ${end.join(', ')} }` : ''})`;
    }
    const settings_text = settings.length > 0 ? [`{ ${settings.join(', ')} }`] : [];
    if (late) {
      const spread = `...((${params.join(', ')}) => [${values.join(', ')}])(${given.join(', ')})`;
      return `${print}(${[spread, ...settings_text].join(', ')})`;
    }
    return `${print}(${[...values, ...settings_text].join(', ')})`;
  }
}

// What needs no emitter

/** What `@dataclass(...)` is given that is true. */
function dataclass_options(stmt: ClassDef): Set<string> {
  const call = stmt.decorators.find(
    (one) =>
      one.kind === 'Call' &&
      /(^|\.)dataclass$/.test(
        one.callee.kind === 'Attr' ? one.callee.name : one.callee.kind === 'Name' ? one.callee.id : '',
      ),
  );
  const options = new Set<string>();
  if (call?.kind !== 'Call') return options;
  for (const { name, value } of call.args) {
    const truth = value.kind === 'Const' && value.value === 'True';
    if (value.kind !== 'Const' || name === null)
      throw new Unportable('an argument of dataclass() that is not known', stmt.line);
    const usual = /^(init|repr|eq|match_args)$/.test(name);
    if (usual !== truth && !/^(frozen|order|slots|weakref_slot)$/.test(name))
      throw new Unportable(`dataclass(${name}=${truth ? 'True' : 'False'})`, stmt.line);
    if (truth) options.add(name);
  }
  return options;
}

/** What `field(...)` says of an option: undefined where it does not. */
function field_option(value: Expr, option: string): boolean | undefined {
  if (value.kind !== 'Call' || value.callee.kind !== 'Name' || value.callee.id !== 'field') return undefined;
  const arg = value.args.find((one) => one.name === option);
  return arg?.value.kind === 'Const' ? arg.value.value === 'True' : undefined;
}

/** Whether a parameter's default is the variable of its name outside. */
function keeps_outer(param: Parameter): boolean {
  return param.default?.kind === 'Name' && param.default.id === param.name;
}

/** Whether a value is a class, of the program or of PyTorch. */
function is_class_type(type: Type): boolean {
  return type.k === 'class' || (type.k === 'package' && /^torch\.(?:\w+\.)*[A-Z]\w*$/.test(type.path!));
}

/** Whether a value can look otherwise when it is asked for later: what holds others, and what nothing is known of. */
function may_change(expr: Expr): boolean {
  return !/^(str|int|float|number|bool|none|bytes|size|package|class|function|bottom)$/.test(plain(expr.type).k);
}

function has_await(expr: Expr): boolean {
  return expr.kind === 'Await' || (expr.kind !== 'Lambda' && parts_of(expr).some(has_await));
}

function has_yield(expr: Expr): boolean {
  return expr.kind === 'Yield' || (expr.kind !== 'Lambda' && parts_of(expr).some(has_yield));
}

/** Whether an expression assigns a name. */
function assigns(expr: Expr): boolean {
  return expr.kind === 'Named' || parts_of(expr).some(assigns);
}

function quote(text: string): string {
  const body = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll("'", "\\'")
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  return `'${body}'`;
}

function template_text(text: string): string {
  return JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll('`', '\\`').replaceAll('${', '\\${');
}

/** Whether a text of the value must be told about floats and tuples. */
function needs_marks(type: Type): boolean {
  switch (type.k) {
    case 'float':
    case 'tuple':
      return true;
    case 'list':
    case 'set':
      return needs_marks(type.a!);
    case 'dict':
      return needs_marks(type.a!) || needs_marks(type.b!);
    default:
      return false;
  }
}

/** Whether a value is, or holds, numbers that may be ints or floats. */
function holds_numbers(given: Type | undefined): boolean {
  const type = plain(given);
  if (type.k === 'number') return true;
  if (!/^(list|tuple|set|dict)$/.test(type.k)) return false;
  return [...(type.items ?? []), ...(type.a ? [type.a] : []), ...(type.b ? [type.b] : [])].some(holds_numbers);
}

function type_text(type: Type): string {
  const one = plain(type);
  switch (one.k) {
    case 'float':
      return 'float';
    case 'list':
    case 'set':
      return `${one.k}[${type_text(one.a!)}]`;
    case 'dict':
      return `dict[${type_text(one.a!)}, ${type_text(one.b!)}]`;
    case 'tuple':
      if (one.items)
        return one.items.length === 0
          ? 'tuple'
          : `tuple[${one.items.length === 1 ? type_text(one.items[0]!) : one.items.map(type_text).join(', ')}]`;
      return `tuple[${type_text(one.a!)}]`;
    default:
      return 'any';
  }
}

/** Whether a value is, or holds, what may be a float. */
function may_be_float(given: Type | undefined): boolean {
  const type = plain(given);
  if (type.k === 'unknown' || type.k === 'number') return true;
  if (type.k === 'list' && type.a!.k === 'bottom') return false;
  if (type.k === 'list' || type.k === 'tuple') return (type.items ?? [type.a!]).some(may_be_float);
  return false;
}

function has_float(type: Type | undefined): boolean {
  const one = plain(type);
  switch (one.k) {
    case 'float':
      return true;
    case 'list':
    case 'iterator':
      return has_float(one.a) || plain(one.a).k === 'number';
    case 'tuple':
      return one.items ? one.items.some(has_float) : has_float(one.a);
    default:
      return false;
  }
}

/** Whether a literal holds a float that is not whole, which JavaScript knows for one. */
function shows_fraction(expr: Expr): boolean {
  if (expr.kind === 'Num') return expr.number === 'float' && !Number.isInteger(Number(expr.raw));
  if (expr.kind === 'List' || expr.kind === 'Tuple') return expr.items.some(shows_fraction);
  return expr.kind === 'Un' && shows_fraction(expr.operand);
}

/** Whether a block cannot be left at its end. */
function ends(body: readonly Stmt[]): boolean {
  const last = body.at(-1);
  if (!last) return false;
  if (last.kind === 'Return' || last.kind === 'Raise') return true;
  if (last.kind === 'If') return last.orelse.length > 0 && ends(last.body) && ends(last.orelse);
  if (last.kind === 'With') return ends(last.body);
  if (last.kind === 'While') return last.test.kind === 'Const' && last.test.value === 'True';
  if (last.kind === 'Try')
    return (ends(last.body) || ends(last.orelse)) && last.handlers.every((handler) => ends(handler.body));
  return false;
}

function super_init(body: readonly Stmt[]): Call | undefined {
  for (const stmt of body) {
    if (stmt.kind !== 'Expr' || stmt.value.kind !== 'Call') continue;
    const { callee } = stmt.value;
    if (
      callee.kind === 'Attr' &&
      callee.name === '__init__' &&
      callee.object.kind === 'Call' &&
      callee.object.callee.kind === 'Name' &&
      callee.object.callee.id === 'super'
    )
      return stmt.value;
  }
  return undefined;
}

function bound_within(stmt: Stmt): string[] {
  const own = bound_names(stmt);
  if (stmt.kind === 'For') own.push(...names_in(stmt.target));
  if (stmt.kind === 'With') for (const { target } of stmt.items) if (target) own.push(...names_in(target));
  return [...own, ...blocks_of(stmt).flatMap((block) => block.flatMap(bound_within))];
}

function bound_names(stmt: Stmt): string[] {
  if (stmt.kind === 'Assign') return stmt.targets.flatMap(names_in);
  return stmt.kind === 'Def' || stmt.kind === 'Class' ? [stmt.name] : [];
}

/** Whether `value[...]` is the class itself, with types that only readers and checkers see. */
function is_generic(value: Expr): boolean {
  const type = plain(value.type);
  return (type.k === 'class' && !type.cls!.enumeration) || /^builtins\.(list|dict|set|tuple)$/.test(type.path ?? '');
}

/** The bases of a class that say more than what its types are. */
function real_bases(stmt: ClassDef): Argument[] {
  return stmt.bases.filter(({ name, value }) => {
    const base = value.kind === 'Sub' ? value.object : value;
    const said = base.kind === 'Name' ? base.id : base.kind === 'Attr' ? base.name : '';
    return name === null && !/^(object|ABC|Generic|Protocol)$/.test(said);
  });
}

/** The names that an import binds. */
function imported_names(stmt: Stmt): string[] {
  if (stmt.kind === 'Import') return stmt.names.map(({ path, as }) => as ?? path.split('.')[0]!);
  return stmt.kind === 'From' ? stmt.names.map(({ path, as }) => as ?? path) : [];
}

function* all_expressions(body: readonly Stmt[]): Generator<Expr, void, undefined> {
  for (const stmt of statements_of(body)) yield* expressions_of(stmt);
}

function comprehension_names(program: Program): string[] {
  const found: string[] = [];
  for (const expr of all_expressions(program.body)) {
    const stack = [expr];
    while (stack.length > 0) {
      const one = stack.pop()!;
      if (one.kind === 'Comp') found.push(...one.clauses.flatMap((clause) => names_in(clause.target)));
      for (const part of parts_of(one)) stack.push(part);
    }
  }
  return found;
}

function mentions_name(body: readonly Stmt[], name: string): boolean {
  for (const expr of all_expressions(body)) {
    const stack = [expr];
    while (stack.length > 0) {
      const one = stack.pop()!;
      if (one.kind === 'Name' && one.id === name) return true;
      for (const part of parts_of(one)) stack.push(part);
    }
  }
  return false;
}

export { show };
