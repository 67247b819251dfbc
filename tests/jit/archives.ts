/** A folder with the archives of tests/reference/jit.py, and what Python says of them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

import { python } from '../reference.js';

export interface Archives {
  /** The path of an archive. */
  path(name: string): string;
  readonly folder: string;
  readonly expected: Record<string, unknown>;
}

/** Makes the archives before the tests of a file, and removes them after. */
export function archives(): Archives {
  let folder = '';
  let expected: Record<string, unknown> = {};
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'torch-node-jit-'));
    expected = python('jit.py', [folder]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    path: (name) => join(folder, `${name}.pt`),
    get folder() {
      return folder;
    },
    get expected() {
      return expected;
    },
  };
}
