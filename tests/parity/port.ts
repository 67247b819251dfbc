/**
 * `npm run parity:port -- [--show] [FILE.py...]`: ports the programs of tests/programs/ and tests/port/constructs/, or those that are
 * named, and prints for each whether it was ported, type-checks, runs, and prints what Python prints. `--corpus FOLDER` takes the
 * programs of a folder and of those in it, with the modules beside them that they import, each in a process of its own, for
 * `--seconds` (120) at most: those that Python itself does not finish (a module or a file is missing there) are named and not counted.
 * `--python PATH` is that Python, `--args FILE` a JSON of arguments by path within the folder, `--data FOLDER` one that both find at
 * `../../data`, `../data`, `data` and `mnist`. Addresses of objects do not count.
 */
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';

import { root } from '../package_root.js';
import {
  make_folder,
  type Place,
  port_source,
  read,
  run_port,
  run_ported,
  run_python,
  run_python_alone,
  type_errors,
} from '../port/run.js';

const args = process.argv.slice(2);
const show = args.includes('--show');
/** The value of an option, which is taken out of the arguments. */
const option = (name: string): string | undefined => {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args.splice(at, 2)[1];
};
const corpus = option('--corpus');
const data = option('--data');
const python_path = option('--python');
const args_of = JSON.parse(((file) => (file === undefined ? '{}' : read(file)))(option('--args'))) as Record<
  string,
  string[]
>;
const limit = Number(option('--seconds') ?? 120) * 1000;
const of_corpus = (from: string): string[] =>
  readdirSync(from, { withFileTypes: true }).flatMap((one) =>
    one.isDirectory() ? of_corpus(join(from, one.name)) : one.name.endsWith('.py') ? [join(from, one.name)] : [],
  );
const given = [...args.filter((arg) => !arg.startsWith('--')), ...(corpus === undefined ? [] : of_corpus(corpus))].map(
  (arg) => resolve(arg),
);
const label = (file: string): string => (corpus === undefined ? basename(file) : relative(corpus, file));
const in_folder = (folder: string): string[] =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.py'))
    .map((name) => join(root, folder, name));
const files = given.length > 0 ? given : [...in_folder('tests/programs'), ...in_folder('tests/port/constructs')];

/** Ports a script with what it imports of the modules beside it, into a folder. */
function port_beside(file: string, out: string): { text: string; places: Place[] } {
  mkdirSync(out);
  const write = process.stderr.write;
  let report = '';
  process.stderr.write = ((text: string) => {
    report += text;
    return true;
  }) as typeof write;
  try {
    run_port([file], { out, report: 'json' });
  } finally {
    process.stderr.write = write;
  }
  const reports = JSON.parse(report) as { places: Place[]; error: { message: string } | null }[];
  const failed = reports.find(({ error }) => error !== null);
  if (failed) throw new Error(failed.error!.message);
  return { text: read(join(out, `${basename(file, '.py')}.ts`)), places: reports.flatMap(({ places }) => places) };
}

const { folder, remove } = make_folder();
const ported = files.map((file, i) => {
  const number = String(i).padStart(3, '0');
  const name = corpus === undefined ? `${number}_${basename(file, '.py')}.ts` : `${number}/${basename(file, '.py')}.ts`;
  try {
    const { text, places } = corpus === undefined ? port_source(read(file)) : port_beside(file, join(folder, number));
    // Seeds as in Python's side of the comparison, which runs all programs in one process.
    const arrays =
      corpus === undefined ? '' : "import * as arrays__ from 'torch-node/numpy';\narrays__.random.seed(0);\n";
    const seeds =
      "import * as torch__ from 'torch-node';\nimport { random as random__ } from 'torch-node/python';\nrandom__.seed(0);\ntorch__.manual_seed(0);\ntorch__.set_num_threads(1);\n";
    writeFileSync(join(folder, name), arrays + seeds + text);
    return { file, name, places, error: '' };
  } catch (error) {
    return { file, name, places: [], error: String((error as Error).stack) };
  }
});
const runnable = ported.filter((one) => one.error === '');
const errors = type_errors(
  folder,
  runnable.map((one) => one.name),
);
const expected = corpus === undefined ? run_python(runnable.map((one) => one.file)) : [];
let finished_there = 0;
const counts = { ported: 0, checks: 0, runs: 0, same: 0 };
const word = (good: boolean): string => (good ? 'yes' : 'NO ');
let next = 0;
const rows: string[] = [];
async function worker(): Promise<void> {
  while (next < ported.length) {
    const one = ported[next++]!;
    const place = runnable.indexOf(one);
    const left_out = one.places.filter(({ kind }) => kind === 'left out');
    const given = args_of[label(one.file)] ?? [];
    const cwd = corpus === undefined ? folder : join(folder, `run_${place}`, 'here');
    if (corpus !== undefined) {
      mkdirSync(cwd, { recursive: true });
      mkdirSync(`${cwd}_python`, { recursive: true });
      if (data !== undefined)
        for (const at of [
          join(cwd, '..', 'data'),
          ...[cwd, `${cwd}_python`].flatMap((place) => [join(place, 'data'), join(place, 'mnist')]),
        ])
          symlinkSync(resolve(data), at);
      const there = await run_python_alone(one.file, `${cwd}_python`, limit, given, python_path);
      if (there.status !== 0) {
        const why = there.status === null ? 'does not end in time' : (there.stderr.trim().split('\n').at(-1) ?? '');
        const left = one.error !== '' || one.places.some(({ kind }) => kind === 'left out');
        rows.push(
          `${label(one.file).padEnd(28)} ported ${word(!left)} type-checks ${word(place >= 0 && !errors.has(one.name))} not compared, Python: ${why}`,
        );
        continue;
      }
      expected[place] = there.stdout.replaceAll(/ object at 0x[0-9a-f]+>/g, '>');
    }
    finished_there++;
    const ran =
      place < 0
        ? { status: 1, stdout: '', stderr: one.error }
        : await run_ported(join(folder, one.name), cwd, limit, given);
    // Where Python opens a window, show() names a file here.
    if (corpus !== undefined) ran.stdout = ran.stdout.replace(/^Figure \d+: .*\n/gm, '');
    const good = {
      ported: one.error === '' && left_out.length === 0,
      checks: place >= 0 && !errors.has(one.name),
      runs: ran.status === 0,
      same: place >= 0 && ran.status === 0 && ran.stdout === expected[place],
    };
    for (const key of ['ported', 'checks', 'runs', 'same'] as const) if (good[key]) counts[key]++;
    let row = `${label(one.file).padEnd(28)} ported ${word(good.ported)} type-checks ${word(good.checks)} runs ${word(good.runs)} same digits ${word(good.same)}`;
    if (show && !(good.ported && good.checks && good.same)) {
      for (const { line, reason } of left_out) row += `\n    ${line}: ${reason}`;
      for (const text of errors.get(one.name)?.slice(0, 5) ?? []) row += `\n    types: ${text}`;
      if (!good.runs)
        row += `\n    ${ran.stderr
          .split('\n')
          .filter((text) => /Error|^\s+at file|\.ts:\d+$/.test(text))
          .slice(0, 4)
          .join('\n    ')}`;
      else if (!good.same) {
        const [a, b] = [(expected[place] ?? '').split('\n'), ran.stdout.split('\n')];
        const at = a.findIndex((text, i) => text !== b[i]);
        row += `\n    Python: ${a[at]}\n    here:   ${b[at]}`;
      }
    }
    rows.push(row);
  }
}
async function main(): Promise<void> {
  if (data !== undefined) symlinkSync(resolve(data), join(folder, 'data'));
  await Promise.all([worker(), worker()]);
  process.stdout.write(`${rows.sort().join('\n')}\n`);
  process.stdout.write(
    `${finished_there} programs${corpus === undefined ? '' : ` that Python finishes, of ${ported.length}`}: ${counts.ported} ported, ${counts.checks} type-check, ${counts.runs} run, ${counts.same} print the same digits\n`,
  );
  if (show) process.stdout.write(`${folder}\n`);
  else remove();
  if (counts.same < finished_there) process.exitCode = 1;
}

void main();
