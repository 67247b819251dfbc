/** What the rules need of ESLint and of the syntax tree (ESTree); the package does not depend on either. */

/** A node of the tree. */
export interface Node {
  readonly type: string;
  readonly parent?: Node;
  readonly [field: string]: unknown;
}

/** A reference to a variable, or its definition. */
export interface Variable {
  readonly defs: readonly { readonly type: string; readonly node: Node; readonly parent?: Node | null }[];
  readonly references: readonly { isWrite(): boolean }[];
}

interface Scope {
  readonly set: ReadonlyMap<string, Variable>;
  readonly upper: Scope | null;
}

/** What typescript-eslint's parser adds when it has a program. */
export interface ParserServices {
  readonly program?: { getTypeChecker(): TypeChecker } | null;
  readonly esTreeNodeToTSNodeMap?: { get(node: Node): unknown };
}

/** What is asked of TypeScript. */
export interface TypeChecker {
  getTypeAtLocation(node: unknown): Type;
  getBaseTypes?(type: Type): readonly Type[] | undefined;
  getBaseConstraintOfType?(type: Type): Type | undefined;
}

/** A type of TypeScript's. */
export interface Type {
  readonly flags: number;
  readonly types?: readonly Type[];
  isUnion(): boolean;
  isIntersection?(): boolean;
  isClassOrInterface?(): boolean;
  getSymbol():
    | { readonly name: string; readonly declarations?: readonly { getSourceFile(): { readonly fileName: string } }[] }
    | undefined;
  getBaseTypes?(): readonly Type[] | undefined;
}

export interface Context {
  readonly sourceCode: {
    readonly parserServices?: ParserServices;
    getScope(node: Node): Scope;
    getText(node: Node): string;
  };
  report(problem: { node: Node; messageId: string; data?: Readonly<Record<string, string>> }): void;
}

/** A rule of ESLint's. */
export interface Rule {
  readonly meta: {
    readonly type: 'problem';
    readonly docs: { readonly description: string };
    readonly messages: Readonly<Record<string, string>>;
    readonly schema: readonly [];
  };
  create(context: Context): Readonly<Record<string, (node: Node) => void>>;
}

/** The variable that a name stands for at a node. */
export function variable_of(context: Context, identifier: Node): Variable | undefined {
  for (let scope: Scope | null = context.sourceCode.getScope(identifier); scope !== null; scope = scope.upper) {
    const found = scope.set.get(identifier['name'] as string);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The name of a property that is read without brackets. */
export function property_name(member: Node): string | undefined {
  const property = member['property'] as Node;
  return member['computed'] === true || property.type !== 'Identifier' ? undefined : (property['name'] as string);
}

/** An expression without the parts that only TypeScript sees. */
export function unwrapped(node: Node): Node {
  const transparent = [
    'TSAsExpression',
    'TSNonNullExpression',
    'TSSatisfiesExpression',
    'TSTypeAssertion',
    'ChainExpression',
  ];
  return transparent.includes(node.type) ? unwrapped(node['expression'] as Node) : node;
}

/** The text of an expression for a message, unless it is long. */
export function shortened(text: string): string {
  return text.length > 40 || text.includes('\n') ? '(...)' : text;
}
