import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the package, for scripts that tests run in processes of their own. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
