import type { Context, Node, Rule } from './syntax.js';
import { kind_of_expression } from './tensors.js';

/** The method for each operator. */
const METHODS: Readonly<Record<string, string>> = {
  '+': 'a.add(b)',
  '-': 'a.sub(b)',
  '*': 'a.mul(b)',
  '/': 'a.div(b)',
  '%': 'a.remainder(b)',
  '**': 'a.pow(b)',
  '<': 'a.lt(b)',
  '<=': 'a.le(b)',
  '>': 'a.gt(b)',
  '>=': 'a.ge(b)',
  '==': 'a.eq(b)',
  '!=': 'a.ne(b)',
  '&': 'a.bitwise_and(b)',
  '|': 'a.bitwise_or(b)',
  '^': 'a.bitwise_xor(b)',
  '<<': 'a.bitwise_left_shift(b)',
  '>>': 'a.bitwise_right_shift(b)',
  '>>>': 'a.bitwise_right_shift(b)',
};
const UNARY: Readonly<Record<string, string>> = { '-': 'a.neg()', '+': 'a.item()', '~': 'a.bitwise_not()' };
const IN_PLACE: Readonly<Record<string, string>> = {
  '+=': 'a.add_(b)',
  '-=': 'a.sub_(b)',
  '*=': 'a.mul_(b)',
  '/=': 'a.div_(b)',
  '%=': 'a.remainder_(b)',
  '**=': 'a.pow_(b)',
  '&=': 'a.bitwise_and_(b)',
  '|=': 'a.bitwise_or_(b)',
  '^=': 'a.bitwise_xor_(b)',
  '<<=': 'a.bitwise_left_shift_(b)',
  '>>=': 'a.bitwise_right_shift_(b)',
  '>>>=': 'a.bitwise_right_shift_(b)',
};

/** Reports tensors under the operators of JavaScript, which knows nothing of their elements. */
export const no_tensor_operator: Rule = {
  meta: {
    type: 'problem',
    docs: { description: 'disallow tensors as operands of the operators of JavaScript' },
    messages: { operator: 'The operator {{operator}} does not compute with tensors. Write {{method}}.' },
    schema: [],
  },
  create(context: Context) {
    const report = (node: Node, method: string): void => {
      context.report({ node, messageId: 'operator', data: { operator: String(node['operator']), method } });
    };
    const sides = (node: Node, methods: Readonly<Record<string, string>>): void => {
      const method = methods[node['operator'] as string];
      const left = node['left'] as Node;
      const right = node['right'] as Node;
      // `x == null` asks for null or undefined.
      if (method === undefined || [left, right].some((side) => side.type === 'Literal' && side['value'] === null))
        return;
      const kinds = [left, right]
        .filter((side) => side.type !== 'PrivateIdentifier')
        .map((side) => kind_of_expression(context, side));
      if (!kinds.some(({ tensor }) => tensor)) return;
      // A tensor that is put into a text.
      if (/^\+=?$/.test(node['operator'] as string) && kinds.some(({ text }) => text)) return;
      report(node, method);
    };
    return {
      BinaryExpression(node) {
        sides(node, METHODS);
      },
      AssignmentExpression(node) {
        sides(node, IN_PLACE);
      },
      UnaryExpression(node) {
        const method = UNARY[node['operator'] as string];
        if (method !== undefined && kind_of_expression(context, node['argument'] as Node).tensor) report(node, method);
      },
      UpdateExpression(node) {
        if (kind_of_expression(context, node['argument'] as Node).tensor)
          report(node, node['operator'] === '++' ? 'a.add_(1)' : 'a.sub_(1)');
      },
    };
  },
};
