/** argparse, csv, logging and time: what they read, write and print, beside Python. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { argparse, csv, logging, python_repr, time } from 'torch-node/python';
import { describe, expect, it } from 'vitest';

import { root } from '../package_root.js';
import { interpreter, python } from '../reference.js';

const shown = (source: string): unknown[] => python<[unknown[]]>('standard.py', [[source]])[0];

describe('csv', () => {
  it.each([
    ['a,b\n1,2\n', {}, ''],
    ['"a ""b""",c\r\n\r\nd\r\n', {}, ''],
    ['"two\nlines",x\nlast', {}, ''],
    ['a;"b;c";;\n', { delimiter: ';' }, ", delimiter=';'"],
    ["'a,b',c\n", { quotechar: "'" }, ', quotechar="\'"'],
    ['a, b, "c"\n', { skipinitialspace: true }, ', skipinitialspace=True'],
    ['a\\,b,"c\\"d"\n', { escapechar: '\\', doublequote: false }, ", escapechar='\\\\', doublequote=False"],
    ['"a",b"c,"d"e\n', { quoting: csv.QUOTE_NONE }, ', quoting=csv.QUOTE_NONE'],
    ['"a",1.5,-2\n', { quoting: csv.QUOTE_NONNUMERIC }, ', quoting=csv.QUOTE_NONNUMERIC'],
    ['"a"b,c"d\n,\n', {}, ''],
    ['', {}, ''],
  ])('reads %j %j', (text, dialect, theirs) => {
    expect([[...csv.reader(text, dialect)]]).toEqual(
      shown(`show(list(csv.reader(io.StringIO(${JSON.stringify(text)}, newline='')${theirs})))`),
    );
  });

  it.each([
    ['[["a", 1, 0.5], ["b,c", None, "d\\"e"], ["x\\ny", "", True]]', {}, ''],
    ['[[""], ["a b"], []]', {}, ''],
    [
      '[["a", 1], [None, "b"]]',
      { quoting: csv.QUOTE_ALL, lineterminator: '\n' },
      ', quoting=csv.QUOTE_ALL, lineterminator="\\n"',
    ],
    [
      '[["a", 1], ["b", 2.5]]',
      { quoting: csv.QUOTE_NONNUMERIC, delimiter: '\t' },
      ", quoting=csv.QUOTE_NONNUMERIC, delimiter='\\t'",
    ],
    ['[["a,b", "c"]]', { quoting: csv.QUOTE_NONE, escapechar: '\\' }, ", quoting=csv.QUOTE_NONE, escapechar='\\\\'"],
  ])('writes %s %j', (rows, dialect, theirs) => {
    let text = '';
    const sink = { write: (line: string) => (text += line) };
    csv
      .writer(sink, dialect)
      .writerows(JSON.parse(rows.replaceAll('None', 'null').replaceAll('True', 'true')) as unknown[][]);
    expect([text]).toEqual(
      shown(`f = io.StringIO(newline='')\ncsv.writer(f${theirs}).writerows(${rows})\nshow(f.getvalue())`),
    );
  });

  it('has dictionaries', () => {
    const text = 'a,b\n1,2\n\n3\n4,5,6\n';
    let written = '';
    const writer = new csv.DictWriter({ write: (line: string) => (written += line) }, ['b', 'a'], { restval: '-' });
    writer.writeheader();
    writer.writerow({ a: 1, b: 2 });
    writer.writerows([{ a: 3 }]);
    const reader = new csv.DictReader(text, { restkey: 'rest', restval: '?' });
    expect([reader.fieldnames, [...reader].map((row) => Object.entries(row)), written]).toEqual(
      shown(`
r = csv.DictReader(io.StringIO(${JSON.stringify(text)}), restkey='rest', restval='?')
f = io.StringIO(newline='')
w = csv.DictWriter(f, ['b', 'a'], restval='-')
w.writeheader()
w.writerow({'a': 1, 'b': 2})
w.writerows([{'a': 3}])
show(r.fieldnames, [list(row.items()) for row in r], f.getvalue())`),
    );
    expect(() => {
      writer.writerow({ c: 1 });
    }).toThrow(/dict contains fields not in fieldnames: 'c'/);
  });
});

describe('logging', () => {
  it('writes what Python writes, by levels and names', () => {
    let text = '';
    const handler = new logging.StreamHandler({ write: (line: string) => (text += line) });
    handler.setFormatter(new logging.Formatter('%(levelname)-8s|%(name)s|%(levelno)d|%(message)s'));
    const parent = logging.getLogger('standard');
    const child = logging.getLogger('standard.child.below');
    parent.addHandler(handler);
    parent.setLevel('INFO');
    child.debug('not seen');
    child.info('epoch %d, loss %.3f', 3, 0.25);
    parent.warning('plain % text');
    child.setLevel(logging.DEBUG);
    child.debug('%s', [1, null]);
    handler.setLevel(logging.ERROR);
    child.warning('not seen');
    child.critical('%(a)s', { a: 1 });
    parent.log(35, 'between');
    child.propagate = false;
    handler.setLevel(0);
    parent.error(logging.getLevelName(35));
    expect([
      text,
      child.getEffectiveLevel(),
      parent.isEnabledFor(logging.DEBUG),
      logging.getLogger('standard') === parent,
      child.getChild('x').name,
      parent.hasHandlers(),
    ]).toEqual(
      shown(`
f = io.StringIO()
handler = logging.StreamHandler(f)
handler.setFormatter(logging.Formatter('%(levelname)-8s|%(name)s|%(levelno)d|%(message)s'))
parent = logging.getLogger('standard')
child = logging.getLogger('standard.child.below')
parent.addHandler(handler)
parent.setLevel('INFO')
child.debug('not seen')
child.info('epoch %d, loss %.3f', 3, 0.25)
parent.warning('plain % text')
child.setLevel(logging.DEBUG)
child.debug('%s', [1, None])
handler.setLevel(logging.ERROR)
child.warning('not seen')
child.critical('%(a)s', {'a': 1})
parent.log(35, 'between')
child.propagate = False
handler.setLevel(0)
parent.error(logging.getLevelName(35))
show(f.getvalue(), child.getEffectiveLevel(), parent.isEnabledFor(logging.DEBUG), logging.getLogger('standard') is parent,
  child.getChild('x').name, parent.hasHandlers())`),
    );
  });

  it('writes to files, with times', () => {
    const folder = mkdtempSync(join(tmpdir(), 'torch-node-logging-'));
    const file = new logging.FileHandler(join(folder, 'train.log'));
    file.setFormatter(new logging.Formatter('%(asctime)s %(message)s', '%Y-%m-%d'));
    const logger = logging.getLogger('to_file');
    logger.addHandler(file);
    logger.error('one');
    logger.error('two', { exc_info: new RangeError('why') });
    file.close();
    const [first, second, third] = readFileSync(join(folder, 'train.log'), 'utf8').split('\n');
    rmSync(folder, { recursive: true });
    const day = time.strftime('%Y-%m-%d');
    expect([first, second, third]).toEqual([`${day} one`, `${day} two`, 'RangeError: why']);
  });

  it('goes to the error output without a handler, and by basicConfig', () => {
    const program = `
const { logging } = require(${JSON.stringify(join(root, 'dist', 'python', 'index.js'))});
logging.getLogger('a').warning('lone');
logging.getLogger('a').info('not seen');
logging.basicConfig({ level: logging.INFO });
logging.info('seen %s', 1);
logging.getLogger('a.b').info('below');
logging.basicConfig({ force: true, format: '%(message)s', stream: process.stdout });
logging.info('out');`;
    const theirs = `
import logging, sys
logging.getLogger('a').warning('lone')
logging.getLogger('a').info('not seen')
logging.basicConfig(level=logging.INFO)
logging.info('seen %s', 1)
logging.getLogger('a.b').info('below')
logging.basicConfig(force=True, format='%(message)s', stream=sys.stdout)
logging.info('out')`;
    const ours = spawnSync(process.execPath, ['--no-warnings', '-e', program], { encoding: 'utf8' });
    const expected = spawnSync(interpreter, ['-c', theirs], { encoding: 'utf8' });
    expect([ours.stdout, ours.stderr]).toEqual([expected.stdout, expected.stderr]);
  });
});

describe('time', () => {
  it('goes forward, and sleep waits', () => {
    const [wall, counter, used] = [time.time(), time.perf_counter(), time.process_time()];
    time.sleep(0.02);
    expect(time.perf_counter() - counter).toBeGreaterThanOrEqual(0.019);
    expect(Math.abs(time.time() - Date.now() / 1000)).toBeLessThan(1);
    expect(time.time()).toBeGreaterThan(wall);
    expect(time.process_time()).toBeGreaterThanOrEqual(used);
    expect(typeof time.perf_counter_ns()).toBe('bigint');
    expect(Math.abs(Number(time.time_ns()) / 1e9 - time.time())).toBeLessThan(1);
    expect(() => {
      time.sleep(-1);
    }).toThrow('sleep length must be non-negative');
  });

  it('strftime writes dates as Python does', () => {
    const format = '%Y-%m-%d %H:%M:%S %a %A %b %B %d %e %F %I %j %p %T %y %%';
    const dates = [new Date(2024, 1, 29, 0, 5, 9), new Date(2025, 11, 31, 13, 59, 59), new Date(2023, 0, 1, 12)];
    const tuples = dates.map((t) => [
      t.getFullYear(),
      t.getMonth() + 1,
      t.getDate(),
      t.getHours(),
      t.getMinutes(),
      t.getSeconds(),
    ]);
    expect(dates.map((t) => time.strftime(format, t))).toEqual(
      shown(`
import datetime
for t in ${JSON.stringify(tuples)}:
    show(datetime.datetime(*t).strftime('${format}'))`),
    );
  });
});

describe('argparse', () => {
  const make = (): argparse.ArgumentParser => {
    const parser = new argparse.ArgumentParser({ prog: 'train', description: 'Trains.', exit_on_error: false });
    parser.add_argument('data');
    parser.add_argument('--batch-size', '-b', { type: 'int', default: 64, metavar: 'N', help: 'batch size' });
    parser.add_argument('--lr', { type: 'float', default: 1 });
    parser.add_argument('--sizes', { type: 'int', nargs: '+' });
    parser.add_argument('--kind', { choices: ['a', 'b'], default: 'a' });
    parser.add_argument('--no-cuda', { action: 'store_true' });
    parser.add_argument('-v', { action: 'count', default: 0 });
    return parser;
  };
  const theirs = `
parser = argparse.ArgumentParser(prog='train', description='Trains.', exit_on_error=False)
parser.add_argument('data')
parser.add_argument('--batch-size', '-b', type=int, default=64, metavar='N', help='batch size')
parser.add_argument('--lr', type=float, default=1)
parser.add_argument('--sizes', type=int, nargs='+')
parser.add_argument('--kind', choices=['a', 'b'], default='a')
parser.add_argument('--no-cuda', action='store_true')
parser.add_argument('-v', action='count', default=0)
`;
  it.each([
    [['x']],
    [['x', '-b', '3', '--lr=0.5', '-vv']],
    [['--sizes', '1', '2', '--no-cuda', '--kind', 'b', '--', 'x']],
    [['x', '--batch', '7']],
  ])('reads %j', (args) => {
    const values = make().parse_args<{ batch_size: number }>(args);
    expect(values.batch_size).toBeTypeOf('number');
    expect([Object.entries(values).map(([name, value]) => [name, value ?? null])]).toEqual(
      shown(`${theirs}show(list(vars(parser.parse_args(${JSON.stringify(args)})).items()))`),
    );
  });

  it('writes the values as Python does, None for what was not given', () => {
    const values = make().parse_args(['x']);
    expect([python_repr(values), String(values)]).toEqual(
      shown(`${theirs}show(repr(parser.parse_args(['x'])), str(parser.parse_args(['x'])))`),
    );
    expect(values['sizes']).toBeNull();
  });

  it('has subcommands, whose parsers are as their parent', () => {
    const parser = new argparse.ArgumentParser({ prog: 'style' });
    const subparsers = parser.add_subparsers({ title: 'subcommands', dest: 'subcommand' });
    const train = subparsers.add_parser('train', { help: 'trains' });
    train.add_argument('--epochs', { type: 'int', default: 2 });
    train.add_argument('--folder', { type: 'str' });
    const calls = [[], ['train'], ['train', '--epochs', '3', '--folder', 'a']];
    expect([...calls.map((args) => python_repr(parser.parse_args(args))), train.format_help()]).toEqual(
      shown(`
parser = argparse.ArgumentParser(prog='style')
subparsers = parser.add_subparsers(title='subcommands', dest='subcommand')
train = subparsers.add_parser('train', help='trains')
train.add_argument('--epochs', type=int, default=2)
train.add_argument('--folder', type=str)
show(*(repr(parser.parse_args(args)) for args in ${JSON.stringify(calls)}), train.format_help())`),
    );
  });

  it('prints the help of Python, and knows what is left over', () => {
    const [values, rest] = make().parse_known_args(['x', '--other', '1']);
    const [help, usage, left] = shown(`${theirs}
show(parser.format_help(), parser.format_usage(), parser.parse_known_args(['x', '--other', '1'])[1])`);
    expect([make().format_help(), make().format_usage(), rest, values['data']]).toEqual([help, usage, left, 'x']);
  });

  it('refuses what Python refuses, with its text', () => {
    for (const args of [
      ['x', '--lr', 'y'],
      ['x', '--kind', 'c'],
    ]) {
      const [{ error }] = shown(`${theirs}parser.parse_args(${JSON.stringify(args)})`) as [{ error: string }];
      expect(() => make().parse_args(args)).toThrow(error.replace(/^\w*Error: /, ''));
    }
  });

  it('ends the process with the usage for a mistake', () => {
    const program = `
const { argparse } = require(${JSON.stringify(join(root, 'dist', 'python', 'index.js'))});
class Mine extends argparse.ArgumentParser {}
const parser = new Mine({ prog: 'p', formatter_class: argparse.ArgumentDefaultsHelpFormatter });
parser.add_argument('--n', { type: 'int', default: 3, help: 'count' });
parser.add_argument('--flag', { action: argparse.BooleanOptionalAction });
console.log(parser instanceof Mine, parser.parse_args(['--no-flag']).flag, parser.format_help().includes('(default: 3)'));
parser.parse_args(['--n', 'x']);`;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', '-e', program], {
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([2, 'true false true\n']);
    expect(stderr).toContain("p: error: argument --n: invalid int value: 'x'");
  });

  it('says what to install when the package is missing', () => {
    const program = `
const Module = require('node:module');
const { _resolveFilename: resolve } = Module;
Module._resolveFilename = function (name, ...rest) {
  if (name === 'argparse') throw Object.assign(new Error('none'), { code: 'MODULE_NOT_FOUND' });
  return resolve.call(this, name, ...rest);
};
const { argparse } = require(${JSON.stringify(join(root, 'dist', 'python', 'index.js'))});
try { new argparse.ArgumentParser(); } catch (error) { console.log(error.message); }`;
    const { stdout } = spawnSync(process.execPath, ['--no-warnings', '-e', program], { encoding: 'utf8' });
    expect(stdout).toContain('npm install argparse');
  });
});
