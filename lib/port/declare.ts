/**
 * Where variables are declared. Python's belong to the function; those of JavaScript to a block: a name that is used in one block
 * only is declared there, by its first assignment or by its loop, and any other before the first statement that uses it.
 */
import type { Expr, For, Stmt } from './ast.js';
import { blocks_of, expressions_of, names_in, owner_of, parts_of, type Scopes } from './scopes.js';
import type { Scope } from './types.js';

export interface Plan {
  /** Names that an assignment declares. */
  readonly assigned: Map<Stmt, Map<string, 'const' | 'let'>>;
  /** Names that a loop declares. */
  readonly looped: Map<Stmt, Map<string, 'const' | 'let'>>;
  /** Names that are declared before a statement. */
  readonly before: Map<Stmt, string[]>;
}

export function plan_scope(scope: Scope, scopes: Scopes, excluded: ReadonlySet<string>): Plan {
  return new Planner(scope, scopes, excluded).run();
}

class Planner {
  private readonly plan: Plan = { assigned: new Map(), looped: new Map(), before: new Map() };
  private readonly seen = new WeakMap<Stmt, Set<string>>();
  private readonly block_of = new Map<Stmt, readonly Stmt[]>();
  private readonly indexes = new WeakMap<readonly Stmt[], Map<string, Stmt[]>>();

  constructor(
    private readonly scope: Scope,
    private readonly scopes: Scopes,
    private readonly excluded: ReadonlySet<string>,
  ) {}

  run(): Plan {
    for (const name of this.scope.locals) if (!this.excluded.has(name)) this.place(name, this.scope.body);
    this.split_targets();
    return this.plan;
  }

  /** The names of this scope that a statement uses, with all that is in it. */
  private mentions(stmt: Stmt): Set<string> {
    const known = this.seen.get(stmt);
    if (known) return known;
    const found = new Set<string>();
    for (const expr of expressions_of(stmt)) this.names(expr, found, this.scope);
    for (const block of blocks_of(stmt))
      for (const inner of block) for (const name of this.mentions(inner)) found.add(name);
    if (stmt.kind === 'Def' || stmt.kind === 'Class') {
      found.add(stmt.name);
      this.inner_names(stmt, found);
    }
    if (stmt.kind === 'Try') for (const { name } of stmt.handlers) if (name) found.add(name);
    this.seen.set(stmt, found);
    return found;
  }

  private inner_names(stmt: Stmt, found: Set<string>): void {
    if (stmt.kind !== 'Def' && stmt.kind !== 'Class') return;
    const inner = stmt.kind === 'Def' ? this.scopes.functions.get(stmt)!.scope : this.scopes.classes.get(stmt)!.scope;
    this.block_names(stmt.body, found, inner);
  }

  private block_names(body: readonly Stmt[], found: Set<string>, scope: Scope): void {
    for (const stmt of body) {
      if (stmt.kind === 'Global' || stmt.kind === 'Nonlocal') {
        for (const name of stmt.names) if (owner_of(name, scope) === this.scope) found.add(name);
      }
      for (const expr of expressions_of(stmt)) this.names(expr, found, scope);
      for (const block of blocks_of(stmt)) this.block_names(block, found, scope);
      this.inner_names(stmt, found);
    }
  }

  private names(expr: Expr, found: Set<string>, scope: Scope, hidden: ReadonlySet<string> = new Set()): void {
    if (expr.kind === 'Name') {
      if (!hidden.has(expr.id) && owner_of(expr.id, scope) === this.scope) found.add(expr.id);
      return;
    }
    let [own, at] = [hidden, scope];
    if (expr.kind === 'Comp') own = new Set([...hidden, ...expr.clauses.flatMap((clause) => names_in(clause.target))]);
    if (expr.kind === 'Lambda') at = this.scopes.functions.get(expr)!.scope;
    for (const part of parts_of(expr)) this.names(part, found, at, own);
  }

  private index(block: readonly Stmt[]): Map<string, Stmt[]> {
    let index = this.indexes.get(block);
    if (!index) {
      index = new Map();
      for (const stmt of block) {
        for (const name of this.mentions(stmt)) {
          const stmts = index.get(name);
          if (stmts) stmts.push(stmt);
          else index.set(name, [stmt]);
        }
      }
      this.indexes.set(block, index);
    }
    return index;
  }

  private place(name: string, block: readonly Stmt[]): void {
    for (const stmt of block) this.block_of.set(stmt, block);
    const users = this.index(block).get(name);
    if (!users) return;
    const shared = this.scope.captured.has(name);
    if (!shared && users.every((stmt) => this.contains_all(stmt, name))) {
      for (const stmt of users) this.descend(stmt, name);
      return;
    }
    // A function that is defined before is called later; one that gives the name its value is an assignment.
    const first =
      users.find((stmt) => (stmt.kind !== 'Def' && stmt.kind !== 'Class') || stmt.name === name) ?? users[0]!;
    if (this.declares(first, name)) {
      const word = this.bindings(users, name) === 1 ? 'const' : 'let';
      this.note(this.plan.assigned, first, name, word);
      return;
    }
    const names = this.plan.before.get(first);
    if (names) names.push(name);
    else this.plan.before.set(first, [name]);
  }

  private note(into: Map<Stmt, Map<string, 'const' | 'let'>>, stmt: Stmt, name: string, word: 'const' | 'let'): void {
    const names = into.get(stmt);
    if (names) names.set(name, word);
    else into.set(stmt, new Map([[name, word]]));
  }

  /** Whether a statement is an assignment that can declare the name. */
  private declares(stmt: Stmt, name: string): boolean {
    if (stmt.kind !== 'Assign' || stmt.value === null || stmt.targets.length !== 1) return false;
    const [target] = stmt.targets;
    if (!names_in(target!).includes(name)) return false;
    if (names_in(target!).length !== flat_count(target!)) return false;
    const used = new Set<string>();
    this.names(stmt.value, used, this.scope);
    return !used.has(name);
  }

  /** Whether the name has no meaning before the statement, and none that another one needs after it. */
  private contains_all(stmt: Stmt, name: string): boolean {
    const own = new Set<string>();
    switch (stmt.kind) {
      case 'For':
        this.names(stmt.iter, own, this.scope);
        if (own.has(name)) return false;
        if (names_in(stmt.target).includes(name)) {
          return names_in(stmt.target).length === flat_count(stmt.target) && !this.index(stmt.orelse).has(name);
        }
        this.names(stmt.target, own, this.scope);
        break;
      case 'While':
      case 'If':
      case 'With':
      case 'Try':
        for (const expr of expressions_of(stmt)) this.names(expr, own, this.scope);
        if (stmt.kind === 'Try') for (const handler of stmt.handlers) if (handler.name) own.add(handler.name);
        break;
      default:
        return false;
    }
    if (own.has(name)) return false;
    return blocks_of(stmt).every((block) => {
      const users = this.index(block).get(name);
      return !users || this.declares(users[0]!, name) || users.every((inner) => this.contains_all(inner, name));
    });
  }

  private descend(stmt: Stmt, name: string): void {
    if (stmt.kind === 'For' && names_in(stmt.target).includes(name)) {
      const word = this.bindings([stmt], name) === 1 ? 'const' : 'let';
      this.note(this.plan.looped, stmt, name, word);
      return;
    }
    for (const block of blocks_of(stmt)) this.place(name, block);
  }

  /** How often the name is bound in these statements. */
  private bindings(stmts: readonly Stmt[], name: string): number {
    let count = 0;
    const visit_expr = (expr: Expr): void => {
      if (expr.kind === 'Named' && expr.target.id === name) count++;
      for (const part of parts_of(expr)) visit_expr(part);
    };
    const visit = (stmt: Stmt, here: boolean): void => {
      if (here) {
        if (stmt.kind === 'Assign') count += stmt.targets.flatMap(names_in).filter((one) => one === name).length;
        if (stmt.kind === 'Aug' && names_in(stmt.target).includes(name)) count++;
        if (stmt.kind === 'For' && names_in(stmt.target).includes(name)) count++;
        if (stmt.kind === 'With') {
          for (const { target } of stmt.items) if (target && names_in(target).includes(name)) count++;
        }
        if ((stmt.kind === 'Def' || stmt.kind === 'Class') && stmt.name === name) count++;
        for (const expr of expressions_of(stmt)) visit_expr(expr);
        for (const block of blocks_of(stmt)) for (const inner of block) visit(inner, true);
      } else for (const block of blocks_of(stmt)) for (const inner of block) visit(inner, false);
      // What functions within assign by `global` and `nonlocal`.
      if ((stmt.kind === 'Global' || stmt.kind === 'Nonlocal') && !here && stmt.names.includes(name)) count += 2;
      if (stmt.kind === 'Def' || stmt.kind === 'Class') for (const inner of stmt.body) visit(inner, false);
    };
    for (const stmt of stmts) visit(stmt, true);
    return count;
  }

  /** `a, b = ...` declares both or none; a `const` beside a `let` is a `let`. */
  private split_targets(): void {
    for (const [stmt, names] of this.plan.assigned) {
      if (stmt.kind !== 'Assign') continue;
      const all = names_in(stmt.targets[0]!);
      if (all.every((name) => names.has(name))) continue;
      this.plan.assigned.delete(stmt);
      this.plan.before.set(stmt, [...(this.plan.before.get(stmt) ?? []), ...names.keys()]);
    }
    // Loops of one block share what is declared before the first of them.
    const declared = new Map<readonly Stmt[] | undefined, Set<string>>();
    for (const [stmt, names] of [...this.plan.looped].sort(([a], [b]) => a.start - b.start)) {
      const all = names_in((stmt as For).target);
      if (all.every((name) => names.has(name))) continue;
      this.plan.looped.delete(stmt);
      const block = this.block_of.get(stmt);
      const known = declared.get(block) ?? new Set();
      declared.set(block, known);
      const fresh = [...names.keys()].filter((name) => !known.has(name));
      for (const name of fresh) known.add(name);
      this.plan.before.set(stmt, [...(this.plan.before.get(stmt) ?? []), ...fresh]);
    }
  }
}

/** How many targets there are, names or not. */
function flat_count(target: Expr): number {
  if (target.kind === 'Tuple' || target.kind === 'List')
    return target.items.reduce((sum, item) => sum + flat_count(item), 0);
  return target.kind === 'Star' ? flat_count(target.value) : 1;
}
