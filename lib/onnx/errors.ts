/** Errors of `torch.onnx`. */

/**
 * A program could not be exported. Mirrors `torch.onnx.OnnxExporterError`.
 *
 * @example
 * ```ts
 * class Inverse extends nn.Module {
 *   forward(x: torch.Tensor): torch.Tensor { return torch.linalg.inv(x); }
 * }
 * try {
 *   torch.onnx.export(new Inverse().eval(), [torch.eye(2)]);
 * } catch (error) {
 *   print(error instanceof torch.onnx.OnnxExporterError); // True
 * }
 * ```
 */
export class OnnxExporterError extends Error {
  override name = 'OnnxExporterError';
}
