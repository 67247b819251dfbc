/** torch.utils._pytree against Python: the same leaves, structures, paths and refusals. */
import * as torch from 'torch-node';
import { describe, expect, it } from 'vitest';

import { python } from '../reference.js';

const tree = torch.utils._pytree;
const { Tuple } = torch.serialization;
const { GetAttrKey, MappingKey } = tree;

class Pair {
  constructor(
    readonly a: unknown,
    readonly b: unknown,
    readonly name = 'pair',
  ) {}
}
tree.register_pytree_node(
  Pair,
  ({ a, b, name }) => [[a, b], name],
  ([a, b], name: string) => new Pair(a, b, name),
  {
    serialized_type_name: 'test.Pair',
    flatten_with_keys_fn: ({ a, b, name }) => [
      [
        [new GetAttrKey('a'), a],
        [new MappingKey('b'), b],
      ],
      name,
    ],
  },
);
class Plain {}
tree.register_pytree_node(
  Plain,
  () => [[], null],
  () => new Plain(),
);

const nested = (): unknown => ({ b: [1, Tuple.of(2, null)], a: {}, c: 'text' });
const numbered = (): unknown =>
  new Map<unknown, unknown>([
    [1, [2]],
    ['x', 3],
  ]);
const sum = (...values: number[]): number => values.reduce((a, b) => a + b, 0);

/** A value as JSON, with structures as texts. */
function plain(value: unknown): unknown {
  if (value instanceof tree.TreeSpec) return String(value);
  if (value instanceof Pair) return [value.a, value.b, value.name];
  if (value instanceof Map) return [...value].map(([key, item]) => [String(key), plain(item)]);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).map(([key, item]) => [key, plain(item)]);
}

const cases: [python: string, ours: () => unknown][] = [
  ['tree.tree_flatten(nested)', () => tree.tree_flatten(nested())],
  ['tree.tree_flatten(numbered)', () => tree.tree_flatten(numbered())],
  ['tree.tree_flatten(3)', () => tree.tree_flatten(3)],
  ['tree.tree_flatten([])', () => tree.tree_flatten([])],
  ['tree.tree_flatten({"tree": 1})', () => tree.tree_flatten({ tree: 1 })],
  ['tree.tree_flatten(torch.Size([2, 3]))', () => tree.tree_flatten(torch.ones(2, 3).shape)],
  [
    'tree.tree_flatten(OrderedDict(a=1, b=[2]))',
    () => tree.tree_flatten(torch.serialization.ordered_dict({ a: 1, b: [2] })),
  ],
  ['tree.tree_flatten([Pair(1, [2]), 3])', () => tree.tree_flatten([new Pair(1, [2]), 3])],
  [
    'tree.tree_flatten([[1], [2, 3]], is_leaf=lambda x: x == [1])',
    () => tree.tree_flatten([[1], [2, 3]], { is_leaf: (node: unknown) => Array.isArray(node) && node.length === 1 }),
  ],
  ['tree.tree_leaves(nested)', () => tree.tree_leaves(nested())],
  ['list(tree.tree_iter(nested))', () => [...tree.tree_iter(nested())]],
  [
    'len(tree.tree_leaves(torch.max(torch.ones(2, 2), 0)))',
    () => tree.tree_leaves(torch.max(torch.ones(2, 2), 0)).length,
  ],
  [
    'tree.tree_map(lambda r: 1, torch.max(torch.ones(2, 2), 0)).values',
    () => (tree.tree_map(() => 1, torch.max(torch.ones(2, 2), 0)) as { values: unknown }).values,
  ],
  [
    'tree.tree_map(lambda x: [x, x], {"a": 1, "b": (2,)})',
    () => tree.tree_map((x: number) => [x, x], { a: 1, b: Tuple.of(2) }),
  ],
  [
    'tree.tree_map(sum_of, [1, {"a": 2}], [10, {"a": 20}], [100, {"a": 200}])',
    () => tree.tree_map(sum, [1, { a: 2 }], [10, { a: 20 }], [100, { a: 200 }]),
  ],
  ['tree.tree_map(lambda x, y: y, [1], [[3, 4]])', () => tree.tree_map((_: number, y: unknown) => y, [1], [[3, 4]])],
  [
    'tree.tree_map(lambda x, y: y, OrderedDict(a=1, b=2), {"b": 3, "a": 4})',
    () => tree.tree_map((_: number, y: unknown) => y, torch.serialization.ordered_dict({ a: 1, b: 2 }), { b: 3, a: 4 }),
  ],
  ['tree.tree_map(lambda x: 0, Pair(1, [2, 3]))', () => tree.tree_map(() => 0, new Pair(1, [2, 3]))],
  [
    'tree.tree_map_only(int, lambda x: x + 1, [1, "a", True, 2.5])',
    () =>
      tree
        .tree_map_only(Number, (x: number) => (Number.isInteger(x) ? x + 1 : x), [1, 'a', true, 2.5])
        .map((x) => (x === true ? 2 : x)),
  ],
  [
    'tree.tree_map_only((int, str), lambda x: 0, [1, "a", None])',
    () => tree.tree_map_only([Number, String], () => 0, [1, 'a', null]),
  ],
  [
    'tree.tree_map_only(lambda x: x == 2, lambda x: 0, [1, 2])',
    () =>
      tree.tree_map_only(
        (x: number) => x === 2,
        () => 0,
        [1, 2],
      ),
  ],
  [
    'tree.tree_map_only(torch.Tensor, lambda x: x.item(), [torch.ones(1), nn.Parameter(torch.ones(1)), 7])',
    () =>
      tree.tree_map_only(torch.Tensor, (x: torch.Tensor) => x.item(), [
        torch.ones(1),
        new torch.nn.Parameter(torch.ones(1)),
        7,
      ]),
  ],
  ['tree.tree_all(lambda x: x > 0, [1, [0]])', () => tree.tree_all((x: number) => x > 0, [1, [0]])],
  ['tree.tree_any(lambda x: x > 0, [1, [0]])', () => tree.tree_any((x: number) => x > 0, [1, [0]])],
  [
    'tree.tree_all_only(int, lambda x: x > 0, [1, "a"])',
    () => tree.tree_all_only(Number, (x: number) => x > 0, [1, 'a']),
  ],
  [
    'tree.tree_any_only(int, lambda x: x > 1, [1, "a"])',
    () => tree.tree_any_only(Number, (x: number) => x > 1, [1, 'a']),
  ],
  [
    '[tree.tree_is_leaf(x) for x in (1, None, [], {}, torch.ones(1), Pair(1, 2))]',
    () => [1, null, [], {}, torch.ones(1), new Pair(1, 2)].map((x) => tree.tree_is_leaf(x)),
  ],
  [
    '[[tree.keystr(p), x] for p, x in tree.tree_flatten_with_path({"a": [1, (2,)], 3: Pair(4, 5)})[0]]',
    () =>
      tree
        .tree_flatten_with_path(
          new Map<unknown, unknown>([
            ['a', [1, Tuple.of(2)]],
            [3, new Pair(4, 5)],
          ]),
        )[0]
        .map(([path, x]) => [tree.keystr(path), x]),
  ],
  [
    '[tree.key_get(nested, p) for p, x in tree.tree_leaves_with_path(nested)]',
    () => tree.tree_leaves_with_path(nested()).map(([path]) => tree.key_get(nested(), path)),
  ],
  [
    'tree.tree_map_with_path(lambda p, x, y: tree.keystr(p) + str(x + y), [1, [2]], [3, [4]])',
    () =>
      tree.tree_map_with_path(
        (path: torch.utils._pytree.KeyPath, x: number, y: number) => tree.keystr(path) + String(x + y),
        [1, [2]],
        [3, [4]],
      ),
  ],
  [
    '[getattr(tree.tree_structure(nested), name) for name in ("num_leaves", "num_nodes", "num_children", "context")]',
    () => {
      const { num_leaves, num_nodes, num_children, context } = tree.tree_structure(nested());
      return [num_leaves, num_nodes, num_children, context];
    },
  ],
  [
    '[tree.tree_structure([1]) == tree.tree_structure(x) for x in ([2], (1,), [1, 2], {"a": 1})]',
    () => [[2], Tuple.of(1), [1, 2], { a: 1 }].map((x) => tree.tree_structure([1]).equals(tree.tree_structure(x))),
  ],
  [
    'tree.treespec_dumps(tree.tree_structure([nested, Pair(1, 2)]))',
    () => tree.treespec_dumps(tree.tree_structure([nested(), new Pair(1, 2)])),
  ],
  [
    'tree.treespec_loads(tree.treespec_dumps(tree.tree_structure([nested, numbered, Pair(1, 2)])))',
    () => tree.treespec_loads(tree.treespec_dumps(tree.tree_structure([nested(), numbered(), new Pair(1, 2)]))),
  ],
  ['tree.treespec_pprint(tree.tree_structure(nested))', () => tree.treespec_pprint(tree.tree_structure(nested()))],
  // What is refused.
  [
    'tree.tree_unflatten([1], tree.tree_structure(nested))',
    () => tree.tree_unflatten([1], tree.tree_structure(nested())),
  ],
  ['tree.tree_map(sum_of, [1], [1, 2])', () => tree.tree_map(sum, [1], [1, 2])],
  ['tree.tree_map(sum_of, [1], (1,))', () => tree.tree_map(sum, [1], Tuple.of(1))],
  ['tree.tree_map(sum_of, [1], 3)', () => tree.tree_map(sum, [1], 3)],
  ['tree.tree_map(sum_of, {"a": 1}, {"b": 2})', () => tree.tree_map(sum, { a: 1 }, { b: 2 })],
  ['tree.treespec_dumps(tree.tree_structure([1]), 5)', () => tree.treespec_dumps(tree.tree_structure([1]), 5)],
];

const source = `
import torch.utils._pytree as tree
from collections import OrderedDict
class Pair:
    def __init__(self, a, b, name="pair"): self.a, self.b, self.name = a, b, name
tree.register_pytree_node(
    Pair, lambda p: ([p.a, p.b], p.name), lambda children, name: Pair(*children, name), serialized_type_name="test.Pair",
    flatten_with_keys_fn=lambda p: ([(tree.GetAttrKey("a"), p.a), (tree.MappingKey("b"), p.b)], p.name))
nested = {"b": [1, (2, None)], "a": {}, "c": "text"}
numbered = {1: [2], "x": 3}
def sum_of(*values): return sum(values)
def as_json(value):
    if isinstance(value, tree.TreeSpec): return str(value)
    if isinstance(value, Pair): return [value.a, value.b, value.name]
    if isinstance(value, dict): return [[str(key), as_json(item)] for key, item in value.items()]
    if isinstance(value, (list, tuple)): return [as_json(item) for item in value]
    return value
def outcome(run):
    try:
        return as_json(run())
    except Exception as error:
        return str(error)
show([outcome(run) for run in [
${cases.map(([text]) => `    lambda: ${text},`).join('\n')}
]])`;
const [[expected]] = python<[[unknown[]]]>('snippets.py', [[source]]);

describe('trees equal Python', () => {
  cases.forEach(([text, ours], i) => {
    it(text, () => {
      let found: unknown;
      try {
        found = plain(ours());
      } catch (error) {
        found = (error as Error).message;
      }
      expect(found).toEqual(expected[i]);
    });
  });
});

it('refuses a class twice, a path through one without paths, and one without a name', () => {
  expect(() => {
    tree.register_pytree_node(
      Pair,
      () => [[], null],
      () => new Pair(1, 2),
    );
  }).toThrow("<class 'Pair'> is already registered as pytree node.");
  expect(() => tree.tree_flatten_with_path(new Plain())).toThrow(/Did not find a flatten_with_keys_fn/);
  expect(() => tree.treespec_dumps(tree.tree_structure(new Plain()))).toThrow(/No registered serialization name/);
  expect(tree.tree_map_((x: torch.Tensor) => x.add_(1), [torch.zeros(1)])[0]!.item()).toBe(1);
});
