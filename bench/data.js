#!/usr/bin/env node
'use strict';
/**
 * Reading images against Python's torchvision: `npm run bench:data -- --python PATH [--workers 0,1,2] [--transforms v1,v2] [--images N]
 * [--batch N] [--rounds N]`. JPEG files of 500 x 375 pixels go through ImageFolder, RandomResizedCrop(224), RandomHorizontalFlip, ToTensor
 * and Normalize, in a DataLoader; PATH is a Python with torchvision 0.29 and Pillow, and without it only ours is measured. Both sides
 * must give the same batches for one seed, or the run ends with status 1. Rounds alternate between the sides. Prints samples a second by
 * CPU time, of all threads and processes, and by wall time, medians of the rounds, and the time of a batch that needs no reading.
 */
const { spawnSync } = require('node:child_process');
const { mkdirSync, mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { parseArgs } = require('node:util');
const { median } = require('./median.js');
const { start } = require('./sides.js');

const { values: options } = parseArgs({
  options: {
    python: { type: 'string' },
    workers: { type: 'string', default: '0,1,2' },
    transforms: { type: 'string', default: 'v1,v2' },
    images: { type: 'string', default: '512' },
    batch: { type: 'string', default: '32' },
    rounds: { type: 'string', default: '5' },
    help: { type: 'boolean' },
  },
});
if (options.help) {
  console.log(
    'usage: npm run bench:data -- --python PATH [--workers 0,1,2] [--transforms v1,v2] [--images N] [--batch N] [--rounds N]',
  );
  process.exit();
}

/** Whether there is a Python to compare with; says why not. */
function has_python() {
  if (options.python === undefined) {
    console.log('# no --python PATH: Python is not measured. It needs torchvision 0.29 and Pillow:');
    console.log('#   python3 -m venv vision && vision/bin/pip install torchvision==0.29.1');
    return false;
  }
  const asked = spawnSync(
    options.python,
    ['-c', 'import PIL, torchvision; print(torchvision.__version__, PIL.__version__)'],
    {
      encoding: 'utf8',
    },
  );
  if (asked.status !== 0) {
    throw new Error(
      `${options.python} has no torchvision: ${asked.error?.message ?? asked.stderr.trim().split('\n').at(-1)}`,
    );
  }
  console.log(`# torchvision and Pillow: ${asked.stdout.trim()}`);
  return true;
}

/** Writes JPEG files with detail at every scale, as photos have it: 40 KB each. */
function write_images(folder, count) {
  const torch = require('torch-node');
  const { io } = require('torch-node/vision');
  torch.manual_seed(0);
  const layers = [
    [4, 1],
    [16, 0.5],
    [64, 0.25],
    [187, 0.12],
  ];
  for (const name of ['a', 'b']) mkdirSync(join(folder, name));
  for (let i = 0; i < count; i++) {
    let image = torch.zeros(1, 3, 375, 500);
    for (const [size, weight] of layers) {
      const noise = torch.rand(1, 3, size, size);
      const detail = torch.nn.functional.interpolate(noise, { size: [375, 500], mode: 'bicubic' });
      image = image.add(detail, { alpha: weight });
    }
    image = image.sub(image.min()).div(image.max().sub(image.min())).mul(255).to(torch.uint8);
    io.write_jpeg(image.squeeze(0), join(folder, i % 2 ? 'b' : 'a', `${String(i).padStart(5, '0')}.jpg`), 90);
  }
}

/** Throws unless the sides give the same images. */
function check_batches(means) {
  const [ours, python] = means;
  if (python === undefined || ours.every((mean, i) => Math.abs(mean - python[i]) < 1e-5)) return;
  throw new Error(`the batches differ: ours ${ours.join(' ')}; Python's ${python.join(' ')}`);
}

async function measure(folder, workers, kind, with_python) {
  const args = [folder, workers, options.batch, kind];
  const commands = {
    ours: [process.execPath, '--no-warnings', join(__dirname, 'data/side.js')],
    ...(with_python && { Python: [options.python, '-W', 'ignore', join(__dirname, 'data/side.py')] }),
  };
  const sides = Object.entries(commands).map(([side, [command, ...first]]) => [
    side,
    start(command, [...first, ...args], '1'),
  ]);
  try {
    const means = [];
    for (const [, { ask }] of sides) means.push(await ask('check'));
    check_batches(means);
    const rounds = new Map(sides.map(([side]) => [side, []]));
    for (let round = 0; round < Number(options.rounds); round++) {
      for (const [side, { ask }] of sides) rounds.get(side).push(await ask('epoch'));
    }
    const found = {};
    for (const [side, { ask }] of sides) {
      const rows = rounds.get(side);
      const rate = (at) => median(rows.map((row) => (row[2] / row[at]) * 1e9));
      const batch_us = workers === '0' ? null : Math.min(...[await ask('empty 1000'), await ask('empty 1000')].flat());
      found[side] = { cpu: rate(0), wall: rate(1), batch_us };
    }
    return found;
  } finally {
    for (const [, { end }] of sides) end();
  }
}

function report(workers, kind, { ours, Python: python }, alone) {
  const shown = (key) => {
    const ratio = python === undefined ? '' : ` ${python[key].toFixed(0)} ${(ours[key] / python[key]).toFixed(2)}`;
    return `${ours[key].toFixed(0)}${ratio}`;
  };
  let line = `${kind}, ${workers} workers: ${shown('cpu')}; ${shown('wall')}`;
  if (ours.batch_us !== null) {
    line += `; ${(ours.wall / alone.wall).toFixed(2)} of 0 workers; ${ours.batch_us.toFixed(0)} us`;
    if (python !== undefined) line += ` ${python.batch_us.toFixed(0)} us`;
  }
  console.log(line);
}

async function main() {
  const with_python = has_python();
  const folder = mkdtempSync(join(tmpdir(), 'torch-node-bench-'));
  try {
    write_images(folder, Number(options.images));
    console.log(
      '# samples/s by CPU time: ours, Python, ratio; by wall time: ours, Python, ratio; gain by workers; a batch that is there',
    );
    for (const kind of options.transforms.split(',')) {
      let alone = { wall: Number.NaN };
      for (const workers of options.workers.split(',')) {
        const found = await measure(folder, workers, kind, with_python);
        if (workers === '0') alone = found.ours;
        report(workers, kind, found, alone);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
