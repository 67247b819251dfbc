/** Named checks whose values are printed as one JSON document, which scripts/dev/runtimes.js compares between runtimes. */
const values = {};
const failures = {};

/**
 * Runs a check. What it returns must be equal on all runtimes; what it throws is a failure.
 * @param {string} name
 * @param {() => unknown} body
 */
export async function check(name, body) {
  try {
    values[name] = (await body()) ?? true;
  } catch (error) {
    failures[name] = error instanceof Error ? `${error.message}\n${error.stack}` : String(error);
  }
}

/** @param {boolean} holds @param {string} what */
export function expect(holds, what) {
  if (!holds) throw new Error(what);
}

/** The bytes of a tensor as hexadecimal digits. @param {import('torch-node').Tensor} tensor */
export const hex = (tensor) =>
  Buffer.from(new Uint8Array(tensor.detach().contiguous().numpy().data.slice().buffer)).toString('hex');

/**
 * Ends the program with the document; workers that still run do not keep it.
 * @param {{ exit?: boolean }} [options] exit: false waits for what keeps the process alive
 */
export function report({ exit = true } = {}) {
  process.exitCode = Object.keys(failures).length === 0 ? 0 : 1;
  process.stdout.write(`${JSON.stringify({ values, failures })}\n`, () => {
    if (exit) process.exit();
  });
}
