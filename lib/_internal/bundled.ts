/**
 * Refuses to be part of a bundle, where neither the addon nor libtorch is found beside the code, with a text that says
 * what to do. Imported before everything else, since in bundles of ES modules the first `require` throws.
 */

/** The bundle that this file is part of, or null when it is a file of its own. */
function bundle(): string | null {
  if (typeof __filename !== 'string') return 'a bundle of ES modules';
  const { existsSync } = require('node:fs') as typeof import('node:fs');
  return /[\\/]_internal[\\/]bundled\.js$/.test(__filename) && existsSync(__filename) ? null : __filename;
}

const bundled_into = bundle();
if (bundled_into !== null) {
  throw new Error(
    [
      `torch-node: its code was bundled (into ${bundled_into}), but it loads an addon and libtorch that lie beside its own files. ` +
        'Leave it out of the bundle, so that it is loaded from node_modules at run time:',
      "  - esbuild: --external:torch-node, or external: ['torch-node'], or packages: 'external'",
      "  - webpack: externalsType: 'commonjs', externals: [/^torch-node(\\/|$)/]",
      "  - Next.js: serverExternalPackages: ['torch-node'] in next.config",
      "  - Vite: ssr: { external: ['torch-node'] }",
      '  - Rollup: external: [/^torch-node(\\/|$)/]',
    ].join('\n'),
  );
}

export {};
