/** The package for CommonJS modules: the very object of the build, with itself as the default export. */
export * from './index.js';
import * as progress from './index.js';
export default progress;

// Not enumerable, so that nothing that walks the package goes in circles.
module.exports = Object.defineProperty(progress, 'default', { value: progress });
