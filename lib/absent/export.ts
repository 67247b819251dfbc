/** Names of `torch.export` that are not here; using one throws an Error that says what to do instead. */
import { absent } from './absent.js';

/** Not in torch-node: `torch.export.AdditionalInputs`. */
export const AdditionalInputs = absent('torch.export.AdditionalInputs');
/** Not in torch-node: `torch.export.ExportBackwardSignature`. */
export const ExportBackwardSignature = absent('torch.export.ExportBackwardSignature');
/** Not in torch-node: `torch.export.FlatArgsAdapter`. */
export const FlatArgsAdapter = absent('torch.export.FlatArgsAdapter');
/** Not in torch-node: `torch.export.ModuleCallEntry`. */
export const ModuleCallEntry = absent('torch.export.ModuleCallEntry');
/** Not in torch-node: `torch.export.ModuleCallSignature`. */
export const ModuleCallSignature = absent('torch.export.ModuleCallSignature');
/** Not in torch-node: `torch.export.ShapesCollection`. */
export const ShapesCollection = absent('torch.export.ShapesCollection');
/** Not in torch-node: `torch.export.UnflattenedModule`. */
export const UnflattenedModule = absent('torch.export.UnflattenedModule');
/** Not in torch-node: `torch.export.dims`. */
export const dims = absent('torch.export.dims');
/** Not in torch-node: `torch.export.draft_export`. */
export const draft_export = absent('torch.export.draft_export');
/** Not in torch-node: `torch.export.register_dataclass`. */
export const register_dataclass = absent('torch.export.register_dataclass');
/** Not in torch-node: `torch.export.unflatten`. */
export const unflatten = absent('torch.export.unflatten');
