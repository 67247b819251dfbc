/** The package for CommonJS modules: the very object of the build, with itself as the default export. */
export * from './index.js';
import * as numpy from './index.js';
export default numpy;

// Not enumerable, so that nothing that walks the package goes in circles.
module.exports = Object.defineProperty(numpy, 'default', { value: numpy });
