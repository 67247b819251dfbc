/** Names of `torch.utils.data` that are not here; using one throws an Error that says what to do instead. */
import { absent, absent_module } from './absent.js';

/** Not in torch-node: `torch.utils.data.functional_datapipe`. */
export const functional_datapipe = absent('torch.utils.data.functional_datapipe');
/** Not in torch-node: `torch.utils.data.IterDataPipe`. */
export const IterDataPipe = absent('torch.utils.data.IterDataPipe');
/** Not in torch-node: `torch.utils.data.MapDataPipe`. */
export const MapDataPipe = absent('torch.utils.data.MapDataPipe');
/** Not in torch-node: `torch.utils.data.DataChunk`. */
export const DataChunk = absent('torch.utils.data.DataChunk');
/** Not in torch-node: `torch.utils.data.DFIterDataPipe`. */
export const DFIterDataPipe = absent('torch.utils.data.DFIterDataPipe');
/** Not in torch-node: `torch.utils.data.argument_validation`. */
export const argument_validation = absent('torch.utils.data.argument_validation');
/** Not in torch-node: `torch.utils.data.guaranteed_datapipes_determinism`. */
export const guaranteed_datapipes_determinism = absent('torch.utils.data.guaranteed_datapipes_determinism');
/** Not in torch-node: `torch.utils.data.non_deterministic`. */
export const non_deterministic = absent('torch.utils.data.non_deterministic');
/** Not in torch-node: `torch.utils.data.runtime_validation`. */
export const runtime_validation = absent('torch.utils.data.runtime_validation');
/** Not in torch-node: `torch.utils.data.runtime_validation_disabled`. */
export const runtime_validation_disabled = absent('torch.utils.data.runtime_validation_disabled');
/** Not in torch-node: `torch.utils.data.datapipes`. */
export const datapipes = absent_module('torch.utils.data.datapipes');
