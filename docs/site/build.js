#!/usr/bin/env node

/**
 * Builds the site of the documentation into docs/site/out: TypeDoc's pages of lib/, and the guide from docs/. Fails for any
 * warning of TypeDoc's, and for links within the site whose page or place on it does not exist; links to other hosts are not
 * followed.
 */
const { rmSync } = require('node:fs');
const { join } = require('node:path');
const { Application } = require('typedoc');

const out = join(__dirname, 'out');

async function build() {
  rmSync(out, { recursive: true, force: true });
  const app = await Application.bootstrapWithPlugins({ options: __dirname });
  const project = await app.convert();
  if (project === undefined) return false;
  app.validate(project);
  await app.generateOutputs(project);
  return app.logger.errorCount === 0 && app.logger.warningCount === 0;
}

async function dead_links() {
  const { check } = await import('linkinator');
  const { links } = await check({
    path: out,
    recurse: true,
    checkFragments: true,
    concurrency: 30,
    linksToSkip: ['^https?://(?!localhost)'],
    // On a busy machine the server that linkinator starts drops requests, which have the status 0.
    retryErrors: true,
  });
  console.log(`${links.length} links checked`);
  return links.filter(({ state }) => state === 'BROKEN');
}

async function main() {
  if (!(await build())) {
    process.exitCode = 1;
    return;
  }
  const dead = await dead_links();
  for (const { url, parent, status } of dead) console.error(`${parent}: ${url} does not exist (${status})`);
  if (dead.length > 0) process.exitCode = 1;
}

void main();
