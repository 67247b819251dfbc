import { shortened, type Context, type Node, type Rule } from './syntax.js';
import { kind_of_expression } from './tensors.js';

/** Reports tensors where JavaScript asks whether something is true: every object is. */
export const no_tensor_condition: Rule = {
  meta: {
    type: 'problem',
    docs: { description: 'disallow tensors as conditions, which are always true' },
    messages: {
      condition:
        'A tensor is always true, whatever it holds. Write {{text}}.item(), or .all().item() or .any().item() of several elements.',
    },
    schema: [],
  },
  create(context: Context) {
    const check = (node: Node | null | undefined): void => {
      if (!node) return;
      if (node.type === 'LogicalExpression' && node['operator'] !== '??') return; // its sides are looked at by themselves
      if (node.type === 'UnaryExpression' && node['operator'] === '!') return;
      const { tensor, other } = kind_of_expression(context, node);
      // `if (bias)` of a tensor or null asks for null.
      if (tensor && !other)
        context.report({ node, messageId: 'condition', data: { text: shortened(context.sourceCode.getText(node)) } });
    };
    const test = (node: Node): void => {
      check(node['test'] as Node | null);
    };
    return {
      IfStatement: test,
      WhileStatement: test,
      DoWhileStatement: test,
      ForStatement: test,
      ConditionalExpression: test,
      UnaryExpression(node) {
        if (node['operator'] === '!') check(node['argument'] as Node);
      },
      LogicalExpression(node) {
        if (node['operator'] === '??') return;
        check(node['left'] as Node);
        if (is_condition(node)) check(node['right'] as Node);
      },
    };
  },
};

/** Whether an expression is asked whether it is true, perhaps as a side of a larger one. */
function is_condition(node: Node): boolean {
  const { parent } = node;
  if (parent === undefined) return false;
  if (parent.type === 'LogicalExpression') return is_condition(parent);
  if (parent.type === 'UnaryExpression') return parent['operator'] === '!';
  return parent['test'] === node;
}
