/** Modules of `torch.cuda` that are not here; each property of them throws an Error with the reason. */
import { absent } from './absent.js';

const amp = absent('torch.cuda.amp', 'yet');
const comm = absent('torch.cuda.comm', 'yet');
const graphs = absent('torch.cuda.graphs', 'yet');
const memory = absent('torch.cuda.memory', 'yet');
const nccl = absent('torch.cuda.nccl', 'yet');
const nvtx = absent('torch.cuda.nvtx', 'yet');
const profiler = absent('torch.cuda.profiler', 'yet');
const random = absent('torch.cuda.random', 'inner');
const streams = absent('torch.cuda.streams', 'yet');

export {
  /** Not in torch-node: `torch.cuda.amp`. */
  amp,
  /** Not in torch-node: `torch.cuda.comm`. */
  comm,
  /** Not in torch-node: `torch.cuda.graphs`. */
  graphs,
  /** Not in torch-node: `torch.cuda.memory`. */
  memory,
  /** Not in torch-node: `torch.cuda.nccl`. */
  nccl,
  /** Not in torch-node: `torch.cuda.nvtx`. */
  nvtx,
  /** Not in torch-node: `torch.cuda.profiler`. */
  profiler,
  /** Not in torch-node: `torch.cuda.random`. */
  random,
  /** Not in torch-node: `torch.cuda.streams`. */
  streams,
};
