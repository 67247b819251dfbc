/** Which expressions are tensors: by their types where a program is known, else as far as the source tells. */
import {
  property_name,
  unwrapped,
  variable_of,
  type Context,
  type Node,
  type Type,
  type TypeChecker,
} from './syntax.js';

/** What an expression may be. */
export interface Kind {
  /** It may be a tensor. */
  readonly tensor: boolean;
  /** It may be something else, such as null. */
  readonly other: boolean;
  /** It may be a text. */
  readonly text: boolean;
}

const NOTHING: Kind = { tensor: false, other: true, text: false };
const TENSOR: Kind = { tensor: true, other: false, text: false };

// Of ts.TypeFlags, whose numbers have been these since TypeScript 2: any; numbers and bigints; texts.
const ANY = 1;
const NUMBER_LIKE = 8 | 64 | 256 | 2048;
const STRING_LIKE = 4 | 128 | 134217728;

const from_package = (file: string): boolean =>
  /[\\/]torch-node[\\/]|[\\/](?:dist|lib)[\\/]tensor\.(?:d\.)?[cm]?ts$/.test(file);

function is_tensor_class(type: Type): boolean {
  const symbol = type.getSymbol();
  if (symbol === undefined) return false;
  const declared_here = (symbol.declarations ?? []).some((declaration) =>
    from_package(declaration.getSourceFile().fileName),
  );
  if (symbol.name === 'Tensor' && declared_here) return true;
  return (type.getBaseTypes?.() ?? []).some(is_tensor_class);
}

function kind_of_type(type: Type, checker: TypeChecker): Kind {
  if (type.isUnion()) {
    const kinds = (type.types ?? []).map((part) => kind_of_type(part, checker));
    return {
      tensor: kinds.some(({ tensor }) => tensor),
      other: kinds.some(({ other }) => other),
      text: kinds.some(({ text }) => text),
    };
  }
  if ((type.flags & ANY) !== 0) return NOTHING;
  const constraint = checker.getBaseConstraintOfType?.(type);
  const known = constraint === undefined || constraint.isUnion() ? type : constraint;
  if (known.isIntersection?.()) {
    return (known.types ?? []).some((part) => kind_of_type(part, checker).tensor) ? TENSOR : NOTHING;
  }
  if (is_tensor_class(known)) return TENSOR;
  return { ...NOTHING, text: (type.flags & STRING_LIKE) !== 0 };
}

// --- without types -----------------------------------------------------------------------------------

/** Functions of `torch` that certainly return one tensor. */
const FACTORIES = new Set([
  'tensor',
  'as_tensor',
  'asarray',
  'from_numpy',
  'frombuffer',
  'scalar_tensor',
  'zeros',
  'ones',
  'empty',
  'full',
  'rand',
  'randn',
  'randint',
  'randperm',
  'arange',
  'linspace',
  'logspace',
  'eye',
  'zeros_like',
  'ones_like',
  'empty_like',
  'full_like',
  'rand_like',
  'randn_like',
  'randint_like',
  'add',
  'sub',
  'mul',
  'div',
  'matmul',
  'mm',
  'bmm',
  'cat',
  'stack',
  'where',
  'sum',
  'mean',
  'exp',
  'log',
  'sqrt',
  'abs',
  'eq',
  'ne',
  'lt',
  'le',
  'gt',
  'ge',
  'isnan',
  'isinf',
  'isfinite',
  'isclose',
  'logical_not',
  'logical_and',
  'logical_or',
  'relu',
  'sigmoid',
  'tanh',
  'softmax',
  'argmax',
  'argmin',
  'clamp',
  'normal',
  'bernoulli',
  'multinomial',
  'einsum',
  'flatten',
  'reshape',
  'squeeze',
  'unsqueeze',
]);

/** Methods of tensors that return no tensor, or not only one. */
const OTHERS = new Set([
  'item',
  'tolist',
  'numpy',
  'size',
  'stride',
  'dim',
  'ndimension',
  'numel',
  'nelement',
  'element_size',
  'storage_offset',
  'data_ptr',
  'untyped_storage',
  'type',
  'get_device',
  'is_contiguous',
  'is_floating_point',
  'is_complex',
  'is_signed',
  'is_inference',
  'is_shared',
  'is_pinned',
  'is_coalesced',
  'is_same_size',
  'is_set_to',
  'is_nonzero',
  'equal',
  'allclose',
  'backward',
  'register_hook',
  'dispose',
  'toString',
  'toJSON',
  'valueOf',
  'dim_order',
  'qscheme',
  'q_scale',
  'q_zero_point',
  'sparse_dim',
  'dense_dim',
  '_nnz',
  'has_names',
  'retain_grad',
  'split',
  'chunk',
  'unbind',
  'unsafe_split',
  'unsafe_chunk',
  'tensor_split',
  'hsplit',
  'vsplit',
  'dsplit',
  'max',
  'min',
  'sort',
  'topk',
  'median',
  'mode',
  'kthvalue',
  'cummax',
  'cummin',
  'nonzero',
  'unique',
  'unique_consecutive',
  'frexp',
  'slogdet',
  'qr',
  'svd',
  'lu',
  'geqrf',
  'aminmax',
  'nanmedian',
  'register_post_accumulate_grad_hook',
  'module_load',
  'map',
  'forEach',
]);

const PACKAGE = /^torch-node(?:\/|$)/;

/** Whether a name is bound to the package: `import torch from`, `import * as torch from`, `const torch = require()`. */
function is_package(context: Context, node: Node): boolean {
  if (node.type !== 'Identifier') return false;
  const definition = variable_of(context, node)?.defs[0];
  if (definition === undefined) return false;
  if (definition.type === 'ImportBinding') {
    const named = definition.node.type === 'ImportSpecifier';
    return !named && PACKAGE.test(String((definition.parent?.['source'] as Node | undefined)?.['value']));
  }
  const init = definition.node['init'] as Node | null | undefined;
  const call = init?.type === 'CallExpression' && (init['callee'] as Node)['name'] === 'require' ? init : undefined;
  return call !== undefined && PACKAGE.test(String((call['arguments'] as Node[])[0]?.['value']));
}

/** Whether a name was imported from the package under a name that makes tensors. */
function is_imported_factory(context: Context, node: Node): boolean {
  const definition = node.type === 'Identifier' ? variable_of(context, node)?.defs[0] : undefined;
  if (definition?.type !== 'ImportBinding' || definition.node.type !== 'ImportSpecifier') return false;
  const imported = (definition.node['imported'] as Node)['name'] as string;
  return (
    FACTORIES.has(imported) && PACKAGE.test(String((definition.parent?.['source'] as Node | undefined)?.['value']))
  );
}

function is_certainly_tensor(context: Context, expression: Node, depth = 0): boolean {
  const node = unwrapped(expression);
  if (depth > 20) return false;
  if (node.type === 'CallExpression') {
    const callee = unwrapped(node['callee'] as Node);
    if (is_imported_factory(context, callee)) return true;
    const name = callee.type === 'MemberExpression' ? property_name(callee) : undefined;
    if (name === undefined) return false;
    const object = callee['object'] as Node;
    return is_package(context, object)
      ? FACTORIES.has(name)
      : !OTHERS.has(name) && is_certainly_tensor(context, object, depth + 1);
  }
  if (node.type !== 'Identifier') return false;
  const variable = variable_of(context, node);
  const definition = variable?.defs[0];
  if (definition?.type !== 'Variable' || variable?.defs.length !== 1) return false;
  const { id, init } = definition.node as unknown as { id: Node; init: Node | null };
  const written_once = variable.references.filter((reference) => reference.isWrite()).length === 1;
  return written_once && id.type === 'Identifier' && init !== null && is_certainly_tensor(context, init, depth + 1);
}

function is_text(node: Node): boolean {
  return (
    node.type === 'TemplateLiteral' ||
    (node.type === 'Literal' && typeof node['value'] === 'string') ||
    (node.type === 'BinaryExpression' &&
      node['operator'] === '+' &&
      [node['left'], node['right']].some((side) => is_text(side as Node)))
  );
}

/** What an expression may be. */
export function kind_of_expression(context: Context, node: Node): Kind {
  const { program, esTreeNodeToTSNodeMap } = context.sourceCode.parserServices ?? {};
  if (program && esTreeNodeToTSNodeMap) {
    const checker = program.getTypeChecker();
    return kind_of_type(checker.getTypeAtLocation(esTreeNodeToTSNodeMap.get(node)), checker);
  }
  if (is_certainly_tensor(context, node)) return TENSOR;
  return { ...NOTHING, text: is_text(node) };
}

/** Whether an expression is certainly a number, by its type. */
export function is_number(context: Context, node: Node): boolean {
  const { program, esTreeNodeToTSNodeMap } = context.sourceCode.parserServices ?? {};
  if (!program || !esTreeNodeToTSNodeMap) return false;
  const check = (type: Type): boolean =>
    type.isUnion() ? (type.types ?? []).every(check) : (type.flags & NUMBER_LIKE) !== 0;
  return check(program.getTypeChecker().getTypeAtLocation(esTreeNodeToTSNodeMap.get(node)));
}
