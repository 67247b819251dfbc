/** Style sheets. Mirrors `matplotlib.style`. */
export { available, use } from './style.js';
