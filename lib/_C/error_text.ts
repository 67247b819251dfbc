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
