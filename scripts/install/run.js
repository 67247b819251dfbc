'use strict';
/**
 * `torch-node run`: starts the processes of a group on this machine, as `torchrun` does. It needs neither libtorch nor the addon: a
 * process finds its number and the others in its environment.
 */
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { spawn } = require('node:child_process');
const { randomBytes } = require('node:crypto');
const { createRequire } = require('node:module');
const { pathToFileURL } = require('node:url');
const { parseArgs } = require('node:util');

const run_help = `Usage: torch-node run [options] <script> [arguments of the script]

  --nproc-per-node N         processes on this machine: a number, auto, cpu or gpu (default 1)
  --nnodes N                 machines (default 1)
  --node-rank N              the number of this machine (default 0)
  --master-addr HOST         the machine with rank 0 (default 127.0.0.1)
  --master-port PORT         where its store listens (default: a free port on one machine, 29500 on several)
  --standalone               one machine, and a free port
  --rdzv-id ID               a name of the run (default: none)
  --role NAME                a name of the processes (default: default)
  --max-restarts N           how often all processes are started again when one has failed; on one machine (default 0)
  --shutdown-timeout SECONDS between the signal to end and SIGKILL (default 30)
  --log-dir FOLDER           for the files of --redirects and --tee (default: a folder for temporary files)
  -r, --redirects WHICH      write to files: 1 stdout, 2 stderr, 3 both; or for each process, 0:1,1:3
  -t, --tee WHICH            write to files and to the console, each line with the process that wrote it
  --local-ranks-filter LIST  show these processes only, such as 0,2
  --no-python                run the script itself instead of node with it
  --help                     prints this

A process has RANK, LOCAL_RANK, WORLD_SIZE, LOCAL_WORLD_SIZE, GROUP_RANK, MASTER_ADDR and MASTER_PORT in its environment.`;

const text = /** @type {const} */ ({ type: 'string' });
const flag = /** @type {const} */ ({ type: 'boolean' });
const options = {
  'nproc-per-node': text,
  nnodes: text,
  'node-rank': text,
  'master-addr': text,
  'master-port': text,
  standalone: flag,
  'rdzv-id': text,
  role: text,
  'max-restarts': text,
  'shutdown-timeout': text,
  'log-dir': text,
  redirects: { ...text, short: 'r' },
  tee: { ...text, short: 't' },
  'local-ranks-filter': text,
  'no-python': flag,
  help: flag,
};

/** Parts the options from the script and its arguments. Names may be written with underscores. @param {string[]} args */
function split(args) {
  let i = 0;
  const own = [];
  for (; i < args.length; i++) {
    const arg = /** @type {string} */ (args[i]);
    if (arg === '--') {
      i++;
      break;
    }
    if (!arg.startsWith('-')) break;
    const [name, ...value] = arg.split('=');
    const normal = /** @type {string} */ (name).replace(/(?<!^-?)_/g, '-');
    own.push([normal, ...value].join('='));
    const long = normal.replace(/^--/, '');
    const takes_value = normal === '-r' || normal === '-t' || /** @type {any} */ (options)[long]?.type === 'string';
    if (takes_value && value.length === 0 && i + 1 < args.length) own.push(/** @type {string} */ (args[++i]));
  }
  return { own, rest: args.slice(i) };
}

/** @param {string | undefined} given @param {string} name @param {number} fallback @param {number} least @param {number} [most] */
function count(given, name, fallback, least, most = Number.MAX_SAFE_INTEGER) {
  if (given === undefined) return fallback;
  const number = Number(given);
  if (!/^\d+$/.test(given) || number < least || number > most) {
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new TypeError(`--${name} must be an integer ${range}, not '${given}'`);
  }
  return number;
}

/** Numbers of processes, such as `0,2`. @param {string | undefined} given @param {number} local_size */
function ranks_of(given, local_size) {
  if (given === undefined) return undefined;
  if (!/^\d+(,\d+)*$/.test(given)) {
    throw new TypeError(`--local-ranks-filter must be like 0,2, not '${given}'`);
  }
  const ranks = given.split(',').map(Number);
  const outside = ranks.find((rank) => rank >= local_size);
  if (outside !== undefined) {
    throw new TypeError(`--local-ranks-filter: there is no local rank ${outside} of ${local_size} processes`);
  }
  return new Set(ranks);
}

/**
 * Makes a folder and what is above it. Not by `recursive: true`, with which Node.js tries without end where a folder exists in which none can
 * be made, as in /proc.
 * @param {string} folder
 */
function make_folder(folder) {
  if (fs.existsSync(folder)) return;
  const above = path.dirname(folder);
  if (above !== folder) make_folder(above);
  fs.mkdirSync(folder);
}

/** @param {string | undefined} given */
function processes(given) {
  if (given === 'cpu') return os.availableParallelism();
  if (given === 'auto' || given === 'gpu') {
    const gpus = require('../../dist/cuda/index.js').device_count();
    if (gpus > 0) return gpus;
    if (given === 'gpu') throw new TypeError('--nproc-per-node gpu: there is no GPU');
    return os.availableParallelism();
  }
  return count(given, 'nproc-per-node', 1, 1);
}

/** `3` for all processes, or `0:1,1:3`; bits: 1 stdout, 2 stderr. @param {string | undefined} given @param {string} name */
function streams(given, name) {
  if (given === undefined) return () => 0;
  if (/^[0-3]$/.test(given)) return () => Number(given);
  if (!/^\d+:[0-3](,\d+:[0-3])*$/.test(given))
    throw new TypeError(`--${name} must be 0 to 3, or like 0:1,1:3, not '${given}'`);
  const by_rank = new Map(
    given.split(',').map((pair) => /** @type {[number, number]} */ (pair.split(':').map(Number))),
  );
  return (/** @type {number} */ local) => by_rank.get(local) ?? 0;
}

/** @returns {Promise<number>} */
function free_port() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {net.AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

/** What runs a script: Node with the options that this process has, and for TypeScript with tsx where Node does not read it. @param {string} script */
function command_of(script) {
  const before = [...process.execArgv];
  const is_typescript = /\.[cm]?ts$/.test(script);
  if (is_typescript && !(/** @type {any} */ (process.features).typescript)) {
    let tsx;
    try {
      tsx = createRequire(path.resolve(script)).resolve('tsx');
    } catch {
      throw new TypeError(`this Node does not run TypeScript: install tsx, or a newer Node, or compile ${script}`);
    }
    before.push('--import', pathToFileURL(tsx).href);
  }
  return { command: process.execPath, before: [...before, script] };
}

/**
 * @typedef {object} Job
 * @property {number} local_size
 * @property {number} nodes
 * @property {number} node_rank
 * @property {string} address
 * @property {number | undefined} port
 * @property {string} run_id
 * @property {string} role
 * @property {number} max_restarts
 * @property {number} shutdown
 * @property {string | undefined} logs
 * @property {(local: number) => number} redirects
 * @property {(local: number) => number} tee
 * @property {ReadonlySet<number> | undefined} shown
 * @property {string} command
 * @property {string[]} args
 */

/** @param {string[]} args @returns {Job | null} */
function read(args) {
  const { own, rest } = split(args);
  const { values } = parseArgs({ args: own, options, strict: true });
  if (values.help) return null;
  const [script, ...script_args] = rest;
  if (script === undefined) throw new TypeError('run: a script is required');
  const nodes = values.standalone ? 1 : count(values.nnodes, 'nnodes', 1, 1);
  const node_rank = count(values['node-rank'], 'node-rank', 0, 0);
  if (node_rank >= nodes) throw new TypeError(`--node-rank ${node_rank} must be less than --nnodes ${nodes}`);
  const max_restarts = count(values['max-restarts'], 'max-restarts', 0, 0);
  if (max_restarts > 0 && nodes > 1) {
    throw new TypeError('--max-restarts is for one machine: on several, start the whole job again');
  }
  const local_size = processes(values['nproc-per-node']);
  const port = values.standalone ? undefined : values['master-port'];
  if (values['no-python'] !== true && !fs.existsSync(script)) throw new TypeError(`run: there is no file ${script}`);
  const { command, before } = values['no-python'] ? { command: script, before: [] } : command_of(script);
  const redirects = streams(values.redirects, 'redirects');
  const tee = streams(values.tee, 'tee');
  const writes = Array.from({ length: local_size }, (_, i) => redirects(i) | tee(i)).some((bits) => bits !== 0);
  const run_id = values['rdzv-id'] ?? 'none';
  const base = values['log-dir'] ?? (writes ? fs.mkdtempSync(path.join(os.tmpdir(), 'torch-node-run-')) : undefined);
  return {
    local_size,
    nodes,
    node_rank,
    address: values.standalone ? '127.0.0.1' : (values['master-addr'] ?? '127.0.0.1'),
    port: port === undefined ? (nodes === 1 ? undefined : 29500) : count(port, 'master-port', 0, 1, 65535),
    run_id,
    role: values.role ?? 'default',
    max_restarts,
    shutdown: 1000 * count(values['shutdown-timeout'], 'shutdown-timeout', 30, 0),
    logs: writes && base !== undefined ? path.join(base, `${run_id}_${randomBytes(4).toString('hex')}`) : undefined,
    redirects,
    tee,
    shown: ranks_of(values['local-ranks-filter'], local_size),
    command,
    args: [...before, ...script_args],
  };
}

/** Copies a stream to a file, and line by line to the console. */
class Output {
  /** @param {import('node:stream').Readable} from @param {NodeJS.WritableStream | undefined} to @param {string} prefix @param {string | undefined} file */
  constructor(from, to, prefix, file) {
    const written = file === undefined ? undefined : fs.createWriteStream(file);
    // A full disk is no reason to end the processes.
    written?.on('error', (error) => console.error(`torch-node: cannot write ${file}: ${error.message}`));
    let rest = '';
    from.on('data', (/** @type {Buffer} */ piece) => {
      written?.write(piece);
      if (to === undefined) return;
      const lines = (rest + piece.toString()).split('\n');
      rest = /** @type {string} */ (lines.pop());
      for (const line of lines) to.write(`${prefix}${line}\n`);
    });
    from.on('end', () => {
      if (rest !== '') to?.write(`${prefix}${rest}\n`);
      written?.end();
    });
  }
}

/** Where the output of a process is written, if it is. @param {Job} job @param {number} local @param {number} attempt */
function folder_of(job, local, attempt) {
  if (job.logs === undefined || (job.redirects(local) | job.tee(local)) === 0) return undefined;
  return path.join(job.logs, `attempt_${attempt}`, String(local));
}

/** @param {Job} job @param {number} local @param {number} port @param {number} attempt */
function start(job, local, port, attempt) {
  const rank = job.node_rank * job.local_size + local;
  const size = job.nodes * job.local_size;
  const env = {
    ...process.env,
    RANK: String(rank),
    LOCAL_RANK: String(local),
    WORLD_SIZE: String(size),
    LOCAL_WORLD_SIZE: String(job.local_size),
    GROUP_RANK: String(job.node_rank),
    GROUP_WORLD_SIZE: String(job.nodes),
    ROLE_NAME: job.role,
    ROLE_RANK: String(rank),
    ROLE_WORLD_SIZE: String(size),
    MASTER_ADDR: job.address,
    MASTER_PORT: String(port),
    TORCHELASTIC_RESTART_COUNT: String(attempt),
    TORCHELASTIC_MAX_RESTARTS: String(job.max_restarts),
    TORCHELASTIC_RUN_ID: job.run_id,
    TORCHELASTIC_USE_AGENT_STORE: 'False',
  };
  // Several processes that each use all cores slow each other down.
  if (job.local_size > 1 && process.env['OMP_NUM_THREADS'] === undefined) Object.assign(env, { OMP_NUM_THREADS: '1' });
  const [redirects, tee] = [job.redirects(local), job.tee(local)];
  const shown = job.shown === undefined || job.shown.has(local);
  const folder = folder_of(job, local, attempt);
  /** @param {number} bit */
  const piped = (bit) => ((redirects | tee) & bit) !== 0;
  const stdio = /** @type {import('node:child_process').StdioOptions} */ ([
    'ignore',
    piped(1) ? 'pipe' : shown ? 'inherit' : 'ignore',
    piped(2) ? 'pipe' : shown ? 'inherit' : 'ignore',
  ]);
  const child = spawn(job.command, job.args, { env, stdio });
  for (const [bit, stream, to, name] of /** @type {const} */ ([
    [1, child.stdout, process.stdout, 'stdout.log'],
    [2, child.stderr, process.stderr, 'stderr.log'],
  ])) {
    if (stream === null) continue;
    const copied = (tee & bit) !== 0 && shown ? to : undefined;
    new Output(stream, copied, `[${job.role}${local}]:`, folder && path.join(folder, name));
  }
  return { child, rank, local, folder };
}

/**
 * @typedef {{ rank: number, local: number, pid: number | undefined, code: number | null, signal: string | null, folder: string | undefined, error?: Error }} Failure
 */

/**
 * Runs all processes once. When one fails, the others are told to end.
 * @param {Job} job @param {number} attempt @param {{ signal: NodeJS.Signals | null, stop: (signal: NodeJS.Signals) => void }} control
 * @returns {Promise<Failure | null>} the first failure
 */
async function attempt_job(job, attempt, control) {
  const port = job.port ?? (await free_port());
  // Before any process is started, as none may be left when there is no place for logs.
  for (let local = 0; local < job.local_size; local++) {
    const folder = folder_of(job, local, attempt);
    if (folder === undefined) continue;
    try {
      make_folder(folder);
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      throw new Error(`torch-node: --log-dir: cannot make the folder ${folder}: ${message}`, { cause: error });
    }
  }
  const workers = Array.from({ length: job.local_size }, (_, local) => start(job, local, port, attempt));
  const alive = new Set(workers);
  /** @type {NodeJS.Timeout | undefined} */
  let killer;
  /** @param {NodeJS.Signals} signal */
  const stop = (signal) => {
    for (const { child } of alive) child.kill(signal);
    killer ??= setTimeout(() => {
      for (const { child } of alive) child.kill('SIGKILL');
    }, job.shutdown);
  };
  control.stop = stop;
  /** @type {Failure | null} */
  let failure = null;
  await Promise.all(
    workers.map(
      (worker) =>
        new Promise((/** @type {(value: void) => void} */ resolve) => {
          /** @param {number | null} code @param {string | null} signal @param {Error} [error] */
          const ended = (code, signal, error) => {
            if (!alive.delete(worker)) return;
            if (code !== 0 && failure === null && control.signal === null) {
              const { rank, local, folder, child } = worker;
              failure = { rank, local, pid: child.pid, code, signal, folder, ...(error && { error }) };
              stop('SIGTERM');
            }
            resolve();
          };
          worker.child.on('error', (error) => ended(1, null, error));
          worker.child.on('close', (code, signal) => ended(code, signal));
        }),
    ),
  );
  clearTimeout(killer);
  return failure;
}

/** @param {Job} job @param {Failure} failure */
function report(job, { rank, local, pid, code, signal, folder, error }) {
  const end = error ? error.message : signal === null ? `exit code ${code}` : signal;
  const where = folder === undefined ? '' : `; its output is in ${folder}`;
  console.error(
    `torch-node: rank ${rank} (local rank ${local}, pid ${pid ?? 'none'}) of role ${job.role} failed: ${end}${where}`,
  );
}

/** @param {string[]} args */
async function run(args) {
  const job = read(args);
  if (job === null) {
    console.log(run_help);
    return;
  }
  if (job.logs !== undefined) console.error(`torch-node: logs are in ${job.logs}`);
  /** @type {{ signal: NodeJS.Signals | null, stop: (signal: NodeJS.Signals) => void }} */
  const control = { signal: null, stop: () => undefined };
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      control.signal = signal;
      control.stop(signal);
    });
  }
  for (let attempt = 0; ; attempt++) {
    const failure = await attempt_job(job, attempt, control);
    if (control.signal !== null) {
      process.exitCode = 128 + os.constants.signals[control.signal];
      break;
    }
    if (failure === null) break;
    report(job, failure);
    if (attempt >= job.max_restarts) {
      process.exitCode = failure.code ?? 1;
      break;
    }
    console.error(`torch-node: starting all processes again (${attempt + 1} of ${job.max_restarts} times)`);
  }
}

module.exports = { run, run_help };
