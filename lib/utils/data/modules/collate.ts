/** `torch.utils.data._utils.collate`: how batches are joined, and what a program may change about it. */
export { collate, default_collate, default_collate_fn_map, default_convert } from '../collate.js';
