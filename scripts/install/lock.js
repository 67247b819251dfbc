'use strict';
/** A lock between processes: a file that names its holder. A lock whose holder has ended is taken over. */
const fs = require('node:fs');
const { setTimeout: sleep } = require('node:timers/promises');

/** @param {string} file */
function holder_of(file) {
  try {
    return Number(fs.readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** @param {number} pid */
function is_running(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** @param {string} file */
function try_to_take(file) {
  const own = `${file}.${process.pid}`;
  fs.writeFileSync(own, String(process.pid));
  try {
    // A link is created atomically, so no process reads a lock without its holder.
    fs.linkSync(own, file);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    return false;
  } finally {
    fs.rmSync(own);
  }
}

/**
 * Takes a lock, also from a holder that has ended. Returns whether it succeeded.
 * @param {string} file
 */
function take(file) {
  if (try_to_take(file)) return true;
  const holder = holder_of(file);
  if (holder === null || is_running(holder)) return false;
  release(file);
  return try_to_take(file);
}

/** @param {string} file */
function release(file) {
  fs.rmSync(file, { force: true });
}

/**
 * Runs a function while holding a lock.
 * @template T @param {string} file @param {() => Promise<T>} action @returns {Promise<T>}
 */
async function locked(file, action) {
  for (let announced = false; !take(file); await sleep(200)) {
    if (!announced) console.error(`torch-node: waiting for process ${holder_of(file)}, which does the same`);
    announced = true;
  }
  try {
    return await action();
  } finally {
    release(file);
  }
}

module.exports = { locked, release, take };
