#!/usr/bin/env node
'use strict';
/**
 * npm's `install` step in a checkout: libtorch first, then the addon, prebuilt where one fits, else built here. The
 * published package has no such step. TORCH_NODE_SKIP_INSTALL=1 does nothing (for those who bring both themselves).
 */
const fs = require('node:fs');
const path = require('node:path');
const { prebuilt_folder } = require('../install/addon.js');
const libtorch = require('../install/libtorch.js');

function has_prebuilt() {
  const names = ['loader.node', `torch_node.libtorch-${libtorch.MINOR}.node`];
  return names.every((name) => fs.existsSync(path.join(prebuilt_folder, name)));
}

async function install() {
  if (process.env.TORCH_NODE_SKIP_INSTALL === '1') return;
  const for_building = !has_prebuilt();
  if (libtorch.search({ for_building }).found === null) {
    console.log('torch-node: obtaining libtorch');
    await require('../install/obtain.js').obtain();
  }
  const found = libtorch.find({ for_building });
  console.log(`torch-node: libtorch ${found.version} from ${found.source}`);
  if (for_building) require('../install/build.js').build();
}

if (process.argv.includes('--help')) console.log('Usage: node scripts/dev/install.js');
else {
  install().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
