'use strict';
/**
 * Finds wheels in a Python package index (the simple repository interface), with the SHA-256 that the index publishes.
 */
const path = require('node:path');
const { compare_versions, normalized, satisfies } = require('./requirements.js');

/** @typedef {{ file: string, url: string, sha256: string, version: string }} Wheel */

const platforms = {
  'linux-x64': /^(many)?linux.*_x86_64$/,
  'linux-arm64': /^(many)?linux.*_aarch64$/,
  'darwin-arm64': /^macosx_.*_(arm64|universal2)$/,
  'win32-x64': /^win_amd64$/,
};

/** @param {string} text */
const unescaped = (text) => text.replaceAll('&amp;', '&').replaceAll('&#43;', '+');

/** The wheels for this platform on a project's page; files without a published SHA-256 do not count.
 * @param {string} html @param {string} page its address @returns {Wheel[]} */
function wheels_on(html, page) {
  const platform = platforms[/** @type {keyof typeof platforms} */ (`${process.platform}-${process.arch}`)];
  return [...html.matchAll(/<a\s[^>]*href=["']([^"']+)["']/gi)].flatMap(([, href]) => {
    const url = new URL(unescaped(href), page);
    const sha256 = /^#sha256=([0-9a-f]{64})$/i.exec(url.hash)?.[1];
    const file = decodeURIComponent(path.posix.basename(url.pathname));
    const [, version, abi, tags] = /^[^-]+-([^-]+)(?:-\d[^-]*)?-[^-]+-([^-]+)-([^-]+)\.whl$/.exec(file) ?? [];
    // a free-threaded Python's wheel holds the same libraries; one kind is enough
    if (!sha256 || !platform || version === undefined || abi.endsWith('t')) return [];
    if (!tags.split('.').some((tag) => tag === 'any' || platform.test(tag))) return [];
    url.hash = '';
    return [{ file, url: url.href, sha256: sha256.toLowerCase(), version }];
  });
}

/**
 * The newest wheel of a project in the first index that has one.
 * @param {string[]} indexes @param {string} project @param {string[]} specifiers @returns {Promise<Wheel>}
 */
async function find_wheel(indexes, project, specifiers) {
  const reasons = [];
  for (const index of indexes) {
    const page = `${index.replace(/\/$/, '')}/${normalized(project)}/`;
    let response;
    try {
      response = await fetch(page, { headers: { accept: 'text/html' } });
    } catch (error) {
      const { cause } = /** @type {Error & { cause?: Error }} */ (error);
      reasons.push(`cannot reach ${page}: ${cause ? cause.message : error}`);
      continue;
    }
    if (!response.ok) {
      reasons.push(`${page} answered ${response.status} ${response.statusText}`);
      continue;
    }
    const fitting = wheels_on(await response.text(), response.url)
      .filter(({ version }) => specifiers.every((specifier) => satisfies(version, specifier)))
      .sort((a, b) => compare_versions(b.version, a.version) || (a.file < b.file ? -1 : 1));
    if (fitting[0]) return fitting[0];
    reasons.push(`${page} has no wheel ${specifiers.join(',')} with a SHA-256 for ${process.platform}-${process.arch}`);
  }
  throw new Error(reasons.join('; '));
}

module.exports = { find_wheel };
