/**
 * Types of all expressions: the program is interpreted with types for values, function by function, until nothing changes.
 * Variables are followed statement by statement; fields, parameters and results are what all places give together.
 */
import type { Argument, Call, Comprehension, Expr, FunctionDef, Lambda, Program, Stmt } from './ast.js';
import { build_scopes, names_in, owner_of, parts_of, expressions_of, blocks_of, type Scopes } from './scopes.js';
import {
  dtype_kind,
  function_result,
  IMAGE,
  IMAGE_AND_LABEL,
  instance_call,
  module_method,
  NOT_IMPORTED,
  object_method,
  TENSOR_ATTRIBUTES,
  tensor_method,
} from './tables.js';
import {
  BOOL,
  BOTTOM,
  BYTES,
  type ClassInfo,
  dict,
  type DType,
  element_of,
  FLOAT,
  type FunctionInfo,
  INT,
  is_number,
  iterator,
  join,
  lineage,
  list,
  method_of,
  NDARRAY,
  NONE,
  NUMBER,
  object,
  package_base,
  pkg,
  plain,
  type Scope,
  set,
  show,
  SIZE,
  STR,
  TENSOR,
  tensor,
  tuple,
  tuple_of,
  type Type,
  UNKNOWN,
} from './types.js';

/** What is asked of the package: whether a name is there, and whether it is a class. */
export interface Surface {
  /** `null` where the path is of no package that is known here. */
  find(path: string): { readonly value: unknown; readonly is_class: boolean } | 'missing' | null;
}

type Env = Map<string, Type>;

const MAX_ROUNDS = 12;

const VALUES: Readonly<Record<string, Type>> = {
  'math.pi': FLOAT,
  'math.e': FLOAT,
  'math.inf': FLOAT,
  'math.nan': FLOAT,
  'math.tau': FLOAT,
  'torch.pi': FLOAT,
  'torch.inf': FLOAT,
  'torch.nan': FLOAT,
  'numpy.pi': FLOAT,
  'numpy.inf': FLOAT,
  'numpy.nan': FLOAT,
  'numpy.e': FLOAT,
  'sys.argv': list(STR),
  'os.sep': STR,
  'os.devnull': STR,
  'os.linesep': STR,
  'torch.__version__': STR,
};

export interface Inferred extends Scopes {
  /** The types that a class's instances get from outside, and all else that the emitter asks. */
  type_of(expr: Expr): Type;
  assumed: { line: number; name: string }[];
}

/** Finds the scope of a module of the program that an import names. */
export type Linker = (module: string, level: number) => { readonly path: string; readonly scope: Scope } | null;

/** Infers the types of several modules together, so that what one calls in another is known to both. */
export function infer_all(
  programs: readonly Program[],
  surface: Surface,
  linker: (from: number, scopes: readonly Scope[]) => Linker,
): Inferred[] {
  const scopes: Scope[] = [];
  const all = programs.map((program, i) => new Inference(program, surface, (...asked) => linker(i, scopes)(...asked)));
  scopes.push(...all.map((one) => one.module));
  let linking = all.length > 1;
  const settle = (): void => {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      let changed = false;
      for (const one of all) {
        one.linking = linking;
        if (one.settle()) changed = true;
      }
      // First what each says by itself goes round, then what nothing was said of is unknown.
      if (linking && (!changed || round >= all.length)) [linking, changed] = [false, true];
      if (!changed || all.length === 1) break;
    }
  };
  settle();
  for (const one of all) one.hint();
  settle();
  return all.map((one) => one.result());
}

class Inference {
  private readonly scopes: Scopes;
  private changed = false;
  /** Whether other modules may not have been looked at yet, so that what they do not have is not known rather than unknown. */
  linking = false;
  private round = 0;
  readonly assumed: { line: number; name: string }[] = [];

  constructor(
    program: Program,
    private readonly surface: Surface,
    private readonly linker: Linker,
  ) {
    this.scopes = build_scopes(program);
  }

  get module(): Scope {
    return this.scopes.module;
  }

  result(): Inferred {
    return { ...this.scopes, type_of: (expr) => expr.type ?? UNKNOWN, assumed: this.assumed };
  }

  /** What is not there: in the first round it may come yet. */
  private missing(): Type {
    return this.round === 0 || this.linking ? BOTTOM : UNKNOWN;
  }

  /** Whether anything was learnt. */
  settle(): boolean {
    const { module, functions, classes } = this.scopes;
    let learnt = false;
    for (this.round = 0; this.round < MAX_ROUNDS; this.round++) {
      this.changed = false;
      this.block(module.body, new Map(), module);
      for (const info of classes.values()) this.class_body(info);
      for (const info of functions.values()) this.function_body(info);
      if (!this.changed) break;
      learnt = true;
    }
    return learnt;
  }

  // What is known from how values are used, where nothing else is known

  hint(): void {
    for (const info of this.scopes.functions.values()) {
      const unknown = [...info.params].filter(([, type]) => type.k === 'bottom').map(([name]) => name);
      if (unknown.length === 0) continue;
      const tensors = new Set<string>();
      /** Names that are asked for what no tensor has. */
      const asked = new Set<string>();
      const node = info.node;
      const body: readonly Stmt[] = node.kind === 'Def' ? node.body : [];
      const look = (expr: Expr): void => {
        const stack = [expr];
        while (stack.length > 0) {
          const one = stack.pop()!;
          if (one.kind === 'Call') this.hint_call(one, tensors);
          if (one.kind === 'Attr' && one.object.kind === 'Name' && !this.of_tensors(one.name)) asked.add(one.object.id);
          for (const part of parts_of(one)) stack.push(part);
        }
      };
      const walk = (stmts: readonly Stmt[]): void => {
        for (const stmt of stmts) {
          for (const expr of expressions_of(stmt)) look(expr);
          for (const block of blocks_of(stmt)) walk(block);
        }
      };
      walk(body);
      if (node.kind === 'Lambda') look(node.body);
      for (const name of unknown) {
        const param = node.params.find((one) => one.name === name)!;
        if (param.star !== 0) continue;
        const first = info.owner && info.role === 'method' && node.params[1]?.name === name;
        const is_forward = info.name === 'forward' && first && this.is_module(info.owner!);
        if (!tensors.has(name) && (!is_forward || asked.has(name))) continue;
        info.params.set(name, TENSOR);
        if (!tensors.has(name)) this.assumed.push({ line: param.line, name: `${info.owner!.name}.forward(${name})` });
      }
    }
  }

  private of_tensors(name: string): boolean {
    const found = this.surface.find('torch.Tensor');
    const prototype = found && found !== 'missing' ? (found.value as { prototype: object }).prototype : null;
    return prototype === null || name in prototype;
  }

  /** Names that are handed to what takes tensors only, or asked for what only tensors have. */
  private hint_call(call: Call, tensors: Set<string>): void {
    const { callee, args } = call;
    const only_tensors =
      /^(size|view|dim|numel|unsqueeze|squeeze|permute|contiguous|detach|backward|argmax|softmax|sigmoid|matmul|float|long|log_softmax|masked_fill|relu|tanh|chunk|item|cpu|cuda|requires_grad_|unbind|flatten|transpose|view_as|expand|type_as)$/;
    if (callee.kind === 'Attr' && callee.object.kind === 'Name' && only_tensors.test(callee.name))
      tensors.add(callee.object.id);
    const first = args[0];
    if (first?.value.kind !== 'Name' || first.star !== 0 || first.name !== null) return;
    const type = plain(callee.type);
    const module = type.k === 'object' && type.path!.startsWith('torch.nn.');
    const functional = type.k === 'package' && /^torch\.nn\.functional\./.test(type.path!);
    if (module || functional) tensors.add(first.value.id);
  }

  private is_module(cls: ClassInfo): boolean {
    return package_base(cls)?.startsWith('torch.nn.') ?? false;
  }

  // Scopes

  private note(scope: Scope, name: string, type: Type): void {
    const owner = owner_of(name, scope);
    if (!owner) return;
    const before = owner.joined.get(name) ?? BOTTOM;
    const after = join(before, type);
    if (show(before) !== show(after)) {
      owner.joined.set(name, after);
      this.changed = true;
    }
  }

  private lookup(name: string, env: Env, scope: Scope): Type {
    const here = env.get(name);
    if (here !== undefined) return here;
    const owner = owner_of(name, scope);
    if (!owner) return this.builtin(name);
    if (owner !== scope) owner.captured.add(name);
    return owner.joined.get(name) ?? BOTTOM;
  }

  private builtin(name: string): Type {
    return name === '__name__' || name === '__file__' ? STR : pkg(`builtins.${name}`);
  }

  private function_body(info: FunctionInfo): void {
    const env: Env = new Map();
    const { node } = info;
    for (const [i, param] of node.params.entries()) {
      let type = info.params.get(param.name) ?? BOTTOM;
      if (param.default) type = join(type, param.default.type ?? BOTTOM);
      if (i === 0 && info.owner && node.kind === 'Def') {
        if (info.role === 'method' || info.role === 'property' || info.role === 'setter') {
          type = { k: 'instance', cls: info.owner };
        } else if (info.role === 'class') type = { k: 'class', cls: info.owner };
      }
      if (param.annotation) {
        const said = this.annotation(param.annotation, info.scope.parent!);
        if (type.k === 'bottom' || (type.k === 'none' && said.k !== 'unknown'))
          type = type.k === 'none' ? join(type, said) : said;
        // An int is given where a float is declared: the number stays what it is.
      }
      if (param.star === 1) type = tuple_of(param.annotation && type.k === 'bottom' ? UNKNOWN : type);
      if (param.star === 2) type = dict(STR, UNKNOWN, 'record');
      env.set(param.name, type);
      this.note(info.scope, param.name, type);
    }
    if (node.kind === 'Lambda') {
      this.returned(info, this.expr(node.body, env, info.scope));
      return;
    }
    const ends = this.block(node.body, env, info.scope);
    if (!ends) this.returned(info, NONE);
  }

  private returned(info: FunctionInfo, type: Type): void {
    const after = join(info.returns, type);
    if (show(after) !== show(info.returns)) {
      info.returns = after;
      this.changed = true;
    }
  }

  private annotation(expr: Expr, scope: Scope): Type {
    if (expr.kind === 'Const') return expr.value === 'None' ? NONE : UNKNOWN;
    if (expr.kind === 'Bin' && expr.op === '|') {
      return join(this.annotation(expr.left, scope), this.annotation(expr.right, scope));
    }
    if (expr.kind === 'Sub') {
      const name = expr.object.kind === 'Attr' ? expr.object.name : expr.object.kind === 'Name' ? expr.object.id : '';
      const inner = (): Type => this.annotation(expr.index, scope);
      if (/^(list|List|Sequence)$/.test(name)) return list(inner());
      if (/^(Optional)$/.test(name)) return join(NONE, inner());
      if (/^(Iterable|Iterator)$/.test(name)) return iterator(inner());
      if (/^(tuple|Tuple)$/.test(name)) {
        const items = expr.index.kind === 'Tuple' ? expr.index.items : [expr.index];
        const types = items.map((item) => this.annotation(item, scope));
        const last = items.at(-1);
        return last?.kind === 'Const' && last.value === '...' ? tuple_of(types[0]!) : tuple(...types);
      }
      return UNKNOWN;
    }
    if (expr.kind === 'Str') return UNKNOWN;
    if (expr.kind === 'Name') {
      const simple: Readonly<Record<string, Type>> = { int: INT, float: NUMBER, bool: BOOL, str: STR, bytes: BYTES };
      if (Object.hasOwn(simple, expr.id)) return simple[expr.id]!;
    }
    const type = this.expr(expr, new Map(), scope);
    if (type.k === 'class') return { k: 'instance', cls: type.cls! };
    if (type.k !== 'package') return UNKNOWN;
    if (type.path === 'torch.Tensor') return TENSOR;
    if (type.path === 'numpy.ndarray') return NDARRAY;
    const found = this.surface.find(type.path!);
    if (
      found &&
      found !== 'missing' &&
      found.is_class &&
      /^torch\.(optim|utils\.data\.DataLoader|device)/.test(type.path!)
    )
      return object(type.path!);
    return UNKNOWN;
  }

  private class_body(info: ClassInfo): void {
    const outer = info.scope.parent!;
    info.bases = info.node.bases
      .filter((base) => base.name === null)
      .map((base) => this.expr(base.value, new Map(), outer));
    for (const decorator of info.node.decorators) this.expr(decorator, new Map(), outer);
    for (const base of info.bases) {
      if (base.k === 'package' && /^enum\.(Enum|IntEnum|StrEnum)$/.test(base.path!))
        info.enumeration = base.path!.slice('enum.'.length) as 'Enum';
      if (base.k === 'class' && base.cls!.enumeration) info.enumeration = base.cls!.enumeration;
    }
    const env: Env = new Map();
    for (const stmt of info.node.body) {
      if (stmt.kind === 'Assign') {
        const value = stmt.value ? this.expr(stmt.value, env, info.scope) : BOTTOM;
        for (const target of stmt.targets) {
          if (target.kind !== 'Name') continue;
          let type = value;
          if (stmt.annotation) {
            const said = this.annotation(stmt.annotation, outer);
            if (type.k === 'bottom' && stmt.value === null) type = info.dataclass ? BOTTOM : said;
            else if (type.k === 'unknown' && said.k !== 'unknown') type = said;
          }
          if (info.enumeration && !target.id.startsWith('_')) {
            const called = stmt.value?.kind === 'Call' ? plain(stmt.value.callee.type) : UNKNOWN;
            const held = called.path === 'enum.auto' ? (info.enumeration === 'StrEnum' ? STR : INT) : type;
            this.field(info, 'value', held);
            this.field(info, 'name', STR);
            type = { k: 'instance', cls: info };
          }
          env.set(target.id, type);
          this.note(info.scope, target.id, type);
          info.attributes.set(target.id, { type, value: stmt.value });
          if (info.dataclass) this.field(info, target.id, type);
        }
      } else if (stmt.kind === 'Def') {
        for (const param of stmt.params) if (param.default) this.expr(param.default, env, info.scope);
        for (const decorator of stmt.decorators) {
          if (decorator.kind === 'Attr' && decorator.name === 'setter') continue;
          const type = plain(this.expr(decorator, env, outer));
          const called = decorator.kind === 'Call' ? plain(decorator.callee.type) : type;
          const fn = this.scopes.functions.get(stmt)!;
          if (called.k === 'package' || called.k === 'bottom' || fn.decorated) continue;
          [fn.decorated, fn.escapes] = [true, true];
          for (const param of stmt.params.slice(1)) this.param(fn, param.name, UNKNOWN);
        }
      } else this.statement(stmt, env, info.scope);
    }
  }

  private field(cls: ClassInfo, name: string, type: Type): void {
    // The class that has the field already, so that those that extend it share one.
    const owner = lineage(cls).find((one) => one.fields.has(name)) ?? cls;
    const before = owner.fields.get(name) ?? BOTTOM;
    const after = join(before, type);
    if (!owner.fields.has(name) || show(before) !== show(after)) {
      owner.fields.set(name, after);
      this.changed = true;
    }
  }

  // Statements; true where the end of a block cannot be reached

  private block(body: readonly Stmt[], env: Env, scope: Scope): boolean {
    let ends = false;
    for (const stmt of body) if (this.statement(stmt, env, scope)) ends = true;
    return ends;
  }

  private merge(env: Env, others: readonly Env[]): void {
    const names = new Set(others.flatMap((other) => [...other.keys()]));
    for (const name of names) {
      env.set(
        name,
        others.reduce((type, other) => join(type, other.get(name) ?? BOTTOM), BOTTOM),
      );
    }
  }

  private branch(env: Env, run: (inner: Env) => boolean): { env: Env; ends: boolean } {
    const inner = new Map(env);
    const ends = run(inner);
    return { env: inner, ends };
  }

  private statement(stmt: Stmt, env: Env, scope: Scope): boolean {
    switch (stmt.kind) {
      case 'Expr':
        this.expr(stmt.value, env, scope);
        return false;
      case 'Assign': {
        if (!stmt.value) return false;
        let type = this.expr(stmt.value, env, scope);
        if (stmt.annotation && (type.k === 'bottom' || type.k === 'unknown')) {
          const said = this.annotation(stmt.annotation, scope);
          if (said.k !== 'unknown') type = said;
        }
        for (const target of stmt.targets) this.bind(target, type, env, scope, stmt.value);
        return false;
      }
      case 'Aug': {
        const left = this.expr(stmt.target, env, scope);
        const right = this.expr(stmt.value, env, scope);
        this.bind(stmt.target, this.arithmetic(stmt.op, left, right, stmt.value), env, scope);
        stmt.target.type = left; // what it was, which says how the operator is written
        return false;
      }
      case 'Return': {
        const type = stmt.value ? this.expr(stmt.value, env, scope) : NONE;
        if (scope.fn) this.returned(scope.fn, type);
        return true;
      }
      case 'Raise':
        if (stmt.value) this.expr(stmt.value, env, scope);
        if (stmt.cause) this.expr(stmt.cause, env, scope);
        return true;
      case 'Break':
      case 'Continue':
        return true;
      case 'Del':
        for (const target of stmt.targets) this.expr(target, env, scope);
        return false;
      case 'Assert':
        this.expr(stmt.test, env, scope);
        if (stmt.message) this.expr(stmt.message, env, scope);
        return false;
      case 'If': {
        this.expr(stmt.test, env, scope);
        const then = this.branch(env, (inner) => {
          this.narrow(stmt.test, true, inner, scope);
          return this.block(stmt.body, inner, scope);
        });
        const otherwise = this.branch(env, (inner) => {
          this.narrow(stmt.test, false, inner, scope);
          return this.block(stmt.orelse, inner, scope);
        });
        const open = [then, otherwise].filter((one) => !one.ends);
        this.merge(
          env,
          (open.length ? open : [then, otherwise]).map((one) => one.env),
        );
        return open.length === 0;
      }
      case 'For': {
        const iterable = this.expr(stmt.iter, env, scope);
        for (let pass = 0; pass < 2; pass++) {
          const body = this.branch(env, (inner) => {
            this.bind(stmt.target, element_of(iterable), inner, scope);
            return this.block(stmt.body, inner, scope);
          });
          this.merge(env, [env, body.env]);
        }
        this.block(stmt.orelse, env, scope);
        return false;
      }
      case 'While': {
        for (let pass = 0; pass < 2; pass++) {
          this.expr(stmt.test, env, scope);
          const body = this.branch(env, (inner) => this.block(stmt.body, inner, scope));
          this.merge(env, [env, body.env]);
        }
        this.block(stmt.orelse, env, scope);
        return false;
      }
      case 'With': {
        for (const { value, target } of stmt.items) {
          const type = this.expr(value, env, scope);
          if (!target) continue;
          let entered = type;
          const enter = type.k === 'instance' ? method_of(type.cls!, '__enter__') : undefined;
          if (enter) entered = enter.returns;
          this.bind(target, entered, env, scope);
        }
        return this.block(stmt.body, env, scope);
      }
      case 'Try': {
        const before = new Map(env);
        const body = this.branch(
          env,
          (inner) => this.block(stmt.body, inner, scope) || this.block(stmt.orelse, inner, scope),
        );
        const start: Env = new Map(before);
        this.merge(start, [before, body.env]);
        const branches = stmt.handlers.map((handler) => {
          if (handler.type) this.expr(handler.type, env, scope);
          return this.branch(start, (inner) => {
            if (handler.name) this.bind_name(handler.name, object('Exception'), inner, scope);
            return this.block(handler.body, inner, scope);
          });
        });
        const all = [body, ...branches];
        const open = all.filter((one) => !one.ends);
        this.merge(
          env,
          (open.length ? open : all).map((one) => one.env),
        );
        return this.block(stmt.finalbody, env, scope) || open.length === 0;
      }
      case 'Def': {
        const info = this.scopes.functions.get(stmt)!;
        for (const param of stmt.params) if (param.default) this.expr(param.default, env, scope);
        let type: Type = { k: 'function', fn: info };
        for (const decorator of stmt.decorators) {
          const found = this.expr(decorator, env, scope);
          const keeps =
            /^torch\.(no_grad|enable_grad|inference_mode|jit\.script|compile|jit\.ignore)|^functools\.(wraps|lru_cache|cache)/;
          const path = found.k === 'object' || found.k === 'package' ? found.path! : '';
          const called = decorator.kind === 'Call' ? (plain(decorator.callee.type).path ?? '') : '';
          if (!keeps.test(path) && !keeps.test(called)) {
            type = UNKNOWN;
            info.escapes = true;
            for (const param of stmt.params) this.param(info, param.name, UNKNOWN);
          }
        }
        this.bind_name(stmt.name, type, env, scope);
        return false;
      }
      case 'Class':
        this.bind_name(stmt.name, { k: 'class', cls: this.scopes.classes.get(stmt)! }, env, scope);
        return false;
      case 'Import':
        for (const { path, as } of stmt.names) {
          const local = as || !path.includes('.') ? this.linker(path, 0) : null;
          if (local) {
            this.bind_name(as ?? path, { k: 'module', ...local }, env, scope);
            continue;
          }
          this.bind_name(as ?? path.split('.')[0]!, pkg(as ? path : path.split('.')[0]!), env, scope);
        }
        return false;
      case 'From':
        for (const { path, as } of stmt.names) {
          if (path === '*') continue;
          const inner = this.linker(stmt.module === '' ? path : `${stmt.module}.${path}`, stmt.level);
          const holder = inner ? null : this.linker(stmt.module, stmt.level);
          if (inner || holder) {
            const known: Type = inner ? { k: 'module', ...inner } : (holder!.scope.joined.get(path) ?? this.missing());
            this.bind_name(as ?? path, known, env, scope);
            continue;
          }
          const type =
            stmt.level > 0 || (NOT_IMPORTED.has(stmt.module) && !/^(enum|dataclasses)$/.test(stmt.module))
              ? UNKNOWN
              : stmt.module === 'io' && path === 'open'
                ? pkg('builtins.open')
                : pkg(`${stmt.module}.${path}`);
          this.bind_name(as ?? path, type, env, scope);
        }
        return false;
      default:
        return false;
    }
  }

  /** What is known of a name where a test is true, or false. */
  private narrow(test: Expr, holds: boolean, env: Env, scope: Scope): void {
    if (test.kind === 'Bool' && test.op === (holds ? 'and' : 'or')) {
      this.narrow(test.left, holds, env, scope);
      this.narrow(test.right, holds, env, scope);
    }
    if (test.kind === 'Un' && test.op === 'not') this.narrow(test.operand, !holds, env, scope);
    if (test.kind === 'Cmp' && test.rest.length === 1 && test.left.kind === 'Name') {
      const { op, right } = test.rest[0]!;
      const is_none = right.kind === 'Const' && right.value === 'None' && (op === 'is' || op === 'is not');
      const type = this.lookup(test.left.id, env, scope);
      if (is_none && type.k === 'optional') env.set(test.left.id, (op === 'is') === holds ? NONE : type.a!);
    }
    if (test.kind === 'Call' && holds && test.callee.kind === 'Name' && test.callee.id === 'isinstance') {
      const [value, type] = test.args;
      if (value?.value.kind !== 'Name' || !type) return;
      const said = this.annotation(type.value, scope);
      if (said.k !== 'unknown' && type.value.kind !== 'Tuple')
        env.set(value.value.id, said.k === 'number' ? FLOAT : said);
      if (type.value.kind === 'Name' && ['list', 'dict', 'tuple', 'set'].includes(type.value.id)) {
        const before = plain(this.lookup(value.value.id, env, scope));
        if (before.k !== type.value.id) {
          const narrowed = {
            list: list(UNKNOWN),
            dict: dict(UNKNOWN, UNKNOWN),
            tuple: tuple_of(UNKNOWN),
            set: set(UNKNOWN),
          };
          env.set(value.value.id, narrowed[type.value.id as 'list']);
        }
      }
    }
  }

  private bind_name(name: string, type: Type, env: Env, scope: Scope): void {
    if (scope.globals.has(name) || scope.nonlocals.has(name)) {
      this.note(scope, name, type);
      owner_of(name, scope)?.captured.add(name);
      return;
    }
    env.set(name, type);
    this.note(scope, name, type);
  }

  private bind(target: Expr, type: Type, env: Env, scope: Scope, value?: Expr): void {
    switch (target.kind) {
      case 'Name':
        target.type = type;
        this.bind_name(target.id, type, env, scope);
        return;
      case 'Star':
        this.bind(target.value, list(element_of(type)), env, scope);
        return;
      case 'Tuple':
      case 'List': {
        const known = plain(type);
        const starred = target.items.some((item) => item.kind === 'Star');
        for (const [i, item] of target.items.entries()) {
          const one =
            known.k === 'tuple' && known.items && !starred && known.items.length === target.items.length
              ? known.items[i]!
              : type.k === 'bottom'
                ? BOTTOM
                : item.kind === 'Star'
                  ? known
                  : element_of(known);
          this.bind(item, one, env, scope);
        }
        return;
      }
      case 'Attr': {
        const owner = this.expr(target.object, env, scope);
        target.type = type;
        if (owner.k === 'instance') this.field(owner.cls!, target.name, type);
        if (owner.k === 'class') {
          const holder = lineage(owner.cls!).find((cls) => cls.attributes.has(target.name));
          const before = holder?.attributes.get(target.name);
          if (before) holder!.attributes.set(target.name, { ...before, type: join(before.type, type) });
        }
        return;
      }
      case 'Sub': {
        const owner = plain(this.expr(target.object, env, scope));
        const key = this.expr(target.index, env, scope);
        if (owner.k === 'list' && target.index.kind !== 'Slice')
          this.refine(target.object, list(join(owner.a!, type)), env, scope);
        if (owner.k === 'dict')
          this.refine(target.object, { ...owner, a: join(owner.a!, key), b: join(owner.b!, type) }, env, scope);
        if (owner.k === 'object' && /^collections\./.test(owner.path!)) {
          this.refine(target.object, object(owner.path!, join(owner.a ?? BOTTOM, key)), env, scope);
        }
        void value;
        return;
      }
    }
  }

  /** A list or dict that got an element is of a wider type wherever it is kept. */
  private refine(holder: Expr, type: Type, env: Env, scope: Scope): void {
    if (holder.kind === 'Name') {
      if (env.has(holder.id)) env.set(holder.id, type);
      this.note(scope, holder.id, type);
      holder.type = type;
    } else if (holder.kind === 'Attr') {
      const owner = this.expr(holder.object, env, scope);
      if (owner.k === 'instance') this.field(owner.cls!, holder.name, type);
    } else if (holder.kind === 'Sub') {
      const outer = plain(holder.object.type);
      if (outer.k === 'list') this.refine(holder.object, list(join(outer.a!, type)), env, scope);
      if (outer.k === 'dict') this.refine(holder.object, { ...outer, b: join(outer.b!, type) }, env, scope);
    }
  }

  // Expressions

  private expr(expr: Expr, env: Env, scope: Scope): Type {
    const type = this.expr_type(expr, env, scope);
    expr.type = type;
    return type;
  }

  private expr_type(expr: Expr, env: Env, scope: Scope): Type {
    switch (expr.kind) {
      case 'Name': {
        const type = this.lookup(expr.id, env, scope);
        if (type.k === 'function') this.escape(type);
        return type;
      }
      case 'Num':
        return expr.number === 'int' ? INT : expr.number === 'float' ? FLOAT : object('complex');
      case 'Str':
        return expr.bytes ? BYTES : STR;
      case 'FStr':
        for (const part of parts_of(expr)) this.expr(part, env, scope);
        return STR;
      case 'Const':
        return expr.value === 'None' ? NONE : expr.value === '...' ? object('Ellipsis') : BOOL;
      case 'Tuple': {
        const types = expr.items.map((item) => this.expr(item, env, scope));
        if (!expr.items.some((item) => item.kind === 'Star')) return tuple(...types);
        return tuple_of(
          expr.items.reduce(
            (type, item, i) => join(type, item.kind === 'Star' ? element_of(types[i]!) : types[i]!),
            BOTTOM,
          ),
        );
      }
      case 'List':
      case 'Set': {
        const types = expr.items.map((item) => {
          const type = this.expr(item, env, scope);
          return item.kind === 'Star' ? element_of(type) : type;
        });
        const all = types.reduce(join, BOTTOM);
        return expr.kind === 'List' ? list(all) : set(all);
      }
      case 'Dict': {
        let [key, value]: [Type, Type] = [BOTTOM, BOTTOM];
        let record = expr.entries.length > 0;
        for (const entry of expr.entries) {
          const type = this.expr(entry.value, env, scope);
          if (!entry.key) {
            const inner = plain(type);
            key = join(key, inner.k === 'dict' ? inner.a! : inner.k === 'bottom' ? BOTTOM : UNKNOWN);
            value = join(value, inner.k === 'dict' ? inner.b! : inner.k === 'bottom' ? BOTTOM : UNKNOWN);
            if (inner.k !== 'dict' || inner.how !== 'record') record = false;
            continue;
          }
          key = join(key, this.expr(entry.key, env, scope));
          value = join(value, type);
          if (entry.key.kind !== 'Str' || entry.key.bytes || /^(\d+|__proto__)$/.test(entry.key.value)) record = false;
        }
        return dict(key, value, record ? 'record' : 'map');
      }
      case 'Comp':
        return this.comprehension(expr, env, scope);
      case 'Call':
        return this.call(expr, env, scope);
      case 'Attr':
        return this.attribute(this.expr(expr.object, env, scope), expr.name);
      case 'Sub':
        return this.subscript(expr, env, scope);
      case 'Slice':
        for (const part of parts_of(expr)) this.expr(part, env, scope);
        return object('slice');
      case 'Bin':
        return this.arithmetic(
          expr.op,
          this.expr(expr.left, env, scope),
          this.expr(expr.right, env, scope),
          expr.right,
        );
      case 'Un': {
        const type = this.expr(expr.operand, env, scope);
        if (expr.op === 'not') return BOOL;
        const value = plain(type);
        if (type.k === 'bottom') return BOTTOM;
        if (value.k === 'bool') return INT;
        if (value.k === 'instance') {
          const name = { '-': '__neg__', '+': '__pos__', '~': '__invert__' }[expr.op] ?? '';
          return method_of(value.cls!, name)?.returns ?? UNKNOWN;
        }
        return value.k === 'tensor' || value.k === 'ndarray' || is_number(value) ? value : UNKNOWN;
      }
      case 'Bool': {
        const left = this.expr(expr.left, env, scope);
        const inner = new Map(env);
        this.narrow(expr.left, expr.op === 'and', inner, scope);
        return join(left, this.expr(expr.right, inner, scope));
      }
      case 'Cmp':
        return this.compare(expr, env, scope);
      case 'Cond': {
        this.expr(expr.test, env, scope);
        const then = new Map(env);
        this.narrow(expr.test, true, then, scope);
        const otherwise = new Map(env);
        this.narrow(expr.test, false, otherwise, scope);
        return join(this.expr(expr.then, then, scope), this.expr(expr.otherwise, otherwise, scope));
      }
      case 'Lambda':
        for (const param of expr.params) if (param.default) this.expr(param.default, env, scope);
        return { k: 'function', fn: this.scopes.functions.get(expr)! };
      case 'Yield': {
        const type = expr.value ? this.expr(expr.value, env, scope) : NONE;
        if (scope.fn) {
          const after = join(scope.fn.yields, expr.from ? element_of(type) : type);
          if (show(after) !== show(scope.fn.yields)) {
            scope.fn.yields = after;
            this.changed = true;
          }
        }
        return UNKNOWN;
      }
      case 'Await': {
        const awaited = plain(this.expr(expr.value, env, scope));
        return awaited.k === 'object' && awaited.path === 'coroutine' ? (awaited.a ?? NONE) : UNKNOWN;
      }
      case 'Named': {
        const type = this.expr(expr.value, env, scope);
        this.bind(expr.target, type, env, scope);
        return type;
      }
      case 'Star':
        return this.expr(expr.value, env, scope);
    }
  }

  /** A function that is used as a value may be called with anything. */
  private escape(type: Type): void {
    if (type.k !== 'function' || type.fn!.escapes) return;
    type.fn!.escapes = true;
  }

  private comprehension(expr: Comprehension, env: Env, scope: Scope): Type {
    const inner = new Map(env);
    // Its names belong to it: they are bound here alone, not in the scope.
    const bind = (target: Expr, type: Type): void => {
      if (target.kind === 'Name') {
        target.type = type;
        inner.set(target.id, type);
      } else if (target.kind === 'Tuple' || target.kind === 'List') {
        const known = plain(type);
        for (const [i, item] of target.items.entries()) {
          const one =
            known.k === 'tuple' && known.items
              ? (known.items[i] ?? UNKNOWN)
              : type.k === 'bottom'
                ? BOTTOM
                : element_of(known);
          bind(item.kind === 'Star' ? item.value : item, item.kind === 'Star' ? list(one) : one);
        }
      }
    };
    for (const clause of expr.clauses) {
      bind(clause.target, element_of(this.expr(clause.iter, inner, scope)));
      for (const test of clause.ifs) {
        this.expr(test, inner, scope);
        this.narrow(test, true, inner, scope);
      }
    }
    const item = this.expr(expr.item, inner, scope);
    // A walrus within binds outside.
    for (const [name, type] of inner) if (!env.has(name) && scope.locals.has(name)) env.set(name, type);
    if (expr.of === 'list') return list(item);
    if (expr.of === 'set') return set(item);
    if (expr.of === 'dict') return dict(item, this.expr(expr.value!, inner, scope), 'map');
    return iterator(item);
  }

  private compare(expr: Extract<Expr, { kind: 'Cmp' }>, env: Env, scope: Scope): Type {
    let left = this.expr(expr.left, env, scope);
    let result: Type = BOOL;
    for (const { op, right } of expr.rest) {
      const type = this.expr(right, env, scope);
      if (!/^(in|not in|is|is not)$/.test(op)) {
        const [a, b] = [plain(left), plain(type)];
        if (a.k === 'tensor' || b.k === 'tensor') result = tensor('bool');
        else if (a.k === 'ndarray' || b.k === 'ndarray') result = NDARRAY;
        else if (a.k === 'unknown' || b.k === 'unknown') result = a.k === 'none' || b.k === 'none' ? BOOL : UNKNOWN;
        if ((left.k === 'bottom' || type.k === 'bottom') && this.round < MAX_ROUNDS - 1) result = BOTTOM;
        const simple = (one: Type): boolean => one.k === 'str' || is_number(one) || one.k === 'none';
        if (result.k === 'unknown' && (simple(a) || simple(b)) && (a.k === 'str' || b.k === 'str')) result = BOOL;
      }
      left = type;
    }
    return result;
  }

  private arithmetic(op: string, left: Type, right: Type, right_expr?: Expr): Type {
    if (left.k === 'bottom' || right.k === 'bottom')
      return left.k === 'tensor' || right.k === 'tensor' ? BOTTOM : BOTTOM;
    const [a, b] = [plain(left), plain(right)];
    if (op === '/' && (a.path === 'pathlib.Path' || (b.k === 'object' && b.path === 'pathlib.Path')))
      return object('pathlib.Path');
    const time = (one: Type): string | null =>
      one.k === 'object' && one.path!.startsWith('datetime.') ? one.path! : null;
    if (time(a) !== null && time(a) === time(b)) return op === '/' ? FLOAT : object('datetime.timedelta');
    if (time(a) !== null && time(b) !== null) return object('datetime.datetime');
    if ((time(a) ?? time(b)) === 'datetime.timedelta' && (is_number(a) || is_number(b)))
      return object('datetime.timedelta');
    if (a.k === 'instance') {
      const method = method_of(a.cls!, DUNDER[op] ?? '');
      if (method) return method.returns;
      return UNKNOWN;
    }
    if (b.k === 'instance') {
      const method = method_of(b.cls!, (DUNDER[op] ?? '').replace('__', '__r'));
      return method ? method.returns : UNKNOWN;
    }
    if (a.k === 'tensor' || b.k === 'tensor') {
      if (a.k === 'ndarray' || b.k === 'ndarray') return UNKNOWN;
      return tensor(this.promote(op, a, b));
    }
    if (a.k === 'ndarray' || b.k === 'ndarray') {
      const kind = (one: Type): DType | undefined =>
        one.k === 'ndarray' ? one.dtype : one.k === 'float' ? 'float' : one.k === 'int' ? 'int' : undefined;
      const [x, y] = [kind(a), kind(b)];
      // Only arrays of float64 are known: numbers of smaller types print as such.
      if (x === undefined || y === undefined) return NDARRAY;
      return { k: 'ndarray', dtype: op === '/' || x === 'float' || y === 'float' ? 'float' : 'int' };
    }
    if (is_number(a) && is_number(b)) {
      if ((op === '&' || op === '|' || op === '^') && a.k === 'bool' && b.k === 'bool') return BOOL;
      if (op === '/') return FLOAT;
      if (a.k === 'float' || b.k === 'float') return FLOAT;
      if (a.k === 'number' || b.k === 'number') return NUMBER;
      if (op === '**') return right_expr?.kind === 'Num' ? INT : NUMBER;
      return INT;
    }
    if (a.k === 'str' && (op === '%' || (op === '+' && b.k === 'str') || (op === '*' && is_number(b)))) return STR;
    if (b.k === 'str' && op === '*' && is_number(a)) return STR;
    if (a.k === 'list' && b.k === 'list' && op === '+') return join(a, b);
    if (a.k === 'list' && op === '*' && is_number(b)) return a;
    if (b.k === 'list' && op === '*' && is_number(a)) return b;
    if (a.k === 'tuple' && b.k === 'tuple' && op === '+') {
      return a.items && b.items ? tuple(...a.items, ...b.items) : tuple_of(join(element_of(a), element_of(b)));
    }
    if (a.k === 'tuple' && op === '*' && is_number(b)) return tuple_of(element_of(a));
    if (a.k === 'set' && b.k === 'set') return join(a, b);
    return UNKNOWN;
  }

  private promote(op: string, a: Type, b: Type): DType | undefined {
    const kind = (type: Type): DType | undefined =>
      type.k === 'tensor'
        ? type.dtype
        : type.k === 'float'
          ? 'float'
          : type.k === 'int'
            ? 'int'
            : type.k === 'bool'
              ? 'bool'
              : undefined;
    const [x, y] = [kind(a), kind(b)];
    if (op === '/') return x && y ? 'float' : x === 'float' || y === 'float' ? 'float' : undefined;
    if (x === 'float' || y === 'float') return 'float';
    if (x === undefined || y === undefined) return undefined;
    return x === 'int' || y === 'int' ? 'int' : 'bool';
  }

  private attribute(owner: Type, name: string): Type {
    if (owner.k === 'bottom') return BOTTOM;
    const type = plain(owner);
    switch (type.k) {
      case 'tensor':
        if (Object.hasOwn(TENSOR_ATTRIBUTES, name)) return TENSOR_ATTRIBUTES[name]!;
        return /^(data|grad|T|mT|H)$/.test(name) ? type : UNKNOWN;
      case 'ndarray':
        return name === 'shape'
          ? tuple_of(INT)
          : name === 'ndim' || name === 'size'
            ? INT
            : name === 'T'
              ? NDARRAY
              : UNKNOWN;
      case 'module':
        return type.scope!.joined.get(name) ?? this.missing();
      case 'package': {
        const path = `${type.path}.${name}`;
        if (path === 'io.open') return pkg('builtins.open');
        return Object.hasOwn(VALUES, path) ? VALUES[path]! : pkg(path);
      }
      case 'object':
        if (type.path!.startsWith('torch.nn.') && name === 'weight') return tensor('float');
        if (type.path!.startsWith('torch.nn.') && name === 'bias') return tensor('float');
        if (type.path!.startsWith('torch.nn.') && name === 'training') return BOOL;
        if (type.path === 'torch.device' && name === 'type') return STR;
        if (type.path === IMAGE.path)
          return name === 'size'
            ? tuple(INT, INT)
            : name === 'mode'
              ? STR
              : /^(width|height)$/.test(name)
                ? INT
                : UNKNOWN;
        if (type.path === 'pathlib.Path')
          return name === 'parent' ? type : /^(name|stem|suffix)$/.test(name) ? STR : UNKNOWN;
        if (type.path!.startsWith('datetime.')) return INT;
        if (type.path === 'torch.utils.data.DataLoader' && name === 'batch_size') return INT;
        return UNKNOWN;
      case 'instance': {
        for (const cls of lineage(type.cls!)) {
          const field = cls.fields.get(name);
          const method = cls.methods.get(name);
          if (method) {
            if (method.role === 'property') return method.returns;
            if (method.decorated) return UNKNOWN;
            return { k: 'function', fn: method, self: type };
          }
          const attribute = cls.attributes.get(name);
          if (field) return attribute ? join(field, attribute.type) : field;
          if (attribute) return attribute.type;
        }
        if (name === 'training' && this.is_module(type.cls!)) return BOOL;
        // A field that no round has seen yet.
        return this.missing();
      }
      case 'class': {
        for (const cls of lineage(type.cls!)) {
          const method = cls.methods.get(name);
          if (method) return { k: 'function', fn: method, ...(method.role === 'class' ? { self: type } : {}) };
          const attribute = cls.attributes.get(name);
          if (attribute) return attribute.type;
        }
        return name === '__name__' ? STR : UNKNOWN;
      }
      case 'tuple':
        // What `max` along a dimension and `topk` give has names too.
        return name === 'values'
          ? (type.items?.[0] ?? UNKNOWN)
          : name === 'indices'
            ? (type.items?.[1] ?? UNKNOWN)
            : UNKNOWN;
      default:
        return UNKNOWN;
    }
  }

  private subscript(expr: Extract<Expr, { kind: 'Sub' }>, env: Env, scope: Scope): Type {
    const owner = this.expr(expr.object, env, scope);
    this.expr(expr.index, env, scope);
    if (owner.k === 'bottom') return BOTTOM;
    const type = plain(owner);
    // `Stack[int]` is the class.
    if (type.k === 'class' && !type.cls!.enumeration) return type;
    if (/^builtins\.(list|dict|set|tuple)$/.test(type.path ?? '')) return type;
    const sliced = expr.index.kind === 'Slice';
    switch (type.k) {
      case 'tensor':
        return type;
      case 'ndarray':
        if (expr.index.type?.k === 'ndarray' || (sliced && type.dtype)) return type;
        if (expr.index.type?.k === 'int' && type.dtype) return UNKNOWN;
        return sliced
          ? NDARRAY
          : expr.index.kind === 'Tuple' && expr.index.items.some((item) => item.kind === 'Slice')
            ? NDARRAY
            : UNKNOWN;
      case 'str':
        return STR;
      case 'bytes':
        return sliced ? BYTES : INT;
      case 'size':
        return sliced ? SIZE : INT;
      case 'list':
        return sliced ? type : type.a!;
      case 'tuple': {
        if (expr.index.kind === 'Slice') {
          const { lower, upper, step } = expr.index;
          const [from, to] = [lower ? constant_int(lower) : 0, upper ? constant_int(upper) : Infinity];
          if (type.items && step === null && from !== undefined && to !== undefined)
            return tuple(...type.items.slice(from, to === Infinity ? undefined : to));
          return tuple_of(element_of(type));
        }
        const at = constant_int(expr.index);
        if (at !== undefined && type.items) return type.items.at(at) ?? UNKNOWN;
        return element_of(type);
      }
      case 'dict':
        return type.b!;
      case 'object':
        if (/^torch\.nn\.(ModuleList|Sequential|ModuleDict)$/.test(type.path!))
          return sliced ? type : (type.a ?? object('torch.nn.Module'));
        if (type.path === 'collections.deque') return type.a ?? UNKNOWN;
        if (type.path === 'collections.Counter') return INT;
        return UNKNOWN;
      case 'instance':
        return method_of(type.cls!, '__getitem__')?.returns ?? UNKNOWN;
      case 'class':
        return type.cls!.enumeration ? { k: 'instance', cls: type.cls! } : UNKNOWN;
      default:
        return UNKNOWN;
    }
  }

  // Calls

  private param(info: FunctionInfo, name: string, type: Type): void {
    const before = info.params.get(name);
    if (before === undefined) return;
    const after = join(before, type);
    if (show(before) !== show(after)) {
      info.params.set(name, after);
      this.changed = true;
    }
  }

  /** The arguments of a call go to the parameters of a function of the program. */
  private pass(info: FunctionInfo, args: readonly Argument[], types: readonly Type[], bound: boolean): void {
    const params = info.node.params.slice(bound ? 1 : 0);
    const positional = params.filter((param) => param.star === 0 && !param.keyword_only);
    const rest = params.find((param) => param.star === 1);
    let at = 0;
    for (const [i, arg] of args.entries()) {
      const type = types[i]!;
      if (arg.star === 1) {
        for (; at < positional.length; at++) this.param(info, positional[at]!.name, element_of(type));
        if (rest) this.param(info, rest.name, element_of(type));
      } else if (arg.star === 2) {
        for (const param of params)
          if (param.star === 0) this.param(info, param.name, plain(type).k === 'dict' ? plain(type).b! : UNKNOWN);
      } else if (arg.name !== null) {
        if (params.some((param) => param.name === arg.name && param.star === 0)) this.param(info, arg.name, type);
      } else if (at < positional.length) this.param(info, positional[at++]!.name, type);
      else if (rest) this.param(info, rest.name, type);
    }
  }

  private call(expr: Call, env: Env, scope: Scope): Type {
    const { callee, args } = expr;
    // super().method(...)
    const types = (): Type[] =>
      args.map((arg) => {
        const type = this.expr(arg.value, env, scope);
        // Functions that are handed over are called with what only the callee knows.
        if (type.k === 'function' && type.fn!.node.kind === 'Def') this.escape(type);
        return type;
      });
    if (callee.kind === 'Name') {
      const found = this.lookup(callee.id, env, scope);
      callee.type = found;
      if (found.k === 'package' && found.path!.startsWith('builtins.')) {
        return this.builtin_call(found.path!.slice('builtins.'.length), expr, types(), env, scope);
      }
      return this.call_of(found, expr, types());
    }
    if (callee.kind === 'Attr') {
      const owner = this.expr(callee.object, env, scope);
      const found = this.method_call(owner, callee.name, expr, types, env, scope);
      if (found) {
        callee.type ??= UNKNOWN;
        return found;
      }
      callee.type = this.attribute(owner, callee.name);
      return this.call_of(callee.type, expr, types());
    }
    return this.call_of(this.expr(callee, env, scope), expr, types());
  }

  private method_call(
    owner: Type,
    name: string,
    expr: Call,
    types: () => Type[],
    env: Env,
    scope: Scope,
  ): Type | undefined {
    const type = plain(owner);
    if (owner.k === 'bottom') {
      types();
      return BOTTOM;
    }
    const args = expr.args;
    const named = args.flatMap((arg) => (arg.name ? [arg.name] : []));
    const count = args.length - named.length;
    const holder = expr.callee.kind === 'Attr' ? expr.callee.object : expr.callee;
    switch (type.k) {
      case 'tensor': {
        types();
        return tensor_method(type, name, count, named, this.dtype_argument(args));
      }
      case 'ndarray': {
        types();
        if (/^(mean|sum|max|min|std|var|prod|item|argmax|argmin)$/.test(name)) {
          if (count + named.length > 0) return UNKNOWN;
          if (/^arg/.test(name)) return INT;
          if (/^(mean|std|var)$/.test(name)) return FLOAT;
          if (type.dtype === 'float') return FLOAT;
          return type.dtype === 'int' ? INT : NUMBER;
        }
        if (/^(reshape|copy|flatten|ravel|squeeze|transpose|clip|cumsum)$/.test(name)) return type;
        if (name === 'tolist') return type.dtype === 'float' ? list(FLOAT) : type.dtype === 'int' ? list(INT) : UNKNOWN;
        return NDARRAY;
      }
      case 'str':
        types();
        if (/^(split|rsplit|splitlines)$/.test(name)) return list(STR);
        if (/^(find|rfind|index|rindex|count)$/.test(name)) return INT;
        if (/^(startswith|endswith|is[a-z]+)$/.test(name)) return BOOL;
        if (name === 'partition' || name === 'rpartition') return tuple(STR, STR, STR);
        return name === 'encode' ? BYTES : STR;
      case 'bytes':
        types();
        return name === 'decode' ? STR : UNKNOWN;
      case 'list': {
        const given = types();
        if (name === 'append') this.refine(holder, list(join(type.a!, given[0] ?? BOTTOM)), env, scope);
        if (name === 'insert') this.refine(holder, list(join(type.a!, given[1] ?? BOTTOM)), env, scope);
        if (name === 'extend') this.refine(holder, list(join(type.a!, element_of(given[0] ?? BOTTOM))), env, scope);
        if (name === 'pop') return type.a!;
        if (name === 'index' || name === 'count') return INT;
        return name === 'copy' ? type : NONE;
      }
      case 'tuple':
        types();
        return name === 'index' || name === 'count' ? INT : UNKNOWN;
      case 'size':
        types();
        return INT;
      case 'set': {
        const given = types();
        if (name === 'add') this.refine(holder, set(join(type.a!, given[0] ?? BOTTOM)), env, scope);
        if (name === 'pop') return type.a!;
        if (/^is/.test(name)) return BOOL;
        return /^(union|intersection|difference|symmetric_difference|copy)$/.test(name) ? type : NONE;
      }
      case 'dict': {
        const given = types();
        if (name === 'keys') return iterator(type.a!);
        if (name === 'values') return iterator(type.b!);
        if (name === 'items') return iterator(tuple(type.a!, type.b!));
        if (name === 'get') return join(type.b!, given[1] ?? NONE);
        if (name === 'pop') return given[1] ? join(type.b!, given[1]) : type.b!;
        if (name === 'popitem') return tuple(type.a!, type.b!);
        if (name === 'setdefault') {
          this.refine(
            holder,
            { ...type, a: join(type.a!, given[0] ?? BOTTOM), b: join(type.b!, given[1] ?? NONE) },
            env,
            scope,
          );
          return join(type.b!, given[1] ?? NONE);
        }
        if (name === 'update') {
          const other = plain(given[0]);
          if (other.k === 'dict')
            this.refine(holder, { ...type, a: join(type.a!, other.a!), b: join(type.b!, other.b!) }, env, scope);
          else if (given[0] && given[0].k !== 'bottom')
            this.refine(holder, { ...type, a: UNKNOWN, b: UNKNOWN }, env, scope);
          return NONE;
        }
        return name === 'copy' ? type : NONE;
      }
      case 'object':
        return this.object_call(type, name, holder, types(), env, scope);
      case 'instance': {
        const method = method_of(type.cls!, name);
        if (method) return undefined;
        const base = package_base(type.cls!);
        if (!base || this.has_field(type.cls!, name)) return undefined;
        types();
        const first = args[0]?.value;
        if (/^register_(buffer|parameter)$/.test(name) && first?.kind === 'Str')
          this.field(type.cls!, first.value, tensor('float'));
        if (/^register_(buffer|parameter)$/.test(name) && first?.kind === 'Str') return NONE;
        if (base.startsWith('torch.nn.')) return module_method(name, type);
        return object_method(base, name, type);
      }
      default:
        return undefined;
    }
  }

  private object_call(type: Type, name: string, holder: Expr, given: Type[], env: Env, scope: Scope): Type {
    const path = type.path!;
    if (path === 'collections.deque') {
      if (name === 'append' || name === 'appendleft')
        this.refine(holder, object(path, join(type.a ?? BOTTOM, given[0] ?? BOTTOM)), env, scope);
      if (name === 'pop' || name === 'popleft') return type.a ?? UNKNOWN;
      return NONE;
    }
    if (path === 'collections.Counter') {
      if (name === 'most_common') return list(tuple(type.a ?? UNKNOWN, INT));
      if (name === 'items') return iterator(tuple(type.a ?? UNKNOWN, INT));
      if (name === 'values') return iterator(INT);
      if (name === 'keys') return iterator(type.a ?? UNKNOWN);
      if (name === 'get') return INT;
    }
    if (path === 'file')
      return /^(read|readline)$/.test(name) ? STR : name === 'readlines' ? list(STR) : name === 'write' ? INT : NONE;
    if (path === 'argparse.ArgumentParser') return name === 'parse_args' ? object('argparse.Namespace') : UNKNOWN;
    return object_method(path, name, type);
  }

  private has_field(cls: ClassInfo, name: string): boolean {
    return lineage(cls).some((one) => one.fields.has(name) || one.attributes.has(name));
  }

  private dtype_argument(args: readonly Argument[]): DType | undefined {
    for (const arg of args) {
      const type = plain(arg.value.type);
      if (type.k === 'package' && type.path!.startsWith('torch.')) {
        const found = dtype_kind(type.path!.slice('torch.'.length));
        if (found) return found;
      }
      if (arg.name === 'dtype' && type.k === 'package') return dtype_kind(type.path!.replace(/^builtins\./, ''));
    }
    return undefined;
  }

  private call_of(callee: Type, expr: Call, types: readonly Type[]): Type {
    const type = plain(callee);
    if (callee.k === 'bottom') return BOTTOM;
    const { args } = expr;
    switch (type.k) {
      case 'function': {
        const info = type.fn!;
        this.pass(info, args, types, type.self !== undefined);
        if (info.node.kind === 'Def' && info.node.is_async)
          return info.generator ? iterator(info.yields) : object('coroutine', info.returns);
        return info.generator ? iterator(info.yields) : info.returns;
      }
      case 'class': {
        this.construct(type.cls!, args, types);
        return { k: 'instance', cls: type.cls! };
      }
      case 'instance': {
        const name = this.is_module(type.cls!) ? 'forward' : '__call__';
        const method = method_of(type.cls!, name);
        if (!method) return UNKNOWN;
        this.pass(method, args, types, true);
        return method.returns;
      }
      case 'object':
        if (/^torch\.nn\.(Sequential|ModuleList)$/.test(type.path!) && types[0]) return TENSOR;
        return instance_call(type.path!);
      case 'package':
        return this.package_call(type.path!, expr, types);
      default:
        return UNKNOWN;
    }
  }

  private construct(cls: ClassInfo, args: readonly Argument[], types: readonly Type[]): void {
    const init = method_of(cls, '__init__');
    if (init) {
      this.pass(init, args, types, true);
      return;
    }
    const dataclass = lineage(cls)
      .filter((one) => one.dataclass)
      .reverse();
    const fields = dataclass.flatMap((one) => [...one.attributes.keys()].map((name) => ({ one, name })));
    let at = 0;
    for (const [i, arg] of args.entries()) {
      if (arg.star !== 0) continue;
      const field = arg.name !== null ? fields.find(({ name }) => name === arg.name) : fields[at++];
      if (field) this.field(field.one, field.name, types[i]!);
    }
  }

  private package_call(path: string, expr: Call, types: readonly Type[]): Type {
    const named = expr.args.flatMap((arg) => (arg.name ? [arg.name] : []));
    const count = expr.args.length - named.length;
    if (path === 'torch.tensor' || path === 'torch.as_tensor')
      return tensor(this.dtype_argument(expr.args) ?? literal_dtype(types[0]));
    if (path === 'torch.arange') {
      const said = this.dtype_argument(expr.args);
      const all = types.slice(0, count);
      return tensor(
        said ??
          (all.some((type) => type.k === 'float')
            ? 'float'
            : all.every((type) => type.k === 'int')
              ? 'int'
              : undefined),
      );
    }
    if (path === 'torch.full' || path === 'torch.full_like')
      return tensor(this.dtype_argument(expr.args) ?? (path === 'torch.full' ? literal_dtype(types[1]) : undefined));
    if (path === 'torch.nn.Parameter' || path === 'torch.nn.parameter.Parameter') return tensor('float');
    if (path === 'torch.from_numpy') return TENSOR;
    if (path === 'math.prod') return plain(element_of(types[0] ?? UNKNOWN)).k === 'int' ? INT : UNKNOWN;
    if (path === 'numpy.array' || path === 'numpy.asarray') {
      const kind = named.includes('dtype') ? undefined : literal_dtype(types[0]);
      return kind && kind !== 'bool' && plain(types[0]).k !== 'tensor' ? { k: 'ndarray', dtype: kind } : NDARRAY;
    }
    if (/^numpy\.(zeros|ones|linspace|eye)$/.test(path))
      return named.includes('dtype') ? NDARRAY : { k: 'ndarray', dtype: 'float' };
    if (/^numpy\.(where|nonzero)$/.test(path) && types.length === 1) return tuple_of(NDARRAY);
    // Of one number or of a whole array: a number.
    if (/^numpy\.(mean|std|var|sum|prod|max|min|median)$/.test(path) && count === 1 && named.length === 0) {
      if (/(mean|std|var|median)$/.test(path)) return FLOAT;
      const kind = plain(types[0]).dtype ?? literal_dtype(types[0]);
      return kind === 'float' ? FLOAT : kind === 'int' ? INT : NUMBER;
    }
    if (/^numpy\.(exp|log|log2|log10|sqrt|sin|cos|tan|tanh|arctan|arcsin|arccos|floor|ceil)$/.test(path)) {
      const given = plain(types[0]);
      return is_number(given) ? FLOAT : given.k === 'ndarray' ? { k: 'ndarray', dtype: 'float' } : UNKNOWN;
    }
    if (path === 'numpy.arange' && !named.includes('dtype')) {
      return types.every((type) => type.k === 'int')
        ? { k: 'ndarray', dtype: 'int' }
        : types.some((type) => type.k === 'float')
          ? { k: 'ndarray', dtype: 'float' }
          : NDARRAY;
    }
    if (path === 'torch.autograd.Variable') return plain(types[0]).k === 'tensor' ? types[0]! : TENSOR;
    if (/^torch\.(Float|Double|Half)Tensor$/.test(path) || path === 'torch.Tensor') return tensor('float');
    if (/^torch\.(Long|Int|Byte)Tensor$/.test(path)) return tensor('int');
    if (path === 'torch.utils.data.DataLoader') {
      const at = expr.args.findIndex((arg) => arg.name === 'dataset');
      const batches = expr.args.some((arg) => arg.name === 'collate_fn')
        ? UNKNOWN
        : this.batched(types[Math.max(at, 0)] ?? UNKNOWN);
      return object(path, batches);
    }
    if (path === 'torch.utils.data.TensorDataset') return object(path, tuple(...types));
    if (path === 'torch.utils.data.random_split') return list(types[0] ?? UNKNOWN);
    if (path === 'torch.utils.data.Subset') return object(path, this.sample(types[0] ?? UNKNOWN));
    if (path === 'torch.nn.ModuleList') {
      const items = types[0] ? element_of(types[0]) : BOTTOM;
      return object(path, items.k === 'bottom' ? undefined : items);
    }
    if (/^torchvision\.datasets\.(MNIST|FashionMNIST|KMNIST|CIFAR10|CIFAR100)$/.test(path))
      return object(path, IMAGE_AND_LABEL);
    if (path === 'tqdm.tqdm' || path === 'tqdm.auto.tqdm') return types[0] ? iterator(element_of(types[0])) : UNKNOWN;
    if (path === 'tqdm.trange') return iterator(INT);
    if (path === 'collections.deque') return object(path, types[0] ? element_of(types[0]) : undefined);
    if (path === 'collections.Counter') return object(path, types[0] ? element_of(types[0]) : undefined);
    if (path === 'collections.OrderedDict') return UNKNOWN;
    if (/^copy\.(copy|deepcopy)$/.test(path)) return types[0] ?? UNKNOWN;
    if (path === 'random.choice') return types[0] ? element_of(types[0]) : UNKNOWN;
    if (path === 'random.sample' || path === 'random.choices') return list(types[0] ? element_of(types[0]) : UNKNOWN);
    if (/^datetime\.datetime\.(now|today|fromtimestamp)$/.test(path)) return object('datetime.datetime');
    if (path === 'datetime.date.today') return object('datetime.date');
    if (/^pathlib\.Path\.(cwd|home)$/.test(path)) return object('pathlib.Path');
    if (path === 'glob.glob') return list(STR);
    if (path === 'dataclasses.asdict') return dict(STR, UNKNOWN, 'record');
    if (path === 'asyncio.run') {
      const awaited = plain(types[0]);
      return awaited.k === 'object' && awaited.path === 'coroutine' ? (awaited.a ?? NONE) : UNKNOWN;
    }
    if (path === 'asyncio.sleep') return object('coroutine', NONE);
    if (path === 'asyncio.gather') {
      const results = types.map((type, i) => {
        const one = plain(expr.args[i]!.star === 1 ? element_of(type) : type);
        return one.k === 'object' && one.path === 'coroutine' ? (one.a ?? NONE) : UNKNOWN;
      });
      return object('coroutine', list(results.reduce(join, BOTTOM)));
    }
    const found = this.surface.find(path);
    if (found && found !== 'missing' && found.is_class) return object(path);
    return function_result(path, count, named, types[0] && plain(types[0]), this.dtype_argument(expr.args)) ?? UNKNOWN;
  }

  /** What one element of a dataset is. */
  private sample(dataset: Type): Type {
    const type = plain(dataset);
    if (type.k === 'instance') {
      const method = method_of(type.cls!, '__getitem__') ?? method_of(type.cls!, '__iter__');
      return method ? (method.generator ? method.yields : method.returns) : UNKNOWN;
    }
    if (type.k === 'list' || type.k === 'object') return type.a ?? UNKNOWN;
    return UNKNOWN;
  }

  /** What a loader makes of several elements. */
  private batched(dataset: Type): Type {
    const collate = (type: Type): Type => {
      switch (type.k) {
        case 'tensor':
        case 'bottom':
          return type;
        case 'int':
        case 'bool':
        case 'number':
          return tensor(type.k === 'int' ? 'int' : undefined);
        case 'float':
          return tensor('float');
        case 'ndarray':
          return TENSOR;
        case 'str':
          return list(STR);
        case 'tuple':
          return type.items ? tuple(...type.items.map(collate)) : UNKNOWN;
        case 'dict':
          return dict(STR, collate(type.b!), 'record');
        default:
          return UNKNOWN;
      }
    };
    return collate(plain(this.sample(dataset)).k === 'unknown' ? this.sample(dataset) : this.sample(dataset));
  }

  private builtin_call(name: string, expr: Call, types: readonly Type[], env: Env, scope: Scope): Type {
    const [first = BOTTOM, second] = types;
    const value = plain(first);
    if (
      first.k === 'bottom' &&
      expr.args.length > 0 &&
      !/^(list|dict|set|tuple|super|len|str|repr|print|range|isinstance|int|float|bool)$/.test(name)
    )
      return BOTTOM;
    switch (name) {
      case 'len':
      case 'id':
      case 'hash':
      case 'ord':
        return INT;
      case 'int':
        return INT;
      case 'float':
        return FLOAT;
      case 'bool':
      case 'isinstance':
      case 'issubclass':
      case 'callable':
      case 'hasattr':
      case 'any':
      case 'all':
        return BOOL;
      case 'str':
      case 'repr':
      case 'chr':
      case 'hex':
      case 'bin':
      case 'oct':
      case 'format':
      case 'input':
      case 'ascii':
        return STR;
      case 'range':
        return iterator(INT);
      case 'enumerate':
        return iterator(tuple(INT, element_of(first)));
      case 'zip':
        return iterator(tuple(...types.map(element_of)));
      case 'reversed':
      case 'iter':
        return iterator(element_of(first));
      case 'sorted':
        this.key_function(expr, element_of(first));
        return list(element_of(first));
      case 'list':
        return list(expr.args.length ? element_of(first) : BOTTOM);
      case 'set':
      case 'frozenset':
        return set(expr.args.length ? element_of(first) : BOTTOM);
      case 'tuple':
        return value.k === 'tuple' ? value : tuple_of(expr.args.length ? element_of(first) : BOTTOM);
      case 'dict': {
        if (expr.args.length === 0) return dict(BOTTOM, BOTTOM, 'map');
        if (expr.args.every((arg) => arg.name !== null)) return dict(STR, types.reduce(join, BOTTOM), 'record');
        if (expr.args.length === 1 && value.k === 'dict') return value;
        const item = element_of(value);
        if (expr.args.length === 1 && item.k === 'tuple' && item.items?.length === 2)
          return dict(item.items[0]!, item.items[1]!, 'map');
        return dict(UNKNOWN, UNKNOWN, 'map');
      }
      case 'abs':
        return value.k === 'bool' ? INT : value;
      case 'round':
        return value.k === 'float' && expr.args.length === 1
          ? INT
          : value.k === 'number' && expr.args.length === 1
            ? INT
            : value;
      case 'pow':
        return this.arithmetic('**', first, second ?? UNKNOWN, expr.args[1]?.value);
      case 'divmod': {
        const part = this.arithmetic('//', first, second ?? UNKNOWN);
        return tuple(part, part);
      }
      case 'sum': {
        const item = element_of(first);
        const start = second ?? INT;
        return item.k === 'bottom' ? BOTTOM : this.arithmetic('+', start, plain(item));
      }
      case 'min':
      case 'max': {
        this.key_function(expr, expr.args.length > 1 && expr.args[1]!.name === null ? first : element_of(first));
        const positional = expr.args.filter((arg) => arg.name === null).length;
        const all = positional > 1 ? types.slice(0, positional).reduce(join) : element_of(first);
        const defaulted = expr.args.findIndex((arg) => arg.name === 'default');
        return defaulted >= 0 ? join(all, types[defaulted]!) : all;
      }
      case 'map': {
        const fn = plain(first);
        const elements = types.slice(1).map(element_of);
        if (fn.k === 'function') {
          this.pass(
            fn.fn!,
            elements.map(() => ({ value: expr, name: null, star: 0 as const })),
            elements,
            fn.self !== undefined,
          );
          return iterator(fn.fn!.returns);
        }
        if (fn.k === 'package' && fn.path === 'builtins.int') return iterator(INT);
        if (fn.k === 'package' && fn.path === 'builtins.float') return iterator(FLOAT);
        if (fn.k === 'package' && fn.path === 'builtins.str') return iterator(STR);
        return iterator(UNKNOWN);
      }
      case 'filter': {
        const fn = plain(first);
        const element = element_of(second ?? BOTTOM);
        if (fn.k === 'function')
          this.pass(fn.fn!, [{ value: expr, name: null, star: 0 }], [element], fn.self !== undefined);
        return iterator(element);
      }
      case 'next':
        return second ? join(element_of(first), second) : element_of(first);
      case 'open':
        return object('file', STR);
      case 'print':
      case 'setattr':
      case 'delattr':
        return NONE;
      case 'super':
        return this.super_type(scope);
      case 'type':
        return value.k === 'instance' ? { k: 'class', cls: value.cls! } : UNKNOWN;
      case 'getattr': {
        const attribute = expr.args[1]?.value;
        if (attribute?.kind === 'Str' && value.k === 'instance')
          return types[2]
            ? join(this.attribute(value, attribute.value), types[2])
            : this.attribute(value, attribute.value);
        return UNKNOWN;
      }
      case '__is_main__':
      case '__bound__':
      case '__is_sequence__':
      case '__is_mapping__':
        return BOOL;
      case '__rest_of__':
        return value.k === 'dict' ? { ...value, how: 'map' } : dict(UNKNOWN, UNKNOWN, 'map');
      case '__match_arg__': {
        const name = match_arg(plain(second), expr.args[2]!.value);
        return name === undefined ? UNKNOWN : this.attribute({ k: 'instance', cls: plain(second).cls! }, name);
      }
      case 'slice':
        return object('slice');
      case 'vars':
      case 'locals':
      case 'globals':
        return dict(STR, UNKNOWN, 'record');
      default:
        if (/(Error|Exception|Warning|Interrupt|Exit|StopIteration)$/.test(name)) return object('Exception');
        void env;
        return UNKNOWN;
    }
  }

  /** `super()`: an instance of what the class extends. */
  private super_type(scope: Scope): Type {
    let inner: Scope | null = scope;
    while (inner && !inner.fn?.owner) inner = inner.parent;
    const owner = inner?.fn?.owner;
    const base = owner?.bases[0];
    if (!base) return UNKNOWN;
    return base.k === 'class' ? { k: 'instance', cls: base.cls! } : base.k === 'package' ? object(base.path!) : UNKNOWN;
  }

  private key_function(expr: Call, element: Type): void {
    const key = expr.args.find((arg) => arg.name === 'key');
    const type = key && plain(key.value.type);
    if (type?.k === 'function')
      this.pass(type.fn!, [{ value: expr, name: null, star: 0 }], [element], type.self !== undefined);
  }
}

function literal_dtype(type: Type | undefined): DType | undefined {
  const one = plain(type);
  switch (one.k) {
    case 'float':
      return 'float';
    case 'int':
      return 'int';
    case 'bool':
      return 'bool';
    case 'tensor':
      return one.dtype;
    case 'list':
      return literal_dtype(one.a);
    case 'number':
      // `[0, 0.5]`: one float is enough.
      return 'float';
    case 'tuple':
      return literal_dtype(element_of(one));
    default:
      return undefined;
  }
}

/** The attribute that a class pattern means by a place: of a dataclass, or of `__match_args__`. */
export function match_arg(type: Type, place: Expr): string | undefined {
  const at = constant_int(place);
  if (type.k !== 'class' || at === undefined) return undefined;
  for (const cls of lineage(type.cls!)) {
    const said = cls.attributes.get('__match_args__')?.value;
    if (said?.kind === 'Tuple' || said?.kind === 'List') {
      const item = said.items[at];
      return item?.kind === 'Str' ? item.value : undefined;
    }
  }
  const chain = lineage(type.cls!).filter((cls) => cls.dataclass);
  return [...new Set(chain.reverse().flatMap((cls) => [...cls.attributes.keys()]))][at];
}

/** The value of an integer literal with or without a minus. */
export function constant_int(expr: Expr): number | undefined {
  if (expr.kind === 'Num' && expr.number === 'int') return Number(expr.raw);
  if (expr.kind === 'Un' && expr.op === '-') {
    const inner = constant_int(expr.operand);
    return inner === undefined ? undefined : -inner;
  }
  return undefined;
}

/** The methods behind operators. */
export const DUNDER: Readonly<Record<string, string>> = {
  '+': '__add__',
  '-': '__sub__',
  '*': '__mul__',
  '/': '__truediv__',
  '//': '__floordiv__',
  '%': '__mod__',
  '**': '__pow__',
  '@': '__matmul__',
  '&': '__and__',
  '|': '__or__',
  '^': '__xor__',
  '<<': '__lshift__',
  '>>': '__rshift__',
};

export type { FunctionDef, Lambda };
export { names_in };
