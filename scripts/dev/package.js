#!/usr/bin/env node
'use strict';
/**
 * Packs what is published: `torch-node`, and for each platform a package with the prebuilt addons and one with libtorch's
 * libraries, and beside each its bill of materials. The same input gives the same bytes. `node scripts/dev/package.js --help`
 */
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { addon_package } = require('../install/addon.js');
const { cut_sections, read_elf } = require('../install/elf.js');
const { find, library_file, package_for, platform_of, version_of } = require('../install/libtorch.js');
const { part_of_libtorch } = require('../install/obtain.js');
const { VERSION } = require('../install/release.js');
const { compact } = require('./one_file.js');
const { bill_of, openmp_of_gcc, parts_of_libtorch } = require('./sbom.js');
const { unzip } = require('../install/unzip.js');

const root = path.join(__dirname, '..', '..');

/**
 * The platforms that are published. On Linux, what else the libraries need is read from them; elsewhere it stands here.
 */
const platforms = {
  'linux-x64': { libraries: ['c10', 'torch_cpu', 'torch'], beside: [] },
  'linux-arm64': { libraries: ['c10', 'torch_cpu', 'torch'], beside: [] },
  'darwin-arm64': { libraries: ['c10', 'torch_cpu', 'torch'], beside: ['libomp.dylib'] },
  'win32-x64': { libraries: ['c10', 'torch_cpu', 'torch'], beside: ['libiomp5md.dll', 'uv.dll'] },
};
/** @typedef {keyof typeof platforms} Platform */

/** What a package may weigh at most, in bytes; docs/packaging.md says what could be dropped. */
const limits = {
  main: { packed: 4e6, unpacked: 20e6 },
  // With four minor versions of libtorch, each with the addon for CUDA; without those, 5.4 MB and 12.9 MB.
  addon: { packed: 8e6, unpacked: 24e6 },
  libtorch: { packed: 110e6, unpacked: 350e6 },
};

/** Throws where a package is larger than its limits. @param {keyof typeof limits} kind
 * @param {{ tarball: string, packed: number, unpacked: number }} result */
function check_size(kind, { tarball, packed, unpacked }) {
  const { packed: most_packed, unpacked: most_unpacked } = limits[kind];
  if (packed <= most_packed && unpacked <= most_unpacked) return;
  throw new Error(
    `${path.basename(tarball)} has ${megabytes(packed)} packed and ${megabytes(unpacked)} unpacked, more than ` +
      `${megabytes(most_packed)} or ${megabytes(most_unpacked)}`,
  );
}

/** The scripts that users run; scripts/dev builds, tests and packs. */
const runtime_scripts = path.join('scripts', 'install');

/** The fields of package.json for development only. */
const development = ['dependencies', 'devDependencies', 'overrides', 'scripts', 'files', 'binary', 'private'];

/** npm compares it with where a package was built, for provenance. */
function repository() {
  const { GITHUB_REPOSITORY } = process.env;
  return GITHUB_REPOSITORY
    ? { repository: { type: 'git', url: `git+https://github.com/${GITHUB_REPOSITORY}.git` } }
    : {};
}

/** The package.json of `torch-node` as it is published: nothing is installed with it but libtorch. */
function main_manifest() {
  const committed = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  for (const field of development) delete committed[field];
  return {
    ...committed,
    ...repository(),
    preferUnplugged: true,
    optionalDependencies: Object.fromEntries(
      Object.keys(platforms).flatMap((name) => [
        [addon_package(name), committed.version],
        [package_for(name), VERSION],
      ]),
    ),
  };
}

/** Where a package can be installed. @param {Platform} platform */
function installed_on(platform) {
  const [system, cpu] = platform.split('-');
  return { os: [system], cpu: [cpu], ...(system === 'linux' ? { libc: ['glibc'] } : {}) };
}

/** The package.json of the addons of a platform, which have the version of `torch-node`. @param {Platform} platform */
function addon_manifest(platform) {
  const { version, license, author } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  return {
    name: addon_package(platform),
    version,
    description: `The native addons of torch-node for ${platform}, one for each minor version of libtorch`,
    license,
    author,
    ...repository(),
    ...installed_on(platform),
    preferUnplugged: true,
  };
}

/** The package.json of a platform package. @param {Platform} platform */
function platform_manifest(platform) {
  return {
    name: package_for(platform),
    version: VERSION,
    description: `libtorch ${VERSION} for the CPU of ${platform}: the shared libraries that torch-node loads`,
    license: 'SEE LICENSE IN licenses/',
    ...repository(),
    ...installed_on(platform),
    preferUnplugged: true,
  };
}

/** The files below a folder, in the order of their names. @param {string} folder @returns {string[]} */
function files_below(folder) {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map(({ parentPath, name }) => path.relative(folder, path.join(parentPath, name)));
  return files.map((file) => file.split(path.sep).join('/')).sort();
}

/** @param {string} from @param {string} to */
function copy(from, to) {
  fs.mkdirSync(path.dirname(to), { recursive: true });
  fs.copyFileSync(from, to);
}

/** Writes the manifest, the tarball of a folder and its bill of materials; returns the sizes. @param {string} folder @param {object} manifest
 * @param {string} out @param {number} level */
async function pack(folder, manifest, out, level) {
  const tar = require('tar');
  const { name, version } = /** @type {{ name: string, version: string }} */ (manifest);
  fs.writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const files = files_below(folder);
  // Neither the umask nor the clock of this machine is in the result.
  for (const file of files)
    fs.chmodSync(path.join(folder, file), file === 'scripts/install/torch-node.js' ? 0o755 : 0o644);
  const tarball = path.join(out, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
  fs.mkdirSync(out, { recursive: true });
  await tar.create(
    {
      cwd: folder,
      file: `${tarball}.part`,
      gzip: { level },
      portable: true,
      mtime: new Date('1985-10-26T08:15:00Z'),
      prefix: 'package',
      noDirRecurse: true,
    },
    files,
  );
  fs.renameSync(`${tarball}.part`, tarball);
  const licenses = path.join(folder, 'licenses');
  const parts = fs.existsSync(licenses) ? parts_of_libtorch(licenses, files_below(licenses)) : [];
  const bill = bill_of(/** @type {any} */ (manifest), tarball, [...parts, ...openmp_of_gcc(files)]);
  fs.writeFileSync(tarball.replace(/\.tgz$/, '.cdx.json'), `${JSON.stringify(bill, null, 2)}\n`);
  const unpacked = files.reduce((sum, file) => sum + fs.statSync(path.join(folder, file)).size, 0);
  return { tarball, packed: fs.statSync(tarball).size, unpacked, files: files.length };
}

/** Copies a compiled file without its comments and spaces: those of public names are in the declarations, and source maps are not packed.
 * @param {string} from @param {string} to */
function copy_compiled(from, to) {
  // The file for the start is written without them.
  if (!/\.[cm]?js$/.test(from) || path.basename(from) === 'start.cjs') return copy(from, to);
  fs.mkdirSync(path.dirname(to), { recursive: true });
  fs.writeFileSync(to, compact(fs.readFileSync(from, 'utf8'), 500));
}

/** @param {string} work @param {string} out */
async function pack_main(work, out) {
  const dist = path.join(root, 'dist');
  if (!fs.existsSync(dist)) throw new Error(`${dist} is missing: run \`npm run build:ts\` first`);
  for (const file of files_below(dist)) {
    if (!file.endsWith('.map')) copy_compiled(path.join(dist, file), path.join(work, 'dist', file));
  }
  for (const name of ['native', runtime_scripts]) {
    for (const file of files_below(path.join(root, name)))
      copy(path.join(root, name, file), path.join(work, name, file));
  }
  for (const file of ['CMakeLists.txt', 'README.md', 'CHANGELOG.md', 'LICENSE', 'NOTICE.md']) {
    copy(path.join(root, file), path.join(work, file));
  }
  return pack(work, main_manifest(), out, 9);
}

/** @param {string} work @param {string} prebuilds @param {Platform} platform @param {string} out */
async function pack_addon(work, prebuilds, platform, out) {
  const folder = path.join(prebuilds, platform);
  const command = 'npm run build:native && npm run prebuilds -- --stage';
  if (!fs.existsSync(folder)) throw new Error(`${folder} is missing: run \`${command}\` first`);
  for (const file of files_below(folder)) {
    const made_for = platform_of(path.join(folder, file));
    if (made_for !== platform) throw new Error(`${file} is made for ${made_for}, not ${platform}`);
    copy(path.join(folder, file), path.join(work, file));
    if (platform.startsWith('linux')) cut_sections(path.join(work, file));
  }
  for (const file of ['LICENSE', 'NOTICE.md']) copy(path.join(root, file), path.join(work, file));
  const text = `# The native addons of torch-node for ${platform}\n\nInstalled with torch-node; not for use on their own.\n`;
  fs.writeFileSync(path.join(work, 'README.md'), text);
  return pack(work, addon_manifest(platform), out, 9);
}

/** The libraries that are packed: those that are opened, and what these need of those beside them.
 * @param {string} lib_dir @param {Platform} platform */
function libraries_of(lib_dir, platform) {
  const [system] = platform.split('-');
  const { libraries, beside } = platforms[platform];
  const wanted = [...libraries.map((name) => library_file(name, system)), ...beside];
  if (fs.existsSync(path.join(lib_dir, library_file('torch_cuda', system)))) {
    throw new Error(`${lib_dir} is a CUDA build; the platform packages carry those for the CPU`);
  }
  for (const file of wanted) {
    if (!fs.existsSync(path.join(lib_dir, file))) throw new Error(`${path.join(lib_dir, file)} is missing`);
    if (system !== 'linux') continue;
    for (const needed of read_elf(path.join(lib_dir, file)).needed) {
      if (!wanted.includes(needed) && fs.existsSync(path.join(lib_dir, needed))) wanted.push(needed);
    }
  }
  return wanted;
}

/** The license files of a libtorch: beside it in a Python, within it otherwise. @param {string} libtorch */
function licenses_of(libtorch) {
  const site = path.dirname(libtorch);
  const info = fs.readdirSync(site).find((name) => /^torch-[^-]+\.dist-info$/.test(name));
  const candidates = [path.join(libtorch, 'licenses'), path.join(site, info ?? '', 'licenses')];
  const folder = candidates.find((each) => fs.existsSync(each));
  if (folder === undefined) throw new Error(`${libtorch} has no license files, without which it must not be passed on`);
  return files_below(folder).map((file) => [file, path.join(folder, file)]);
}

/**
 * @param {string} work @param {string} libtorch @param {Platform} platform @param {string} out @param {number} level
 */
async function pack_platform(work, libtorch, platform, out, level) {
  const lib_dir = path.join(libtorch, 'lib');
  const version = version_of(libtorch);
  if (version?.split('+')[0] !== VERSION) throw new Error(`${libtorch} is libtorch ${version}, not ${VERSION}`);
  for (const file of libraries_of(lib_dir, platform)) {
    const made_for = platform_of(path.join(lib_dir, file));
    if (made_for !== platform) throw new Error(`${file} is made for ${made_for}, not ${platform}`);
    copy(path.join(lib_dir, file), path.join(work, 'lib', file));
    if (platform.startsWith('linux')) cut_sections(path.join(work, 'lib', file));
  }
  for (const [name, file] of licenses_of(libtorch)) copy(file, path.join(work, 'licenses', name));
  fs.writeFileSync(path.join(work, 'build-version'), `${version}\n`);
  fs.writeFileSync(
    path.join(work, 'README.md'),
    `# libtorch ${version} for ${platform}\n\nThe shared libraries of PyTorch that the npm package torch-node loads, ` +
      "as they are in PyTorch's Python wheel.\nTheir licenses are in licenses/.\n",
  );
  return pack(work, platform_manifest(platform), out, level);
}

/** @param {number} bytes */
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

const help = `Usage: node scripts/dev/package.js [main] [addon] [platform] [options]

  main, addon, platform   what to pack; all when none is named
  --out DIR           where the tarballs go (default: packages/)
  --prebuilds DIR     the prebuilt addons, one folder a platform (default: prebuilds/)
  --platform NAME     ${Object.keys(platforms).join(', ')} (default: this one)
  --wheel FILE        take libtorch from this torch wheel
  --libtorch DIR      take libtorch from this folder (default: the one in use)
  --level N           gzip level of the platform package, 1 to 9 (default: 9)`;

/** @param {string[]} args */
async function main(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      out: { type: 'string', default: path.join(root, 'packages') },
      prebuilds: { type: 'string', default: path.join(root, 'prebuilds') },
      platform: { type: 'string', default: `${process.platform}-${process.arch}` },
      wheel: { type: 'string' },
      libtorch: { type: 'string' },
      level: { type: 'string', default: '9' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return console.log(help);
  const wrong = positionals.find((name) => !['main', 'addon', 'platform'].includes(name));
  if (wrong !== undefined) throw new Error(`'${wrong}' cannot be packed: main, addon or platform`);
  if (!Object.hasOwn(platforms, values.platform)) {
    throw new Error(`${values.platform} is not among ${Object.keys(platforms).join(', ')}`);
  }
  const platform = /** @type {Platform} */ (values.platform);
  const all = positionals.length === 0;
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'torch-node-package-'));
  try {
    const results = [];
    if (all || positionals.includes('main')) {
      results.push(await pack_main(path.join(work, 'main'), values.out));
    }
    if (all || positionals.includes('addon')) {
      results.push(await pack_addon(path.join(work, 'addon'), values.prebuilds, platform, values.out));
    }
    if (all || positionals.includes('platform')) {
      const unpacked = path.join(work, 'wheel');
      if (values.wheel) await unzip(values.wheel, unpacked, part_of_libtorch);
      const libtorch = values.wheel ? unpacked : (values.libtorch ?? find().root);
      const target = path.join(work, 'platform');
      results.push(await pack_platform(target, libtorch, platform, values.out, Number(values.level)));
    }
    for (const { tarball, packed, unpacked, files } of results) {
      const name = path.basename(tarball);
      console.log(`${name}: ${megabytes(packed)} packed, ${megabytes(unpacked)} unpacked, ${files} files`);
      // A lower level of compression is for tests.
      const kind = /^torch-node-(libtorch|addon)-/.exec(name)?.[1] ?? 'main';
      if (values.level === '9') check_size(kind, { tarball, packed, unpacked });
    }
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

module.exports = { addon_manifest, main_manifest, platform_manifest, platforms, runtime_scripts };

if (require.main === module) {
  main(process.argv.slice(2)).catch((error) => {
    console.error(`package: ${error.message}`);
    process.exitCode = 1;
  });
}
