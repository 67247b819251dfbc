'use strict';
/**
 * What `torch-node doctor` runs in a process of its own, since a broken library can end a process: opens each library,
 * looks for a CUDA driver, and trains a tiny model. Prints one line of JSON a step; the first argument is the main file
 * to load.
 */
const path = require('node:path');
const { find_loader } = require('./addon.js');
const { search } = require('./libtorch.js');

/** @param {string} step @param {() => object | void} action */
function attempt(step, action) {
  let result;
  try {
    result = { step, ok: true, ...action() };
  } catch (error) {
    result = { step, ok: false, reason: /** @type {Error} */ (error).message };
  }
  // A synchronous write: the line is out before the next step can crash.
  require('node:fs').writeSync(1, `${JSON.stringify(result)}\n`);
  return result.ok;
}

const driver = process.platform === 'win32' ? 'nvcuda.dll' : 'libcuda.so.1';

/** Three steps of SGD on a line: the loss must fall. */
function train() {
  const torch = require(path.join(__dirname, '..', '..'));
  const x = torch.linspace(-1, 1, 16).unsqueeze(1);
  const y = x.mul(2).add(1);
  const model = new torch.nn.Linear(1, 1);
  const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.1 });
  const losses = Array.from({ length: 3 }, () => {
    const loss = torch.nn.functional.mse_loss(model(x), y);
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    return loss.item();
  });
  if (!(losses[2] < losses[0])) throw new Error(`the loss does not fall: ${losses.join(', ')}`);
  const { libtorch: version, debug, cuda, hip } = torch.version;
  const available = { cuda_available: torch.cuda.is_available(), xpu_available: torch.xpu.is_available() };
  return {
    losses,
    devices: torch.cuda.device_count(),
    torch: { version, debug, cuda, hip, ...available, xnnpack: torch.backends.xnnpack.enabled },
  };
}

function main() {
  const file = find_loader();
  const loader = file === null ? null : require(file);
  if (process.platform !== 'darwin' && loader)
    attempt('driver', () => {
      loader.open([driver]);
    });
  const { found } = search();
  if (loader === null || found === null) return;
  for (const library of found.libraries) {
    if (
      !attempt(`open ${library}`, () => {
        loader.open([library]);
      })
    )
      return;
  }
  attempt('train', train);
}

main();
