/** `torch.fx.passes`: what is done with graphs. */
export * as shape_prop from './shape_prop.js';
