/** Names of `torch.utils.data` that are not here; using one throws an Error that says what to do instead. */
import { absent } from './absent.js';

/** Not in torch-node: `torch.utils.data.DistributedSampler`. */
export const DistributedSampler = absent('torch.utils.data.DistributedSampler');
/** Not in torch-node: `torch.utils.data.functional_datapipe`. */
export const functional_datapipe = absent('torch.utils.data.functional_datapipe');
/** Not in torch-node: `torch.utils.data.IterDataPipe`. */
export const IterDataPipe = absent('torch.utils.data.IterDataPipe');
/** Not in torch-node: `torch.utils.data.MapDataPipe`. */
export const MapDataPipe = absent('torch.utils.data.MapDataPipe');
