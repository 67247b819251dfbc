/** Animations of figures. Mirrors `matplotlib.animation`. */
export {
  ArtistAnimation,
  type DrawFrame,
  FuncAnimation,
  type FuncAnimationOptions,
  type HtmlOptions,
  type SaveOptions,
  type TimingOptions,
} from './animation.js';
