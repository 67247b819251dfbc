/** The package for ES modules: the very objects of the CommonJS build, so that both share one state. */
import './_internal/one_file.js';
export * from './index.js';
import * as torch from './index.js';
export default torch;
