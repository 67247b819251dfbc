/** `torch.distributed.optim`: optimizers whose state is divided among processes. */
import '../../_internal/bundled.js';

export { ZeroRedundancyOptimizer, type ZeroRedundancyOptimizerOptions } from './zero_redundancy_optimizer.js';
