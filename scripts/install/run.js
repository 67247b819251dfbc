'use strict';
/**
 * `torch-node run`: starts the processes of a group on this machine, as `torchrun` does. It needs neither libtorch nor the addon, but for
 * elastic launches: a process finds its number and the others in its environment.
 */
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { spawn } = require('node:child_process');

const { Meeting } = require('./run_meeting.js');
const { make_folder, read, run_help } = require('./run_options.js');

/** @typedef {import('./run_options.js').Job} Job */
/** @typedef {import('./run_meeting.js').Place} Place */

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

/** The GPU of a process, among those that this one may see. @param {number} local */
function gpu_of(local) {
  const visible = process.env['CUDA_VISIBLE_DEVICES'];
  if (visible === undefined) return String(local);
  const gpu = visible.split(',')[local];
  if (gpu === undefined) {
    throw new Error(`torch-node: local rank ${local} exceeds the GPUs of CUDA_VISIBLE_DEVICES=${visible}`);
  }
  return gpu.trim();
}

/** The place of a machine whose number is given. @param {Job} job @returns {Promise<Place>} */
async function fixed_place(job) {
  const first = job.node_rank * job.local_size;
  const size = job.nodes * job.local_size;
  return {
    group_rank: job.node_rank,
    group_size: job.nodes,
    first_rank: first,
    size,
    first_role_rank: first,
    role_size: size,
    address: job.address,
    port: job.port ?? (await free_port()),
  };
}

/** @param {Job} job @param {number} local @param {Place} place @param {number} attempt */
function start(job, local, place, attempt) {
  const rank = place.first_rank + local;
  const env = {
    ...process.env,
    RANK: String(rank),
    LOCAL_RANK: job.virtual_local_rank ? '0' : String(local),
    WORLD_SIZE: String(place.size),
    LOCAL_WORLD_SIZE: String(job.local_size),
    GROUP_RANK: String(place.group_rank),
    GROUP_WORLD_SIZE: String(place.group_size),
    ROLE_NAME: job.role,
    ROLE_RANK: String(place.first_role_rank + local),
    ROLE_WORLD_SIZE: String(place.role_size),
    MASTER_ADDR: place.address,
    MASTER_PORT: String(place.port),
    TORCHELASTIC_RESTART_COUNT: String(attempt),
    TORCHELASTIC_MAX_RESTARTS: String(job.max_restarts),
    TORCHELASTIC_RUN_ID: job.run_id,
    TORCHELASTIC_USE_AGENT_STORE: job.elastic?.use_agent_store ? 'True' : 'False',
    TORCHELASTIC_SIGNALS_TO_HANDLE: job.signals.join(','),
    TORCH_NCCL_ASYNC_ERROR_HANDLING: process.env['TORCH_NCCL_ASYNC_ERROR_HANDLING'] ?? '1',
  };
  if (job.virtual_local_rank) Object.assign(env, { CUDA_VISIBLE_DEVICES: gpu_of(local) });
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
 * What ends processes: a signal that this process gets, or their agent.
 * @typedef {{ signal: NodeJS.Signals | null, stopped: boolean, stop: (signal: NodeJS.Signals) => void }} Control
 */

/**
 * Runs all processes once. When one fails, the others are told to end.
 * @param {Job} job @param {Place} place @param {number} attempt @param {Control} control
 * @returns {Promise<Failure | null>} the first failure
 */
async function attempt_job(job, place, attempt, control) {
  for (let local = 0; local < job.local_size; local++) {
    const folder = folder_of(job, local, attempt);
    if (folder !== undefined) make_folder(folder);
    if (job.virtual_local_rank) gpu_of(local);
  }
  const workers = Array.from({ length: job.local_size }, (_, local) => start(job, local, place, attempt));
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
            if (code !== 0 && failure === null && !control.stopped) {
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

/** A machine that is alone, or whose number is given. @param {Job} job @param {Control} control @returns {Promise<Failure | null>} */
async function run_fixed(job, control) {
  for (let attempt = 0; ; attempt++) {
    const failure = await attempt_job(job, await fixed_place(job), attempt, control);
    if (failure === null || control.stopped) return null;
    report(job, failure);
    if (attempt >= job.max_restarts) return failure;
    console.error(`torch-node: starting all processes again (${attempt + 1} of ${job.max_restarts} times)`);
  }
}

/**
 * Runs processes until all machines are done: again when one fails here, as often as that is allowed, and when machines come.
 * @param {Job} job @param {Meeting} meeting @param {Control} control @returns {Promise<Failure | null>}
 */
async function run_rounds(job, meeting, control) {
  for (let attempt = 0; ; ) {
    control.stop = () => meeting.interrupt();
    const place = await meeting.join(await free_port());
    let waiting = 0;
    /** @type {Error | undefined} */
    let lost;
    const stop = () => {
      control.stopped = true;
      control.stop('SIGTERM');
    };
    const ended = attempt_job(job, place, attempt, control);
    meeting.watch(
      (count) => {
        waiting = count;
        stop();
      },
      (error) => {
        lost = error;
        stop();
      },
    );
    const failure = await ended;
    meeting.watch();
    control.stop = () => meeting.interrupt();
    if (control.signal !== null) return null;
    control.stopped = false;
    if (failure === null) {
      if (lost !== undefined) throw lost;
      if (waiting === 0) {
        await meeting.finished();
        return null;
      }
      console.error(
        `torch-node: starting all processes again, as ${waiting} more machine${waiting > 1 ? 's' : ''} came`,
      );
      continue;
    }
    report(job, failure);
    if (attempt >= job.max_restarts) return failure;
    attempt++;
    console.error(`torch-node: starting all processes again (${attempt} of ${job.max_restarts} times)`);
  }
}

/** @param {Job} job @param {import('./run_options.js').Elastic} elastic @param {Control} control @returns {Promise<Failure | null>} */
async function run_elastic(job, elastic, control) {
  const meeting = new Meeting(elastic);
  let closed = false;
  try {
    const failure = await run_rounds(job, meeting, control);
    closed = failure === null && control.signal === null;
    return failure;
  } catch (error) {
    if (control.signal !== null) return null;
    if (/** @type {any} */ (error).kind !== 'surplus') throw error;
    console.error(/** @type {Error} */ (error).message);
    return null;
  } finally {
    // Where this machine alone is told to end, the others may go on.
    if (!closed) await meeting.say(control.signal === null ? 'close' : 'leave');
    await meeting.end();
  }
}

/** @param {string[]} args */
async function run(args) {
  const job = read(args);
  if (job === null) {
    console.log(run_help);
    return;
  }
  if (job.logs !== undefined && job.writes) console.error(`torch-node: logs are in ${job.logs}`);
  /** @type {Control} */
  const control = { signal: null, stopped: false, stop: () => undefined };
  for (const signal of job.signals) {
    process.on(signal, () => {
      control.signal = signal;
      control.stopped = true;
      control.stop(signal);
    });
  }
  const failure = await (job.elastic ? run_elastic(job, job.elastic, control) : run_fixed(job, control));
  if (control.signal !== null) process.exitCode = 128 + os.constants.signals[control.signal];
  else if (failure !== null) process.exitCode = failure.code ?? 1;
}

module.exports = { run, run_help };
