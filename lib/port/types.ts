/** The types that are inferred: a small lattice from `bottom` (nothing known yet) to `unknown` (anything). */
import type { ClassDef, Expr, FunctionDef, Lambda, Stmt } from './ast.js';

export type Kind =
  | 'bottom'
  | 'unknown'
  | 'none'
  | 'optional' // `a`, or None
  | 'bool'
  | 'int'
  | 'float'
  | 'number' // an int or a float
  | 'str'
  | 'bytes'
  | 'tensor' // with `dtype`
  | 'ndarray'
  | 'size'
  | 'list' // of `a`
  | 'tuple' // of `items`, or of any number of `a`
  | 'dict' // from `a` to `b`, as `how` says
  | 'set' // of `a`
  | 'iterator' // of `a`
  | 'module' // of the program, with `scope`
  | 'package' // a module, class, function or value of a package, at `path`
  | 'object' // an instance of the class at `path`; a loader or dataset has elements `a`
  | 'function' // of the program
  | 'class' // of the program
  | 'instance'; // of a class of the program

export type DType = 'float' | 'int' | 'bool';

export interface Type {
  readonly k: Kind;
  readonly a?: Type;
  readonly b?: Type;
  readonly items?: readonly Type[];
  readonly how?: 'map' | 'record';
  readonly dtype?: DType;
  readonly path?: string;
  readonly scope?: Scope;
  readonly fn?: FunctionInfo;
  readonly cls?: ClassInfo;
  /** Of a method: the type of the object that it is bound to. */
  readonly self?: Type;
}

/** A function scope, or the module's. */
export interface Scope {
  readonly parent: Scope | null;
  readonly body: readonly Stmt[];
  readonly fn: FunctionInfo | null;
  readonly cls: ClassInfo | null;
  /** The names that are bound here. */
  readonly locals: Set<string>;
  readonly globals: Set<string>;
  readonly nonlocals: Set<string>;
  /** The names of this scope that functions within it use, and those that they assign. */
  readonly captured: Set<string>;
  /** What each name is, whenever. */
  readonly joined: Map<string, Type>;
}

export interface FunctionInfo {
  readonly node: FunctionDef | Lambda;
  readonly name: string;
  readonly owner: ClassInfo | null;
  readonly role: 'function' | 'method' | 'static' | 'class' | 'property' | 'setter';
  readonly scope: Scope;
  readonly generator: boolean;
  readonly params: Map<string, Type>;
  returns: Type;
  yields: Type;
  /** Whether it is used as a value, so that its calls are not all known. */
  escapes: boolean;
  /** Whether a decorator of the program stands for it, which may give anything. */
  decorated: boolean;
}

export interface ClassInfo {
  readonly node: ClassDef;
  readonly name: string;
  readonly scope: Scope;
  bases: Type[];
  readonly methods: Map<string, FunctionInfo>;
  readonly setters: Map<string, FunctionInfo>;
  readonly fields: Map<string, Type>;
  readonly attributes: Map<string, { type: Type; value: Expr | null }>;
  readonly dataclass: boolean;
  /** Whether it is an enumeration: `Enum`, `IntEnum` or `StrEnum`. */
  enumeration: 'Enum' | 'IntEnum' | 'StrEnum' | null;
}

const of = (k: Kind): Type => ({ k });
export const BOTTOM = of('bottom');
export const UNKNOWN = of('unknown');
export const NONE = of('none');
export const BOOL = of('bool');
export const INT = of('int');
export const FLOAT = of('float');
export const NUMBER = of('number');
export const STR = of('str');
export const BYTES = of('bytes');
export const TENSOR = of('tensor');
export const NDARRAY = of('ndarray');
export const SIZE: Type = { k: 'size', a: INT };

export const tensor = (dtype?: DType): Type => (dtype ? { k: 'tensor', dtype } : TENSOR);
export const list = (a: Type): Type => ({ k: 'list', a });
export const set = (a: Type): Type => ({ k: 'set', a });
export const iterator = (a: Type): Type => ({ k: 'iterator', a });
export const tuple = (...items: Type[]): Type => ({ k: 'tuple', items });
export const tuple_of = (a: Type): Type => ({ k: 'tuple', a });
export const pkg = (path: string): Type => ({ k: 'package', path });
export const object = (path: string, a?: Type): Type => (a ? { k: 'object', path, a } : { k: 'object', path });
export const dict = (a: Type, b: Type, how?: 'map' | 'record'): Type =>
  how ? { k: 'dict', a, b, how } : { k: 'dict', a, b };

/** The type as a text: equal types have equal texts. */
export function show(type: Type | undefined, depth = 0): string {
  if (!type) return '-';
  if (depth > 6) return '...';
  const inner = (other: Type | undefined): string => show(other, depth + 1);
  switch (type.k) {
    case 'optional':
      return `${inner(type.a)} | None`;
    case 'tensor':
      return type.dtype ? `Tensor[${type.dtype}]` : 'Tensor';
    case 'ndarray':
      return type.dtype ? `ndarray[${type.dtype}]` : 'ndarray';
    case 'size':
      return 'torch.Size';
    case 'list':
    case 'set':
    case 'iterator':
      return `${type.k}[${inner(type.a)}]`;
    case 'tuple':
      return type.items ? `tuple[${type.items.map(inner).join(', ')}]` : `tuple[${inner(type.a)}, ...]`;
    case 'dict':
      return `dict${type.how ? `:${type.how}` : ''}[${inner(type.a)}, ${inner(type.b)}]`;
    case 'package':
    case 'module':
      return type.path!;
    case 'object':
      return `${type.path}()${type.a ? `[${inner(type.a)}]` : ''}`;
    case 'function':
      return `def ${type.fn!.name}:${type.fn!.node.start}`;
    case 'class':
      return `class ${type.cls!.name}:${type.cls!.node.start}`;
    case 'instance':
      return `${type.cls!.name}:${type.cls!.node.start}()`;
    default:
      return type.k;
  }
}

function depth_of(type: Type): number {
  const inner = [type.a, type.b, ...(type.items ?? [])].filter((part): part is Type => part !== undefined);
  return inner.length === 0 ? 1 : 1 + Math.max(...inner.map(depth_of));
}

const MAX_DEPTH = 6;

/** The least type that holds both. */
export function join(a: Type, b: Type): Type {
  if (a === b || b.k === 'bottom') return a;
  if (a.k === 'bottom') return b;
  if (a.k === 'unknown' || b.k === 'unknown') return UNKNOWN;
  const joined = join_known(a, b);
  return depth_of(joined) > MAX_DEPTH ? UNKNOWN : joined;
}

function join_known(a: Type, b: Type): Type {
  if (show(a) === show(b)) return a;
  if (a.k === 'none') return b.k === 'optional' ? b : { k: 'optional', a: b };
  if (b.k === 'none') return a.k === 'optional' ? a : { k: 'optional', a };
  if (a.k === 'optional' || b.k === 'optional') {
    const inner = join(a.k === 'optional' ? a.a! : a, b.k === 'optional' ? b.a! : b);
    return inner.k === 'unknown' ? UNKNOWN : { k: 'optional', a: inner };
  }
  const numeric = (type: Type): boolean => type.k === 'int' || type.k === 'float' || type.k === 'number';
  if (numeric(a) && numeric(b)) return NUMBER;
  if (a.k !== b.k) return UNKNOWN;
  switch (a.k) {
    case 'tensor':
      return TENSOR;
    case 'ndarray':
      return NDARRAY;
    case 'list':
    case 'set':
    case 'iterator':
      return { k: a.k, a: join(a.a!, b.a!) };
    case 'tuple': {
      if (a.items && b.items && a.items.length === b.items.length) {
        return tuple(...a.items.map((item, i) => join(item, b.items![i]!)));
      }
      return tuple_of(join(element_of(a), element_of(b)));
    }
    case 'dict': {
      const empty = a.a!.k === 'bottom' ? b.how : b.a!.k === 'bottom' ? a.how : undefined;
      const how = a.how === b.how ? a.how : empty && a.how === b.how ? empty : undefined;
      return dict(join(a.a!, b.a!), join(a.b!, b.b!), how);
    }
    case 'object':
      return a.path === b.path ? object(a.path!, a.a && b.a ? join(a.a, b.a) : undefined) : UNKNOWN;
    case 'instance': {
      const base = common_base(a.cls!, b.cls!);
      return base ? { k: 'instance', cls: base } : UNKNOWN;
    }
    default:
      return UNKNOWN;
  }
}

/** The classes of the program that a class extends, nearest first, with itself. */
export function lineage(cls: ClassInfo): ClassInfo[] {
  const found: ClassInfo[] = [];
  const visit = (one: ClassInfo): void => {
    if (found.includes(one)) return;
    found.push(one);
    for (const base of one.bases) if (base.k === 'class') visit(base.cls!);
  };
  visit(cls);
  return found;
}

function common_base(a: ClassInfo, b: ClassInfo): ClassInfo | undefined {
  const others = lineage(b);
  return lineage(a).find((cls) => others.includes(cls));
}

/** The path of the class of a package that a class extends at last, such as `torch.nn.Module`. */
export function package_base(cls: ClassInfo): string | undefined {
  for (const one of lineage(cls)) for (const base of one.bases) if (base.k === 'package') return base.path;
  return undefined;
}

/** A method of a class or of those that it extends. */
export function method_of(cls: ClassInfo, name: string): FunctionInfo | undefined {
  for (const one of lineage(cls)) {
    const found = one.methods.get(name);
    if (found) return found;
  }
  return undefined;
}

/** What iterating over a value gives. */
export function element_of(type: Type): Type {
  switch (type.k) {
    case 'bottom':
      return BOTTOM;
    case 'optional':
      return element_of(type.a!);
    case 'list':
    case 'set':
    case 'iterator':
    case 'size':
      return type.a!;
    case 'tuple':
      return type.items ? type.items.reduce(join, BOTTOM) : type.a!;
    case 'dict':
      return type.a!;
    case 'str':
      return STR;
    case 'bytes':
      return INT;
    case 'tensor':
      return type;
    case 'object':
      return type.a ?? UNKNOWN;
    case 'class':
      return type.cls!.enumeration ? { k: 'instance', cls: type.cls! } : UNKNOWN;
    case 'instance': {
      const iter = method_of(type.cls!, '__iter__');
      const next = method_of(type.cls!, '__next__');
      if (next) return next.returns;
      if (iter)
        return iter.generator ? iter.yields : iter.returns.k === 'instance' ? UNKNOWN : element_of(iter.returns);
      const item = method_of(type.cls!, '__getitem__');
      return item ? item.returns : UNKNOWN;
    }
    default:
      return UNKNOWN;
  }
}

/** A type without `None`: what is used as a value has one. */
export function plain(type: Type | undefined): Type {
  if (!type || type.k === 'bottom') return UNKNOWN;
  return type.k === 'optional' ? type.a! : type;
}

export function is_number(type: Type): boolean {
  return type.k === 'int' || type.k === 'float' || type.k === 'number' || type.k === 'bool';
}
