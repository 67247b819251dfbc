/** Names of `torch.ao.quantization` that are not here; using one throws an Error that says what to do instead. */
import { absent } from './absent.js';

/** Not in torch-node: `torch.ao.quantization.DeQuantStub`. */
export const DeQuantStub = absent('torch.ao.quantization.DeQuantStub');
/** Not in torch-node: `torch.ao.quantization.FakeQuantize`. */
export const FakeQuantize = absent('torch.ao.quantization.FakeQuantize');
/** Not in torch-node: `torch.ao.quantization.HistogramObserver`. */
export const HistogramObserver = absent('torch.ao.quantization.HistogramObserver');
/** Not in torch-node: `torch.ao.quantization.MinMaxObserver`. */
export const MinMaxObserver = absent('torch.ao.quantization.MinMaxObserver');
/** Not in torch-node: `torch.ao.quantization.MovingAverageMinMaxObserver`. */
export const MovingAverageMinMaxObserver = absent('torch.ao.quantization.MovingAverageMinMaxObserver');
/** Not in torch-node: `torch.ao.quantization.PerChannelMinMaxObserver`. */
export const PerChannelMinMaxObserver = absent('torch.ao.quantization.PerChannelMinMaxObserver');
/** Not in torch-node: `torch.ao.quantization.QConfig`. */
export const QConfig = absent('torch.ao.quantization.QConfig');
/** Not in torch-node: `torch.ao.quantization.QuantStub`. */
export const QuantStub = absent('torch.ao.quantization.QuantStub');
/** Not in torch-node: `torch.ao.quantization.convert`. */
export const convert = absent('torch.ao.quantization.convert');
/** Not in torch-node: `torch.ao.quantization.fuse_modules`. */
export const fuse_modules = absent('torch.ao.quantization.fuse_modules');
/** Not in torch-node: `torch.ao.quantization.get_default_qat_qconfig`. */
export const get_default_qat_qconfig = absent('torch.ao.quantization.get_default_qat_qconfig');
/** Not in torch-node: `torch.ao.quantization.get_default_qconfig`. */
export const get_default_qconfig = absent('torch.ao.quantization.get_default_qconfig');
/** Not in torch-node: `torch.ao.quantization.prepare`. */
export const prepare = absent('torch.ao.quantization.prepare');
/** Not in torch-node: `torch.ao.quantization.prepare_qat`. */
export const prepare_qat = absent('torch.ao.quantization.prepare_qat');
/** Not in torch-node: `torch.ao.quantization.quantize`. */
export const quantize = absent('torch.ao.quantization.quantize');
/** Not in torch-node: `torch.ao.quantization.quantize_qat`. */
export const quantize_qat = absent('torch.ao.quantization.quantize_qat');
