/** `torch.types`: types alone, so that there is nothing in it at run time. */
import type { NodeURL } from '../_internal/node_types.js';
import type { Size, Tensor } from '../_tensor.js';
import type { DeviceLike, Device as DeviceObject } from '../types/device.js';
import type { DType, Layout } from '../types/dtype.js';
import type { QScheme } from '../types/qscheme.js';
import type { Scalar } from '../types/scalar.js';
import type { TypedStorage } from '../typed_storage.js';
import type { UntypedStorage } from '../storage.js';

/** What stands for a device: a device, its name, or its number; null for the default one. */
export type Device = DeviceLike | null;
/** What operators take as a number. */
export type Number = Scalar;
/** The name of a file. */
export type FileLike = string | NodeURL;
/** A storage of either class. */
export type Storage = TypedStorage | UntypedStorage;
/** An integer: sizes are not symbolic here. */
export type IntLikeType = number;
/** A float: numbers are not symbolic here. */
export type FloatLikeType = number;
/** A boolean: booleans are not symbolic here. */
export type BoolLikeType = boolean;
/** A tensor, or several. */
export type _TensorOrTensors = Tensor | readonly Tensor[];
/** A device. */
export type _device = DeviceObject;
/** A dtype. */
export type _dtype = DType;
/** A layout. */
export type _layout = Layout;
/** A quantization scheme. */
export type _qscheme = QScheme;
/** Sizes. */
export type _size = Size | readonly number[];
