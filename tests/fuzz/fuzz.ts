/**
 * Calls random functions with random arguments: `npm run fuzz -- [--seconds N] [--seed N]`. Every outcome must be a result or
 * a JavaScript Error: a crash, a hang, anything else that is thrown, or memory that does not come back is a failure.
 *
 * The calls run in a process of their own, which writes down each one before it makes it.
 */
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const longest_call_ms = 60_000;
const most_growth_mb = 1500;
// Errors of the JavaScript engine from inside this package, instead of our own.
const unclear =
  /Cannot (read|set) propert|is not a function|is not iterable|Cannot convert|Cannot mix BigInt|Maximum call stack/;

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    child: { type: 'string' },
    skip: { type: 'string', default: '' },
    help: { type: 'boolean' },
  },
});
if (options.help) {
  console.log('usage: npm run fuzz -- [--seconds N] [--seed N]');
  process.exit(0);
}

/** In the child: calls until the time is over. */
async function call_until(file: string, seconds: number, seed: number): Promise<void> {
  const torch = await import('torch-node');
  const { Dice, random_call, targets } = await import('./calls.js');
  const { known_crashes } = await import('./known_crashes.js');
  const dice = new Dice(seed);
  const list = targets(new Set([...known_crashes.keys(), ...options.skip.split(',')]));
  const log = openSync(file, 'w');
  const end = Date.now() + seconds * 1000;
  let results = 0;
  let errors = 0;
  const start = process.memoryUsage().rss;
  // A function of its own, so that nothing of the last call is alive when memory is measured.
  const make_call = (): void => {
    const call = random_call(dice, list);
    writeSync(log, call.text.slice(0, 1000).padEnd(1000), 0);
    try {
      call.run();
      results++;
    } catch (error) {
      if (!(error instanceof Error)) throw new Error(`${call.text} threw ${String(error)}, which is not an Error`);
      if (unclear.test(error.message))
        throw new Error(`${call.text} threw an Error that explains nothing: ${error.message}`);
      errors++;
    }
  };
  while (Date.now() < end) {
    make_call();
    // Promises and finalizers get their turn now and then.
    if ((results + errors) % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  closeSync(log);
  // What is garbage goes first, so that only what stays counts.
  for (let round = 0; round < 3; round++) {
    (globalThis as { gc?: () => void }).gc?.();
    for (let i = 0; i < 1000; i++) torch.ones(1, { requires_grad: true }).mul(2);
  }
  const growth = (process.memoryUsage().rss - start) / 2 ** 20;
  console.log(JSON.stringify({ results, errors, growth }));
}

interface Outcome {
  results: number;
  errors: number;
  growth: number;
}

/** In the parent: runs the child and watches it; what went wrong, or the counts. */
function watch(file: string, seconds: number, seed: number): Promise<Outcome | string> {
  // Memory is limited, so that asking for a lot of it is an Error and not the end of the machine.
  // Sanitizers map far more than they use.
  const limit = process.env['TORCH_NODE_SANITIZED'] === '1' ? '' : 'ulimit -v 50000000; ';
  const command =
    `${limit}exec "${process.execPath}" --expose-gc --import tsx "${fileURLToPath(import.meta.url)}" ` +
    `--child "${file}" --seconds ${seconds} --seed ${seed} --skip "${options.skip}"`;
  const child = spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let complaint = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    complaint = (complaint + data.toString()).slice(-4000);
  });
  let last = '';
  let since = Date.now();
  let hung = false;
  const clock = setInterval(() => {
    const now = last_call(file);
    if (now !== last) [last, since] = [now, Date.now()];
    if (Date.now() - since < longest_call_ms || now === '') return;
    hung = true;
    child.kill('SIGKILL');
  }, 1000);
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearInterval(clock);
      if (hung) resolve(`hangs: ${last_call(file)}`);
      else if (code !== 0) resolve(`${signal ?? `exit code ${code}`}: ${last_call(file)}\n${complaint.slice(-600)}`);
      else resolve(JSON.parse(output.trim().split('\n').pop() as string) as Outcome);
    });
  });
}

function last_call(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

async function main(): Promise<void> {
  const seconds = Number(options.seconds);
  const seed = Number(options.seed);
  if (!(seconds > 0) || !Number.isSafeInteger(seed))
    throw new Error('--seconds must be positive and --seed an integer');
  if (options.child !== undefined) return call_until(options.child, seconds, seed);
  const folder = mkdtempSync(join(tmpdir(), 'torch-node-fuzz-'));
  try {
    const outcome = await watch(join(folder, 'last-call'), seconds, seed);
    if (typeof outcome === 'string') throw new Error(`fuzz --seed ${seed}: ${outcome}`);
    const { results, errors, growth } = outcome;
    console.log(
      `fuzz --seed ${seed}: ${results + errors} calls, ${results} results, ${errors} errors, memory +${Math.max(0, growth).toFixed(0)} MB`,
    );
    if (growth > most_growth_mb) throw new Error(`memory grew by ${growth.toFixed(0)} MB`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
