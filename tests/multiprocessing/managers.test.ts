/** `torch.multiprocessing.Manager`: processes that die, and arguments that do not fit. What Python prints too is in process.test.ts. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import * as mp from 'torch-node/multiprocessing';
import { describe, expect, it } from 'vitest';

import { root } from '../package_root.js';

describe.runIf(process.platform === 'linux')('Manager', () => {
  it('goes on when processes are killed in their calls, and takes nothing for what was dropped', () => {
    const program = join(root, 'tests', 'multiprocessing', 'manager_program.cjs');
    const { stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', program], {
      encoding: 'utf8',
      timeout: 150_000,
    });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      killed: Array.from({ length: 4 }, () => [50, 20_000, 20_000]),
      unreadable: ['it cannot be read', 9],
      kept: [['sent 0'], ['sent 1'], ['sent 2']],
      dropped: 'a DictProxy is gone: the process that sent it ended, or kept it no longer, before it was received',
      others: [1, 1, 1, 1, 1, 1],
    });
  }, 180_000);

  it('refuses what is no pair, and arguments that are missing or too many', () => {
    const manager = mp.Manager();
    const pair = 'must be a pair of a key and a value, not';
    expect(() => manager.dict([1] as never)).toThrow(`SyncManager.dict(): element #0 ${pair} int`);
    const dict = manager.dict([['a', 1]]);
    expect(() => dict.update([['b', 2], ['c']] as never)).toThrow(`DictProxy.update(): element #1 ${pair} list`);
    expect(() => dict.update('ab' as never)).toThrow(`DictProxy.update(): element #0 ${pair} str`);
    expect(String(dict)).toBe("{'a': 1}");
    const list = manager.list([1]);
    expect(() => (list.insert as (index: number) => void).call(list, 0)).toThrow(
      "ListProxy.insert() missing 1 required positional argument: 'obj'",
    );
    expect(String(list)).toBe('[1]');
    expect(() => manager.Barrier(2, 3 as never)).toThrow("Barrier(): argument 'action' must be a function, not int");
  });
});
