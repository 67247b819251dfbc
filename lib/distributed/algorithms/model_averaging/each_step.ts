/** What averagers warn of that have nothing to save. */
import { warn } from '../../../_internal/warnings.js';

/** What warns where gradients might as well be averaged. */
export function warn_of_each_step(name: string): void {
  warn(
    `When ${name} is 1, no need to use model averaging because the communication cost of all-reducing parameters will be no less than the ` +
      'cost of all-reducing gradients by DistributedDataParallel in the backward pass. Therefore, only DistributedDataParallel should be used ' +
      'for this case.',
  );
}
