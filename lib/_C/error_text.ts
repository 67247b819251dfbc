/** Texts of libtorch's errors as Python shows them. */

const modules: Record<string, string> = {
  CPU: 'torch',
  CUDA: 'torch.cuda',
  XPU: 'torch.xpu',
  MPS: 'torch.mps',
  Meta: 'torch.meta',
  SparseCPU: 'torch.sparse',
  SparseCUDA: 'torch.cuda.sparse',
  SparseXPU: 'torch.xpu.sparse',
  SparseMPS: 'torch.mps.sparse',
  SparseMeta: 'torch.meta.sparse',
  SparseCsrCPU: 'torch.sparse_csr',
  SparseCsrCUDA: 'torch.cuda.sparse_csr',
  QuantizedCPU: 'torch.quantized',
  QuantizedCUDA: 'torch.cuda.quantized',
  MkldnnCPU: 'torch.mkldnn',
};

const type_name = new RegExp(`\\b(${Object.keys(modules).join('|')})([A-Z][A-Za-z0-9]*?)Type\\b`, 'g');

const cuda_hint =
  process.platform === 'darwin'
    ? "There is no CUDA for macOS; device 'cpu' works everywhere."
    : 'The loaded libtorch is the build for the CPU. With an NVIDIA GPU, `npx torch-node install --cuda 13.0` (or 12.8) obtains the build ' +
      'that uses it; `npx torch-node doctor` says which is loaded, and why.';

/** What Python says where a build for the CPU is asked for CUDA, and on a line of its own how to get a build with CUDA. */
export function with_cuda_hint(text: string): string {
  return `${text}\n${cuda_hint}`;
}

// What libtorch's own code says there: operators, and generators.
const no_cuda = /is not linked with support for cuda devices$|without ATen_cuda library/;

/** Adds to an error of libtorch's for want of CUDA how to get it; returns the error. */
export function hint_at_cuda(error: unknown): unknown {
  if (error instanceof Error && no_cuda.test(error.message)) error.message = with_cuda_hint(error.message);
  return error;
}

/** C++ calls the type of a tensor `CPUFloatType`, Python `torch.FloatTensor`; changes the text of an error, and returns it. */
export function python_types_in(error: unknown): unknown {
  if (error instanceof Error && error.message.includes('Type')) {
    error.message = error.message.replace(
      type_name,
      (_, backend: string, scalar: string) => `${modules[backend]}.${scalar}Tensor`,
    );
  }
  return error;
}
