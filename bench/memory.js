#!/usr/bin/env node
'use strict';
/**
 * Peak memory of long synchronous jobs without dispose and without await: `npm run bench:memory -- [NAME ...]`. Prints
 * `name peak_rss_mb`, each from a process of its own, and says which went over its limit (exit status 1).
 */
const { spawnSync } = require('node:child_process');

/** The work, and the limit in MB: of the peak, or of its growth when `above_start`. */
const jobs = {
  tensors_of_1_mb: {
    limit: 600,
    run: (torch) => {
      for (let i = 0; i < 20_000; i++) torch.zeros(1 << 18);
    },
  },
  small_additions: {
    limit: 300,
    above_start: true,
    run: (torch) => {
      const one = torch.ones(2, 2);
      let x = torch.zeros(2, 2);
      for (let i = 0; i < 1_000_000; i++) x = x.add(one);
    },
  },
  training_steps: {
    limit: 600,
    run: (torch) => {
      const train = require('./tutorial.js').trainer();
      for (let i = 0; i < 10 * 938; i++) train(torch.rand(64, 1, 28, 28), torch.randint(0, 10, [64]));
    },
  },
  held_by_contexts: {
    limit: 600,
    run: (torch) => {
      class Twice extends torch.autograd.Function {
        static forward(ctx, held, x) {
          ctx.held = held;
          return x.mul(2);
        }
        static backward(_, gradient) {
          return [null, gradient.mul(2)];
        }
      }
      for (let i = 0; i < 20_000; i++) {
        const x = torch.ones(1, { requires_grad: true });
        Twice.apply({ tensor: torch.zeros(1 << 18) }, x)
          .sum()
          .backward();
      }
    },
  },
  held_by_hooks: {
    limit: 600,
    run: (torch) => {
      for (let i = 0; i < 20_000; i++) {
        const p = torch.zeros(1 << 16, { requires_grad: true });
        p.register_post_accumulate_grad_hook((its) => {
          its.grad = null;
        });
        p.sum().backward();
      }
    },
  },
  dropped_graphs: {
    limit: 600,
    run: (torch) => {
      const w = torch.rand([256, 256], { requires_grad: true });
      for (let i = 0; i < 10_000; i++) w.mm(w).relu().mul(2).sum();
    },
  },
};

/** Runs a job in this process; the peak before it and after it in MB. */
function measure(name) {
  const peak = () => process.resourceUsage().maxRSS / 1024;
  const torch = require('torch-node');
  const start = peak();
  jobs[name].run(torch);
  return { start, end: peak() };
}

const [flag, only] = process.argv.slice(2);
if (flag === '--measure') {
  console.log(JSON.stringify(measure(only)));
} else {
  const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(jobs);
  for (const name of names) {
    if (!jobs[name]) {
      console.log(`usage: npm run bench:memory -- [NAME ...]\nnames: ${Object.keys(jobs).join(' ')}`);
      process.exit(2);
    }
    const result = spawnSync(process.execPath, [__filename, '--measure', name], { encoding: 'utf8' });
    if (result.status !== 0) throw new Error(`${name} failed:\n${result.stderr}`);
    const { start, end } = JSON.parse(result.stdout);
    const { limit, above_start } = jobs[name];
    const over = (above_start ? end - start : end) > limit;
    console.log(name, end.toFixed(0));
    if (above_start) console.log(`${name}_above_start`, (end - start).toFixed(0));
    if (over) {
      console.error(`${name}: over its limit of ${limit} MB${above_start ? ' above start' : ''}`);
      process.exitCode = 1;
    }
  }
}
