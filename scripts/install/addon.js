'use strict';
/**
 * Finds the two addons: loader.node, which opens libtorch, and torch_node.node, of which there is one for each minor
 * version of libtorch. A build of this checkout goes before the prebuilt ones, which are in a package for each platform.
 */
const fs = require('node:fs');
const path = require('node:path');
const { WITHOUT_GLIBC, glibc_version } = require('./limits.js');
const { VERSION } = require('./release.js');

const root = path.join(__dirname, '..', '..');
const platform = `${process.platform}-${process.arch}`;

/** @param {string} version */
const minor_of = (version) => version.split('.').slice(0, 2).join('.');

const OWN_MINOR = minor_of(VERSION);

/**
 * Where CMake builds for a minor version of libtorch; `TORCH_NODE_BUILD` names another folder, such as that of an addon
 * with sanitizers. @param {string} minor
 */
function build_folder(minor) {
  if (process.env.TORCH_NODE_BUILD) return process.env.TORCH_NODE_BUILD;
  return minor === OWN_MINOR ? path.join(root, 'build') : path.join(root, 'build', `libtorch-${minor}`);
}

const prebuilt_folder = path.join(root, 'prebuilds', platform);

/** The npm package that carries the prebuilt addons. @param {string} [name] of a platform, such as `linux-x64` */
const addon_package = (name = platform) => `@torch-node/addon-${name}`;

/** Where prebuilt addons lie: in a checkout, and where their package is installed. */
function prebuilt_folders() {
  try {
    return [prebuilt_folder, path.dirname(require.resolve(`${addon_package()}/package.json`))];
  } catch {
    return [prebuilt_folder];
  }
}

/** The files that would do, best first. @param {string} minor */
function addon_candidates(minor) {
  const prebuilt = prebuilt_folders().map((folder) => path.join(folder, `torch_node.libtorch-${minor}.node`));
  return [path.join(build_folder(minor), 'Release', 'torch_node.node'), ...prebuilt];
}

function loader_candidates() {
  const prebuilt = prebuilt_folders().map((folder) => path.join(folder, 'loader.node'));
  return [path.join(build_folder(OWN_MINOR), 'Release', 'loader.node'), ...prebuilt];
}

/** @param {string[]} candidates */
const first = (candidates) => candidates.find((file) => fs.existsSync(file)) ?? null;

/** The addon for a minor version of libtorch, or null. @param {string} minor */
const find_addon = (minor) => first(addon_candidates(minor));

/** The loader, or null. */
const find_loader = () => first(loader_candidates());

/** The minor versions of libtorch that there is an addon for, the package's own first, then the newest first. */
function minors() {
  const prebuilt = prebuilt_folders().flatMap((folder) => (fs.existsSync(folder) ? fs.readdirSync(folder) : []));
  const builds = fs.existsSync(path.join(root, 'build')) ? fs.readdirSync(path.join(root, 'build')) : [];
  const named = [...prebuilt, ...builds].flatMap((file) => /libtorch-(\d+\.\d+)(?:\.node)?$/.exec(file)?.[1] ?? []);
  const newest_first = [...new Set(named)].sort((a, b) => Number(b.split('.')[1]) - Number(a.split('.')[1]));
  return [OWN_MINOR, ...newest_first].filter((minor, i, all) => all.indexOf(minor) === i && find_addon(minor) !== null);
}

/** One text for an addon that is not there: what was looked for, where, and what to do. @param {string[]} candidates */
function missing_addon(candidates) {
  if (process.platform === 'linux' && glibc_version() === undefined) {
    return `torch-node: there is no addon for ${platform} without glibc (musl?): ${WITHOUT_GLIBC}`;
  }
  const lines = candidates.map((file) => `  - ${file}`);
  return (
    `torch-node: there is no addon for ${platform}. Looked for:\n${lines.join('\n')}\n` +
    `Reinstall torch-node without leaving out optional dependencies, one of which is ${addon_package()}, if this platform has ` +
    'a prebuilt addon (Linux x64 and arm64, macOS arm64, Windows x64); else run `npx torch-node build`, which needs CMake and a C++20 compiler. If a tool copied the application from elsewhere ' +
    "(Next.js's standalone output, an image, a serverless function), let it take along all of node_modules/torch-node and " +
    'node_modules/@torch-node.'
  );
}

module.exports = {
  OWN_MINOR,
  addon_candidates,
  addon_package,
  build_folder,
  find_addon,
  find_loader,
  loader_candidates,
  minor_of,
  minors,
  missing_addon,
  prebuilt_folder,
};
