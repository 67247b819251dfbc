'use strict';
/**
 * The part of Python's dependency specifications that a wheel's list of CUDA libraries needs: names with extras,
 * versions, and environment markers.
 */

/**
 * @typedef {{ name: string, extras: string[], specifiers: string[], marker: string }} Requirement
 */

/** @param {string} name */
const normalized = (name) => name.toLowerCase().replace(/[-_.]+/g, '-');

/** @param {string} text @returns {Requirement} */
function parse_requirement(text) {
  const [, name, extras = '', versions, marker = ''] =
    /^\s*([\w.-]+)\s*(?:\[([^\]]*)\])?\s*\(?([^;)]*)\)?\s*(?:;\s*(.*))?$/.exec(text) ?? [];
  if (name === undefined) throw new Error(`'${text}' is not a requirement`);
  const list = (/** @type {string} */ commas) =>
    commas
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean);
  return { name: normalized(name), extras: list(extras).map(normalized), specifiers: list(versions), marker };
}

/**
 * Numbers only, which is all that CUDA's packages have; a local part (`+cpu`) does not count.
 * @param {string} version
 */
const numbers_of = (version) =>
  version
    .split('+')[0]
    .split('.')
    .map((part) => Number.parseInt(part, 10) || 0);

/** @param {string} a @param {string} b */
function compare_versions(a, b) {
  const [left, right] = [numbers_of(a), numbers_of(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * Whether the first numbers are those of the prefix, missing ones being 0.
 * @param {string} version @param {string} prefix
 */
function has_prefix(version, prefix) {
  const numbers = numbers_of(version);
  return numbers_of(prefix).every((number, i) => (numbers[i] ?? 0) === number);
}

/** @param {string} version @param {string} specifier such as `>=13.0.88`, `==13.1.*` */
function satisfies(version, specifier) {
  const [, operator, wanted] = /^(==|!=|>=|<=|~=|>|<)\s*(.+)$/.exec(specifier) ?? [];
  if (operator === undefined) throw new Error(`'${specifier}' is not a version specifier`);
  if (wanted.endsWith('.*')) return has_prefix(version, wanted.slice(0, -2)) === (operator === '==');
  const difference = compare_versions(version, wanted);
  switch (operator) {
    case '==':
      return difference === 0;
    case '!=':
      return difference !== 0;
    case '>=':
      return difference >= 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    case '<':
      return difference < 0;
    default:
      return difference >= 0 && has_prefix(version, wanted.split('.').slice(0, -1).join('.'));
  }
}

/** The values that markers ask for. @param {string} extra */
function environment(extra) {
  const { platform, arch } = process;
  const machines = { 'linux-x64': 'x86_64', 'linux-arm64': 'aarch64', 'darwin-arm64': 'arm64', 'win32-x64': 'AMD64' };
  const machine = machines[/** @type {keyof typeof machines} */ (`${platform}-${arch}`)] ?? arch;
  return /** @type {Record<string, string>} */ ({
    extra,
    platform_machine: machine,
    sys_platform: platform,
    platform_system: platform === 'win32' ? 'Windows' : platform === 'darwin' ? 'Darwin' : 'Linux',
    os_name: platform === 'win32' ? 'nt' : 'posix',
    python_version: '3.12',
    python_full_version: '3.12.0',
    implementation_name: 'cpython',
    platform_python_implementation: 'CPython',
  });
}

/** Whether an environment marker holds here. @param {string} marker @param {string} extra */
function applies(marker, extra) {
  if (marker === '') return true;
  const tokens = marker.match(/\(|\)|'[^']*'|"[^"]*"|[<>=!~]+|\w+/g) ?? [];
  const values = environment(extra);
  let at = 0;
  const value = () => {
    const token = tokens[at++] ?? '';
    if (/^['"]/.test(token)) return token.slice(1, -1);
    if (values[token] === undefined) throw new Error(`'${marker}': ${token || 'its end'} is not understood`);
    return values[token];
  };
  const comparison = () => {
    const left = value();
    const negated = tokens[at] === 'not' && at++ > 0;
    const operator = tokens[at++] ?? '';
    const right = value();
    if (operator === 'in') return right.includes(left) !== negated;
    if (/^\d/.test(left) && /^\d/.test(right)) return satisfies(left, operator + right);
    return (left === right) === (operator === '==');
  };
  /** @returns {boolean} */
  const atom = () => {
    if (tokens[at] !== '(') return comparison();
    at++;
    const result = either();
    at++;
    return result;
  };
  const both = () => {
    let result = atom();
    while (tokens[at] === 'and') {
      at++;
      result = atom() && result;
    }
    return result;
  };
  const either = () => {
    let result = both();
    while (tokens[at] === 'or') {
      at++;
      result = both() || result;
    }
    return result;
  };
  return either();
}

/**
 * The requirements of a wheel's METADATA that hold here, with these extras.
 * @param {string} metadata @param {string[]} extras
 */
function requirements_of(metadata, extras) {
  const lines = [...metadata.matchAll(/^Requires-Dist:\s*(.+)$/gm)].map(([, text]) => parse_requirement(text.trim()));
  return lines.filter(({ marker }) => ['', ...extras].some((extra) => applies(marker, extra)));
}

module.exports = { applies, compare_versions, normalized, parse_requirement, requirements_of, satisfies };
