import { property_name, type Context, type Node, type Rule } from './syntax.js';

const REGISTERING = new Set(['add_module', 'register_module', 'register_parameter', 'register_buffer']);

/** The fields of a class that are declared, but get their values in the constructor only. */
function declared_fields(body: readonly Node[]): Node[] {
  return body.filter((member) => member.type === 'PropertyDefinition' && member['static'] !== true && member['declare'] !== true
    && member['computed'] !== true && !member['value'] && (member['key'] as Node).type === 'Identifier');
}

const name_of = (field: Node): string => (field['key'] as Node)['name'] as string;

/** What a statement puts on `this`: a field, or a name by `add_module` and the like. */
function put(statement: Node): { name: string; registered: boolean } | undefined {
  if (statement.type !== 'ExpressionStatement') return undefined;
  const expression = statement['expression'] as Node;
  if (expression.type === 'AssignmentExpression') {
    const left = expression['left'] as Node;
    const own = left.type === 'MemberExpression' && (left['object'] as Node).type === 'ThisExpression';
    const name = own ? property_name(left) : undefined;
    return name === undefined ? undefined : { name, registered: false };
  }
  if (expression.type !== 'CallExpression') return undefined;
  const callee = expression['callee'] as Node;
  const own = callee.type === 'MemberExpression' && (callee['object'] as Node).type === 'ThisExpression';
  if (!own || !REGISTERING.has(property_name(callee) ?? '')) return undefined;
  const [first] = expression['arguments'] as Node[];
  return { name: typeof first?.['value'] === 'string' ? first['value'] : 'another module', registered: true };
}

function extends_module(node: Node): boolean {
  const parent = node['superClass'] as Node | null;
  if (parent === null) return false;
  const name = parent.type === 'MemberExpression' ? property_name(parent) : parent['name'];
  return name === 'Module' || (parent.type === 'MemberExpression' && /^(nn|torch)$/.test(String((parent['object'] as Node)['name'] ?? 'nn')));
}

/**
 * Reports fields of modules whose order is not that of the constructor. A field that is declared without a value takes its
 * place with the declaration, so that `parameters()`, `state_dict()` and `print` follow another order than Python's.
 */
export const module_field_order: Rule = {
  meta: {
    type: 'problem',
    docs: { description: 'require fields of modules to be declared in the order in which the constructor assigns them' },
    messages: {
      order: "The constructor assigns '{{name}}' after '{{earlier}}', but its declaration puts it before, and parameters() and state_dict() "
        + 'follow the declarations. Declare the fields in the order of the constructor, or write `declare {{name}}`.',
    },
    schema: [],
  },
  create(context: Context) {
    const check = (node: Node): void => {
      if (!extends_module(node)) return;
      const members = (node['body'] as Node)['body'] as Node[];
      const fields = declared_fields(members);
      const constructor = members.find((member) => member.type === 'MethodDefinition' && member['kind'] === 'constructor');
      const body = ((constructor?.['value'] as Node | undefined)?.['body'] as Node | undefined)?.['body'] as Node[] | undefined;
      const places = new Map(fields.map((field, place) => [name_of(field), place]));
      let last: { name: string; place: number } | undefined;
      const seen = new Set<string>();
      for (const statement of body ?? []) {
        const added = put(statement);
        if (added === undefined || seen.has(added.name)) continue;
        seen.add(added.name);
        const place = places.get(added.name);
        // What is not declared comes after all that is.
        if (place === undefined) {
          if (added.registered) last = { name: added.name, place: Infinity };
          continue;
        }
        if (last !== undefined && place < last.place) {
          context.report({ node: fields[place]!, messageId: 'order', data: { name: added.name, earlier: last.name } });
        } else last = { name: added.name, place };
      }
    };
    return { ClassDeclaration: check, ClassExpression: check };
  },
};
