/** Python's `%`, `str.format`, `format()` and f-strings, character for character, and its errors. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import vm from 'node:vm';

import * as torch from 'torch-node';
import { Complex, NDArray } from 'torch-node';
import { f, format, python_repr, Tuple } from 'torch-node/python';
import { afterAll, describe, expect, it } from 'vitest';

import { python } from '../reference.js';

const folder = mkdtempSync(join(tmpdir(), 'torch-node-format-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

type Case = readonly [python: string, ours: () => string];

/** One test of many texts; where Python raises, the error must have its text. */
function check(name: string, cases: readonly Case[]): void {
  it(name, () => {
    const file = join(folder, 'texts.json');
    writeFileSync(file, JSON.stringify(cases.map(([text]) => text)));
    const expected = python<{ text?: string; error?: string }[]>('python_texts.py', [file]);
    const wrong: string[] = [];
    cases.forEach(([text, ours], i) => {
      const { text: theirs, error } = expected[i]!;
      let mine: string;
      try {
        mine = JSON.stringify(ours());
      } catch (thrown) {
        mine = `error ${(thrown as Error).message}`;
      }
      const same =
        error === undefined ? mine === JSON.stringify(theirs) : mine.startsWith('error') && mine.includes(error);
      if (!same)
        wrong.push(`${text}: ${mine}, Python: ${error === undefined ? JSON.stringify(theirs) : `error ${error}`}`);
    });
    expect(wrong).toEqual([]);
  });
}

type Value = number | bigint | string | boolean | null | Complex;

/** A value in Python. A number that is whole is an int, unless a dot says otherwise in `texts`. */
function literal(value: Value): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Complex) return `complex(${value.re}, ${value.im})`;
  if (typeof value === 'bigint') return String(value);
  return Number.isFinite(value) ? String(value) : `float('${value}')`;
}

const floats = [
  0.1,
  -2.5,
  3.14159,
  1e-5,
  1.5e300,
  123456.789,
  0.00012345,
  5e-324,
  2.675,
  1e22 + 0.5,
  Infinity,
  -Infinity,
  NaN,
  1234567.5,
  0.5,
  1.5,
  99.995,
];
const ints = [0, 7, -42, 255, 1234567, 2n ** 70n, -(2n ** 65n)];

describe('%', () => {
  const flags = ['', '-', '+', ' ', '0', '#', '+0', '-0', ' 0', '#0', '+#', '- ', '-+', '0 '];
  const sizes = ['', '8', '.3', '12.2', '.0', '20.10', '1'];
  check(
    'floats',
    ['e', 'E', 'f', 'F', 'g', 'G'].flatMap((kind) =>
      flags.flatMap((flag) =>
        sizes.map((size, i): Case => {
          const value = floats[(i * 7 + flags.indexOf(flag) * 3) % floats.length]!;
          const template = `%${flag}${size}${kind}|`;
          return [`${literal(template)} % (${literal(value)},)`, () => format(template, value)];
        }),
      ),
    ),
  );
  check(
    'integers',
    ['d', 'i', 'u', 'x', 'X', 'o'].flatMap((kind) =>
      flags.flatMap((flag) =>
        sizes.map((size, i): Case => {
          const value = ints[(i * 3 + flags.indexOf(flag)) % ints.length]!;
          const template = `%${flag}${size}${kind}|`;
          return [`${literal(template)} % (${literal(value)},)`, () => format(template, value)];
        }),
      ),
    ),
  );
  check(
    'texts',
    ['s', 'r', 'a', 'c'].flatMap((kind) =>
      flags.flatMap((flag) =>
        sizes.map((size): Case => {
          const value = kind === 'c' ? 'é' : "it's ü";
          const template = `%${flag}${size}${kind}|`;
          return [`${literal(template)} % (${literal(value)},)`, () => format(template, value)];
        }),
      ),
    ),
  );

  const p = (template: string, ...values: Value[]): Case => [
    `${literal(template)} % (${values.map((value) => `${literal(value)},`).join(' ')})`,
    () => format(template, ...values),
  ];
  check('stars, keys, percent signs, and what is refused', [
    p('%*d|%-*d', 5, 42, 5, 42),
    p('%.*f', 2, 3.14159),
    p('%*.*f', 9, 3, 3.14159),
    p('%*d', -5, 42),
    p('%*d', 'a', 1),
    p('%c%c', 65, 'B'),
    p('%c', 'ab'),
    p('%c', -1),
    p('%c', 1.5),
    p('100%%'),
    p('%d%%', 5),
    p('%', 1),
    p('%d %'),
    p('%y', 1),
    p('%d', 'a'),
    p('%x', 1.5),
    p('%f', 'a'),
    p('%d', null),
    p('%d %d', 1),
    p('%d', 1, 2),
    p('%d', Infinity),
    p('%d', NaN),
    p('%5.1f%%', 99.5),
    p('%s %s', null, true),
    p('%ld %hd', 1, 2),
    p('%+s', 'a'),
    p('%.3d', 5),
    p('%#.3x', 255),
    p('%08.3d', 5),
    p('% d', 42),
    p('%i', 7.9),
    p('%g', 100000),
    p('%g', 1e6),
    p('%.200f', 0.1),
    p('%.120e', 0.1),
    p('%s', 2n ** 70n),
    ["'%(a)s=%(b).2f' % {'a': 'x', 'b': 1.5}", () => format('%(a)s=%(b).2f', { a: 'x', b: 1.5 })],
    ["'no %% of it' % {'a': 1}", () => format('no %% of it', { a: 1 })],
    ["'' % {}", () => format('', {})],
    ["'%(c)s' % {'a': 1}", () => format('%(c)s', { a: 1 })],
    ["'%(a)s' % 1", () => format('%(a)s', 1)],
    ["'%s' % torch.tensor(1.5)", () => format('%s', torch.tensor(1.5))],
    ["'%.2f' % torch.tensor(1.5)", () => format('%.2f', torch.tensor(1.5))],
    ["'%d' % torch.tensor(3)", () => format('%d', torch.tensor(3))],
    ["'%s' % [1, 'a']", () => format('%s', [1, 'a'])],
  ]);
});

describe('the format mini-language', () => {
  const layouts = [
    '',
    '>12',
    '<12',
    '^13',
    '=12',
    '*>12',
    '_^12',
    '012',
    '+',
    ' ',
    '-',
    '+012',
    ' =14',
    '#',
    '#012',
    ',',
    '_',
    '+,',
    '015,',
    '<015,',
    'z',
    '0>9,',
  ];
  const specs = (kinds: string[], precisions: string[]): string[] =>
    layouts.flatMap((layout) => precisions.flatMap((precision) => kinds.map((kind) => `${layout}${precision}${kind}`)));
  const cases = (values: readonly Value[], all: string[]): Case[] =>
    all.map((spec, i): Case => {
      const value = values[i % values.length]!;
      return [`format(${literal(value)}, ${literal(spec)})`, () => format(value as never, spec)];
    });
  check('floats', cases(floats, specs(['', 'e', 'E', 'f', 'F', 'g', 'G', '%', 'n'], ['', '.3', '.0', '.10'])));
  check('integers', cases(ints, specs(['', 'd', 'b', 'o', 'x', 'X', 'c', 'n', 'f', '.2f', 'e'], [''])));
  check('small integers as characters', cases([65, 233, 8364], specs(['c'], [''])));
  check('booleans', cases([true, false], specs(['', 'd', 'f', 's'], [''])));
  const texts = ['abc', '', 'äöü', 'longer than twelve'];
  check(
    'texts',
    specs(['', 's', 'd'], ['', '.2']).map((spec, i): Case => {
      const text = texts[i % texts.length]!;
      return [`'{0:{1}}'.format(${literal(text)}, ${literal(spec)})`, () => format('{0:{1}}', text, spec)];
    }),
  );
  check(
    'complex numbers',
    cases(
      [new Complex(1.5, -2), new Complex(0, 1), new Complex(-0.5, 1e-7)],
      specs(['', 'f', 'e', 'g'], ['', '.2']).filter((spec) => !/[=z]|^[+<]?01/.test(spec)),
    ),
  );
  check('what is refused', [
    ...['d ', 'q', '.', '.2d', ',x', ',_', '1.2.3', '=>', 'ff', ',n'].flatMap((spec): Case[] => [
      [`format(5, ${literal(spec)})`, () => format(5, spec)],
      [`format(0.5, ${literal(spec)})`, () => format(0.5, spec)],
      [`'{:${spec}}'.format('a')`, () => format(`{:${spec}}`, 'a')],
    ]),
    ["format([1], '>5')", () => format([1], '>5')],
    ["format(None, 'd')", () => format(null, 'd')],
    ["'{:>9}'.format(torch.ones(2))", () => format('{:>9}', torch.ones(2))],
    ["format(torch.tensor(3), '.2f')", () => format(torch.tensor(3), '.2f')],
    ["format(torch.tensor(2.0), '')", () => format(torch.tensor(2, { dtype: torch.float32 }), '')],
    ["format(torch.tensor(0.1), '')", () => format(torch.tensor(0.1), '')],
    ["format(torch.ones(2), '')", () => format(torch.ones(2), '')],
    ["format(np.array([1, 2]), '')", () => format(torch.tensor([1, 2]).numpy(), '')],
    ["format(np.array([1, 2]), '.2f')", () => format(torch.tensor([1, 2]).numpy(), '.2f')],
    ["format(torch.tensor(True), 'd')", () => format(torch.tensor(true), 'd')],
  ]);
});

check('str.format', [
  ["'{} {}'.format(1, 'a')", () => format('{} {}', 1, 'a')],
  ["'{1} {0}'.format(1, 'a')", () => format('{1} {0}', 1, 'a')],
  ["'{a:.2f} {b!r:>6}'.format(a=1.5, b='x')", () => format('{a:.2f} {b!r:>6}', { a: 1.5, b: 'x' })],
  ["'{{}} {}'.format(1)", () => format('{{}} {}', 1)],
  ["'{:{}.{}f}'.format(3.14159, 9, 2)", () => format('{:{}.{}f}', 3.14159, 9, 2)],
  ["'{:{w}}|'.format(3, w=5)", () => format('{:{w}}|', 3, { w: 5 })],
  ["'{0[1]} {0[0]}'.format([1, 2])", () => format('{0[1]} {0[0]}', [1, 2])],
  ["'{a[b]}'.format(a={'b': 3})", () => format('{a[b]}', { a: { b: 3 } })],
  ["'{!s} {!r} {!a}'.format('é', 'é', 'é')", () => format('{!s} {!r} {!a}', 'é', 'é', 'é')],
  ["'{0} {}'.format(1, 2)", () => format('{0} {}', 1, 2)],
  ["'{} {0}'.format(1, 2)", () => format('{} {0}', 1, 2)],
  ["'{}'.format()", () => format('{}')],
  ["'{} {}'.format(1)", () => format('{} {}', 1)],
  ["'{a}'.format(1)", () => format('{a}', 1)],
  ["'{} }'.format(1)", () => format('{} }', 1)],
  ["'{!x}'.format(1)", () => format('{!x}', 1)],
  ["'{:.1%}'.format(0.256)", () => format('{:.1%}', 0.256)],
  ["'100% {:d}'.format(3)", () => format('100% {:d}', 3)],
  ["'{0.shape}'.format(torch.ones(2))", () => format('{0.shape}', torch.ones(2))],
  ["'{} {}'.format([1, 'a'], {'b': None})", () => format('{} {}', [1, 'a'], { b: null }, {})],
]);

const [x, n, t, name, digits] = [3.14159, 7, torch.tensor(0.25), 'net', 2];
const py = (text: string): string =>
  `(lambda x, n, t, name, digits, big: ${text})(3.14159, 7, torch.tensor(0.25), 'net', 2, torch.ones(2))`;
check(
  'f-strings',
  [
    [py("f'{x:.2f} {n:3d}|{name:>5}|{x:10.3e}'"), () => f`${x}:.2f ${n}:3d|${name}:>5|${x}:10.3e`],
    [py("f'{1e-05} {True} {[1, 2]} {None}'"), () => f`${1e-5} ${true} ${[1, 2]} ${null}`],
    [py("f'{name}: {n}, {n}:{n}'"), () => f`${name}: ${n}, ${n}:${n}`],
    [py("f'{x:.{digits}f}!'"), () => f`${x}:.${digits}f!`],
    [py("f'{name:*^{n}}|'"), () => f`${name}:*^${n}|`],
    [py("f'{t} {t:.3f} {big}'"), () => f`${t} ${t}:.3f ${torch.ones(2)}`],
    [py("f'{n:02d}:{n:02d}'"), () => f`${n}:02d:${n}:02d`],
    [py("f'{0.256:.1%}%'"), () => f`${0.256}:.1%%`],
    [py("f'{1234567:,} {1234567.5:,.2f}'"), () => f`${1234567}:,d ${1234567.5}:,.2f`],
    [py("f'{1234567:,}, ({1234567:_}) {1234567:12,}'"), () => f`${1234567}:,, (${1234567}:_) ${1234567}:12,`],
    [py("f'{n:,}\\n'"), () => f`${n}:,\n`],
    [py("f'{n:+d} {n:#x} {n:b} {x:g}'"), () => f`${n}:+d ${n}:#x ${n}:b ${x}:g`],
    [py("f'done:done {n}:done'"), () => f`done:done ${n}:done`],
    [py("f'{n}:1 {n}:'"), () => f`${n}:1 ${n}:`],
    [py("f'{name}: 5 {n}'"), () => f`${name}: 5 ${n}`],
    // A spec that Python would take, but a person would not mean.
    [py("f'{n}:, b'"), () => f`${n}:, b`],
    [py("f'{n}:12, b'"), () => f`${n}:12, b`],
    [py("f'{n}:_ b'"), () => f`${n}:_ b`],
    [py("f'{n}:<b> {name}:> {name}:^ {name}:='"), () => f`${n}:<b> ${name}:> ${name}:^ ${name}:=`],
    [py("f'{name}:={n} {n}:=5'"), () => f`${name}:=${n} ${n}:=5`],
    [py("f'{n}:00 {n}:0 {n}:+ {n}:- {n}:-) {n}:#'"), () => f`${n}:00 ${n}:0 ${n}:+ ${n}:- ${n}:-) ${n}:#`],
    [py("f'{n}: >5 {n}: d {x}: .2f'"), () => f`${n}: >5 ${n}: d ${x}: .2f`],
    [py("f'{n}:05x2 {n}:.5abc {n}:>8px {n}:d2'"), () => f`${n}:05x2 ${n}:.5abc ${n}:>8px ${n}:d2`],
    // What one would.
    [
      py("f'{n:05} {n:<4}| {n:^4}| {x:.3} {x:+.1f}) {x:08.3f} {x:> 8.2f}'"),
      () => f`${n}:05 ${n}:<4| ${n}:^4| ${x}:.3 ${x}:+.1f) ${x}:08.3f ${x}:> 8.2f`,
    ],
    [py("f'{n:*=4} {n:d}, {n:x}. {x:e}/{x:g}'"), () => f`${n}:*=4 ${n}:d, ${n}:x. ${x}:e/${x}:g`],
    [py("f'{x:>+{n}.1f}|{x:,.{digits}f}'"), () => f`${x}:>+${n}.1f|${x}:,.${digits}f`],
    [py("f'{-0.01:z.1f}'"), () => f`${-0.01}:z.1f`],
    // The colon is text.
    [py("f'{n}:05 {n}:d {name}:>8|'"), () => f`${n}\:05 ${n}\:d ${name}\:>8|`],
    [py("f'{n}:05 {x}:.{digits}f'"), () => f`${n}${':05'} ${x}\:.${digits}f`],
    [py("f'a\\n{n}'"), () => f`a\n${n}`],
    [py("f'{(1, t)}'"), () => f`${Tuple.of<unknown>(1, t)}`],
  ].map(([text, ours]): Case => [text as string, ours as () => string]),
);

it('f is for template literals', () => {
  expect(() => f('a' as never)).toThrow(TypeError);
  expect(() => f`${'a'}:.2f`).toThrow("Unknown format code 'f' for object of type 'str'");
  expect(torch.f).toBe(f);
});

const r = (text: string, ours: () => unknown): Case => [`repr(${text})`, () => python_repr(ours())];
describe('repr', () => {
  check('of every public class', [
    r("[torch.device('cpu')]", () => [torch.device('cpu')]),
    r("{'a': torch.device('cuda', 1)}", () => ({ a: torch.device('cuda', 1) })),
    r('[torch.float32]', () => [torch.float32]),
    r('[torch.strided, torch.channels_last]', () => [torch.strided, torch.channels_last]),
    r('[torch.Size([1, 2]), torch.Size([])]', () => [torch.ones(1, 2).shape, torch.ones([]).shape]),
    r('torch.ones(2, 3).shape', () => torch.ones(2, 3).shape),
    r('[torch.finfo(torch.float32), torch.iinfo(torch.int8)]', () => [
      torch.finfo(torch.float32),
      torch.iinfo(torch.int8),
    ]),
    r('[np.arange(3)]', () => [torch.arange(3).numpy()]),
    r('[torch.ones(2), torch.tensor(1)]', () => [torch.ones(2), torch.tensor(1)]),
    r('[nn.Parameter(torch.ones(1))]', () => [new torch.nn.Parameter(torch.ones(1))]),
    r('[nn.Linear(1, 2), nn.ReLU()]', () => [new torch.nn.Linear(1, 2), new torch.nn.ReLU()]),
    r('[complex(1, 2), complex(0, -1), complex(1.5e-7, 1e20), complex(-0.0, 2)]', () => [
      new Complex(1, 2),
      new Complex(0, -1),
      new Complex(1.5e-7, 1e20),
      new Complex(-0, 2),
    ]),
    r('(1, torch.tensor(2))', () => Tuple.of<unknown>(1, torch.tensor(2))),
    r('((1,), ())', () => Tuple.of(Tuple.of(1), Tuple.of())),
    r('[(1, 2), [3]]', () => [Tuple.of(1, 2), [3]]),
    r(
      '{1: "a", (1, 2): [None]}',
      () =>
        new Map<unknown, unknown>([
          [1, 'a'],
          [Tuple.of(1, 2), [undefined]],
        ]),
    ),
    r('[set(), {1}]', () => [new Set(), new Set([1])]),
    r('[2**70, -5]', () => [2n ** 70n, -5n]),
    r('[None, None, True]', () => [null, undefined, true]),
    r("b'a\\x00\\xff\\n'", () => Uint8Array.of(97, 0, 255, 10)),
    r("'\\xa0\\u200b\\U000e0001\\ud800é😀'", () => '\xa0\u200b\u{e0001}\ud800é😀'),
    r("collections.OrderedDict([('a', torch.ones(1)), ('b', {})])", () =>
      torch.serialization.ordered_dict({ a: torch.ones(1), b: {} }),
    ),
    r('collections.OrderedDict()', () => torch.serialization.ordered_dict({})),
    r('[torch.per_tensor_affine, torch.torch.preserve_format]', () => [torch.per_tensor_affine, torch.preserve_format]),
    r('torch.max(torch.ones(1, 1), 0)', () => torch.max(torch.ones(1, 1), 0)),
    [
      '(lambda l: (l.append(l), repr(l))[1])([1])',
      () => {
        const list: unknown[] = [1];
        list.push(list);
        return python_repr(list);
      },
    ],
    [
      '(lambda d: (d.update(a=d), repr(d))[1])({})',
      () => {
        const dict: Record<string, unknown> = {};
        dict['a'] = dict;
        return python_repr(dict);
      },
    ],
    ['str((1, torch.tensor(2)))', () => format('%s', Tuple.of<unknown>(1, torch.tensor(2)))],
    ["str(torch.device('cpu'))", () => format('%s', torch.device('cpu'))],
  ]);

  it('of lists, dicts and sets of another realm', () => {
    expect(python_repr(vm.runInNewContext("[1, {a: [2]}, new Map([[1, 2]]), new Set(['x']), null]"))).toBe(
      "[1, {'a': [2]}, {1: 2}, {'x'}, None]",
    );
  });
});

describe('numbers that left a float32 array', () => {
  const a = (): NDArray =>
    torch
      .tensor([
        [0.6, 0.1],
        [-2.7, 1e-7],
      ])
      .numpy();
  const made = 'torch.tensor([[0.6, 0.1], [-2.7, 1e-7]]).numpy()';
  check('print with the digits of float32', [
    [`str(${made}.max())`, () => format('%s', a().max())],
    [`str(${made}.sum())`, () => format('%s', a().sum())],
    [`str(${made}.mean())`, () => format('%s', a().mean())],
    [`f'{${made}[1, 0]} {${made}[1, 1]}'`, () => f`${a().index(1, 0)} ${a().index(1, 1)}`],
    [`[${made}[0, 0]]`, () => python_repr([a().index(0, 0)])],
    [`list(${made}[0])`, () => python_repr([...a().index(0)])],
    [`'%.10f' % ${made}.max()`, () => format('%.10f', a().max())],
    [`${made}.max().item()`, () => format('%s', a().index(0).item(0))],
    [`${made}.tolist()`, () => python_repr(a().tolist())],
    [
      `np.float16(0.1) + np.array([0], 'f2')[0]`,
      () => format('%s', new NDArray(Float64Array.of(0.1)).astype('f2').max()),
    ],
  ]);

  it('are plain numbers', () => {
    expect(a().max()).toBe(Math.fround(0.6));
    expect(a().index(0, 0) * 2).toBe(Math.fround(0.6) * 2);
  });

  it("a tensor's item after it is a float again", () => {
    a().max();
    expect(format('%s', torch.tensor(0.6).item())).toBe('0.6000000238418579');
  });
});
