import { shortened, unwrapped, type Context, type Node, type Rule } from './syntax.js';
import { is_number, kind_of_expression } from './tensors.js';

/** Whether brackets hold a subscript as Python has it, and not the name of a property such as `shape` or `Symbol.dispose`. */
function is_subscript(context: Context, property: Node): boolean {
  const node = unwrapped(property);
  if (node.type === 'Literal') return typeof node['value'] !== 'string' || !/^[A-Za-z_$][\w$]*$/.test(node['value']);
  if (node.type === 'ArrayExpression') return true;
  if (node.type === 'UnaryExpression') return node['operator'] === '-' || node['operator'] === '+';
  return is_number(context, node) || kind_of_expression(context, node).tensor;
}

/** Whether an expression is assigned to. */
function is_assigned(node: Node): boolean {
  const { parent } = node;
  return (parent?.type === 'AssignmentExpression' && parent['left'] === node) || parent?.type === 'UpdateExpression';
}

/** Reports subscripts of tensors in JavaScript's brackets, which read a property: undefined. */
export const no_tensor_brackets: Rule = {
  meta: {
    type: 'problem',
    docs: { description: 'disallow subscripts of tensors in brackets, which read and write properties' },
    messages: {
      read: 'Brackets read a property of the object, which is undefined. Write {{tensor}}.index({{subscript}}).',
      write:
        'Brackets write a property of the object, and no element. Write {{tensor}}.index_put_({{subscript}}, value).',
    },
    schema: [],
  },
  create(context: Context) {
    return {
      MemberExpression(node) {
        if (node['computed'] !== true || !kind_of_expression(context, node['object'] as Node).tensor) return;
        const property = node['property'] as Node;
        if (!is_subscript(context, property)) return;
        const { sourceCode } = context;
        context.report({
          node,
          messageId: is_assigned(node) ? 'write' : 'read',
          data: {
            tensor: shortened(sourceCode.getText(unwrapped(node['object'] as Node))),
            subscript: shortened(sourceCode.getText(property)),
          },
        });
      },
    };
  },
};
