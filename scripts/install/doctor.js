'use strict';
/** `torch-node doctor`: checks everything that loading needs, and says how to fix what fails. */
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const addon = require('./addon.js');
const { read_elf } = require('./elf.js');
const environment = require('./environment.js');
const libtorch = require('./libtorch.js');
const obtain = require('./obtain.js');
const { VERSION } = require('./release.js');
const { LIMITS, WITHOUT_GLIBC, glibc_version } = require('./limits.js');
const { compare_versions } = require('./requirements.js');

/**
 * @typedef {'ok' | 'warning' | 'failure'} Status
 * @typedef {{ name: string, status: Status, found: string, advice?: string }} Check
 * @typedef {{ step: string, ok: boolean, reason?: string, losses?: number[], devices?: number,
 *   torch?: import('./environment.js').Torch }} Step
 * @typedef {{ steps: Step[], ended: string | null }} Trial
 */

const platform = `${process.platform}-${process.arch}`;
const supported = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64'];

/** @returns {Check} */
function check_platform() {
  const found = `${platform}, ${os.type()} ${os.release()}`;
  // Darwin 23 is macOS 14.
  if (process.platform === 'darwin' && Number(os.release().split('.')[0]) < 23) {
    return { name: 'platform', status: 'failure', found, advice: 'libtorch needs macOS 14 or newer.' };
  }
  if (supported.includes(platform)) return { name: 'platform', status: 'ok', found };
  return {
    name: 'platform',
    status: 'failure',
    found,
    advice: `PyTorch publishes libtorch for ${supported.join(', ')} only.`,
  };
}

/** @returns {Check[]} */
function check_glibc() {
  if (process.platform !== 'linux') return [];
  const version = glibc_version();
  if (version === undefined) {
    return [{ name: 'glibc', status: 'failure', found: 'none (musl?)', advice: WITHOUT_GLIBC }];
  }
  if (compare_versions(version, LIMITS.GLIBC) < 0) {
    return [
      {
        name: 'glibc',
        status: 'failure',
        found: version,
        advice: `libtorch needs glibc ${LIMITS.GLIBC} or newer (Debian 10, Ubuntu 20.04, RHEL 8).`,
      },
    ];
  }
  return [{ name: 'glibc', status: 'ok', found: version }];
}

/** @returns {Check} */
function check_node() {
  const found = `${process.version}, Node-API ${process.versions.napi}`;
  if (Number(process.versions.node.split('.')[0]) >= 20) return { name: 'node', status: 'ok', found };
  return { name: 'node', status: 'failure', found, advice: 'Use Node 20 or newer.' };
}

/** @param {libtorch.Libtorch | null} chosen @returns {Check} */
function check_addon(chosen) {
  const { version } = require('../../package.json');
  const loader = addon.find_loader();
  const minors = addon.minors();
  const minor = chosen ? addon.minor_of(chosen.version) : minors[0];
  const file = minor === undefined ? null : addon.find_addon(minor);
  if (loader === null || file === null) {
    const wanted = loader === null ? addon.loader_candidates() : addon.addon_candidates(libtorch.MINOR);
    return { name: 'addon', status: 'failure', found: `none for ${platform}`, advice: addon.missing_addon(wanted) };
  }
  const found = `torch-node ${version}, for libtorch ${minors.join(' and ')}: ${file}`;
  for (const each of [loader, file]) {
    const made_for = libtorch.platform_of(each);
    if (made_for !== platform) {
      return {
        name: 'addon',
        status: 'failure',
        found: `${each} is made for ${made_for ?? 'nothing (truncated?)'}, this is ${platform}`,
        advice: 'Delete node_modules and install again on this machine: it was copied from another one.',
      };
    }
  }
  return { name: 'addon', status: 'ok', found };
}

/** @param {libtorch.Refusal[]} refused @param {libtorch.Libtorch | null} chosen @returns {Check} */
function check_libtorch(chosen, refused) {
  const places = refused
    .filter(({ reason }) => chosen === null || !/^(not |the folder does not exist)/.test(reason))
    .map(({ candidate, source, reason }) => `${source === candidate ? '' : `${source}: `}${candidate}: ${reason}`);
  if (chosen === null) {
    return {
      name: 'libtorch',
      status: 'failure',
      found: `none that fits; looked at\n${places.join('\n')}`,
      advice: libtorch.advice(refused, libtorch.wanted_minors(false)),
    };
  }
  const found = `${chosen.version} from ${chosen.source}: ${chosen.root}`;
  // A broken candidate that is not needed is reported too: it was meant to be used.
  if (places.length > 0) {
    return {
      name: 'libtorch',
      status: 'warning',
      found: `${found}; rejected\n${places.join('\n')}`,
      advice: 'Another libtorch is used than the rejected one; repair or remove that.',
    };
  }
  return { name: 'libtorch', status: 'ok', found };
}

/** A library that another one needs and that is neither beside it nor on the system, as the loader reports it.
 * @param {string} reason */
function missing_library(reason) {
  return /: (lib[^:\s]+\.so[^:\s]*): cannot open shared object file/.exec(reason)?.[1] ?? null;
}

const openmp_packages = 'apt-get install libgomp1, dnf install libgomp';

/** @param {string} reason @param {string} library @param {libtorch.Libtorch} chosen */
function advice_on_opening(reason, library, chosen) {
  const again =
    {
      TORCH_NODE_LIBTORCH: 'Set TORCH_NODE_LIBTORCH to a complete libtorch, or unset it.',
      'platform package': 'Delete node_modules and install again.',
      Python: 'Reinstall torch: pip install --force-reinstall torch.',
    }[chosen.source] ?? `Delete ${chosen.root} and run \`npx torch-node install\`.`;
  const missing = missing_library(reason);
  if (missing && /^libgomp/.test(missing)) {
    return (
      `${path.basename(library)} needs the OpenMP runtime ${missing}, which is neither beside it nor on the ` +
      `system. ${again} Or install the system's: ${openmp_packages}.`
    );
  }
  if (missing && /^lib(cud|nv|nccl|cu[a-z]+\.)/.test(missing)) {
    return `${path.basename(library)} needs ${missing} of CUDA. ${again} The nvidia-* packages must lie beside torch.`;
  }
  if (missing) return `${path.basename(library)} needs ${missing}; install the system package that has it.`;
  if (/GLIBC|GLIBCXX/.test(reason)) return 'The system is older than this library; use a newer system or image.';
  if (process.platform === 'win32' && /Windows error 126\b/.test(reason)) {
    return 'A DLL that it needs is missing: install the Microsoft Visual C++ Redistributable 2022 (x64).';
  }
  return again;
}

/** @param {Trial} trial @param {libtorch.Libtorch} chosen @returns {Check} */
function check_opening({ steps, ended }, chosen) {
  const opened = steps.filter(({ step }) => step.startsWith('open '));
  const failed = opened.find(({ ok }) => !ok);
  if (failed) {
    const reason = failed.reason ?? '';
    return {
      name: 'libraries',
      status: 'failure',
      found: reason,
      advice: advice_on_opening(reason, failed.step.slice(5), chosen),
    };
  }
  if (opened.length < chosen.libraries.length) {
    const library = chosen.libraries[opened.length] ?? '';
    return {
      name: 'libraries',
      status: 'failure',
      found: `opening ${library} ended the process (${ended})`,
      advice: advice_on_opening('', library, chosen),
    };
  }
  return { name: 'libraries', status: 'ok', found: chosen.libraries.map((file) => path.basename(file)).join(', ') };
}

/** OpenMP twice in one process costs threads and can hang. @param {libtorch.Libtorch} chosen @returns {Check[]} */
function check_openmp({ lib_dir }) {
  if (process.platform !== 'linux') return [];
  const { needed: all } = read_elf(path.join(lib_dir, libtorch.library_file('torch_cpu')));
  const needed = all.find((name) => /^lib(gomp|omp|iomp)/.test(name));
  if (needed === undefined) return [];
  const beside = fs.existsSync(path.join(lib_dir, needed));
  if (beside) return [{ name: 'openmp', status: 'ok', found: `${needed} beside libtorch` }];
  return [
    {
      name: 'openmp',
      status: 'warning',
      found: `${needed} is not beside libtorch; the system's is used if there is one`,
      advice: `Use a complete libtorch: \`npx torch-node install\`, or install the system's: ${openmp_packages}.`,
    },
  ];
}

/** @param {Trial} trial @param {libtorch.Libtorch | null} chosen @returns {Check[]} */
function check_cuda({ steps }, chosen) {
  if (process.platform === 'darwin') return [];
  const driver = steps.find(({ step }) => step === 'driver');
  const trained = steps.find(({ step, ok }) => step === 'train' && ok);
  const version = environment.kernel_driver_version();
  const has_driver = driver?.ok === true;
  const build = chosen?.libraries.some((file) => path.basename(file) === libtorch.library_file('torch_cuda'));
  /** @type {Check} */
  const driver_check = {
    name: 'cuda driver',
    status: 'ok',
    found: has_driver ? (version ?? 'present') : `none (${driver?.reason ?? 'not looked for'})`,
  };
  if (!has_driver && build) {
    driver_check.status = 'warning';
    driver_check.advice = 'Install an NVIDIA driver (in a container: run it with --gpus all), or use the CPU.';
  }
  /** @type {Check} */
  const libraries = { name: 'cuda libraries', status: 'ok', found: 'none: this is a build for the CPU' };
  if (build && chosen) {
    const count = chosen.libraries.filter((file) => file.includes(`${path.sep}nvidia${path.sep}`)).length;
    libraries.found =
      `CUDA ${trained?.torch?.cuda ?? 'of unknown version'}; ${count} libraries of nvidia-* packages; ` +
      `${trained?.devices ?? 0} devices can be used`;
    if (has_driver && trained && !trained.torch?.cuda_available) {
      libraries.status = 'warning';
      libraries.advice =
        'There is a driver, but no device can be used: compare its version with the CUDA version above.';
    }
  } else if (has_driver) {
    libraries.advice =
      'There is an NVIDIA driver: `npx torch-node install --cuda 13.0` (or 12.8) obtains a build that uses it.';
  }
  return [driver_check, libraries];
}

/** @param {Trial} trial @returns {Check} */
function check_training({ steps, ended }) {
  const trained = steps.find(({ step }) => step === 'train');
  if (trained?.ok) {
    const losses = (trained.losses ?? []).map((loss) => loss.toFixed(4)).join(', ');
    return { name: 'training step', status: 'ok', found: `the loss falls: ${losses}` };
  }
  const found = trained
    ? (trained.reason ?? '')
    : ended
      ? `it ended the process (${ended})`
      : 'not tried, for the reasons above';
  return {
    name: 'training step',
    status: 'failure',
    found,
    advice:
      trained || ended
        ? 'If all of the above is right, please report this with the output of `npx torch-node doctor --json`.'
        : 'Mend the above first.',
  };
}

/** @param {libtorch.Libtorch | null} chosen @returns {Check} */
function check_cache(chosen) {
  const folder = libtorch.cache_folder();
  try {
    obtain.check_cache();
    return { name: 'cache', status: 'ok', found: folder };
  } catch (error) {
    // It is only written to by `torch-node install`.
    return {
      name: 'cache',
      status: chosen ? 'warning' : 'failure',
      found: `${folder} cannot be written to`,
      advice: /** @type {Error} */ (error).message.replace(/^torch-node: /, ''),
    };
  }
}

/** @returns {Trial} */
function run_trial() {
  const { stdout, status, signal } = spawnSync(process.execPath, [path.join(__dirname, 'trial.js')], {
    encoding: 'utf8',
  });
  const steps = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return { steps, ended: signal ?? (status === 0 ? null : `status ${status}`) };
}

/** All checks, those that others depend on first. @param {{ env?: boolean }} [options] `env`: look at the environment too */
function examine({ env = false } = {}) {
  const { found: chosen, refused } = libtorch.search();
  const first = [
    check_platform(),
    ...check_glibc(),
    check_node(),
    check_addon(chosen),
    check_libtorch(chosen, refused),
  ];
  const trial = run_trial();
  /** @type {Check[]} */
  const checks = [
    ...first,
    ...(chosen ? [...check_openmp(chosen), check_opening(trial, chosen)] : []),
    ...check_cuda(trial, chosen),
    check_training(trial),
    check_cache(chosen),
  ];
  const report = { ok: checks.every(({ status }) => status !== 'failure'), libtorch_wanted: VERSION, checks };
  if (!env) return report;
  return { ...report, environment: environment.collect(trial.steps.find(({ torch }) => torch)?.torch ?? null) };
}

const marks = { ok: 'ok     ', warning: 'warning', failure: 'FAILURE' };

/** @param {{ checks: Check[], environment?: import('./environment.js').Environment }} report */
function text_of({ checks, environment: found }) {
  const indented = (/** @type {string} */ text, /** @type {string} */ margin) => text.replaceAll('\n', `\n${margin}`);
  const lines = checks
    .map(({ name, status, found, advice }) => {
      const line = `${marks[status]}  ${name}: ${indented(found, ' '.repeat(11))}`;
      return advice === undefined ? line : `${line}\n         -> ${indented(advice, ' '.repeat(12))}`;
    })
    .join('\n');
  return found === undefined ? lines : `${lines}\n\n${environment.text_of(found)}`;
}

module.exports = { examine, text_of };
