#!/usr/bin/env node
'use strict';
/**
 * npm's `install` step: libtorch first, then the addon, prebuilt where one fits, else built here.
 * TORCH_NODE_SKIP_INSTALL=1 does nothing (for those who bring both themselves).
 */
const fs = require('node:fs');
const path = require('node:path');
const libtorch = require('./libtorch.js');

const root = path.join(__dirname, '..');

function has_prebuilt() {
  const folder = path.join(root, 'prebuilds', `${process.platform}-${process.arch}`);
  return fs.existsSync(path.join(folder, 'loader.node')) &&
    fs.existsSync(path.join(folder, `torch_node.libtorch-${libtorch.MINOR}.node`));
}

async function install() {
  if (process.env.TORCH_NODE_SKIP_INSTALL === '1') return;
  const for_building = !has_prebuilt();
  if (libtorch.search({ for_building }).found === null) {
    console.log('torch-node: obtaining libtorch');
    await require('./obtain.js').obtain(libtorch.cached_root());
  }
  const found = libtorch.find({ for_building });
  console.log(`torch-node: libtorch ${found.version} from ${found.source}`);
  if (for_building) require('./build.js').build();
}

if (process.argv.includes('--help')) console.log('Usage: node scripts/install.js');
else {
  install().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
