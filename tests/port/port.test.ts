/**
 * Programs of Python, one for each construct and some whole ones: ported, checked by the compiler in strict mode, run, and compared
 * with what Python prints.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import * as plt from 'torch-node/pyplot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { root } from '../package_root.js';
import { interpreter } from '../reference.js';
import {
  make_folder,
  port_modules,
  port_source,
  PythonSyntaxError,
  read,
  run_ported,
  run_python,
  type_errors,
} from './run.js';

const constructs = join(root, 'tests', 'port', 'constructs');
const names = readdirSync(constructs).map((name) => name.replace(/\.py$/, ''));
/** Programs of tests/programs/ that are ported without a change by hand. */
const programs = [
  'actor_critic',
  'dcgan',
  'entailment',
  'forward_forward',
  'gcn',
  'gpt',
  'graph_attention',
  'imagenet',
  'language_translation',
  'mingpt',
  'mnist',
  'mnist_rnn',
  'nanogpt',
  'neural_style',
  'regression',
  'reinforce',
  'siamese',
  'style_transfer',
  'super_resolution',
  'time_sequence',
  'translation',
  'vae',
  'vision_transformer',
  'word_language_model',
];
const sources = [
  ...names.map((name) => join(constructs, `${name}.py`)),
  ...programs.map((name) => join(root, 'tests', 'programs', `${name}.py`)),
];
const all = [...names, ...programs];

const { folder, remove } = make_folder();
const ported = sources.map((file) => port_source(read(file)));
let expected: string[];
let printed: { stdout: string; error: string }[];
let errors: Map<string, string[]>;

beforeAll(() => {
  const files = all.map((name, i) => {
    const file = join(folder, `${name}.ts`);
    writeFileSync(file, ported[i]!.text);
    return file;
  });
  errors = type_errors(
    folder,
    all.map((name) => `${name}.ts`),
  );
  expected = run_python(sources);
  copyFileSync(join(root, 'tests', 'port', 'all.mts'), join(folder, 'run_all.mts'));
  const tsx = createRequire(import.meta.url).resolve('tsx');
  const result = spawnSync(process.execPath, ['--import', tsx, join(folder, 'run_all.mts'), JSON.stringify(files)], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (result.status !== 0) throw new Error(result.stderr);
  printed = JSON.parse(result.stdout) as typeof printed;
}, 600_000);
afterAll(remove);

describe('ported programs', () => {
  it('are many', () => {
    expect(names.length).toBeGreaterThanOrEqual(150);
  });

  it.each(all.map((name, i) => [name, i] as const))('%s prints what Python prints', (_, i) => {
    expect(ported[i]!.places.filter(({ kind }) => kind === 'left out')).toEqual([]);
    expect(printed[i]).toEqual({ stdout: expected[i], error: '' });
  });

  it.each(all)('%s has types that fit', (name) => {
    expect(errors.get(`${name}.ts`) ?? []).toEqual([]);
  });
});

describe('long lines', () => {
  it('are broken where formatters break them', () => {
    const long = ported.flatMap(({ text }) => text.split('\n')).filter((line) => line.length > 120);
    // What is left is a comment or a text.
    expect(long.filter((line) => !/^\s*(\/\/|\/\*|\*)|['"`]/.test(line))).toEqual([]);
    const { text } = port_source(
      `import torch\nfirst_value = torch.zeros(3)\nresult = torch.where(first_value > 0, first_value * 2, torch.full((3,), fill_value=7.5, dtype=torch.float32)) # kept\n`,
    );
    expect(text).toContain(
      [
        'const result = torch.where(',
        '  first_value.gt(0),',
        '  first_value.mul(2),',
        '  torch.full([3], { fill_value: 7.5, dtype: torch.float32 }),',
        '); // kept',
      ].join('\n'),
    );
  });
});

describe('what cannot be carried over', () => {
  it('stays as a comment, with the reason and the line in the report', () => {
    const { text, places } = port_source('x = 1\nimport unheard_of\nprint(x)\n');
    expect(text).toContain('// port: the module unheard_of is not in torch-node\n// import unheard_of');
    expect(places).toContainEqual({ line: 2, kind: 'left out', reason: 'the module unheard_of is not in torch-node' });
  });

  it('is a name that the package does not have', () => {
    const { places } = port_source('import torch\ny = torch.no_such_function(1)\n');
    expect(places.map(({ reason }) => reason)).toEqual(['torch.no_such_function is not in torch-node']);
  });

  it('is a statement within a function, whose other lines are ported', () => {
    const { text, places } = port_source('def f(x):\n    y = eval(x)\n    return x + 1\nprint(f(2))\n');
    expect(places[0]).toMatchObject({ line: 2, kind: 'left out' });
    expect(text).toContain('// y = eval(x)');
    expect(text).toContain('return x + 1;');
  });

  it('is said again where a variable or a field is used that has no value for that', async () => {
    const source = [
      'def before():',
      '    return x',
      'x = eval(str(1))',
      'print("begin")',
      'class A:',
      '    def __init__(self):',
      '        self.q = eval(str(2))',
      '    def get(self):',
      '        return self.q + 1',
      'for use in [lambda: x + 1, lambda: before()[0], lambda: A().get()]:',
      '    try:',
      '        print(use())',
      '    except Exception as e:',
      '        print("refused:", e)',
      'x = 5',
      'print(x)',
    ].join('\n');
    const { text, places } = port_source(source);
    const said = places.filter(({ reason }) => reason.includes('has no value'));
    expect(said.map(({ line, reason }) => [line, reason])).toEqual([
      [2, '`x` has no value, because line 3 was left out'],
      [9, '`self.q` has no value, because line 7 was left out'],
      [10, '`x` has no value, because line 3 was left out'],
    ]);
    expect(text.match(/\/\/ TODO: .*/g)).toEqual([
      '// TODO: `self.q` has no value, because line 7 was left out',
      '// TODO: `x` has no value, because line 3 was left out',
    ]);
    writeFileSync(join(folder, 'no_value.ts'), text);
    expect(type_errors(folder, ['no_value.ts'])).toEqual(new Map());
    const { status, stdout } = await run_ported(join(folder, 'no_value.ts'), folder);
    const reason = 'eval() of what is not a text on one line of the program: write the code that it runs';
    expect([status, stdout.trim().split('\n')]).toEqual([0, ['begin', ...Array(3).fill(`refused: ${reason}`), '5']]);
  }, 60_000);

  it.each([
    [
      'import numpy as np\nx = np.ones((2, 2))\nprint(x.dot(x))\n',
      'NumPy and libtorch add up products of matrices in different orders: last digits of floats may differ',
    ],
    ['fs = [lambda: i for i in range(3)]\n', "the function keeps 'i' of its turn, where Python's sees the last"],
    [
      'fs = []\nfor i in range(3):\n    fs.append(lambda x: x + i)\n',
      "the function keeps 'i' of its turn, where Python's sees the last",
    ],
    [
      'import json\nx = json.loads("1.0")\nprint(x)\n',
      "the type of `x` is not known: a whole float is written without '.0'",
    ],
    ['import numpy as np\nx = np.array([1.0])\ny = np.float32(x[0])\n', 'numpy.float32 as a function is not here'],
    ['print((5).bit_length())\n', 'no counterpart of int.bit_length()'],
    ['x = "\\N{BULLET}"\n', 'no counterpart of `\\N{...} of a text`'],
    ['f = lambda: (yield)\n', 'yield within a lambda'],
    ['try:\n    pass\nexcept* ValueError:\n    pass\n', 'no counterpart of `except*`'],
    ['for x in {"a", "b"}:\n    print(x)\n', 'the order of `{"a", "b"}` changes from run to run in Python'],
    ['from PIL import Image\nImage.open("a.png").rotate(3)\n', 'Image.rotate() of PIL is not here'],
  ])('is reported for %j', (source, reason) => {
    expect(port_source(source).places.map((place) => place.reason)).toContain(reason);
  });

  it('leaves a program that type-checks, and runs until it needs what is not there', async () => {
    const source = [
      'import os, unheard_of',
      'from torch.nn import Linear, NoSuchLayer as Layer',
      'def fetch(path):',
      '    return eval(path)',
      'class Special(unheard_of.Base):',
      '    pass',
      'class Reader:',
      '    @unheard_of.cached',
      '    def read(self):',
      '        return 1',
      'print(Linear(2, 3), os.sep)',
      'def use(reader: Special):',
      '    return reader.read()',
      'layer = Layer(1)',
      'for make in [lambda: fetch("x"), lambda: Special(), lambda: unheard_of.get(1), lambda: Reader().read()]:',
      '    try:',
      '        print(make())',
      '    except Exception as e:',
      '        print("refused:", e)',
    ].join('\n');
    const { text, places } = port_source(source);
    expect(places.filter(({ kind }) => kind === 'left out').map(({ line }) => line)).toEqual([1, 2, 4, 5, 9, 14]);
    writeFileSync(join(folder, 'left_out.ts'), text);
    expect(type_errors(folder, ['left_out.ts'])).toEqual(new Map());
    const { status, stdout } = await run_ported(join(folder, 'left_out.ts'), folder);
    expect(status).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'Linear(in_features=2, out_features=3, bias=True) /',
      'refused: eval() of what is not a text on one line of the program: write the code that it runs',
      'refused: the base class `unheard_of.Base` is not known',
      'refused: the module unheard_of is not in torch-node',
      'refused: a decorator of a method',
      '',
    ]);
  });

  it('are calls of eval and exec with texts that Python refuses', () => {
    const source = [
      'eval("")',
      'eval("1) + (2")',
      'eval("yield 1")',
      'eval("x := 1")',
      'exec("yield 1")',
      'print(eval("1, 2"))',
    ];
    const { places } = port_source(source.join('\n'));
    expect(places.map(({ kind, line }) => [kind, line])).toEqual([1, 2, 3, 4, 5].map((line) => ['left out', line]));
    const attempt = '[line for line in sys.stdin.read().split("\\n") if fails(line)]';
    const program = `import sys\ndef fails(line):\n  try: exec(line)\n  except SyntaxError: return True\nprint(len(${attempt}))`;
    const { stdout } = spawnSync(interpreter, ['-c', program], { encoding: 'utf8', input: source.join('\n') });
    expect(stdout.trim().split('\n').at(-1)).toBe('5');
  });

  it('is not input(), which reads a line', () => {
    writeFileSync(
      join(folder, 'asks.ts'),
      port_source('name = input("Name: ")\nprint(f"Hello {name}", input())\n').text,
    );
    const tsx = createRequire(import.meta.url).resolve('tsx');
    const result = spawnSync(process.execPath, ['--import', tsx, join(folder, 'asks.ts')], {
      cwd: folder,
      encoding: 'utf8',
      input: 'Ada\nLovelace',
    });
    expect(result.stdout).toBe('Name: Hello Ada Lovelace\n');
  });

  it('is not a module of torchvision with a name of its own', () => {
    const { text, places } = port_source('import torchvision.transforms as T\nt = T.ToTensor()\n');
    expect(places).toEqual([]);
    expect(text).toContain('const T = vision_module.transforms;');
  });

  it('is not a function that takes its variable as a default', () => {
    expect(port_source('fs = [lambda i=i: i for i in range(3)]\n').places).toEqual([]);
  });

  it('is listed where types are not known', () => {
    const { text, places } = port_source('import json\nd = json.loads("{}")\nprint(d + d)\n');
    expect(text).toContain('op.add(d, d)');
    expect(places[0]).toMatchObject({ line: 3, kind: 'operator' });
  });
});

describe('a program of several modules', () => {
  const modules = join(root, 'tests', 'port', 'modules');

  it('prints what Python prints, by --check with a Python', () => {
    const result = spawnSync(
      process.execPath,
      [
        join(root, 'scripts', 'install', 'torch-node.js'),
        ...['port', join(modules, 'main.py'), '--check', '--python', interpreter],
      ],
      { encoding: 'utf8', cwd: root, env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } },
    );
    expect(result.stderr).not.toContain('left out');
    expect(result.stderr).toContain('6 lines of output are the same');
    expect(result.status).toBe(0);
  }, 120_000);

  it.each([
    ['processes, which find its functions and classes in it', 'counting.py', 2],
    ['workers, which find its dataset in it', 'workers.py', 10],
  ])(
    'starts %s',
    (_, file, lines) => {
      const result = spawnSync(
        process.execPath,
        [
          join(root, 'scripts', 'install', 'torch-node.js'),
          ...['port', join(root, 'tests', 'port', 'processes', file), '--check', '--python', interpreter],
        ],
        { encoding: 'utf8', cwd: root, env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } },
      );
      expect(result.stderr).not.toContain('left out');
      expect(result.stderr).toContain(`${lines} lines of output are the same`);
      expect(result.status).toBe(0);
    },
    240_000,
  );

  it('has arguments by name in their places, and exports what others import', () => {
    const [main, helpers] = port_modules([
      { path: 'main.py', source: 'from helpers import f\nprint(f(1, c=3))\n' },
      { path: 'helpers.py', source: 'def f(a, b=2, c=0):\n    return a + b + c\n' },
    ]);
    expect(main!.text).toContain("import { f } from './helpers.js'");
    expect(main!.text).toContain('f(1, undefined, 3)');
    expect(helpers!.text).toContain('export { f };');
  });

  it('differs where it says so, as far as it was asked', () => {
    writeFileSync(join(folder, 'differs.py'), "import os\nprint('same')\nprint(os.getpid())\nprint('not asked')\n");
    const result = spawnSync(
      process.execPath,
      [
        join(root, 'scripts', 'install', 'torch-node.js'),
        ...['port', 'differs.py', '--check', '--python', interpreter, '--lines', '2'],
      ],
      { encoding: 'utf8', cwd: folder },
    );
    expect(result.stderr).toMatch(/line 2 of the output differs\n {2}Python: \d+\n {2}here: {3}\d+\n/);
    expect(result.status).toBe(1);
  }, 120_000);
});

describe('a notebook', () => {
  it('is ported cell by cell, with its texts as comments', () => {
    const cells = [
      { cell_type: 'markdown', source: ['# Title\n', 'text'] },
      { cell_type: 'code', source: ['%matplotlib inline\n', 'x = 1\n', 'print(x)'] },
      { cell_type: 'code', source: '!pip install torch' },
    ];
    writeFileSync(join(folder, 'book.ipynb'), JSON.stringify({ cells }));
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [join(root, 'scripts', 'install', 'torch-node.js'), 'port', 'book.ipynb'],
      { encoding: 'utf8', cwd: folder },
    );
    expect(stdout).toBe(
      "// # Title\n// text\nimport { print } from 'torch-node/python';\n\n// %matplotlib inline\nconst x = 1;\nprint(x);\n\n// !pip install torch\n",
    );
    expect(stderr).toContain('left out: `!pip install torch` is for IPython');
    expect(status).toBe(1);
  });
});

describe('subplots', () => {
  it('are rows, which are indexed and walked through as an array of NumPy', () => {
    const { text } = port_source(
      'import matplotlib.pyplot as plt\nfig, axes = plt.subplots(2, 2)\nfor ax in axes.flat:\n    ax.grid()\naxes[0, 1].cla()\n',
    );
    expect(text).toContain("py.flat(axes, 'flat')");
    const { op, py } = createRequire(import.meta.url)('../../dist/port/index.cjs') as typeof import('torch-node/port');
    const rows = [
      [1, 2],
      [3, 4],
    ];
    expect([op.getitem(rows, 0, 1), op.getitem(rows, new op.Slice(null, null, null), 1)]).toEqual([2, [2, 4]]);
    expect([py.flat(rows, 'flat'), py.flat(rows, 'ravel')]).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ]);
  });
});

describe('modules of matplotlib', () => {
  it('are parts of torch-node/pyplot', () => {
    const { text, places } = port_source(`import matplotlib.pyplot as plt
import matplotlib.ticker as ticker
import matplotlib.gridspec as gridspec
import matplotlib.animation as animation
from matplotlib import cm
from matplotlib.animation import FuncAnimation
from mpl_toolkits.mplot3d import Axes3D
fig = plt.figure()
ax = Axes3D(fig)
ax.text(0, 0, 0, 'a', backgroundcolor=cm.rainbow(7))
gs = gridspec.GridSpec(2, 2)
plt.subplot(gs[0, 0]).xaxis.set_major_locator(ticker.MultipleLocator(1))
moving = [FuncAnimation(fig, print, frames=2), animation.FuncAnimation(fig, print, frames=2)]
`);
    expect(places.filter(({ kind }) => kind === 'left out')).toEqual([]);
    for (const made of [
      'new Axes3D(fig)',
      'cm.rainbow(7)',
      'new gridspec.GridSpec(2, 2)',
      'new ticker.MultipleLocator(1)',
      'new FuncAnimation(fig, ',
      'new animation.FuncAnimation(fig, ',
    ])
      expect(text).toContain(made);
    for (const name of ['Axes3D', 'cm', 'ticker', 'animation', 'GridSpec']) expect(Object.keys(plt)).toContain(name);
  });
});

describe('mistakes in the source', () => {
  it.each([
    ['x = = 1\n', 1, 5],
    ['def f(:\n    pass\n', 1, 7],
    ['x = 1\ny = (1, 2\n', 2, 10],
    ['if 1:\n    x = 1\n  y = 2\n', 3, 3],
    ['x = 1\n  y = 2\n', 2, 3],
    ['if 1:\n\tx = 1\n        y = 2\n', 3, 9],
    ['x = 1\ny = "abc\n', 2, 5],
  ])('%j is a syntax error with its place', (source, line, column) => {
    try {
      port_source(source);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(PythonSyntaxError);
      expect(error).toMatchObject({ line });
      expect((error as { column: number }).column).toBeLessThanOrEqual(column + 4);
    }
  });

  it.each([
    ['brackets', `x = ${'('.repeat(1000)}1${')'.repeat(1000)}\n`],
    ['lists', `x = ${'['.repeat(1000)}${']'.repeat(1000)}\n`],
    [
      'blocks',
      Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}if x:\n`).join('') + `${' '.repeat(1000)}pass\n`,
    ],
  ])('%s within each other, 1,000 deep, end with an error', (_, source) => {
    expect(() => port_source(source)).toThrow(/too many|nested too deeply/);
  });

  it('long chains are ported or end with an error', () => {
    for (const source of [
      `x = ${'1 + '.repeat(1000)}1\nprint(x)\n`,
      `x = ${'-'.repeat(1000)}1\n`,
      `x = 1\n${'if x == 1:\n    pass\n'}${Array.from({ length: 500 }, (_, i) => `elif x == ${i}:\n    pass\n`).join('')}`,
    ]) {
      try {
        expect(port_source(source).text).toContain('x');
      } catch (error) {
        expect(error).toBeInstanceOf(PythonSyntaxError);
      }
    }
  });

  it("reads Python's newest forms", () => {
    const { text, places } = port_source(
      [
        'type Pair[T] = tuple[T, T]',
        'def first[T](items: list[T]) -> T:',
        '    return items[0]',
        'class Box[T]:',
        '    def __init__(self, item: T):',
        '        self.item = item',
        'name = "x"',
        'print(f"{f"{name + f"{1 + 1}"}"}", first([1]), Box[int](3).item)',
      ].join('\n'),
    );
    expect(places).toEqual([]);
    expect(text).toContain(', first([1]), new Box(3).item);');
    expect(text.match(/`/g)).toHaveLength(6);
  });

  it('a list of 100,000 numbers is ported', () => {
    expect(port_source(`x = [${'1, '.repeat(100_000)}]\n`).places).toEqual([]);
  });

  it('a module of more than 300 lines is read to its end', () => {
    const comment = '# What these comments say does not matter, only how many there are, and how long.\n';
    const rows = Array.from({ length: 400 }, (_, i) => `${comment}${i % 7 === 0 ? `\nx = ${i}\n` : ''}`);
    const { text, places } = port_source(`${rows.join('')}print(x)\n`);
    expect(places).toEqual([]);
    expect(text.match(/^x = \d+;$/gm)).toHaveLength(57);
    expect(text.split('\n').filter((line) => line.startsWith('// What'))).toHaveLength(400);
  });

  it('a megabyte is ported in seconds', () => {
    const part =
      'def f_N(a, b=2):\n    total = 0\n    for i in range(a):\n        total += i * b\n    return total\nx_N = f_N(3)\n';
    const source = Array.from({ length: 9500 }, (_, i) => part.replaceAll('N', String(i))).join('');
    expect(source.length).toBeGreaterThan(1 << 20);
    const { places } = port_source(source);
    expect(places).toEqual([]);
  }, 120_000);
});

describe('the command', () => {
  const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, [join(root, 'scripts', 'install', 'torch-node.js'), 'port', ...args], {
      encoding: 'utf8',
      cwd: folder,
    });

  it('prints the TypeScript of a script', () => {
    const { status, stdout } = run(join(constructs, 'closures.py'));
    expect(status).toBe(0);
    expect(stdout).toBe(ported[all.indexOf('closures')]!.text);
  });

  it('says what it left out, and by its status that it did', () => {
    writeFileSync(join(folder, 'odd.py'), 'import unheard_of\nprint(1)\n');
    const { status, stderr } = run('odd.py', '-o', 'odd.ts');
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'odd.py:1: left out: the module unheard_of is not in torch-node\n',
    });
    expect(readFileSync(join(folder, 'odd.ts'), 'utf8')).toContain('print(1);');
    const report = JSON.parse(run('odd.py', '--check', '--report', 'json').stderr) as unknown;
    expect(report).toEqual([
      {
        file: 'odd.py',
        out: null,
        places: [{ line: 1, kind: 'left out', reason: 'the module unheard_of is not in torch-node' }],
        error: null,
      },
    ]);
  });

  it('shows syntax errors with line and column', () => {
    writeFileSync(join(folder, 'bad.py'), 'x = 1\nif x\n    pass\n');
    const { status, stderr } = run('bad.py');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^bad\.py:2:\d+: SyntaxError: invalid syntax\n$/);
  });

  it('ports a folder of modules, with a package around it', () => {
    const { status } = run(constructs, '-o', 'ported', '--package');
    expect(status).toBe(0);
    expect(existsSync(join(folder, 'ported', 'closures.ts'))).toBe(true);
    expect(JSON.parse(readFileSync(join(folder, 'ported', 'package.json'), 'utf8'))).toMatchObject({ type: 'module' });
  });

  it.each([[[]], [['no_such_file.py']], [[join(constructs, 'closures.py'), '--unknown']]])('refuses %j', (args) => {
    const { status, stderr } = run(...args);
    expect(status).toBeGreaterThan(0);
    expect(stderr).not.toBe('');
  });
});
