/** Values for the arguments of all classes of torch.nn, for tests/reference/nn_signatures.py. */
import { nn } from 'torch-node';

// Numbers that are whole only where Python takes an int, so that both languages print them alike.
export const values = {
  in_features: 4,
  out_features: 4,
  in1_features: 4,
  in2_features: 4,
  num_features: 4,
  in_channels: 4,
  out_channels: 4,
  kernel_size: 2,
  input_size: 4,
  hidden_size: 4,
  num_embeddings: 4,
  embedding_dim: 4,
  normalized_shape: 4,
  num_groups: 2,
  num_channels: 4,
  size: 2,
  padding: 1,
  value: 0.5,
  threshold: 0.5,
  d_model: 4,
  nhead: 2,
  embed_dim: 4,
  num_heads: 2,
  n_classes: 10,
  num_classes: 4,
  cutoffs: [2],
  groups: 2,
  upscale_factor: 2,
  downscale_factor: 2,
  output_size: 3,
  norm_type: 2.5,
  num_layers: 1,
  dim: 1,
  unflattened_size: [2, 2],
  encoder_layer: null,
  decoder_layer: null,
  module: null,
};

/** Modules among the arguments of others. */
export const made: Record<string, () => nn.Module> = {
  encoder_layer: () => new nn.TransformerEncoderLayer(4, 2, 8),
  decoder_layer: () => new nn.TransformerDecoderLayer(4, 2, 8),
  module: () => new nn.Linear(2, 2),
};
