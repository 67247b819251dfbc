/** `torch.overrides`: which functions Python lets classes take over, by name, compared with Python's. */
import * as torch from 'torch-node';
import { expect, it } from 'vitest';

import { python } from './reference.js';

const { get_overridable_functions, get_ignored_functions, get_testing_overrides, resolve_name } = torch.overrides;
const source = `
functions, index = torch.overrides._get_overridable_functions()
spaces = {'torch': torch, 'torch.functional': torch.functional, 'torch.nn.functional': torch.nn.functional,
  'torch.Tensor': torch.Tensor, 'torch.linalg': torch.linalg, 'torch.fft': torch.fft, 'torch.special': torch.special}
for space in spaces.values():
    show(sorted({index[f] for f in functions[space]}))
show(sorted(index[f] for key, of_key in functions.items() if key not in spaces.values() for f in of_key))
show(sorted({index[f] for f in torch.overrides.get_ignored_functions() if f in index}))
`;
const [spaces, properties, ignored] = (() => {
  const all = python<string[][][]>('snippets.py', [[source]])[0]!;
  return [all.slice(0, 7), new Set(all[7]), new Set(all[8])] as const;
})();
const functions = get_overridable_functions();
const names_of = (key: string): string[] => [...new Set(functions.get(key)!.map((each) => resolve_name(each)!))].sort();

const paths = [
  'torch',
  'torch.functional',
  'torch.nn.functional',
  'torch.Tensor',
  'torch.linalg',
  'torch.fft',
  'torch.special',
];
// Most methods for Python's own syntax are not here, nor are two private functions.
const not_here = /\.__\w+__$|_clear_non_serializable_cached_data|functional\._(threshold|sym_int)/;

it.each(paths.map((path, index) => [path, spaces[index]!] as const))(
  'lists the functions of %s that Python lists',
  (path, theirs) => {
    // One member is vitest's, sym_int is in two namespaces of Python's, and its aliases of spmm are equal.
    expect(
      names_of(path).filter((name) => !/toAsymmetricMatcher$|sym_int$|torch\.(dsmm|hsmm|mm|saddmm)$/.test(name)),
    ).toEqual(theirs.filter((name) => !not_here.test(name) || names_of(path).includes(name)));
  },
);

it("lists properties by their getters, all of them Python's", () => {
  const ours = [...functions]
    .filter(([key]) => /Tensor\.\w/.test(key))
    .flatMap(([, list]) => list.map((each) => resolve_name(each)));
  expect(ours.length).toBeGreaterThan(30);
  expect(ours.filter((name) => !properties.has(name!))).toEqual([]);
  let holder_of_T: object = torch.Tensor.prototype;
  while (!Object.hasOwn(holder_of_T, 'T')) holder_of_T = Object.getPrototypeOf(holder_of_T) as object;
  expect(resolve_name(Object.getOwnPropertyDescriptor(holder_of_T, 'T')?.get)).toBe('torch.Tensor.T.__get__');
});

it('leaves out what Python leaves out', () => {
  const ours = [...get_ignored_functions()].flatMap((each) => resolve_name(each) ?? []);
  expect(ours.length).toBeGreaterThan(150);
  // Where a function is in two namespaces, Python names the last.
  expect(ours.filter((name) => !ignored.has(name!))).toEqual([]);
});

it('has a function that returns -1 for each', () => {
  const overrides = get_testing_overrides();
  expect(overrides.get(torch.add)!(1, 2)).toBe(-1);
  for (const list of functions.values()) for (const each of list) expect(overrides.has(each)).toBe(true);
  expect(overrides.has(torch.ones)).toBe(false);
});

it('names operators, and nothing for what is not of torch', () => {
  expect([torch.ops.aten.add, torch.ops.aten.add!.Tensor, Math.max, 5].map((each) => resolve_name(each))).toEqual([
    'aten.add',
    'aten.add.Tensor',
    null,
    null,
  ]);
  expect(() => resolve_name(...([] as unknown as [unknown]))).toThrow(TypeError);
});
