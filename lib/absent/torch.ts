/** Modules of `torch` that are not here; each property of them throws an Error with the reason. */
import { absent } from './absent.js';

const accelerator = absent('torch.accelerator', 'written_in_python');
const amp = absent('torch.amp', 'yet');
const ao = absent('torch.ao', 'tracing');
const compiler = absent('torch.compiler', 'tracing');
const cpu = absent('torch.cpu', 'written_in_python');
const distributed = absent('torch.distributed', 'processes');
const distributions = absent('torch.distributions', 'written_in_python');
const export_ = absent('torch.export', 'tracing');
const futures = absent('torch.futures', 'processes');
const fx = absent('torch.fx', 'tracing');
const library = absent('torch.library', 'tracing');
const monitor = absent('torch.monitor', 'yet');
const mps = absent('torch.mps', 'device');
const mtia = absent('torch.mtia', 'device');
const multiprocessing = absent('torch.multiprocessing', 'processes');
const onnx = absent('torch.onnx', 'tracing');
const overrides = absent('torch.overrides', 'tracing');
const package_ = absent('torch.package', 'tracing');
const profiler = absent('torch.profiler', 'yet');
const quantization = absent('torch.quantization', 'tracing');
const xpu = absent('torch.xpu', 'device');

export {
  /** Not in torch-node: `torch.accelerator`. */
  accelerator,
  /** Not in torch-node: `torch.amp`. */
  amp,
  /** Not in torch-node: `torch.ao`. */
  ao,
  /** Not in torch-node: `torch.compiler`. */
  compiler,
  /** Not in torch-node: `torch.cpu`. */
  cpu,
  /** Not in torch-node: `torch.distributed`. */
  distributed,
  /** Not in torch-node: `torch.distributions`. */
  distributions,
  /** Not in torch-node: `torch.export`. */
  export_ as export,
  /** Not in torch-node: `torch.futures`. */
  futures,
  /** Not in torch-node: `torch.fx`. */
  fx,
  /** Not in torch-node: `torch.library`. */
  library,
  /** Not in torch-node: `torch.monitor`. */
  monitor,
  /** Not in torch-node: `torch.mps`. */
  mps,
  /** Not in torch-node: `torch.mtia`. */
  mtia,
  /** Not in torch-node: `torch.multiprocessing`. */
  multiprocessing,
  /** Not in torch-node: `torch.onnx`. */
  onnx,
  /** Not in torch-node: `torch.overrides`. */
  overrides,
  /** Not in torch-node: `torch.package`. */
  package_ as package,
  /** Not in torch-node: `torch.profiler`. */
  profiler,
  /** Not in torch-node: `torch.quantization`. */
  quantization,
  /** Not in torch-node: `torch.xpu`. */
  xpu,
};
