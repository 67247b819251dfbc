/**
 * The types of devices: one row for each, with all that the rest of lib/ asks about them. What libtorch's own kernels
 * support is in native/core/device_types.h.
 */

/** What lib/ knows about a type of device. Whatever libtorch can open works without a row, as a plain device. */
export interface DeviceType {
  /** As `torch.device` writes it. */
  readonly name: string;
  /** As libtorch's error texts write it: the `CUDA` in `CUDAFloatType`. */
  readonly title: string;
  /** The module in Python that has its legacy tensor types: `torch.cuda` of `torch.cuda.FloatTensor`. */
  readonly module: string;
  /** The layouts that libtorch's error texts have names for, as in `SparseCUDAFloatType`, beside the strided one. */
  readonly layouts?: readonly (keyof typeof layout_modules)[];
  /** Whether there are legacy types for it, such as `torch.FloatTensor`. */
  readonly tensor_types?: boolean;
  /** Always there, without any initialization. */
  readonly always?: boolean;
  /** Python's torch has a module for it that throws when the build lacks it. */
  readonly has_module?: boolean;
  /** What Python says when the build lacks it, where that is more than one sentence. */
  readonly missing?: string;
  /** Initialized at first use; a bare number as a device is one of these, and files tell which of them they were saved on. */
  readonly accelerator?: boolean;
  /** How to get a build of libtorch that has it, for errors that say it is missing. */
  readonly hint?: string;
  /** libtorch has multi-tensor operators for it: Python's `_device_has_foreach_support`. */
  readonly foreach?: boolean;
  /** `AveragedModel` averages by these operators by default. */
  readonly averages_by_foreach?: boolean;
  /** Transformers may use libtorch's fused kernels for inference. */
  readonly fused_inference?: boolean;
  /** Its name among DLPack's types of devices. */
  readonly dlpack?: 'kDLCPU' | 'kDLCUDA' | 'kDLOneAPI' | 'kDLMetal' | 'kDLExtDev';
}

const layout_modules = { Sparse: 'sparse', SparseCsr: 'sparse_csr', Quantized: 'quantized', Mkldnn: 'mkldnn' } as const;

const cuda_hint =
  process.platform === 'darwin'
    ? "There is no CUDA for macOS; device 'cpu' works everywhere."
    : 'The loaded libtorch is the build for the CPU. With an NVIDIA GPU, `npx torch-node install --cuda 13.0` (or 12.8) obtains the build ' +
      'that uses it; `npx torch-node doctor` says which is loaded, and why.';

const rows: readonly DeviceType[] = [
  {
    name: 'cpu',
    title: 'CPU',
    module: 'torch',
    layouts: ['Sparse', 'SparseCsr', 'Quantized', 'Mkldnn'],
    tensor_types: true,
    always: true,
    foreach: true,
    fused_inference: true,
    dlpack: 'kDLCPU',
  },
  { name: 'meta', title: 'Meta', module: 'torch.meta', layouts: ['Sparse'], always: true },
  {
    name: 'cuda',
    title: 'CUDA',
    module: 'torch.cuda',
    layouts: ['Sparse', 'SparseCsr', 'Quantized'],
    tensor_types: true,
    has_module: true,
    accelerator: true,
    hint: cuda_hint,
    foreach: true,
    averages_by_foreach: true,
    fused_inference: true,
    dlpack: 'kDLCUDA',
  },
  {
    name: 'xpu',
    title: 'XPU',
    module: 'torch.xpu',
    layouts: ['Sparse'],
    has_module: true,
    foreach: true,
    averages_by_foreach: true,
    dlpack: 'kDLOneAPI',
  },
  { name: 'mps', title: 'MPS', module: 'torch.mps', layouts: ['Sparse'], dlpack: 'kDLMetal' },
  {
    name: 'mtia',
    title: 'MTIA',
    module: 'torch.mtia',
    has_module: true,
    missing:
      'Torch not compiled with MTIA enabled. Ensure you have `import mtia.host_runtime.torch_mtia.dynamic_library` in your ' +
      'python src file and include `//mtia/host_runtime/torch_mtia:torch_mtia` as your target dependency!',
    foreach: true,
    averages_by_foreach: true,
  },
  { name: 'privateuseone', title: 'PrivateUse1', module: 'torch.privateuseone', foreach: true, dlpack: 'kDLExtDev' },
];

/** All types of devices that have a row. */
export const device_types: readonly DeviceType[] = rows;

const by_name = new Map(rows.map((row) => [row.name, row]));

/** The row of a device: of `'cuda:1'` that of CUDA. undefined for a type without one. */
export function device_type(device: string): DeviceType | undefined {
  return by_name.get(device) ?? by_name.get(device.replace(/:.*/, ''));
}

/** Those that a bare number may mean; the first is meant where none is built. */
export const accelerators: readonly DeviceType[] = rows.filter((row) => row.accelerator);

/** What Python calls the tensors that libtorch's error texts call by a title, such as `SparseCUDA`: a module. */
export const tensor_modules: ReadonlyMap<string, string> = new Map(
  rows.flatMap(({ title, module, layouts }): [string, string][] =>
    layouts === undefined
      ? []
      : [
          [title, module],
          ...layouts.map((layout): [string, string] => [layout + title, `${module}.${layout_modules[layout]}`]),
        ],
  ),
);

/** A text with the row's hint in a line of its own, where it has one. */
export function with_build_hint(text: string, { hint }: DeviceType): string {
  return hint === undefined ? text : `${text}\n${hint}`;
}
