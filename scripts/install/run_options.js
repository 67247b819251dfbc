'use strict';
/** The command line of `torch-node run`: torchrun's options, and what is wrong with them. */
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { randomBytes } = require('node:crypto');
const { createRequire } = require('node:module');
const { pathToFileURL } = require('node:url');
const { parseArgs } = require('node:util');

const run_help = `Usage: torch-node run [options] <script> [arguments of the script]

  --nproc-per-node N         processes on this machine: a number, auto, cpu or gpu (default 1)
  --nnodes N                 machines (default 1); MIN:MAX for a number that changes
  --node-rank N              the number of this machine (default 0); with --rdzv-backend static
  --master-addr HOST         the machine with rank 0 (default 127.0.0.1)
  --master-port PORT         where its store listens (default: a free port on one machine, 29500 on several)
  --rdzv-endpoint HOST:PORT  the same in one
  --rdzv-backend BACKEND     how machines find each other: static, by --node-rank, or c10d, which numbers those that come
  --local-addr HOST          how the others reach this machine, with c10d (default: the address that it has towards the endpoint)
  --standalone               one machine, and a free port
  --rdzv-id ID               a name of the run (default: none)
  --rdzv-conf KEY=VALUE,...  for c10d: join_timeout (seconds, default 600), last_call_timeout (30), close_timeout (30),
                             heartbeat_timeout (5), keep_alive_interval (5), keep_alive_max_attempt (3), read_timeout (60), is_host
  --role NAME                a name of the processes (default: default)
  --max-restarts N           how often all processes are started again when one has failed; on several machines with c10d (default 0)
  --shutdown-timeout SECONDS between the signal to end and SIGKILL (default 30)
  --signals-to-handle LIST   signals that end the processes (default SIGTERM,SIGINT,SIGHUP,SIGQUIT)
  --log-dir FOLDER           for the files of --redirects and --tee (default: a folder for temporary files)
  -r, --redirects WHICH      write to files: 1 stdout, 2 stderr, 3 both; or for each process, 0:1,1:3
  -t, --tee WHICH            write to files and to the console, each line with the process that wrote it
  --local-ranks-filter LIST  show these processes only, such as 0,2
  --virtual-local-rank       each process has LOCAL_RANK 0, and the GPU of its number alone in CUDA_VISIBLE_DEVICES
  --monitor-interval SECONDS is read; the end of a process is seen at once
  --start-method METHOD      is read (spawn, fork, forkserver); a script is a program of its own
  --no-python                run the script itself instead of node with it
  --help                     prints this

An option that is not given is taken from the environment, as PET_NNODES for --nnodes.
A process has RANK, LOCAL_RANK, WORLD_SIZE, LOCAL_WORLD_SIZE, GROUP_RANK, MASTER_ADDR and MASTER_PORT in its environment.`;

const text = /** @type {const} */ ({ type: 'string' });
const flag = /** @type {const} */ ({ type: 'boolean' });
const options = {
  'nproc-per-node': text,
  nnodes: text,
  'node-rank': text,
  'master-addr': text,
  'master-port': text,
  'rdzv-endpoint': text,
  'rdzv-backend': text,
  'rdzv-id': text,
  'rdzv-conf': text,
  'local-addr': text,
  standalone: flag,
  role: text,
  'max-restarts': text,
  'monitor-interval': text,
  'start-method': text,
  'shutdown-timeout': text,
  'signals-to-handle': text,
  'log-dir': text,
  redirects: { ...text, short: 'r' },
  tee: { ...text, short: 't' },
  'local-ranks-filter': text,
  'virtual-local-rank': flag,
  'no-python': flag,
  help: flag,
};

/** torchrun's options that are not here, with what to do instead. */
const absent = new Map([
  ['module', 'it names a module of Python; give the path of a script'],
  ['run-path', 'it runs a file in the interpreter of Python; give the path of a script'],
  ['event-log-handler', 'there are no events of an agent'],
  ['logs-specs', 'it names a class of Python; use --log-dir, --redirects and --tee'],
  ['numa-binding', 'start the processes with numactl by --no-python'],
  ['duplicate-stdout-filters', 'use --tee, and a filter for what it writes'],
  ['duplicate-stderr-filters', 'use --tee, and a filter for what it writes'],
]);

/** Splits the options from the script and its arguments. Names may be written with underscores. @param {string[]} args */
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
    const [given, ...value] = arg.split('=');
    const name = /** @type {string} */ (given).replace(/(?<!^-?)_/g, '-');
    const long =
      name === '-r' ? 'redirects' : name === '-t' ? 'tee' : name === '-m' ? 'module' : name.replace(/^--/, '');
    const instead = absent.get(long);
    if (instead !== undefined) throw new TypeError(`torchrun's option --${long} is not there: ${instead}`);
    const takes_value = /** @type {any} */ (options)[long]?.type === 'string';
    if (takes_value && value.length === 0 && i + 1 < args.length) own.push(`--${long}=${args[++i]}`);
    else own.push([name, ...value].join('='));
  }
  return { own, rest: args.slice(i) };
}

/** What options are that were not given: `PET_NNODES` and the like. @returns {Record<string, string | boolean>} */
function from_environment() {
  /** @type {Record<string, string | boolean>} */
  const values = {};
  for (const [name, { type }] of Object.entries(options)) {
    const given = process.env[`PET_${name.replaceAll('-', '_').toUpperCase()}`];
    if (given !== undefined && name !== 'help') values[name] = type === 'boolean' ? Number(given) !== 0 : given;
  }
  return values;
}

/** How options must be written, and whether they are. @type {Map<string, readonly [string, (given: string) => boolean]>} */
const written = new Map([
  ...['node-rank', 'master-port', 'max-restarts', 'shutdown-timeout'].map(
    (name) =>
      /** @type {const} */ ([
        name,
        /** @type {const} */ (['an integer', (/** @type {string} */ given) => /^\s*[+-]?\d+\s*$/.test(given)]),
      ]),
  ),
  ['monitor-interval', ['a number', (given) => given.trim() !== '' && !Number.isNaN(Number(given))]],
  ['start-method', ['spawn, fork or forkserver', (given) => ['spawn', 'fork', 'forkserver'].includes(given)]],
]);

/** As torchrun does, which ends with 2 for these, and with 1 for values that are out of range. @param {readonly (readonly [string, unknown])[]} given */
function check_written(given) {
  for (const [name, value] of given) {
    const [kind, is_kind] = written.get(name) ?? [];
    if (is_kind?.(String(value)) === false) throw new TypeError(`--${name} must be ${kind}, not '${value}'`);
  }
}

/** @param {string | undefined} given @param {string} name @param {number} fallback @param {number} least @param {number} [most] */
function count(given, name, fallback, least, most = Number.MAX_SAFE_INTEGER) {
  if (given === undefined) return fallback;
  const number = Number(given);
  if (number < least || number > most) {
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw wrong(`--${name} must be an integer ${range}, not '${given}'`);
  }
  return number;
}

/** An option whose value is out of range. @param {string} message */
const wrong = (message) => new Error(`torch-node: ${message}`);

/** Numbers of processes, such as `0,2`. @param {string | undefined} given @param {number} local_size */
function ranks_of(given, local_size) {
  if (given === undefined || given === '') return undefined;
  if (!/^\d+(,\d+)*$/.test(given)) throw wrong(`--local-ranks-filter must be like 0,2, not '${given}'`);
  const ranks = given.split(',').map(Number);
  const outside = ranks.find((rank) => rank >= local_size);
  if (outside !== undefined) {
    throw wrong(`--local-ranks-filter: there is no local rank ${outside} of ${local_size} processes`);
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
    if (given === 'gpu') throw wrong('--nproc-per-node gpu: there is no GPU');
    return os.availableParallelism();
  }
  if (given !== undefined && !/^\s*\+?0*[1-9]\d*\s*$/.test(given)) {
    throw wrong(`--nproc-per-node must be auto, cpu, gpu or an integer of at least 1, not '${given}'`);
  }
  return Number(given ?? 1);
}

/** How many machines: `2` or `2:4`. @param {string | undefined} given @returns {[least: number, most: number]} */
function machines(given = '1') {
  const match = /^\s*(\d+)\s*(?::\s*(\d+)\s*)?$/.exec(given);
  const [least, most] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])];
  if (match === null || least < 1 || most < least) {
    throw wrong(`--nnodes must be an integer of at least 1, or MIN:MAX, not '${given}'`);
  }
  return [least, most];
}

/** `3` for all processes, or `0:1,1:3`; bits: 1 stdout, 2 stderr. @param {string | undefined} given @param {string} name */
function streams(given, name) {
  if (given === undefined) return () => 0;
  if (/^[0-3]$/.test(given)) return () => Number(given);
  if (!/^\d+:[0-3](,\d+:[0-3])*$/.test(given)) {
    throw wrong(`--${name} must be 0 to 3, or like 0:1,1:3, not '${given}'`);
  }
  const by_rank = new Map(
    given.split(',').map((pair) => /** @type {[number, number]} */ (pair.split(':').map(Number))),
  );
  return (/** @type {number} */ local) => by_rank.get(local) ?? 0;
}

/** @param {string | undefined} given @returns {NodeJS.Signals[]} */
function signals(given = 'SIGTERM,SIGINT,SIGHUP,SIGQUIT') {
  return given.split(',').map((part) => {
    const name = part.trim();
    if (!Object.hasOwn(os.constants.signals, name) || name === 'SIGKILL' || name === 'SIGSTOP') {
      throw wrong(`--signals-to-handle must name signals that can be handled, not '${name}'`);
    }
    return /** @type {NodeJS.Signals} */ (name);
  });
}

/** The pairs of --rdzv-conf. @param {string | undefined} given @returns {Map<string, string>} */
function configuration(given = '') {
  const pairs = new Map();
  if (given.trim() === '') return pairs;
  for (const pair of given.trim().split(',')) {
    const [key = '', ...value] = pair.split('=');
    if (key.trim() === '') throw wrong(`--rdzv-conf must be like key=value,key=value, not '${given}'`);
    if (value.join('=').trim() === '') throw wrong(`--rdzv-conf: the option '${key.trim()}' needs a value`);
    pairs.set(key.trim(), value.join('=').trim());
  }
  return pairs;
}

/** What --rdzv-conf may say to c10d, and what is there without it; times are seconds. */
const by_default = {
  join_timeout: 600,
  last_call_timeout: 30,
  close_timeout: 30,
  heartbeat_timeout: 5,
  keep_alive_interval: 5,
  keep_alive_max_attempt: 3,
  read_timeout: 60,
};

/** @param {string | undefined} given */
function is_host_of(given) {
  if (given === undefined) return null;
  const truth = ['1', 'true', 't', 'yes', 'y'].includes(given.toLowerCase());
  if (truth || ['0', 'false', 'f', 'no', 'n'].includes(given.toLowerCase())) return truth;
  throw wrong(`--rdzv-conf: is_host must be true or false, not '${given}'`);
}

/**
 * How a changing number of machines meets, or one that is fixed, by c10d.
 * @param {Record<string, any>} values @param {[least: number, most: number]} nodes @param {ReadonlyMap<string, string>} conf @param {number} local_size
 * @returns {Elastic}
 */
function elastic_of(values, [min_nodes, max_nodes], conf, local_size) {
  const numbers = { ...by_default };
  for (const [key, value] of conf) {
    if (Object.hasOwn(by_default, key)) {
      if (!/^\+?0*[1-9]\d*$/.test(value)) throw wrong(`--rdzv-conf: ${key} must be a positive integer, not '${value}'`);
      numbers[/** @type {keyof typeof by_default} */ (key)] = Number(value);
    } else if (key === 'store_type' ? value.toLowerCase() !== 'tcp' : key !== 'is_host') {
      throw wrong(`--rdzv-conf: there is no ${key}=${value} for c10d; see torch-node run --help`);
    }
  }
  const { host, port = 29400 } = endpoint_of(values['rdzv-endpoint'] ?? '') ?? { host: 'localhost' };
  if (port === 0) throw wrong(`--rdzv-endpoint needs a port where several machines meet`);
  const { keep_alive_max_attempt, ...seconds } = numbers;
  const times = Object.entries(seconds).map(([key, value]) => [key, 1000 * value]);
  return {
    ...Object.fromEntries(times),
    keep_alive_max_attempt,
    run_id: values['rdzv-id'] ?? 'none',
    min_nodes,
    max_nodes,
    host,
    port,
    is_host: is_host_of(conf.get('is_host')),
    local_addr: values['local-addr'] ?? null,
    role: values['role'] ?? 'default',
    local_size,
    use_agent_store: process.env['TORCH_DISABLE_SHARE_RDZV_TCP_STORE'] !== '1',
  };
}

/** The parts of --rdzv-endpoint; undefined where it is empty. @param {string} endpoint @returns {{ host: string, port?: number } | undefined} */
function endpoint_of(endpoint) {
  if (endpoint === '') return undefined;
  const match = /^(\[[^\]]+\]|[^:]+|[^:]*:[^:]*:.*?)(?::(\d+))?$/.exec(endpoint);
  const port = match?.[2] === undefined ? undefined : Number(match[2]);
  if (match === null || (port !== undefined && port > 65535)) {
    throw wrong(`--rdzv-endpoint must be HOST or HOST:PORT with a port from 0 to 65535, not '${endpoint}'`);
  }
  const host = /** @type {string} */ (match[1]).replace(/^\[|\]$/g, '');
  return { host, ...(port !== undefined && { port }) };
}

/**
 * Where rank 0 listens. @param {Record<string, any>} values @param {number} nodes
 * @returns {{ address: string, port: number | undefined }}
 */
function meeting_point(values, nodes) {
  // As in torchrun, no other option says then where.
  if (values.standalone) return { address: '127.0.0.1', port: undefined };
  const fallback = nodes === 1 ? undefined : 29500;
  const endpoint = endpoint_of(values['rdzv-endpoint'] ?? '');
  if (endpoint === undefined) {
    const port = values['master-port'] && count(values['master-port'], 'master-port', 0, 1, 65535);
    return { address: values['master-addr'] ?? '127.0.0.1', port: port ?? fallback };
  }
  return { address: endpoint.host, port: endpoint.port === 0 ? fallback : (endpoint.port ?? fallback) };
}

/**
 * How machines find each other; whether their number may change, or they number themselves.
 * @param {Record<string, any>} values @param {[least: number, most: number]} nodes
 */
function is_elastic(values, [least, most]) {
  if (values.standalone) {
    // torchrun waits then for machines that cannot come, until its rendezvous times out.
    if (least > 1) throw wrong(`--standalone is for one machine, not for --nnodes ${values.nnodes}`);
    return false;
  }
  const backend = values['rdzv-backend'] ?? 'static';
  if (backend !== 'static' && backend !== 'c10d') {
    throw wrong(`--rdzv-backend ${backend} is not there: use c10d, or static with --node-rank on each machine`);
  }
  if (backend === 'c10d') return most > 1;
  if (least !== most) {
    throw wrong(`--nnodes ${values.nnodes}: a number of machines that changes needs --rdzv-backend c10d`);
  }
  return false;
}

/** The folder for the logs of this run, which is made. @param {string | undefined} given @param {string} run_id @param {boolean} writes */
function log_folder(given, run_id, writes) {
  if (given === undefined && !writes) return undefined;
  const base = given ?? fs.mkdtempSync(path.join(os.tmpdir(), 'torch-node-run-'));
  const folder = path.join(base, `${run_id}_${randomBytes(4).toString('hex')}`);
  // Before any process is started, as none may be left when there is no place for logs.
  try {
    make_folder(folder);
    fs.accessSync(folder, fs.constants.W_OK | fs.constants.X_OK);
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    throw new Error(`torch-node: --log-dir: cannot make the folder ${folder}: ${message}`, { cause: error });
  }
  return folder;
}

/** Whether there is a script; Node also runs a folder that it finds one in. @param {string} script */
function check_script(script) {
  if (!fs.existsSync(script)) throw wrong(`run: there is no file ${script}`);
  if (!fs.statSync(script).isDirectory()) return;
  try {
    require.resolve(path.resolve(script));
  } catch {
    throw wrong(`run: ${script} is a folder without a script: neither an index.js nor a package.json with "main"`);
  }
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
 * What agents of an elastic launch know of it (lib/distributed/elastic/agent_thread.ts); times are milliseconds.
 * @typedef {{ run_id: string, min_nodes: number, max_nodes: number, host: string, port: number, is_host: boolean | null, local_addr: string | null,
 *   role: string, local_size: number, use_agent_store: boolean, close_timeout: number }} Elastic
 */

/**
 * @typedef {object} Job
 * @property {Elastic | undefined} elastic
 * @property {number} local_size
 * @property {number} nodes
 * @property {number} node_rank
 * @property {string} address
 * @property {number | undefined} port
 * @property {string} run_id
 * @property {string} role
 * @property {number} max_restarts
 * @property {number} shutdown
 * @property {NodeJS.Signals[]} signals
 * @property {string | undefined} logs
 * @property {boolean} writes
 * @property {(local: number) => number} redirects
 * @property {(local: number) => number} tee
 * @property {ReadonlySet<number> | undefined} shown
 * @property {boolean} virtual_local_rank
 * @property {string} command
 * @property {string[]} args
 */

/** @param {string[]} args @returns {Job | null} */
function read(args) {
  const { own, rest } = split(args);
  const { values: parsed, tokens } = parseArgs({ args: own, options, strict: true, tokens: true });
  if (parsed.help) return null;
  const around = from_environment();
  check_written([
    ...Object.entries(around),
    ...tokens.flatMap((each) => ('name' in each ? [/** @type {const} */ ([each.name, each.value])] : [])),
  ]);
  const values = /** @type {typeof parsed} */ ({ ...around, ...parsed });
  const [script, ...script_args] = rest;
  if (script === undefined || script === '') throw new TypeError('run: a script is required');
  const conf = configuration(values['rdzv-conf']);
  const range = machines(values.nnodes);
  const elastic = is_elastic(values, range);
  if (values['local-addr'] !== undefined && !elastic) {
    throw wrong(
      '--local-addr is for --rdzv-backend c10d on several machines: use --master-addr, and GLOO_SOCKET_IFNAME',
    );
  }
  const nodes = values.standalone ? 1 : range[1];
  const node_rank = elastic ? 0 : count(values['node-rank'], 'node-rank', 0, 0);
  if (node_rank >= nodes) throw wrong(`--node-rank ${node_rank} must be less than --nnodes ${nodes}`);
  const max_restarts = count(values['max-restarts'], 'max-restarts', 0, 0);
  if (max_restarts > 0 && nodes > 1 && !elastic) {
    throw wrong('--max-restarts on several machines needs --rdzv-backend c10d, by which they start again together');
  }
  const local_size = processes(values['nproc-per-node']);
  const { address, port } = meeting_point(values, nodes);
  const redirects = streams(values.redirects, 'redirects');
  const tee = streams(values.tee, 'tee');
  const writes = Array.from({ length: local_size }, (_, i) => redirects(i) | tee(i)).some((bits) => bits !== 0);
  const run_id = values['rdzv-id'] ?? 'none';
  const shown = ranks_of(values['local-ranks-filter'], local_size);
  const shutdown = 1000 * count(values['shutdown-timeout'], 'shutdown-timeout', 30, 0);
  const handled = signals(values['signals-to-handle']);
  if (values['no-python'] !== true) check_script(script);
  const { command, before } = values['no-python'] ? { command: script, before: [] } : command_of(script);
  return {
    elastic: elastic ? elastic_of(values, range, conf, local_size) : undefined,
    local_size,
    nodes,
    node_rank,
    address,
    port,
    run_id,
    role: values.role ?? 'default',
    max_restarts,
    shutdown,
    signals: handled,
    logs: log_folder(values['log-dir'], run_id, writes),
    writes,
    redirects,
    tee,
    shown,
    virtual_local_rank: values['virtual-local-rank'] === true,
    command,
    args: [...before, ...script_args],
  };
}

module.exports = { make_folder, read, run_help };
