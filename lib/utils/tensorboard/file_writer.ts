/** Writes summaries to an event file in a folder: `FileWriter`. */
import { method_signature, signature } from '../../_internal/signature.js';
import { encode_event, EventFile, event_file_version, event_summary, wall_clock } from './record_writer.js';
import { graph_proto, type GraphNode, run_metadata_proto } from './graph.js';
import { bytes, int, nested, text, type Field } from './protobuf.js';

/** The options of {@link FileWriter}. */
export interface FileWriterOptions {
  /** Has no effect: events are written at once. */
  max_queue?: number;
  /** Has no effect: events are written at once. */
  flush_secs?: number;
  /** What the name of the file ends with. */
  filename_suffix?: string;
}

const FILE_WRITER = signature<FileWriterOptions & { log_dir: string }>(
  'FileWriter',
  'log_dir: str, max_queue?: int, flush_secs?: float, filename_suffix?: str',
);
const ADD_SUMMARY = method_signature<{
  summary: Uint8Array;
  global_step?: number | bigint | null;
  walltime?: number | null;
}>('FileWriter.add_summary', 'summary: Uint8Array, global_step?: float|None, walltime?: float|None');
const GET_LOGDIR = method_signature<object>('FileWriter.get_logdir');
const FLUSH = method_signature<object>('FileWriter.flush');
const CLOSE = method_signature<object>('FileWriter.close');
const REOPEN = method_signature<object>('FileWriter.reopen');

const whole = (step: number | bigint | null): number | bigint | null =>
  typeof step === 'number' ? Math.trunc(step) : step;

/**
 * An event file in a folder; {@link SummaryWriter} has the methods to log values with. Mirrors
 * `torch.utils.tensorboard.FileWriter`, with summaries as the bytes of their messages.
 *
 * @param log_dir - the folder, which is made
 * @param options - `filename_suffix`; see {@link FileWriterOptions}
 * @example
 * ```ts
 * import { FileWriter } from 'torch-node/tensorboard';
 * const writer = new FileWriter('runs_of_file_writer');
 * print(writer.get_logdir());
 * writer.close();
 * ```
 * ```python
 * from torch.utils.tensorboard import FileWriter
 * writer = FileWriter('runs_of_file_writer')
 * print(writer.get_logdir())
 * writer.close()
 * ```
 */
export class FileWriter {
  private file: EventFile;
  private closed = false;
  private readonly suffix: string;

  constructor(
    log_dir: string,
    max_queue?: number,
    flush_secs?: number,
    filename_suffix?: string,
    options?: FileWriterOptions,
  );
  constructor(log_dir: string, options?: FileWriterOptions);
  constructor(options: FileWriterOptions & { log_dir: string });
  constructor(...args: unknown[]) {
    const { log_dir, filename_suffix = '' } = FILE_WRITER.read(args);
    this.suffix = filename_suffix;
    this.file = new EventFile(log_dir, filename_suffix);
  }

  /** The folder. */
  get_logdir(): string;
  get_logdir(...args: unknown[]): string {
    GET_LOGDIR.read(args);
    return this.file.logdir;
  }

  /** Writes an event; `what` is the member that says what it is about. @internal */
  _add_event(what: Field, step: number | bigint | null, walltime: number | null): void {
    if (this.closed) this.reopen();
    this.file.add(encode_event(what, walltime ?? wall_clock(), whole(step)));
  }

  /**
   * Writes a summary.
   * @param summary - the bytes of a message `Summary`
   * @param global_step - the step of the training
   * @param walltime - seconds since 1970; default: now
   */
  add_summary(summary: Uint8Array, global_step?: number | bigint | null, walltime?: number | null): void;
  add_summary(summary: Uint8Array, options: { global_step?: number | bigint | null; walltime?: number | null }): void;
  add_summary(...args: unknown[]): void {
    const { summary, global_step = null, walltime = null } = ADD_SUMMARY.read(args);
    this._add_event(event_summary(summary), global_step, walltime);
  }

  /** Writes a graph, and that it ran on the CPU, which TensorBoard asks for. @internal */
  _add_graph(nodes: readonly GraphNode[]): void {
    this._add_event(bytes(4, graph_proto(nodes)), null, null);
    this._add_event(nested(8, text(1, 'step1'), bytes(2, run_metadata_proto())), null, null);
  }

  /** Hides what a run that ended early had logged from this step on. @internal */
  _purge_from(step: number): void {
    this._add_event(event_file_version('brain.Event:2'), step, null);
    this._add_event(nested(7, int(1, 1)), step, null);
  }

  /** Does nothing: events are written at once. */
  flush(): void;
  flush(...args: unknown[]): void {
    FLUSH.read(args);
  }

  /** Closes the file. */
  close(): void;
  close(...args: unknown[]): void {
    CLOSE.read(args);
    this.file.close();
    this.closed = true;
  }

  /** After `close()`: goes on in a new file of the folder. */
  reopen(): void;
  reopen(...args: unknown[]): void {
    REOPEN.read(args);
    if (!this.closed) return;
    this.file = new EventFile(this.file.logdir, this.suffix);
    this.closed = false;
  }
}
