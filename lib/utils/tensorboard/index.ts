/** `torch.utils.tensorboard`: event files that TensorBoard shows. */
export { type FileWriterOptions, FileWriter } from './file_writer.js';
export { RecordWriter } from './record_writer.js';
export type { LoggedArray } from './arrays.js';
export type { Bins } from './histogram.js';
export type { Layout } from './summary.js';
export { type DrawnFigure, type Scalar, SummaryWriter, type SummaryWriterOptions } from './writer.js';
