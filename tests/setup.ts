/** Before all tests: the reference Python. */
import { createRequire } from 'node:module';

export default function setup(): void {
  const { reference_python } = createRequire(import.meta.url)('../scripts/dev/reference.js') as {
    reference_python(): string;
  };
  reference_python();
}
