/** `torch.multiprocessing`: programs with child processes here and in Python print the same. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as torch from 'torch-node';
import * as mp from 'torch-node/multiprocessing';
import { queue } from 'torch-node/python';
import { afterAll, describe, expect, it } from 'vitest';

import { root } from '../package_root.js';
import { interpreter } from '../reference.js';

const folder = mkdtempSync(join(tmpdir(), 'torch-node-process-'));
mkdirSync(join(folder, 'node_modules'));
symlinkSync(root, join(folder, 'node_modules', 'torch-node'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const here = join(root, 'tests', 'multiprocessing');

/** Runs a file that is written into a folder of a user. */
function run(name: string, text: string): { status: number | null; stdout: string; stderr: string } {
  const file = join(folder, name);
  writeFileSync(file, text);
  return spawnSync(process.execPath, [file], { encoding: 'utf8', cwd: folder, timeout: 120_000 });
}

describe.skipIf(process.platform !== 'linux')('torch.multiprocessing', () => {
  it.each(['arguments', 'ends', 'model', 'queues', 'values', 'pipes', 'synchronize', 'spawned', 'managed'])(
    '%s: prints what Python prints',
    (name) => {
      const options = { encoding: 'utf8', timeout: 120_000 } as const;
      const ours = spawnSync(process.execPath, [join(here, 'process_programs.mjs'), name], options);
      const theirs = spawnSync(interpreter, [join(here, 'process.py'), name], options);
      expect([ours.status, theirs.status], ours.stderr + theirs.stderr).toEqual([0, 0]);
      expect(ours.stdout.split('\n').length).toBeGreaterThan(1);
      expect(ours.stdout).toBe(theirs.stdout);
    },
    300_000,
  );

  it('starts from the main file of a CommonJS program, which the child loads without running it', () => {
    const { stdout, stderr } = run(
      'main.cjs',
      `
      const mp = require('torch-node/multiprocessing');
      function work(queue) { queue.put([process.argv.length, require.main === module]); }
      module.exports = { work };
      if (require.main === module) {
        const queue = new mp.Queue();
        const p = new mp.Process({ target: work, args: [queue] });
        p.start();
        console.log(JSON.stringify(queue.get()));
      }`,
    );
    expect([stdout, stderr]).toEqual(['[2,false]\n', '']);
  });

  it('refuses a main file that the child would run again, and functions that it could not find', () => {
    const { stdout } = run(
      'unguarded.cjs',
      `
      const mp = require('torch-node/multiprocessing');
      function work() {}
      module.exports = { work };
      for (const target of [work, () => 1]) {
        try {
          new mp.Process({ target }).start();
        } catch (error) {
          console.log(error.message);
        }
      }`,
    );
    const [first, second] = stdout.split('\n');
    expect(first).toMatch(
      /^Process\.start\(\): 'work' is in the main file of the program, which the child process loads/,
    );
    expect(second).toMatch(/^Process\.start\(\): target is a function that a child process cannot find/);
  });

  it('waits at the end for children, and ends daemons', () => {
    const { stdout, status } = run(
      'end.cjs',
      `
      const mp = require('torch-node/multiprocessing');
      exports.late = () => { setTimeout(() => {}, 0); console.log('done'); };
      exports.never = () => new Promise(() => setInterval(() => {}, 1000));
      if (require.main === module) {
        new mp.Process({ target: exports.late }).start();
        new mp.Process({ target: exports.never, daemon: true }).start();
      }`,
    );
    expect([stdout, status]).toEqual(['done\n', 0]);
  });

  it('ends children when their parent is killed', () => {
    const { stdout } = run(
      'killed.cjs',
      `
      const { spawn } = require('node:child_process');
      const mp = require('torch-node/multiprocessing');
      exports.child = () => { console.log(process.pid); return new Promise(() => setInterval(() => {}, 1000)); };
      const alive = (pid) => { try { process.kill(pid, 0); return true; } catch { return false; } };
      if (require.main !== module) return;
      if (process.argv[2] === 'parent') {
        const p = new mp.Process({ target: exports.child });
        p.start();
        p.join();
      } else {
        const parent = spawn(process.execPath, [__filename, 'parent']);
        parent.stdout.once('data', (text) => {
          const pid = Number(text);
          const before = alive(pid);
          parent.kill('SIGKILL');
          const end = Date.now() + 20000;
          const look = () => {
            if (alive(pid) && Date.now() < end) setTimeout(look, 20);
            else console.log(before, alive(pid));
          };
          look();
        });
      }`,
    );
    expect(stdout).toBe('true false\n');
  });

  it('keeps a tensor that was sent until it is received, and what was put by a process that has ended', () => {
    const { stdout, stderr } = run(
      'queues.cjs',
      `
      const torch = require('torch-node');
      const mp = require('torch-node/multiprocessing');
      exports.send = (queue, done) => {
        for (let i = 0; i < 20; i++) queue.put(torch.full([100000], i));
        for (let i = 0; i < 50; i++) torch.zeros(1e5);
        done.wait();
      };
      exports.text = (queue) => { queue.put('x'.repeat(300000)); };
      if (require.main === module) {
        const [queue, done] = [new mp.Queue(), new mp.Event()];
        const p = new mp.Process({ target: exports.send, args: [queue, done] });
        p.start();
        let sum = 0;
        for (let i = 0; i < 20; i++) sum += queue.get().mean({ dtype: torch.float32 }).item();
        done.set();
        p.join();
        const q = new mp.Process({ target: exports.text, args: [queue] });
        q.start();
        q.join();
        console.log(sum, queue.get().length, q.exitcode);
      }`,
    );
    expect([stdout, stderr]).toEqual(['190 300000 0\n', '']);
  });

  it('says what cannot go to another process', () => {
    const q = new mp.Queue<unknown>();
    const x = torch.ones(2, { requires_grad: true });
    expect(() => {
      q.put(x.mul(2));
    }).toThrow(/^Cowardly refusing to serialize non-leaf tensor which requires_grad/);
    expect(() => {
      q.put(torch.eye(2).to_sparse());
    }).toThrow(/a Tensor that is torch\.sparse_coo cannot go to another process/);
    expect(() => {
      q.put(new mp.Lock());
    }).toThrow('Lock objects should only be shared between processes through inheritance');
    expect(() => {
      q.put(new mp.Queue());
    }).toThrow('Queue objects should only be shared between processes through inheritance');
    expect(() => {
      q.put(() => 1);
    }).toThrow(/obj is a function that another process cannot find/);
    expect(q.empty()).toBe(true);
    for (const method of ['fork', 'forkserver']) {
      expect(() => mp.get_context(method)).toThrow(/^get_context\(\): start method '.*' is not available/);
    }
    expect(() => mp.get_context('x')).toThrow("cannot find context for 'x'");
  });

  it('queues wait for room and for items, and wrap around', () => {
    const q = new mp.Queue<string>(2);
    for (let i = 0; i < 300; i++) {
      q.put(`${i}${'.'.repeat(i * 37)}`);
      if (i > 0) expect(q.get()).toBe(`${i - 1}${'.'.repeat((i - 1) * 37)}`);
    }
    q.put('last');
    expect([q.full(), q.qsize()]).toEqual([true, 2]);
    expect(() => {
      q.put('no', { timeout: 0.01 });
    }).toThrow(queue.Full);
    expect(() => new mp.Queue().get(true, 0.01)).toThrow(queue.Empty);
    q.close();
    expect(() => q.get()).toThrow('Queue is closed');
  });

  it('share_memory_() keeps arrays over the memory that there was', () => {
    const x = torch.ones(3);
    const array = x.numpy();
    expect([x.is_shared(), x.share_memory_().is_shared()]).toEqual([false, true]);
    x.fill_(2);
    expect([array.tolist(), x.tolist()]).toEqual([
      [1, 1, 1],
      [2, 2, 2],
    ]);
    expect(x.clone().is_shared()).toBe(false);
    const other = torch.full([3], 2).share_memory_();
    other.resize_(1000);
    expect(other.index(':3').tolist()).toEqual([2, 2, 2]);
  });

  it('arrays and values check what is assigned', () => {
    const array = mp.Array('h', [1, 2]);
    expect(() => array[2]).toThrow(new RangeError('invalid index'));
    array[-1] = 65537;
    expect([array[1], [...array]]).toEqual([1, [1, 1]]);
    expect(() => {
      array[0] = 0.5;
    }).toThrow(new TypeError("'float' object cannot be interpreted as an integer"));
    expect(() => mp.Value('x' as mp.TypeCode)).toThrow(/argument 'typecode_or_type' must be one of/);
    const big = mp.RawValue('Q', 2 ** 40);
    expect(String(big)).toBe(`c_ulong(${2 ** 40})`);
  });
});
