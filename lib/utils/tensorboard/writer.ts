/** `SummaryWriter`: logs values, pictures and the like for TensorBoard. */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { is_plain_object } from '../../_internal/plain_object.js';
import { kind_of } from '../../_internal/kind_of.js';
import type {} from '../../_internal/node_types.js';
import { float_repr } from '../../_internal/python_numbers.js';
import { define_kind, method_signature, signature } from '../../_internal/signature.js';
import { array_from } from '../../numpy/arguments.js';
import type { NDArray } from '../../numpy/ndarray.js';
import { print } from '../../python/print.js';
import type { Module } from '../../nn/modules/module.js';
import { Tensor } from '../../_tensor.js';
import { flat, type LoggedArray, make_np } from './arrays.js';
import {
  type EmbeddingInfo,
  write_metadata,
  write_projector_config,
  write_sprite,
  write_vectors,
} from './embedding.js';
import { FileWriter } from './file_writer.js';
import { graph_nodes } from './graph.js';
import { type Bins, default_bins, histogram_of, histogram_proto } from './histogram.js';
import { boxes_proto, pixels_of, png_proto } from './image.js';
import { audio_proto, video_proto } from './media.js';
import { nested } from './protobuf.js';
import { wall_clock } from './record_writer.js';
import {
  custom_scalars_summary,
  hparams_summaries,
  type Layout,
  mesh_summary,
  pr_curve_raw_summary,
  pr_curve_summary,
  scalar,
  summary_value,
  tensor_summary,
  text_summary,
} from './summary.js';

/** A single value: a number, or a tensor or array of one element. */
export type Scalar = number | bigint | boolean | LoggedArray;

/** A picture that was drawn, such as a canvas of `@napi-rs/canvas`, on which chart packages draw. */
export interface DrawnFigure {
  readonly width: number;
  readonly height: number;
  /** The pixels as bytes, four for each: red, green, blue and alpha. */
  data(): Uint8Array;
  /** Frees the figure. */
  close?(): void;
}

type Step = number | bigint | null;

/** The last arguments of most methods. */
interface When {
  /** The step of the training. */
  global_step?: Step;
  /** Seconds since 1970; default: now. */
  walltime?: number | null;
}

/** The options of {@link SummaryWriter}. */
export interface SummaryWriterOptions {
  /** Added to the default folder. */
  comment?: string;
  /** Hides what an earlier run in the folder had logged from this step on. */
  purge_step?: number | null;
  /** Has no effect: events are written at once. */
  max_queue?: number;
  /** Has no effect: events are written at once. */
  flush_secs?: number;
  /** What the names of the files end with. */
  filename_suffix?: string;
}

define_kind('drawn_figure', 'Figure', (value) => {
  const { width, height, data } = (value ?? {}) as Partial<DrawnFigure>;
  return typeof width === 'number' && typeof height === 'number' && typeof data === 'function';
});

const SCALAR = 'float|bool|logged_array';
const WHEN = 'global_step?: float|None, walltime?: float|None';

const method = <T extends object>(name: string, text: string) => method_signature<T>(`SummaryWriter.${name}`, text);

const SUMMARY_WRITER = signature<SummaryWriterOptions & { log_dir?: string | null }>(
  'SummaryWriter',
  'log_dir?: str|None, comment?: str, purge_step?: int|None, max_queue?: int, flush_secs?: float, filename_suffix?: str',
);
const GET_LOGDIR = method<object>('get_logdir', '');
const ADD_HPARAMS = method<{
  hparam_dict: object;
  metric_dict: object;
  hparam_domain_discrete?: Record<string, readonly unknown[]> | null;
  run_name?: string | null;
  global_step?: Step;
}>(
  'add_hparams',
  'hparam_dict: dict, metric_dict: dict, hparam_domain_discrete?: dict|None, run_name?: str|None, global_step?: float|None',
);
const ADD_SCALAR = method<
  { tag: string; scalar_value: Scalar; new_style?: boolean; double_precision?: boolean } & When
>('add_scalar', `tag: str, scalar_value: ${SCALAR}, ${WHEN}, new_style?: bool, double_precision?: bool`);
const ADD_SCALARS = method<{ main_tag: string; tag_scalar_dict: Record<string, Scalar> } & When>(
  'add_scalars',
  `main_tag: str, tag_scalar_dict: dict, ${WHEN}`,
);
const ADD_TENSOR = method<{ tag: string; tensor: Tensor } & When>('add_tensor', `tag: str, tensor: Tensor, ${WHEN}`);
const ADD_HISTOGRAM = method<
  { tag: string; values: Scalar; bins?: Bins | 'tensorflow'; max_bins?: number | null } & When
>(
  'add_histogram',
  `tag: str, values: ${SCALAR}, global_step?: float|None, bins?: str|int|float[]|logged_array, walltime?: float|None, max_bins?: int|None`,
);
const ADD_HISTOGRAM_RAW = method<
  {
    tag: string;
    min: number;
    max: number;
    num: number;
    sum: number;
    sum_squares: number;
    bucket_limits: readonly number[] | LoggedArray;
    bucket_counts: readonly number[] | LoggedArray;
  } & When
>(
  'add_histogram_raw',
  'tag: str, min: float, max: float, num: float, sum: float, sum_squares: float, ' +
    `bucket_limits: float[]|logged_array, bucket_counts: float[]|logged_array, ${WHEN}`,
);
const IMAGE = `tag: str, img_tensor: logged_array, ${WHEN}, dataformats?: str`;
type ImageArguments = { tag: string; img_tensor: LoggedArray; dataformats?: string } & When;
const ADD_IMAGE = method<ImageArguments>('add_image', IMAGE);
const ADD_IMAGES = method<ImageArguments>('add_images', IMAGE);
const ADD_IMAGE_WITH_BOXES = method<
  {
    tag: string;
    img_tensor: LoggedArray;
    box_tensor: LoggedArray;
    rescale?: number;
    dataformats?: string;
    labels?: string | readonly string[] | null;
  } & When
>(
  'add_image_with_boxes',
  `tag: str, img_tensor: logged_array, box_tensor: logged_array, ${WHEN}, rescale?: float, dataformats?: str, labels?: str|str[]|None`,
);
const ADD_FIGURE = method<{ tag: string; figure: DrawnFigure | readonly DrawnFigure[]; close?: boolean } & When>(
  'add_figure',
  'tag: str, figure: drawn_figure|drawn_figure[], global_step?: float|None, close?: bool, walltime?: float|None',
);
const ADD_VIDEO = method<{ tag: string; vid_tensor: LoggedArray; fps?: number } & When>(
  'add_video',
  'tag: str, vid_tensor: logged_array, global_step?: float|None, fps?: float, walltime?: float|None',
);
const ADD_AUDIO = method<{ tag: string; snd_tensor: LoggedArray; sample_rate?: number } & When>(
  'add_audio',
  'tag: str, snd_tensor: logged_array, global_step?: float|None, sample_rate?: int, walltime?: float|None',
);
const ADD_TEXT = method<{ tag: string; text_string: string } & When>('add_text', `tag: str, text_string: str, ${WHEN}`);
const ADD_GRAPH = method<{
  model: Module;
  input_to_model?: Tensor | readonly Tensor[] | null;
  verbose?: boolean;
  use_strict_trace?: boolean;
}>('add_graph', 'model: Module, input_to_model?: Tensor|Tensor[]|None, verbose?: bool, use_strict_trace?: bool');
const ADD_EMBEDDING = method<{
  mat: LoggedArray;
  metadata?: readonly unknown[] | null;
  label_img?: Tensor | null;
  global_step?: Step;
  tag?: string;
  metadata_header?: readonly unknown[] | null;
}>(
  'add_embedding',
  'mat: logged_array, metadata?: any[]|None, label_img?: Tensor|None, global_step?: float|None, tag?: str, metadata_header?: any[]|None',
);
const ADD_PR_CURVE = method<
  {
    tag: string;
    labels: LoggedArray;
    predictions: LoggedArray;
    num_thresholds?: number;
    weights?: number | LoggedArray | null;
  } & When
>(
  'add_pr_curve',
  'tag: str, labels: logged_array, predictions: logged_array, global_step?: float|None, num_thresholds?: int, ' +
    'weights?: float|logged_array|None, walltime?: float|None',
);
const COUNTS = 'float[]|logged_array';
const ADD_PR_CURVE_RAW = method<
  {
    tag: string;
    true_positive_counts: unknown;
    false_positive_counts: unknown;
    true_negative_counts: unknown;
    false_negative_counts: unknown;
    precision: unknown;
    recall: unknown;
    num_thresholds?: number;
    weights?: unknown;
  } & When
>(
  'add_pr_curve_raw',
  `tag: str, true_positive_counts: ${COUNTS}, false_positive_counts: ${COUNTS}, true_negative_counts: ${COUNTS}, ` +
    `false_negative_counts: ${COUNTS}, precision: ${COUNTS}, recall: ${COUNTS}, global_step?: float|None, ` +
    'num_thresholds?: int, weights?: float|logged_array|None, walltime?: float|None',
);
const CHART = 'tags: str[], category?: str, title?: str';
type ChartArguments = { tags: readonly string[]; category?: string; title?: string };
const MULTILINE = method<ChartArguments>('add_custom_scalars_multilinechart', CHART);
const MARGIN = method<ChartArguments>('add_custom_scalars_marginchart', CHART);
const CUSTOM_SCALARS = method<{ layout: Layout }>('add_custom_scalars', 'layout: dict');
const ADD_MESH = method<
  {
    tag: string;
    vertices: LoggedArray;
    colors?: LoggedArray | null;
    faces?: LoggedArray | null;
    config_dict?: object | null;
  } & When
>(
  'add_mesh',
  `tag: str, vertices: logged_array, colors?: logged_array|None, faces?: logged_array|None, config_dict?: dict|None, ${WHEN}`,
);
const FLUSH = method<object>('flush', '');
const CLOSE = method<object>('close', '');

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `runs/May04_22-14-54_host`. */
function default_folder(comment: string): string {
  const now = new Date();
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${MONTHS[now.getMonth()]!}${two(now.getDate())}`;
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join('-');
  return join('runs', `${day}_${time}_${hostname()}${comment}`);
}

/** A tag as the name of a folder. */
const encoded_tag = (tag: string): string => tag.replace(/[%/\\]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);

/** `str(step).zfill(5)`. */
const step_name = (step: number | bigint): string => String(step).padStart(5, '0');

/**
 * Logs values of a training run for TensorBoard: `tensorboard --logdir runs` shows them. Mirrors
 * `torch.utils.tensorboard.SummaryWriter`.
 *
 * Each event is appended to the file at once, so that a run that is killed leaves all that it had logged. A `using` block
 * closes the writer; so does `close()`, and a later method begins a new file. `add_video()`, and labels in
 * `add_image_with_boxes()`, need the npm package `@napi-rs/canvas`.
 *
 * @param log_dir - the folder; default: `runs/` with the time and the name of the machine
 * @param options - `comment`, `purge_step`, `filename_suffix`; see {@link SummaryWriterOptions}
 * @example
 * ```ts
 * import { SummaryWriter } from 'torch-node/tensorboard';
 * const writer = new SummaryWriter('runs_of_example/one');
 * for (let step = 0; step < 3; step++) writer.add_scalar('loss', 1 / (step + 1), step);
 * writer.add_histogram('weights', torch.randn(100), 0);
 * writer.close();
 * print(writer.get_logdir());
 * ```
 * ```python
 * from torch.utils.tensorboard import SummaryWriter
 * writer = SummaryWriter('runs_of_example/one')
 * for step in range(3):
 *     writer.add_scalar('loss', 1 / (step + 1), step)
 * writer.add_histogram('weights', torch.randn(100), 0)
 * writer.close()
 * print(writer.get_logdir())
 * ```
 */
export class SummaryWriter {
  /** The folder. */
  readonly log_dir: string;
  /** The first step that is hidden of an earlier run; null once that is written. */
  purge_step: number | null;
  readonly max_queue: number;
  readonly flush_secs: number;
  /** What the names of the files end with. */
  readonly filename_suffix: string;
  /** The writer of the folder; null when closed. */
  file_writer: FileWriter | null = null;
  /** The writers by folder: of the folder itself, and of those that `add_scalars` made; null when closed. */
  all_writers: Map<string, FileWriter> | null = null;
  /** Limits of the bins of histograms. */
  readonly default_bins: readonly number[] = default_bins;

  private readonly embeddings: EmbeddingInfo[] = [];

  constructor(
    log_dir?: string | null,
    comment?: string,
    purge_step?: number | null,
    max_queue?: number,
    flush_secs?: number,
    filename_suffix?: string,
    options?: SummaryWriterOptions,
  );
  constructor(log_dir: string | null, options?: SummaryWriterOptions);
  constructor(options: SummaryWriterOptions & { log_dir?: string | null });
  constructor(...args: unknown[]) {
    const { log_dir, comment = '', purge_step = null, ...rest } = SUMMARY_WRITER.read(args);
    this.log_dir = log_dir ? log_dir : default_folder(comment);
    this.purge_step = purge_step;
    this.max_queue = rest.max_queue ?? 10;
    this.flush_secs = rest.flush_secs ?? 120;
    this.filename_suffix = rest.filename_suffix ?? '';
    this.writer();
  }

  private writer_of(folder: string): FileWriter {
    return new FileWriter(folder, this.max_queue, this.flush_secs, this.filename_suffix);
  }

  /** The writer of the folder, which is opened again after `close()`. */
  private writer(): FileWriter {
    if (this.file_writer !== null && this.all_writers !== null) return this.file_writer;
    this.file_writer = this.writer_of(this.log_dir);
    this.all_writers = new Map([[this.log_dir, this.file_writer]]);
    if (this.purge_step !== null) this.file_writer._purge_from(this.purge_step);
    this.purge_step = null;
    return this.file_writer;
  }

  private add(summary: Uint8Array, { global_step = null, walltime = null }: When = {}): void {
    this.writer().add_summary(summary, global_step, walltime);
  }

  /** The folder. */
  get_logdir(): string;
  get_logdir(...args: unknown[]): string {
    GET_LOGDIR.read(args);
    return this.log_dir;
  }

  /**
   * Logs hyperparameters and the metrics that they led to, in a run of their own.
   * @param hparam_dict - numbers, texts, booleans, tensors of one element, or null
   * @param metric_dict - values by name
   * @param hparam_domain_discrete - all values that a hyperparameter may have
   * @param run_name - folder of the run below that of the writer; default: the time
   * @throws TypeError for other values
   */
  add_hparams(
    hparam_dict: Readonly<Record<string, number | string | boolean | Tensor | null>>,
    metric_dict: Readonly<Record<string, Scalar>>,
    hparam_domain_discrete?: Readonly<Record<string, readonly unknown[]>> | null,
    run_name?: string | null,
    global_step?: Step,
  ): void;
  add_hparams(
    hparam_dict: Readonly<Record<string, number | string | boolean | Tensor | null>>,
    metric_dict: Readonly<Record<string, Scalar>>,
    options: {
      hparam_domain_discrete?: Readonly<Record<string, readonly unknown[]>> | null;
      run_name?: string | null;
      global_step?: Step;
    },
  ): void;
  add_hparams(...args: unknown[]): void {
    const given = ADD_HPARAMS.read(args);
    const { hparam_dict, metric_dict, hparam_domain_discrete = null, run_name, global_step = null } = given;
    if (!is_plain_object(hparam_dict) || !is_plain_object(metric_dict))
      throw new TypeError('hparam_dict and metric_dict should be dictionary.');
    const hyperparameters = hparam_dict as Record<string, number | string | boolean | Tensor | null>;
    const summaries = hparams_summaries(hyperparameters, metric_dict, hparam_domain_discrete);
    const folder = join(this.writer().get_logdir(), run_name ? run_name : float_repr(wall_clock()));
    const run = new SummaryWriter(folder);
    try {
      for (const summary of summaries) run.add(summary, { global_step });
      for (const [name, value] of Object.entries(metric_dict)) run.add_scalar(name, value as Scalar, global_step);
    } finally {
      run.close();
    }
  }

  /**
   * Logs a single value.
   * @param scalar_value - a number, or a tensor or array of one element
   * @param new_style - writes a tensor instead of a plain number
   * @param double_precision - with `new_style`: as float64
   * @throws Error for more than one element
   */
  add_scalar(
    tag: string,
    scalar_value: Scalar,
    global_step?: Step,
    walltime?: number | null,
    new_style?: boolean,
    double_precision?: boolean,
  ): void;
  add_scalar(
    tag: string,
    scalar_value: Scalar,
    options: When & { new_style?: boolean; double_precision?: boolean },
  ): void;
  add_scalar(
    tag: string,
    scalar_value: Scalar,
    global_step: Step,
    options: { walltime?: number | null; new_style?: boolean; double_precision?: boolean },
  ): void;
  add_scalar(...args: unknown[]): void {
    const { tag, scalar_value, new_style, double_precision, ...when } = ADD_SCALAR.read(args);
    this.add(scalar(tag, scalar_value, new_style, double_precision), when);
  }

  /**
   * Logs several values for one chart. Each is a run of its own, in a folder below that of the writer.
   * @param tag_scalar_dict - values by name
   */
  add_scalars(
    main_tag: string,
    tag_scalar_dict: Readonly<Record<string, Scalar>>,
    global_step?: Step,
    walltime?: number | null,
  ): void;
  add_scalars(main_tag: string, tag_scalar_dict: Readonly<Record<string, Scalar>>, options: When): void;
  add_scalars(...args: unknown[]): void {
    const { main_tag, tag_scalar_dict, global_step = null, walltime } = ADD_SCALARS.read(args);
    const time = walltime ?? wall_clock();
    const folder = this.writer().get_logdir();
    const writers = this.all_writers!;
    for (const [tag, value] of entries_of(tag_scalar_dict)) {
      const own = `${folder}/${main_tag.replaceAll('/', '_')}_${tag}`;
      const writer = writers.get(own) ?? this.writer_of(own);
      writers.set(own, writer);
      writer.add_summary(scalar(main_tag, value), global_step, time);
    }
  }

  /** Logs a whole tensor. @throws Error for a dtype that TensorFlow does not have */
  add_tensor(tag: string, tensor: Tensor, global_step?: Step, walltime?: number | null): void;
  add_tensor(tag: string, tensor: Tensor, options: When): void;
  add_tensor(...args: unknown[]): void {
    const { tag, tensor, ...when } = ADD_TENSOR.read(args);
    this.add(tensor_summary(tag, tensor), when);
  }

  /**
   * Logs how values are distributed.
   * @param bins - `'tensorflow'` (default), limits, a number, or numpy's `'auto'`, `'fd'`, `'sturges'` and the like
   * @param max_bins - merges bins until there are about as many
   * @throws Error when there are no values
   */
  add_histogram(
    tag: string,
    values: Scalar,
    global_step?: Step,
    bins?: Bins,
    walltime?: number | null,
    max_bins?: number | null,
  ): void;
  add_histogram(tag: string, values: Scalar, options: When & { bins?: Bins; max_bins?: number | null }): void;
  add_histogram(
    tag: string,
    values: Scalar,
    global_step: Step,
    options: { bins?: Bins; walltime?: number | null; max_bins?: number | null },
  ): void;
  add_histogram(...args: unknown[]): void {
    const { tag, values, bins = 'tensorflow', max_bins = null, ...when } = ADD_HISTOGRAM.read(args);
    const limits =
      bins === 'tensorflow'
        ? default_bins
        : typeof bins === 'object' && !Array.isArray(bins)
          ? [...flat(make_np('add_histogram', bins))]
          : bins;
    const histogram = histogram_proto(make_np('add_histogram', values), limits, max_bins);
    this.add(summary_value(tag, nested(5, histogram)), when);
  }

  /** Logs a histogram that was counted before. @throws Error unless there are as many limits as counts */
  add_histogram_raw(
    tag: string,
    min: number,
    max: number,
    num: number,
    sum: number,
    sum_squares: number,
    bucket_limits: readonly number[] | LoggedArray,
    bucket_counts: readonly number[] | LoggedArray,
    global_step?: Step,
    walltime?: number | null,
  ): void;
  add_histogram_raw(
    options: {
      tag: string;
      min: number;
      max: number;
      num: number;
      sum: number;
      sum_squares: number;
      bucket_limits: readonly number[] | LoggedArray;
      bucket_counts: readonly number[] | LoggedArray;
    } & When,
  ): void;
  add_histogram_raw(...args: unknown[]): void {
    const { tag, bucket_limits, bucket_counts, global_step, walltime, ...counted } = ADD_HISTOGRAM_RAW.read(args);
    const [limits, counts] = [bucket_limits, bucket_counts].map((values) =>
      flat(values instanceof Tensor ? make_np('', values) : array_from('add_histogram_raw', values)),
    ) as [Float64Array, Float64Array];
    if (limits.length !== counts.length) throw new Error('len(bucket_limits) != len(bucket_counts), see the document.');
    const histogram = histogram_of({ ...counted, limits, counts });
    this.add(summary_value(tag, nested(5, histogram)), {
      global_step: global_step ?? null,
      walltime: walltime ?? null,
    });
  }

  /**
   * Logs an image.
   * @param img_tensor - floats from 0 to 1, or uint8 from 0 to 255
   * @param dataformats - the order of its dimensions: `'CHW'` (default), `'HWC'`, `'HW'`, ...
   * @throws Error for dimensions that do not fit
   */
  add_image(
    tag: string,
    img_tensor: LoggedArray,
    global_step?: Step,
    walltime?: number | null,
    dataformats?: string,
  ): void;
  add_image(tag: string, img_tensor: LoggedArray, options: When & { dataformats?: string }): void;
  add_image(
    tag: string,
    img_tensor: LoggedArray,
    global_step: Step,
    options: { walltime?: number | null; dataformats?: string },
  ): void;
  add_image(...args: unknown[]): void {
    const { tag, img_tensor, dataformats = 'CHW', ...when } = ADD_IMAGE.read(args);
    const pixels = pixels_of(make_np('add_image', img_tensor), dataformats);
    this.add(summary_value(tag, nested(4, png_proto(pixels))), when);
  }

  /** Logs a batch of images side by side; see {@link add_image}. The default order is `'NCHW'`. */
  add_images(
    tag: string,
    img_tensor: LoggedArray,
    global_step?: Step,
    walltime?: number | null,
    dataformats?: string,
  ): void;
  add_images(tag: string, img_tensor: LoggedArray, options: When & { dataformats?: string }): void;
  add_images(
    tag: string,
    img_tensor: LoggedArray,
    global_step: Step,
    options: { walltime?: number | null; dataformats?: string },
  ): void;
  add_images(...args: unknown[]): void {
    const { tag, img_tensor, dataformats = 'NCHW', ...when } = ADD_IMAGES.read(args);
    const pixels = pixels_of(make_np('add_images', img_tensor), dataformats);
    this.add(summary_value(tag, nested(4, png_proto(pixels))), when);
  }

  /**
   * Logs an image with boxes on it.
   * @param box_tensor - a row for each box: left, top, right, bottom
   * @param rescale - factor of the size; needs `@napi-rs/canvas`, as labels do
   * @param labels - a text for each box
   */
  add_image_with_boxes(
    tag: string,
    img_tensor: LoggedArray,
    box_tensor: LoggedArray,
    global_step?: Step,
    walltime?: number | null,
    rescale?: number,
    dataformats?: string,
    labels?: string | readonly string[] | null,
  ): void;
  add_image_with_boxes(
    tag: string,
    img_tensor: LoggedArray,
    box_tensor: LoggedArray,
    options: When & { rescale?: number; dataformats?: string; labels?: string | readonly string[] | null },
  ): void;
  add_image_with_boxes(...args: unknown[]): void {
    const {
      tag,
      img_tensor,
      box_tensor,
      rescale = 1,
      dataformats = 'CHW',
      labels,
      ...when
    } = ADD_IMAGE_WITH_BOXES.read(args);
    const boxes = make_np('add_image_with_boxes', box_tensor).astype('float64').tolist() as number[][];
    const texts = typeof labels === 'string' ? [labels] : (labels ?? null);
    const fitting = texts?.length === boxes.length ? texts : null;
    const pixels = pixels_of(make_np('add_image_with_boxes', img_tensor), dataformats);
    this.add(summary_value(tag, nested(4, boxes_proto(pixels, boxes, fitting, rescale))), when);
  }

  /**
   * Logs a figure as an image, or several of one size side by side.
   * @param figure - a canvas of `@napi-rs/canvas`, or another picture that gives its pixels
   * @param close - whether the figure is freed; default true
   */
  add_figure(
    tag: string,
    figure: DrawnFigure | readonly DrawnFigure[],
    global_step?: Step,
    close?: boolean,
    walltime?: number | null,
  ): void;
  add_figure(tag: string, figure: DrawnFigure | readonly DrawnFigure[], options: When & { close?: boolean }): void;
  add_figure(...args: unknown[]): void {
    const { tag, figure, close = true, ...when } = ADD_FIGURE.read(args);
    const figures = Array.isArray(figure) ? (figure as readonly DrawnFigure[]) : [figure as DrawnFigure];
    const pictures = figures.map(rgb_array);
    if (close) for (const each of figures) each.close?.();
    const is_list = Array.isArray(figure);
    const all = is_list ? stacked(pictures) : pictures[0]!;
    const pixels = pixels_of(all, is_list ? 'NHWC' : 'HWC');
    this.add(summary_value(tag, nested(4, png_proto(pixels))), when);
  }

  /**
   * Logs a video, as an animated GIF.
   * @param vid_tensor - of shape `(N, T, C, H, W)`: floats from 0 to 1, or uint8
   * @param fps - frames per second; default 4
   * @throws Error when the npm package `@napi-rs/canvas` is not installed
   */
  add_video(tag: string, vid_tensor: LoggedArray, global_step?: Step, fps?: number, walltime?: number | null): void;
  add_video(tag: string, vid_tensor: LoggedArray, options: When & { fps?: number }): void;
  add_video(...args: unknown[]): void {
    const { tag, vid_tensor, fps = 4, ...when } = ADD_VIDEO.read(args);
    this.add(summary_value(tag, nested(4, video_proto(make_np('add_video', vid_tensor), fps))), when);
  }

  /**
   * Logs a sound.
   * @param snd_tensor - samples from -1 to 1
   * @param sample_rate - samples per second; default 44100
   * @throws Error for more than one channel
   */
  add_audio(
    tag: string,
    snd_tensor: LoggedArray,
    global_step?: Step,
    sample_rate?: number,
    walltime?: number | null,
  ): void;
  add_audio(tag: string, snd_tensor: LoggedArray, options: When & { sample_rate?: number }): void;
  add_audio(...args: unknown[]): void {
    const { tag, snd_tensor, sample_rate = 44100, ...when } = ADD_AUDIO.read(args);
    this.add(summary_value(tag, nested(6, audio_proto(make_np('add_audio', snd_tensor), sample_rate))), when);
  }

  /** Logs a text, which is shown as Markdown. */
  add_text(tag: string, text_string: string, global_step?: Step, walltime?: number | null): void;
  add_text(tag: string, text_string: string, options: When): void;
  add_text(...args: unknown[]): void {
    const { tag, text_string, ...when } = ADD_TEXT.read(args);
    this.add(text_summary(tag, text_string), when);
  }

  /**
   * Logs the operators of a call of a module as a graph. Shapes that the module asks for are constants in it.
   * @param model - runs once, in evaluation mode
   * @param input_to_model - its arguments
   * @param verbose - prints the nodes
   * @param use_strict_trace - whether libtorch's tracer refuses results that are dicts or lists
   * @throws Error when the module does not return tensors
   */
  add_graph(
    model: Module,
    input_to_model?: Tensor | readonly Tensor[] | null,
    verbose?: boolean,
    use_strict_trace?: boolean,
  ): void;
  add_graph(
    model: Module,
    input_to_model: Tensor | readonly Tensor[] | null,
    options: { verbose?: boolean; use_strict_trace?: boolean },
  ): void;
  add_graph(...args: unknown[]): void {
    const { model, input_to_model = null, verbose = false, use_strict_trace = true } = ADD_GRAPH.read(args);
    const inputs = input_to_model instanceof Tensor ? [input_to_model] : [...(input_to_model ?? [])];
    const nodes = graph_nodes(model, inputs as Tensor[], use_strict_trace);
    if (verbose) for (const { name, op, inputs: from } of nodes) print(`${name} = ${op}(${from.join(', ')})`);
    this.writer()._add_graph(nodes);
  }

  /**
   * Logs vectors for the projector, as files in the folder.
   * @param mat - a row for each vector
   * @param metadata - a label for each, or several when there is a header
   * @param label_img - an image for each, of shape `(N, C, H, W)`
   * @param metadata_header - the names of the labels
   * @throws Error when the numbers of rows differ
   */
  add_embedding(
    mat: LoggedArray,
    metadata?: readonly unknown[] | null,
    label_img?: Tensor | null,
    global_step?: Step,
    tag?: string,
    metadata_header?: readonly unknown[] | null,
  ): void;
  add_embedding(
    mat: LoggedArray,
    options: {
      metadata?: readonly unknown[] | null;
      label_img?: Tensor | null;
      global_step?: Step;
      tag?: string;
      metadata_header?: readonly unknown[] | null;
    },
  ): void;
  add_embedding(...args: unknown[]): void {
    const given = ADD_EMBEDDING.read(args);
    const { mat, metadata = null, label_img = null, tag = 'default', metadata_header = null } = given;
    const vectors = make_np('add_embedding', mat);
    const step = step_name(given.global_step ?? 0);
    const subfolder = `${step}/${encoded_tag(tag)}`;
    const folder = join(this.writer().get_logdir(), subfolder);
    if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
    else if (statSync(folder).isDirectory())
      print('warning: Embedding dir exists, did you set global_step for add_embedding()?');
    else throw new Error(`Path: \`${folder}\` exists, but is a file. Cannot proceed.`);
    if (metadata !== null) {
      if (vectors.shape[0] !== metadata.length) throw new Error('#labels should equal with #data points');
      write_metadata(folder, metadata, metadata_header);
    }
    if (label_img !== null) {
      if (vectors.shape[0] !== label_img.shape[0]) throw new Error('#images should equal with #data points');
      write_sprite(folder, make_np('add_embedding', label_img));
    }
    if (vectors.ndim !== 2) throw new Error('mat should be 2D, where mat.size(0) is the number of data points');
    write_vectors(folder, vectors);
    this.embeddings.push({
      tensor_name: `${tag}:${step}`,
      tensor_path: join(subfolder, 'tensors.tsv'),
      metadata_path: metadata === null ? null : join(subfolder, 'metadata.tsv'),
      sprite:
        label_img === null
          ? null
          : {
              image_path: join(subfolder, 'sprite.png'),
              single_image_dim: [label_img.shape[3]!, label_img.shape[2]!],
            },
    });
    write_projector_config(this.writer().get_logdir(), this.embeddings);
  }

  /**
   * Logs a precision-recall curve.
   * @param labels - 0 or 1 for each prediction
   * @param predictions - from 0 to 1
   * @param num_thresholds - at most 127, the default
   * @param weights - of each prediction; default 1
   */
  add_pr_curve(
    tag: string,
    labels: LoggedArray,
    predictions: LoggedArray,
    global_step?: Step,
    num_thresholds?: number,
    weights?: number | LoggedArray | null,
    walltime?: number | null,
  ): void;
  add_pr_curve(
    tag: string,
    labels: LoggedArray,
    predictions: LoggedArray,
    options: When & { num_thresholds?: number; weights?: number | LoggedArray | null },
  ): void;
  add_pr_curve(
    tag: string,
    labels: LoggedArray,
    predictions: LoggedArray,
    global_step: Step,
    options: { num_thresholds?: number; weights?: number | LoggedArray | null; walltime?: number | null },
  ): void;
  add_pr_curve(...args: unknown[]): void {
    const { tag, labels, predictions, num_thresholds = 127, weights = null, ...when } = ADD_PR_CURVE.read(args);
    const [truth, predicted] = [make_np('add_pr_curve', labels), make_np('add_pr_curve', predictions)];
    this.add(pr_curve_summary(tag, truth, predicted, num_thresholds, weights), when);
  }

  /** Logs a precision-recall curve that was counted before; a number for each threshold. */
  add_pr_curve_raw(
    tag: string,
    true_positive_counts: readonly number[] | LoggedArray,
    false_positive_counts: readonly number[] | LoggedArray,
    true_negative_counts: readonly number[] | LoggedArray,
    false_negative_counts: readonly number[] | LoggedArray,
    precision: readonly number[] | LoggedArray,
    recall: readonly number[] | LoggedArray,
    global_step?: Step,
    num_thresholds?: number,
    weights?: number | LoggedArray | null,
    walltime?: number | null,
  ): void;
  add_pr_curve_raw(
    options: {
      tag: string;
      true_positive_counts: readonly number[] | LoggedArray;
      false_positive_counts: readonly number[] | LoggedArray;
      true_negative_counts: readonly number[] | LoggedArray;
      false_negative_counts: readonly number[] | LoggedArray;
      precision: readonly number[] | LoggedArray;
      recall: readonly number[] | LoggedArray;
      num_thresholds?: number;
      weights?: number | LoggedArray | null;
    } & When,
  ): void;
  add_pr_curve_raw(...args: unknown[]): void {
    const given = ADD_PR_CURVE_RAW.read(args);
    const rows = [
      ...[given.true_positive_counts, given.false_positive_counts, given.true_negative_counts],
      ...[given.false_negative_counts, given.precision, given.recall],
    ];
    const { global_step = null, walltime = null } = given;
    this.add(pr_curve_raw_summary(given.tag, rows, given.num_thresholds ?? 127), { global_step, walltime });
  }

  /** Shows several tags of `add_scalar` in one chart of the custom scalars tab. */
  add_custom_scalars_multilinechart(tags: readonly string[], category?: string, title?: string): void;
  add_custom_scalars_multilinechart(tags: readonly string[], options: { category?: string; title?: string }): void;
  add_custom_scalars_multilinechart(...args: unknown[]): void {
    const { tags, category = 'default', title = 'untitled' } = MULTILINE.read(args);
    this.add(custom_scalars_summary({ [category]: { [title]: ['Multiline', tags] } }));
  }

  /** Shows a tag between two others in a chart of the custom scalars tab. @throws Error unless there are three */
  add_custom_scalars_marginchart(tags: readonly string[], category?: string, title?: string): void;
  add_custom_scalars_marginchart(tags: readonly string[], options: { category?: string; title?: string }): void;
  add_custom_scalars_marginchart(...args: unknown[]): void {
    const { tags, category = 'default', title = 'untitled' } = MARGIN.read(args);
    if (tags.length !== 3) throw new Error(`Expected 3 tags, got ${tags.length}.`);
    this.add(custom_scalars_summary({ [category]: { [title]: ['Margin', tags] } }));
  }

  /**
   * Sets the charts of the custom scalars tab.
   * @param layout - `{ category: { title: ['Multiline', tags] } }`, or `['Margin', [value, lower, upper]]`
   */
  add_custom_scalars(layout: Layout): void;
  add_custom_scalars(options: { layout: Layout }): void;
  add_custom_scalars(...args: unknown[]): void {
    this.add(custom_scalars_summary(CUSTOM_SCALARS.read(args).layout));
  }

  /**
   * Logs a mesh or a cloud of points.
   * @param vertices - of shape `(B, N, 3)`
   * @param colors - for each vertex, from 0 to 255
   * @param faces - vertices of each triangle
   * @param config_dict - classes of three.js with their settings
   */
  add_mesh(
    tag: string,
    vertices: LoggedArray,
    colors?: LoggedArray | null,
    faces?: LoggedArray | null,
    config_dict?: object | null,
    global_step?: Step,
    walltime?: number | null,
  ): void;
  add_mesh(
    tag: string,
    vertices: LoggedArray,
    options: When & { colors?: LoggedArray | null; faces?: LoggedArray | null; config_dict?: object | null },
  ): void;
  add_mesh(...args: unknown[]): void {
    const { tag, vertices, colors = null, faces = null, config_dict = null, ...when } = ADD_MESH.read(args);
    this.add(mesh_summary(tag, { VERTEX: vertices, FACE: faces, COLOR: colors }, config_dict), when);
  }

  /** Does nothing: events are written at once. */
  flush(): void;
  flush(...args: unknown[]): void {
    FLUSH.read(args);
  }

  /** Closes the files. A later method begins new ones. */
  close(): void;
  close(...args: unknown[]): void {
    CLOSE.read(args);
    for (const writer of this.all_writers?.values() ?? []) writer.close();
    this.file_writer = this.all_writers = null;
  }

  /** Closes the writer, at the end of a block of `using`. */
  [Symbol.dispose](): void {
    this.close();
  }
}

const entries_of = (dict: object): [string, Scalar][] =>
  Object.prototype.toString.call(dict) === '[object Map]'
    ? [...(dict as Map<string, Scalar>)]
    : (Object.entries(dict) as [string, Scalar][]);

/** The colours of a picture, without alpha. */
function rgb_array(figure: DrawnFigure): NDArray {
  const { width, height } = figure;
  const data = figure.data();
  if (data.length !== width * height * 4)
    throw new Error(
      `add_figure(): a picture of ${width} x ${height} has ${width * height * 4} bytes, not ${data.length}`,
    );
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) rgb.set(data.subarray(4 * i, 4 * i + 3), 3 * i);
  return array_from('add_figure', rgb).reshape(height, width, 3);
}

/** Pictures of one size as one array. @throws Error for pictures of several sizes */
function stacked(pictures: readonly NDArray[]): NDArray {
  const [first] = pictures;
  if (first === undefined) throw new Error(`add_figure(): needs figures, and got an empty ${kind_of([])}`);
  if (pictures.some(({ shape }) => String(shape) !== String(first.shape)))
    throw new Error('all input arrays must have the same shape');
  const all = new Uint8Array(first.size * pictures.length);
  pictures.forEach((picture, i) => {
    all.set(picture.ravel().data as Uint8Array, i * first.size);
  });
  return array_from('add_figure', all).reshape(pictures.length, ...first.shape);
}
