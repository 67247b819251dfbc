/** npm packages that a part of the package needs, and that users install beside it: optional peers. */
import { createRequire } from 'node:module';
import { join } from 'node:path';

const loaded = new Map<string, unknown>();

/**
 * A package that lies beside this one or, where package managers keep them apart, beside the program.
 * @param name the package
 * @param purpose what needs it, as the beginning of a sentence: `add_video()`
 * @throws Error that says how to install it
 */
export function optional_package<T>(name: string, purpose: string): T {
  if (loaded.has(name)) return loaded.get(name) as T;
  for (const file of [__filename, join(process.cwd(), 'noop.js')]) {
    try {
      const found = createRequire(file)(name) as T;
      loaded.set(name, found);
      return found;
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  throw new Error(`${purpose} needs the npm package '${name}', which is not installed: npm install ${name}`);
}
