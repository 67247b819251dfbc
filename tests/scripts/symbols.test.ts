/** What the addon asks of the system that it is loaded on. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const require = createRequire(import.meta.url);
const { check } = require('../../scripts/dev/symbols.js') as {
  check(file: string): { newest: Record<string, string>; faults: string[] };
};
const { find_addon, find_loader, OWN_MINOR } = require('../../scripts/install/addon.js') as {
  find_addon(minor: string): string;
  find_loader(): string;
  OWN_MINOR: string;
};

describe.runIf(process.platform === 'linux')('the symbols of the addon', () => {
  it.each([
    ['loader', find_loader()],
    ['addon', find_addon(OWN_MINOR)],
  ])(
    '%s: nothing newer than glibc 2.28, GCC 8 and Node-API 9 have, one libstdc++, no OpenMP, no export but the entry',
    (_, file) => {
      const { newest, faults } = check(file);
      expect(faults).toEqual([]);
      expect(Object.keys(newest)).toEqual(expect.arrayContaining(['GLIBC', 'GLIBCXX']));
    },
  );

  it('are checked: what Node-API 9 lacks is a fault', () => {
    const folder = mkdtempSync(join(tmpdir(), 'torch-node-symbols-'));
    try {
      const bytes = readFileSync(find_addon(OWN_MINOR));
      for (
        let at = bytes.indexOf('\0napi_create_double\0');
        at >= 0;
        at = bytes.indexOf('\0napi_create_double\0', at)
      ) {
        bytes.write('napi_create_d0uble', at + 1);
      }
      writeFileSync(join(folder, 'torch_node.node'), bytes);
      expect(check(join(folder, 'torch_node.node')).faults).toEqual(['it asks the runtime for napi_create_d0uble']);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('are checked: another library has faults', () => {
    const { libraries } = (require('../../scripts/install/libtorch.js') as { find(): { libraries: string[] } }).find();
    const { faults } = check(libraries.find((file) => file.endsWith(join('lib', 'libc10.so'))) as string);
    // it exports all of its functions, but keeps within the versions
    expect(faults.length).toBeGreaterThan(100);
    expect(faults.filter((fault) => !fault.startsWith('it exports'))).toEqual([]);
  });
});
