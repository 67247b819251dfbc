#!/usr/bin/env node
'use strict';
/** Writes lib/generated/ (scripts/dev/codegen.py) with the reference Python: `node scripts/dev/codegen.js [--check] [--help]`. */
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { reference_python } = require('./reference.js');

const result = spawnSync(reference_python(), [path.join(__dirname, 'codegen.py'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
});
process.exitCode = result.status ?? 1;
