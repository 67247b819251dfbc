/** The package for ES modules: the very objects of the CommonJS build, so that both share one state. */
export * from './index.js';
import * as port from './index.js';
export default port;
