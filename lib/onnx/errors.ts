/** Errors of `torch.onnx`. */

/** A program could not be exported. Mirrors `torch.onnx.OnnxExporterError`. */
export class OnnxExporterError extends Error {
  override name = 'OnnxExporterError';
}
