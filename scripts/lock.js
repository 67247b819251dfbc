'use strict';
/** A lock between processes: a file that names its holder. A lock whose holder is gone is taken over. */
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
    // A link is made whole or not at all: nobody reads a lock without its holder.
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
 * Does something while no other process does it under the same lock.
 * @template T @param {string} file @param {() => Promise<T>} action @returns {Promise<T>}
 */
async function locked(file, action) {
  for (let told = false; !try_to_take(file); await sleep(200)) {
    const holder = holder_of(file);
    if (holder !== null && !is_running(holder)) fs.rmSync(file, { force: true });
    else if (!told) console.error(`torch-node: waiting for process ${holder}, which does the same`), (told = true);
  }
  try {
    return await action();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

module.exports = { locked };
