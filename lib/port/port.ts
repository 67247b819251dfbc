/** The stages one after another: source, tree, types, TypeScript. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { is_absent } from '../absent/absent.js';
import { PythonSyntaxError, type Program, type Stmt } from './ast.js';
import { emit, type Place } from './emit.js';
import { infer, type Surface } from './infer.js';
import { parse } from './parse.js';
import { MODULES } from './tables.js';

export { PythonSyntaxError } from './ast.js';
export type { Place } from './emit.js';

export interface Ported {
  /** The TypeScript. */
  readonly text: string;
  /** What a person should look at, by line. */
  readonly places: readonly Place[];
}

export interface PortOptions {
  /** Whether a module of that name is among those that are ported. */
  is_local?: (module: string) => boolean;
}

/**
 * Ports the source of one program.
 * @throws PythonSyntaxError for what is no Python
 */
export function port_source(source: string, options: PortOptions = {}): Ported {
  try {
    return ported(source, options);
  } catch (error) {
    // The stages are recursive: what is nested deeper than Python's own parser takes ends here.
    if (error instanceof RangeError && /call stack/.test(error.message)) {
      throw new PythonSyntaxError('the program is nested too deeply', 1, 1);
    }
    throw error;
  }
}

function ported(source: string, options: PortOptions): Ported {
  const program = inline_main(parse(source));
  const surface = new PackageSurface();
  const types = infer(program, surface);
  const { text, places } = emit(program, types, surface, {
    has_path: (path) => surface.has_path(path),
    ...(options.is_local ? { is_local: options.is_local } : {}),
  });
  const assumed = types.assumed.map(
    ({ line, name }): Place => ({ line, kind: 'assumed', reason: `${name} is taken for a tensor` }),
  );
  return { text, places: [...places, ...assumed].sort((a, b) => a.line - b.line) };
}

/** `if __name__ == '__main__':` of a program that is started is its body. */
function inline_main(program: Program): Program {
  const is_main = (stmt: Stmt): boolean => {
    if (stmt.kind !== 'If' || stmt.orelse.length > 0 || stmt.test.kind !== 'Cmp' || stmt.test.rest.length !== 1)
      return false;
    const sides = [stmt.test.left, stmt.test.rest[0]!.right];
    return (
      sides.some((side) => side.kind === 'Name' && side.id === '__name__') &&
      sides.some((side) => side.kind === 'Str' && side.value === '__main__')
    );
  };
  if (!program.body.some(is_main)) return program;
  return {
    ...program,
    body: program.body.flatMap((stmt) => (is_main(stmt) ? (stmt as Extract<Stmt, { kind: 'If' }>).body : [stmt])),
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
