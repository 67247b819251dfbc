'use strict';
/** How the agent of an elastic launch meets those of other machines: by a thread (lib/distributed/elastic/agent_thread.ts), which has the store. */
const path = require('node:path');
const { Worker } = require('node:worker_threads');

/** @typedef {import('./run_options.js').Elastic} Elastic */

/**
 * Where the processes of this machine are in the whole.
 * @typedef {object} Place
 * @property {number} group_rank the number of the machine
 * @property {number} group_size
 * @property {number} first_rank
 * @property {number} size
 * @property {number} first_role_rank
 * @property {number} role_size
 * @property {string} address
 * @property {number} port
 */

/** The launch cannot go on; or, of kind surplus, it ended without this machine. */
class MeetingError extends Error {
  /** @param {string} message @param {string} kind */
  constructor(message, kind) {
    super(`torch-node: ${message}`);
    this.kind = kind;
  }
}

// How long this machine tries to say that it leaves.
const leaving = 3000;

class Meeting {
  /** @param {Elastic} elastic */
  constructor(elastic) {
    this.elastic = elastic;
    this.worker = new Worker(path.join(__dirname, '..', '..', 'dist', 'distributed', 'elastic', 'agent_thread.js'), {
      workerData: elastic,
      execArgv: [],
    });
    /** @type {{ resolve: (place: any) => void, reject: (error: Error) => void } | undefined} */
    this.asked = undefined;
    /** @type {((waiting: number) => void) | undefined} */
    this.on_change = undefined;
    /** @type {((error: Error) => void) | undefined} */
    this.on_loss = undefined;
    this.worker.on('message', (answer) => this.take(answer));
    this.worker.on('error', (error) => this.answer({ kind: 'thread', message: error.message }));
  }

  /** @param {any} answer */
  take(answer) {
    switch (answer.event) {
      case 'done':
        this.asked?.resolve(answer.place);
        this.asked = undefined;
        break;
      case 'failed':
        this.answer(answer);
        break;
      case 'changed':
        this.on_change?.(answer.waiting);
        break;
      case 'lost':
        this.on_loss?.(new MeetingError(answer.message, answer.kind));
        break;
    }
  }

  /** @param {{ kind: string, message: string }} error */
  answer({ kind, message }) {
    this.asked?.reject(new MeetingError(message, kind));
    this.asked = undefined;
  }

  /** @param {string} ask @param {number} [free_port] @returns {Promise<any>} */
  ask(ask, free_port) {
    return new Promise((resolve, reject) => {
      this.asked = { resolve, reject };
      this.worker.postMessage({ ask, free_port });
    });
  }

  /** Takes part in the next round. @param {number} free_port @returns {Promise<Place>} */
  join(free_port) {
    return this.ask('join', free_port);
  }

  /** What is called when other machines wait, and when the store is lost; without arguments, nothing is. @param {(waiting: number) => void} [on_change] @param {(error: Error) => void} [on_loss] */
  watch(on_change, on_loss) {
    this.on_change = on_change;
    this.on_loss = on_loss;
  }

  /** Waits until the processes of all machines have ended, and says that the launch has. @returns {Promise<void>} */
  finished() {
    return this.ask('finished');
  }

  /** Ends what is waited for. */
  interrupt() {
    this.answer({ kind: 'signal', message: 'interrupted by a signal' });
  }

  /** Says that the launch has ended, or that this machine leaves it; as far as the store can be reached. @param {'close' | 'leave'} ask */
  async say(ask) {
    const timeout = setTimeout(() => this.interrupt(), ask === 'leave' ? leaving : this.elastic.close_timeout);
    await this.ask(ask).catch(() => undefined);
    clearTimeout(timeout);
  }

  async end() {
    await this.worker.terminate();
  }
}

module.exports = { Meeting };
