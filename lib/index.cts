/** The package for CommonJS modules: the very object of the build, with itself as the default export. */
import './_internal/one_file.js';
export * from './index.js';
import * as torch from './index.js';
export default torch;

// What TypeScript exports by a getter for each name is settled now: a plain property is read faster.
for (const [name, { get, configurable }] of Object.entries(Object.getOwnPropertyDescriptors(torch))) {
  if (get !== undefined && configurable === true) Object.defineProperty(torch, name, { value: get.call(torch) });
}

// Not enumerable, so that nothing that walks the package goes in circles.
module.exports = Object.defineProperty(torch, 'default', { value: torch });
