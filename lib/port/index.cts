/** The package for CommonJS modules: the very object of the build, with itself as the default export. */
export * from './index.js';
import * as port from './index.js';
export default port;

// Not enumerable, so that nothing that walks the package goes in circles.
module.exports = Object.defineProperty(port, 'default', { value: port });
