/** Modules whose parameters are cut over processes: `torch.distributed.tensor.parallel`. */
import '../../../_internal/bundled.js';

export { loss_parallel, parallelize_module, type ParallelizePlan } from './api.js';
export {
  ColwiseParallel,
  ParallelStyle,
  PrepareModuleInput,
  PrepareModuleInputOutput,
  PrepareModuleOutput,
  RowwiseParallel,
  SequenceParallel,
  type ParallelLinearOptions,
  type PrepareModuleInputOptions,
  type PrepareModuleInputOutputOptions,
  type PrepareModuleOutputOptions,
  type SequenceParallelOptions,
} from './style.js';
