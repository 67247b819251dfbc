'use strict';
/**
 * Bills of materials (CycloneDX 1.5, JSON) of the packages that scripts/dev/package.js makes. They hold neither time nor
 * serial number, so the same package has the same bill.
 */
const fs = require('node:fs');
const path = require('node:path');
const { createHash } = require('node:crypto');

/** What the text of a license says of itself, most telling first. @type {[RegExp, string][]} */
const LICENSES = [
  [/Apache License\s+Version 2\.0[\s\S]*LLVM Exceptions to the Apache 2\.0 License/i, 'Apache-2.0 WITH LLVM-exception'],
  [/Apache License,?\s+Version 2\.0/i, 'Apache-2.0'],
  [/Boost Software License - Version 1\.0/i, 'BSL-1.0'],
  [/GNU GENERAL PUBLIC LICENSE\s+Version 3/i, 'GPL-3.0-only'],
  [/Permission is hereby granted, free of charge, to any person obtaining\s+(a\s+)?copy/i, 'MIT'],
  [/Permission to use, copy, modify, and\/or distribute this software for any/i, 'ISC'],
  [
    /Redistribution and use in source and binary forms[\s\S]*(Neither the names?|names? of .{0,80}may not)/i,
    'BSD-3-Clause',
  ],
  [/Redistribution and use in source and binary forms/i, 'BSD-2-Clause'],
];

/** The license that a text is, by its SPDX identifier, or null for a text that is not known. @param {string} text */
function license_of(text) {
  const found = LICENSES.find(([pattern]) => pattern.test(text.replace(/^[\s#*;/.]+/gm, '')));
  return found ? found[1] : null;
}

/** @param {string} id */
function license_entry(id) {
  if (id.startsWith('SEE ')) return { license: { name: id } };
  return id.includes(' ') ? { expression: id } : { license: { id } };
}

/**
 * The parts of libtorch that its license files name: one for each folder with such files. PyTorch's list is of its
 * sources; some of it (tests, GPU code) is in no library.
 * @param {string} folder of the license files @param {string[]} files in it
 */
function parts_of_libtorch(folder, files) {
  /** @type {Map<string, string[]>} */
  const by_part = new Map();
  for (const file of files) {
    const part = path.posix.dirname(file);
    if (part !== '.') by_part.set(part, [...(by_part.get(part) ?? []), file]);
  }
  return [...by_part].map(([part, texts]) => {
    const known = texts.map((file) => license_of(fs.readFileSync(path.join(folder, file), 'utf8')));
    const ids = [...new Set(known.filter((id) => id !== null))];
    return {
      'bom-ref': `libtorch/${part}`,
      type: 'library',
      name: path.posix.basename(part),
      ...(ids.length > 0
        ? { licenses: ids.length === 1 ? ids.map(license_entry) : ids.map((name) => ({ license: { name } })) }
        : {}),
      properties: texts.map((file) => ({ name: 'torch-node:license-file', value: `licenses/${file}` })),
    };
  });
}

/**
 * The runtime of GCC's OpenMP, which libtorch's Linux wheels carry as it is. @param {string[]} files of the package
 */
function openmp_of_gcc(files) {
  const file = files.find((name) => /^lib\/libgomp[-.].*so/.test(name));
  if (file === undefined) return [];
  const licenses = [license_entry('GPL-3.0-or-later WITH GCC-exception-3.1')];
  const properties = [{ name: 'torch-node:file', value: file }];
  return [{ 'bom-ref': 'gcc/libgomp', type: 'library', name: 'libgomp', licenses, properties }];
}

/** @param {string} name @param {string} version */
const purl = (name, version) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

/**
 * The bill of a package.
 * @param {{ name: string, version: string, license: string, description: string,
 *   optionalDependencies?: Record<string, string> }} manifest
 * @param {string} tarball @param {object[]} parts what is in it beside its own sources
 */
function bill_of(manifest, tarball, parts) {
  const { name, version, license, description, optionalDependencies = {} } = manifest;
  const ref = `${name}@${version}`;
  const others = Object.entries(optionalDependencies).map(([other, its_version]) => ({
    'bom-ref': `${other}@${its_version}`,
    type: 'library',
    name: other,
    version: its_version,
    scope: 'optional',
    purl: purl(other, its_version),
  }));
  const components = [...others, .../** @type {{ 'bom-ref': string }[]} */ (parts)];
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      component: {
        'bom-ref': ref,
        type: 'library',
        name,
        version,
        description,
        hashes: [{ alg: 'SHA-256', content: createHash('sha256').update(fs.readFileSync(tarball)).digest('hex') }],
        licenses: [license_entry(license)],
        purl: purl(name, version),
      },
    },
    components,
    dependencies: [
      { ref, dependsOn: components.map((component) => component['bom-ref']) },
      ...components.map((component) => ({ ref: component['bom-ref'] })),
    ],
  };
}

module.exports = { bill_of, license_of, openmp_of_gcc, parts_of_libtorch };
