/** Python's scopes: which names belong to which function, and which of them functions within it use. */
import type { ClassDef, Expr, FunctionDef, Lambda, Program, Stmt } from './ast.js';
import { BOTTOM, type ClassInfo, type FunctionInfo, type Scope } from './types.js';

export interface Scopes {
  readonly module: Scope;
  readonly functions: Map<FunctionDef | Lambda, FunctionInfo>;
  readonly classes: Map<ClassDef, ClassInfo>;
}

/** Calls `visit` with each expression of a statement, but not with those of the statements within it. */
export function expressions_of(stmt: Stmt): Expr[] {
  const found: (Expr | null)[] = [];
  switch (stmt.kind) {
    case 'Expr':
    case 'Return':
      found.push(stmt.value);
      break;
    case 'Assign':
      found.push(stmt.value, ...stmt.targets);
      break;
    case 'Aug':
      found.push(stmt.value, stmt.target);
      break;
    case 'Raise':
      found.push(stmt.value, stmt.cause);
      break;
    case 'Del':
      found.push(...stmt.targets);
      break;
    case 'Assert':
      found.push(stmt.test, stmt.message);
      break;
    case 'If':
    case 'While':
      found.push(stmt.test);
      break;
    case 'For':
      found.push(stmt.iter, stmt.target);
      break;
    case 'With':
      for (const { value, target } of stmt.items) found.push(value, target);
      break;
    case 'Try':
      for (const { type } of stmt.handlers) found.push(type);
      break;
    case 'Def':
      found.push(...stmt.decorators, ...stmt.params.map((param) => param.default));
      break;
    case 'Class':
      found.push(...stmt.decorators, ...stmt.bases.map((base) => base.value));
      break;
  }
  return found.filter((expr): expr is Expr => expr !== null);
}

/** The blocks of a statement that belong to the same scope. */
export function blocks_of(stmt: Stmt): readonly (readonly Stmt[])[] {
  switch (stmt.kind) {
    case 'If':
    case 'While':
    case 'For':
      return [stmt.body, stmt.orelse];
    case 'With':
      return [stmt.body];
    case 'Try':
      return [stmt.body, ...stmt.handlers.map((handler) => handler.body), stmt.orelse, stmt.finalbody];
    default:
      return [];
  }
}

/** All statements of a block, with those within them, in functions and classes too. */
export function* statements_of(body: readonly Stmt[]): Generator<Stmt, void, undefined> {
  for (const stmt of body) {
    yield stmt;
    for (const block of blocks_of(stmt)) yield* statements_of(block);
    if (stmt.kind === 'Def' || stmt.kind === 'Class') yield* statements_of(stmt.body);
  }
}

/** The parts of an expression. Bodies of lambdas are among them. */
export function parts_of(expr: Expr): Expr[] {
  switch (expr.kind) {
    case 'FStr': {
      const found: Expr[] = [];
      const visit = (parts: typeof expr.parts): void => {
        for (const part of parts) {
          if (typeof part === 'string') continue;
          found.push(part.expr);
          visit(part.spec);
        }
      };
      visit(expr.parts);
      return found;
    }
    case 'Tuple':
    case 'List':
    case 'Set':
      return [...expr.items];
    case 'Dict':
      return expr.entries.flatMap(({ key, value }) => (key ? [key, value] : [value]));
    case 'Comp':
      return [
        ...expr.clauses.flatMap((clause) => [clause.iter, clause.target, ...clause.ifs]),
        expr.item,
        ...(expr.value ? [expr.value] : []),
      ];
    case 'Call':
      return [expr.callee, ...expr.args.map((arg) => arg.value)];
    case 'Attr':
      return [expr.object];
    case 'Sub':
      return [expr.object, expr.index];
    case 'Slice':
      return [expr.lower, expr.upper, expr.step].filter((part): part is Expr => part !== null);
    case 'Bin':
    case 'Bool':
      return [expr.left, expr.right];
    case 'Un':
      return [expr.operand];
    case 'Cmp':
      return [expr.left, ...expr.rest.map(({ right }) => right)];
    case 'Cond':
      return [expr.test, expr.then, expr.otherwise];
    case 'Lambda':
      return [...expr.params.flatMap((param) => (param.default ? [param.default] : [])), expr.body];
    case 'Yield':
      return expr.value ? [expr.value] : [];
    case 'Await':
    case 'Star':
      return [expr.value];
    case 'Named':
      return [expr.value, expr.target];
    default:
      return [];
  }
}

/** The names that an assignment to `target` binds. */
export function names_in(target: Expr): string[] {
  if (target.kind === 'Name') return [target.id];
  if (target.kind === 'Tuple' || target.kind === 'List') return target.items.flatMap(names_in);
  if (target.kind === 'Star') return names_in(target.value);
  return [];
}

export function build_scopes(program: Program): Scopes {
  const functions = new Map<FunctionDef | Lambda, FunctionInfo>();
  const classes = new Map<ClassDef, ClassInfo>();

  const new_scope = (
    parent: Scope | null,
    body: readonly Stmt[],
    fn: FunctionInfo | null,
    cls: ClassInfo | null,
  ): Scope => ({
    parent,
    body,
    fn,
    cls,
    locals: new Set(),
    globals: new Set(),
    nonlocals: new Set(),
    captured: new Set(),
    joined: new Map(),
  });

  const lambdas: { node: Lambda; scope: Scope }[] = [];
  const bind = (scope: Scope, name: string): void => {
    if (!scope.globals.has(name) && !scope.nonlocals.has(name)) scope.locals.add(name);
  };

  /** Walruses and lambdas, wherever they stand; what a comprehension binds belongs to it. */
  const scan_expr = (expr: Expr, scope: Scope): { yields: boolean } => {
    let yields = false;
    const stack = [expr];
    while (stack.length > 0) {
      const one = stack.pop()!;
      if (one.kind === 'Named') bind(scope, one.target.id);
      if (one.kind === 'Yield') yields = true;
      if (one.kind === 'Lambda') {
        lambdas.push({ node: one, scope });
        stack.push(...one.params.flatMap((param) => (param.default ? [param.default] : [])));
        continue;
      }
      for (const part of parts_of(one)) stack.push(part);
    }
    return { yields };
  };

  const scan = (body: readonly Stmt[], scope: Scope, inner: { stmt: Stmt; scope: Scope }[]): boolean => {
    let yields = false;
    for (const stmt of body) {
      if (stmt.kind === 'Global') for (const name of stmt.names) scope.globals.add(name);
      if (stmt.kind === 'Nonlocal') for (const name of stmt.names) scope.nonlocals.add(name);
    }
    for (const stmt of body) {
      for (const expr of expressions_of(stmt)) if (scan_expr(expr, scope).yields) yields = true;
      switch (stmt.kind) {
        case 'Assign':
          for (const target of stmt.targets) for (const name of names_in(target)) bind(scope, name);
          break;
        case 'Aug':
          for (const name of names_in(stmt.target)) bind(scope, name);
          break;
        case 'For':
          for (const name of names_in(stmt.target)) bind(scope, name);
          break;
        case 'With':
          for (const { target } of stmt.items) if (target) for (const name of names_in(target)) bind(scope, name);
          break;
        case 'Try':
          for (const { name } of stmt.handlers) if (name) bind(scope, name);
          break;
        case 'Import':
          for (const { path, as } of stmt.names) bind(scope, as ?? path.split('.')[0]!);
          break;
        case 'From':
          for (const { path, as } of stmt.names) if (path !== '*') bind(scope, as ?? path);
          break;
        case 'Def':
        case 'Class':
          bind(scope, stmt.name);
          inner.push({ stmt, scope });
          break;
      }
      for (const block of blocks_of(stmt)) if (scan(block, scope, inner)) yields = true;
    }
    return yields;
  };

  const role_of = (node: FunctionDef, owner: ClassInfo | null): FunctionInfo['role'] => {
    if (!owner) return 'function';
    for (const decorator of node.decorators) {
      if (decorator.kind === 'Name') {
        if (decorator.id === 'staticmethod') return 'static';
        if (decorator.id === 'classmethod') return 'class';
        if (decorator.id === 'property' || decorator.id === 'cached_property') return 'property';
      }
      if (decorator.kind === 'Attr' && decorator.name === 'setter') return 'setter';
      if (decorator.kind === 'Attr' && decorator.name === 'cached_property') return 'property';
    }
    return node.name === '__new__' || node.name === '__class_getitem__' ? 'static' : 'method';
  };

  /** A function whose types are not known yet, with its parameters as names of its scope. */
  const add_function = (
    node: FunctionInfo['node'],
    scope: Scope,
    about: Pick<FunctionInfo, 'name' | 'owner' | 'role' | 'generator'>,
  ): FunctionInfo => {
    const info: FunctionInfo = {
      ...about,
      node,
      scope,
      params: new Map(),
      returns: BOTTOM,
      yields: BOTTOM,
      escapes: false,
      decorated: false,
    };
    (scope as { fn: FunctionInfo | null }).fn = info;
    for (const param of node.params) {
      scope.locals.add(param.name);
      info.params.set(param.name, BOTTOM);
    }
    functions.set(node, info);
    return info;
  };

  const visit_function = (node: FunctionDef, outer: Scope): void => {
    const scope = new_scope(outer, node.body, null, null);
    const inner: { stmt: Stmt; scope: Scope }[] = [];
    const generator = scan(node.body, scope, inner);
    const role = role_of(node, outer.cls);
    const info = add_function(node, scope, { name: node.name, owner: outer.cls, role, generator });
    if (outer.cls) {
      if (info.role === 'setter') outer.cls.setters.set(node.name, info);
      else outer.cls.methods.set(node.name, info);
    }
    visit_inner(inner);
  };

  const visit_class = (node: ClassDef, outer: Scope): void => {
    const scope = new_scope(outer, node.body, null, null);
    const dataclass = node.decorators.some((decorator) => {
      const callee = decorator.kind === 'Call' ? decorator.callee : decorator;
      return (
        (callee.kind === 'Name' && callee.id === 'dataclass') || (callee.kind === 'Attr' && callee.name === 'dataclass')
      );
    });
    const info: ClassInfo = {
      node,
      name: node.name,
      scope,
      bases: [],
      methods: new Map(),
      setters: new Map(),
      fields: new Map(),
      attributes: new Map(),
      dataclass,
      enumeration: null,
    };
    (scope as { cls: ClassInfo | null }).cls = info;
    classes.set(node, info);
    const inner: { stmt: Stmt; scope: Scope }[] = [];
    scan(node.body, scope, inner);
    visit_inner(inner);
  };

  const visit_inner = (inner: readonly { stmt: Stmt; scope: Scope }[]): void => {
    for (const { stmt, scope } of inner) {
      if (stmt.kind === 'Def') visit_function(stmt, scope);
      if (stmt.kind === 'Class') visit_class(stmt, scope);
    }
  };

  const module = new_scope(null, program.body, null, null);
  const inner: { stmt: Stmt; scope: Scope }[] = [];
  scan(program.body, module, inner);
  visit_inner(inner);
  while (lambdas.length > 0) {
    const { node, scope: outer } = lambdas.pop()!;
    const scope = new_scope(outer, [], null, null);
    add_function(node, scope, { name: '<lambda>', owner: null, role: 'function', generator: false });
    scan_expr(node.body, scope);
  }
  return { module, functions, classes };
}

/** The scope that a name means, seen from `scope`: its own, or the nearest function's or the module's around it. */
export function owner_of(name: string, scope: Scope): Scope | null {
  if (scope.globals.has(name)) {
    let top = scope;
    while (top.parent) top = top.parent;
    return top;
  }
  if (scope.locals.has(name)) return scope;
  for (let outer = scope.parent; outer; outer = outer.parent) {
    // The names of a class are no scope for its methods.
    if (outer.cls && !outer.fn) continue;
    if (outer.locals.has(name)) return outer;
  }
  return null;
}
