/** torch-node/tensorboard: `torch.utils.tensorboard`, event files that TensorBoard shows. */
import '../_internal/one_file.js';
import '../index.js';

export * from '../utils/tensorboard/index.js';
