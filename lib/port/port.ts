/** The stages one after another: source, tree, types, TypeScript. */
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

import { is_absent } from '../absent/absent.js';
import { type If, type ImportFrom, type ImportStatement, PythonSyntaxError, type Program, type Stmt } from './ast.js';
import { emit, type Place } from './emit.js';
import { infer_all, type Surface } from './infer.js';
import { parse_with_constant_code } from './constant_code.js';
import { names_in, statements_of } from './scopes.js';
import { MODULES } from './tables.js';

export { PythonSyntaxError } from './ast.js';
export type { Place } from './emit.js';

export interface Ported {
  /** The TypeScript. */
  readonly text: string;
  /** What a person should look at, by line. */
  readonly places: readonly Place[];
}

/** A module of a program: its path in the folder, with `/` between the names, and its source. */
export interface ModuleSource {
  readonly path: string;
  readonly source: string;
}

/**
 * Ports the source of one program.
 * @throws PythonSyntaxError for what is no Python
 */
export function port_source(source: string): Ported {
  return port_modules([{ path: 'main.py', source }])[0]!;
}

/**
 * Ports the modules of a program together: what they import of each other has its types.
 * @throws PythonSyntaxError for what is no Python, with the module's path as its `file`
 */
export function port_modules(sources: readonly ModuleSource[]): Ported[] {
  let current = sources[0]?.path;
  try {
    const paths = new Set(sources.map(({ path }) => path));
    const parsed = sources.map(({ path, source }) => {
      current = path;
      return parse_with_constant_code(source);
    });
    expand_stars(parsed, sources, paths);
    const imports = parsed.map((program, i) => imported_by(program, sources[i]!.path, paths));
    const uses_workers = sources.some(({ source }) => /\bnum_workers\b/.test(source));
    // A process that a program starts imports it, too, and so do workers for its datasets.
    const is_loaded_again = (program: Program): boolean =>
      starts_processes(program) || (uses_workers && has_dataset(program) && program.body.some(is_main));
    const imported = new Set([
      ...imports.flatMap((found) => [...found]),
      ...sources.flatMap(({ path }, i) => (is_loaded_again(parsed[i]!) ? [path] : [])),
    ]);
    const programs = parsed.map((program, i) => inline_main(program, imported.has(sources[i]!.path)));
    const surface = new PackageSurface();
    const results: Ported[] = [];
    for (const group of connected(sources, imports)) {
      const scope_at = new Map(group.map((i, at) => [sources[i]!.path, at]));
      const all = infer_all(
        group.map((i) => programs[i]!),
        surface,
        (from, scopes) => (module, level) => {
          const path = resolve_module(paths, sources[group[from]!]!.path, module, level);
          const scope = path === null ? undefined : scopes[scope_at.get(path)!];
          return path === null || !scope ? null : { path, scope };
        },
      );
      for (const [at, i] of group.entries()) {
        const { path } = sources[i]!;
        current = path;
        const { text, places } = emit(programs[i]!, all[at]!, surface, {
          has_path: (subpath) => surface.has_path(subpath),
          resolve: (module, level) => {
            const found = resolve_module(paths, path, module, level);
            return found === null ? null : specifier(path, found);
          },
          imported: imported.has(path),
          module: imported.has(path) ? path.replace(/(\/__init__)?\.py$/, '').replaceAll('/', '.') : '__main__',
          others: group.flatMap((j, k) => (k === at ? [] : [{ program: programs[j]!, types: all[k]! }])),
        });
        const assumed = all[at]!.assumed.map(
          ({ line, name }): Place => ({ line, kind: 'assumed', reason: `${name} is taken for a tensor` }),
        );
        results[i] = { text, places: [...places, ...assumed].sort((x, y) => x.line - y.line) };
      }
    }
    return results;
  } catch (error) {
    // The stages are recursive: what is nested deeper than Python's own parser takes ends here.
    const found =
      error instanceof RangeError && /call stack/.test(error.message)
        ? new PythonSyntaxError('the program is nested too deeply', 1, 1)
        : error;
    if (found instanceof PythonSyntaxError && current !== undefined) found.file = current;
    throw found;
  }
}

/**
 * `from module import *` of a module of the program as the names that it gives: those that are mentioned, and all of them in an
 * `__init__.py`. What the module itself imports of a package is imported from there.
 */
function expand_stars(programs: Program[], sources: readonly ModuleSource[], paths: ReadonlySet<string>): void {
  /** By name: the import of a package, or null for what the module has itself. */
  type Names = Map<string, ImportFrom | ImportStatement | null>;
  const known = new Map<string, Names>();
  const is_star = (stmt: Stmt): boolean => stmt.kind === 'From' && stmt.names.some(({ path }) => path === '*');
  const names_of = (path: string): Names => {
    const found = known.get(path);
    if (found) return found;
    const names: Names = new Map();
    known.set(path, names);
    for (const stmt of programs[sources.findIndex((one) => one.path === path)]!.body) {
      if (stmt.kind === 'From' && is_star(stmt)) {
        const inner = resolve_module(paths, path, stmt.module, stmt.level);
        if (inner !== null) for (const [name, from] of names_of(inner)) names.set(name, from);
        continue;
      }
      for (const name of names_bound_by(stmt)) {
        if (name.startsWith('_')) continue;
        const imports = stmt.kind === 'Import' || stmt.kind === 'From' ? stmt : null;
        const module = stmt.kind === 'From' ? resolve_module(paths, path, stmt.module, stmt.level) : null;
        names.set(name, module === null ? imports : null);
      }
    }
    return names;
  };
  for (const [i, program] of programs.entries()) {
    const { path } = sources[i]!;
    const taken = new Set(program.body.flatMap(names_bound_by));
    const body = program.body.flatMap((stmt): readonly Stmt[] => {
      if (stmt.kind !== 'From' || !is_star(stmt)) return [stmt];
      const module = resolve_module(paths, path, stmt.module, stmt.level);
      if (module === null) return [stmt];
      const here: { path: string; as: null }[] = [];
      const packages: Stmt[] = [];
      for (const [name, from] of names_of(module)) {
        const asked = path.endsWith('__init__.py') ? from === null : new RegExp(`\\b${name}\\b`).test(program.source);
        if (!asked || taken.has(name)) continue;
        taken.add(name);
        if (from === null) here.push({ path: name, as: null });
        else
          packages.push({ ...from, ...place_of(stmt), names: from.names.filter((one) => name_of(from, one) === name) });
      }
      return here.length > 0 ? [...packages, { ...stmt, names: here }] : packages;
    });
    programs[i] = { ...program, body };
  }
}

const place_of = ({ start, end, line }: Stmt): { start: number; end: number; line: number } => ({ start, end, line });

/** The name that an import binds. */
function name_of(
  stmt: ImportFrom | ImportStatement,
  { path, as }: { readonly path: string; readonly as: string | null },
): string {
  return as ?? (stmt.kind === 'Import' ? path.split('.')[0]! : path);
}

/** The names that a statement of a module binds, without those of blocks within it. */
function names_bound_by(stmt: Stmt): string[] {
  switch (stmt.kind) {
    case 'Assign':
      return stmt.targets.flatMap(names_in);
    case 'Def':
    case 'Class':
      return [stmt.name];
    case 'Import':
    case 'From':
      return stmt.names.filter(({ path }) => path !== '*').map((one) => name_of(stmt, one));
    default:
      return [];
  }
}

/** Whether a program imports what starts processes, which find its classes and functions in it. */
function starts_processes(program: Program): boolean {
  return [...statements_of(program.body)].some(
    (stmt) =>
      (stmt.kind === 'Import' && stmt.names.some(({ path }) => path === 'torch.multiprocessing')) ||
      (stmt.kind === 'From' &&
        (stmt.module === 'torch.multiprocessing' ||
          (stmt.module === 'torch' && stmt.names.some(({ path }) => path === 'multiprocessing')))),
  );
}

/** Whether a program defines a dataset. */
function has_dataset(program: Program): boolean {
  return program.body.some(
    (stmt) =>
      stmt.kind === 'Class' &&
      stmt.bases.some(({ value }) => {
        const name = value.kind === 'Attr' ? value.name : value.kind === 'Name' ? value.id : '';
        return name === 'Dataset' || name === 'IterableDataset';
      }),
  );
}

/** The paths of the modules of the program that one of them imports. */
function imported_by(program: Program, from: string, paths: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  const add = (module: string, level: number): void => {
    const path = resolve_module(paths, from, module, level);
    if (path !== null) found.add(path);
  };
  for (const stmt of statements_of(program.body)) {
    if (stmt.kind === 'Import') for (const { path } of stmt.names) add(path, 0);
    if (stmt.kind !== 'From') continue;
    add(stmt.module, stmt.level);
    for (const { path } of stmt.names) add(stmt.module === '' ? path : `${stmt.module}.${path}`, stmt.level);
  }
  return found;
}

/** Modules that are connected by imports, as lists of their places. */
function connected(sources: readonly ModuleSource[], imports: readonly ReadonlySet<string>[]): number[][] {
  const group = sources.map((_, i) => i);
  const root = (i: number): number => {
    let at = i;
    while (group[at] !== at) at = group[at]!;
    return at;
  };
  const index = new Map(sources.map(({ path }, i) => [path, i]));
  for (const [i, found] of imports.entries()) for (const path of found) group[root(i)] = root(index.get(path)!);
  const all = new Map<number, number[]>();
  for (const i of sources.keys()) all.set(root(i), [...(all.get(root(i)) ?? []), i]);
  return [...all.values()];
}

/** The path of a module of the program, seen from another one: beside it, from the folder's top, or by dots. */
export function resolve_module(
  paths: { has(path: string): boolean },
  from: string,
  module: string,
  level: number,
): string | null {
  const parts = module === '' ? [] : module.split('.');
  const folder = from.split('/').slice(0, -1);
  const bases = level > 0 ? [folder.slice(0, folder.length - (level - 1))] : [folder, []];
  if (level > folder.length + 1) return null;
  for (const base of bases) {
    const path = [...base, ...parts].join('/');
    if (parts.length > 0 && `${path}.py` !== from && paths.has(`${path}.py`)) return `${path}.py`;
    const init = path === '' ? '__init__.py' : `${path}/__init__.py`;
    if ((parts.length > 0 || level > 0) && init !== from && paths.has(init)) return init;
  }
  return null;
}

function specifier(from: string, to: string): string {
  const path = posix.relative(posix.dirname(from), to).replace(/\.py$/, '.js');
  return path.startsWith('.') ? path : `./${path}`;
}

/** Whether a statement is `if __name__ == '__main__':`. */
function is_main(stmt: Stmt): stmt is If {
  if (stmt.kind !== 'If' || stmt.orelse.length > 0 || stmt.test.kind !== 'Cmp' || stmt.test.rest.length !== 1)
    return false;
  const sides = [stmt.test.left, stmt.test.rest[0]!.right];
  return (
    sides.some((side) => side.kind === 'Name' && side.id === '__name__') &&
    sides.some((side) => side.kind === 'Str' && side.value === '__main__')
  );
}

/**
 * `if __name__ == '__main__':` of a program that is started is its body; of a module that others import it asks which of them was
 * started.
 */
function inline_main(program: Program, imported: boolean): Program {
  if (!program.body.some(is_main)) return program;
  return {
    ...program,
    body: program.body.flatMap((stmt): readonly Stmt[] => {
      if (!is_main(stmt)) return [stmt];
      if (!imported) return stmt.body;
      const { start, end, line } = stmt.test;
      const callee = { kind: 'Name', start, end, line, id: '__is_main__' } as const;
      return [{ ...stmt, test: { kind: 'Call', start, end, line, callee, args: [] } }];
    }),
  };
}

/** The package as it is: which names it has, and which of them are classes. */
class PackageSurface implements Surface {
  private readonly found = new Map<string, ReturnType<Surface['find']>>();
  private static subpaths: ReadonlySet<string> | undefined;

  find(path: string): ReturnType<Surface['find']> {
    const known = this.found.get(path);
    if (known !== undefined) return known;
    const found = this.look(path);
    this.found.set(path, found);
    return found;
  }

  has_path(path: string): boolean {
    if (!PackageSurface.subpaths) {
      const manifest = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as {
        exports: object;
      };
      PackageSurface.subpaths = new Set(Object.keys(manifest.exports).map((name) => name.slice(2)));
    }
    return PackageSurface.subpaths.has(path);
  }

  private look(path: string): ReturnType<Surface['find']> {
    const parts = path.split('.');
    // No name of a package is that long.
    if (parts.length > 16) return null;
    // The longest name of a module that is known.
    for (let length = parts.length; length > 0; length--) {
      const root = this.root_of(parts.slice(0, length).join('.'));
      if (root === undefined) continue;
      let value: unknown = root;
      for (const part of parts.slice(length)) {
        if (value === null || value === undefined) return 'missing';
        try {
          value = (Object(value) as Record<string, unknown>)[part];
        } catch {
          return 'missing';
        }
        if (value === undefined || is_absent(value)) return 'missing';
      }
      return { value, is_class: is_class(value) };
    }
    return null;
  }

  private root_of(module: string): unknown {
    if (module === 'torch') return require('../index.js') as unknown;
    if (!Object.hasOwn(MODULES, module)) return undefined;
    const [from, name] = MODULES[module]!;
    const folder = from.slice('torch-node/'.length);
    if (!this.has_path(folder)) return undefined;
    const whole = require(`../${folder}/index.js`) as Record<string, unknown>;
    if (module === 'os.path') return (whole['os'] as Record<string, unknown>)['path'];
    return name === '*' ? whole : whole[name];
  }
}

function is_class(value: unknown): boolean {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
}
