/** `torch.utils.data._utils`. */
export * as collate from './collate.js';
