/** Colours, colour maps and norms. Mirrors `matplotlib.colors`. */
export { ListedColormap, LogNorm, Normalize } from './cm.js';
export { to_hex, to_rgba } from './colors.js';
