/** TensorBoard's `Summary` messages: what each method of SummaryWriter writes, as bytes. */
import { kind_of } from '../../_internal/kind_of.js';
import { is_plain_object } from '../../_internal/plain_object.js';
import { view_as_real } from '../../generated/functions.js';
import { array_from } from '../../numpy/arguments.js';
import type { NDArray } from '../../numpy/ndarray.js';
import { Tensor } from '../../_tensor.js';

import { flat, make_np } from './arrays.js';
import { counted_evenly } from './histogram.js';
import {
  bytes,
  double,
  doubles,
  float,
  floats,
  int,
  ints,
  message,
  nested,
  repeated,
  text,
  type Field,
} from './protobuf.js';

const no_field: Field = new Uint8Array(0);

const DT_FLOAT = 1;
const DT_DOUBLE = 2;
const DT_STRING = 7;

/** A `Summary` of one `Summary.Value`. */
export const summary_value = (tag: string, ...fields: readonly Field[]): Uint8Array =>
  nested(1, text(1, tag), ...fields);

/** `SummaryMetadata` for a plugin. */
const metadata = (plugin: string, content: Uint8Array = new Uint8Array(0), ...fields: readonly Field[]): Field =>
  nested(9, nested(1, text(1, plugin), bytes(2, content, false)), ...fields);

/** `TensorShapeProto`. */
export const shape_proto = (shape: readonly number[]): Uint8Array =>
  message(repeated(shape, (size) => nested(2, int(1, size))));

const tensor_proto = (dtype: number, shape: readonly number[] | null, ...values: readonly Field[]): Field =>
  nested(8, int(1, dtype), shape === null ? no_field : bytes(2, shape_proto(shape)), ...values);

/** The number of an array with one element. @throws Error when it has more */
function single(callee: string, value: unknown): number {
  if (typeof value === 'number') return value;
  const array = make_np(callee, value).squeeze();
  if (array.shape.length !== 0) {
    throw new Error(
      `Tensor should contain one element (0 dimensions).             Was given size: ${array.size} and ${array.ndim} dimensions.`,
    );
  }
  return Number(array.item());
}

/** A scalar, in the old style as a plain number, in the new one as a tensor. */
export function scalar(tag: string, value: unknown, new_style = false, double_precision = false): Uint8Array {
  const number = single('add_scalar', value);
  if (!new_style) return summary_value(tag, float(2, number, true));
  const tensor = double_precision
    ? tensor_proto(DT_DOUBLE, null, doubles(6, [number]))
    : tensor_proto(DT_FLOAT, null, floats(5, [number]));
  return summary_value(tag, tensor, metadata('scalars'));
}

/** A text in Markdown. */
export const text_summary = (tag: string, value: string): Uint8Array =>
  summary_value(`${tag}/text_summary`, tensor_proto(DT_STRING, [1], text(8, value, true)), metadata('text'));

/** The bits of a float32 as an integer. */
function float_bits(value: number): number {
  return new Int32Array(Float32Array.of(value).buffer)[0]!;
}

type Encoder = (tensor: Tensor) => Field;
const numbers = (tensor: Tensor): number[] => tensor.flatten().tolist();
const complex = (tensor: Tensor): number[] => view_as_real(tensor).flatten().tolist();
const half: Encoder = (tensor) => ints(13, numbers(tensor).map(float_bits));
const whole: Encoder = (tensor) => ints(7, numbers(tensor));

/** The data type of TensorFlow for each of PyTorch's, and how its elements are written. */
const tensor_types: Readonly<Record<string, readonly [type: number, Encoder]>> = {
  'torch.float16': [19, half],
  'torch.bfloat16': [14, half],
  'torch.float32': [DT_FLOAT, (tensor) => floats(5, numbers(tensor))],
  'torch.float64': [DT_DOUBLE, (tensor) => doubles(6, numbers(tensor))],
  'torch.int8': [6, whole],
  'torch.uint8': [4, (tensor) => ints(16, numbers(tensor))],
  'torch.qint8': [4, whole],
  'torch.int16': [5, whole],
  'torch.int32': [3, whole],
  'torch.qint32': [3, whole],
  'torch.int64': [9, (tensor) => ints(10, numbers(tensor))],
  'torch.complex64': [8, (tensor) => floats(9, complex(tensor))],
  'torch.bool': [10, (tensor) => ints(11, numbers(tensor).map(Number))],
  'torch.complex128': [18, (tensor) => doubles(12, complex(tensor))],
  'torch.quint8': [4, (tensor) => ints(16, numbers(tensor))],
};

/** A whole tensor. @throws Error for a dtype that TensorFlow does not have */
export function tensor_summary(tag: string, tensor: Tensor): Uint8Array {
  if (tensor.numel() * tensor.element_size() >= 2 ** 31)
    throw new Error("tensor is bigger than protocol buffer's hard limit of 2GB in size");
  const found = tensor_types[String(tensor.dtype)];
  if (found === undefined) throw new Error(`${tag} has unsupported tensor dtype ${String(tensor.dtype)}`);
  const [dtype, encode] = found;
  return summary_value(tag, tensor_proto(dtype, tensor.shape, encode(tensor.detach().cpu())), metadata('tensor'));
}

/** The most thresholds of a curve: TensorBoard reads no more. */
const most_thresholds = 127;

/** A precision-recall curve as rows of true and false positives, negatives, precision and recall. */
function curve_summary(tag: string, thresholds: number, rows: readonly ArrayLike<number>[]): Uint8Array {
  const all = rows.flatMap((row) => Array.from(row));
  const content = message(int(2, Math.min(thresholds, most_thresholds)));
  const tensor = tensor_proto(DT_FLOAT, [rows.length, rows[0]!.length], floats(5, all));
  return summary_value(tag, tensor, metadata('pr_curves', content));
}

/** Sums from each place to the end. */
function sums_from_behind(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length);
  let sum = 0;
  for (let i = values.length - 1; i >= 0; i--) sums[i] = sum += values[i]!;
  return sums;
}

/** The curve of predictions from 0 to 1 beside labels that are 0 or 1. */
export function pr_curve_summary(
  tag: string,
  labels: NDArray,
  predictions: NDArray,
  num_thresholds: number,
  weights: unknown,
): Uint8Array {
  const bins = Math.min(num_thresholds, most_thresholds);
  const rounded = predictions.dtype === 'float32' ? Math.fround : (value: number) => value;
  const places = flat(predictions).map((value) => Math.floor(rounded(value * (bins - 1))));
  const positive = flat(labels);
  const given = weights === null || typeof weights === 'number' ? null : flat(make_np('add_pr_curve', weights));
  const weight = (i: number): number => (given === null ? ((weights as number | null) ?? 1) : given[i % given.length]!);
  const range = [0, bins - 1] as const;
  const tp = sums_from_behind(counted_evenly(places, bins, range, (i) => positive[i]! * weight(i)).counts);
  const fp = sums_from_behind(counted_evenly(places, bins, range, (i) => (1 - positive[i]!) * weight(i)).counts);
  const tn = fp.map((value) => fp[0]! - value);
  const fn = tp.map((value) => tp[0]! - value);
  const least = 1e-7;
  const precision = tp.map((value, i) => value / Math.max(least, value + fp[i]!));
  const recall = tp.map((value, i) => value / Math.max(least, value + fn[i]!));
  return curve_summary(tag, bins, [tp, fp, tn, fn, precision, recall]);
}

/** A curve that was counted before. @throws Error unless all rows have one length */
export function pr_curve_raw_summary(tag: string, rows: readonly unknown[], num_thresholds: number): Uint8Array {
  const counted = rows.map((row) =>
    flat(array_from('add_pr_curve_raw', row instanceof Tensor ? make_np('', row) : row)),
  );
  if (counted.some(({ length }) => length !== counted[0]!.length))
    throw new Error('all input arrays must have the same shape');
  return curve_summary(tag, num_thresholds, counted);
}

/** `json.dumps(value, sort_keys=True)`. */
function sorted_json(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted_json).join(', ')}]`;
  if (!is_plain_object(value)) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, item]) => `${JSON.stringify(name)}: ${sorted_json(item)}`).join(', ')}}`;
}

const mesh_contents = { VERTEX: 1, FACE: 2, COLOR: 3 } as const;

/** Vertices, and perhaps faces and colors, as a tensor each. @throws Error unless each has three dimensions */
export function mesh_summary(
  tag: string,
  parts: { readonly VERTEX: unknown; readonly FACE: unknown; readonly COLOR: unknown },
  config: object | null,
): Uint8Array {
  const given = (['VERTEX', 'FACE', 'COLOR'] as const).filter((name) => parts[name] !== null);
  const components = given.reduce((bits, name) => bits | (1 << mesh_contents[name]), 0);
  const json = config === null ? '{}' : sorted_json(config);
  return message(
    ...given.map((name) => {
      const array = make_np('add_mesh', parts[name]);
      if (array.shape.length !== 3) {
        const shape = array.shape.join(', ');
        throw new Error(`Tensor shape should be of shape BxNx3, but got torch.Size([${shape}]).`);
      }
      const content = message(
        ...[text(2, tag), int(3, mesh_contents[name]), text(5, json), ints(6, array.shape), int(7, components)],
      );
      const tensor = tensor_proto(DT_FLOAT, array.shape, floats(5, flat(array)));
      return summary_value(`${tag}_${name}`, tensor, metadata('mesh', content));
    }),
  );
}

/** The charts of the custom scalars tab: by category and title, what kind of chart has which tags. */
export type Layout = Readonly<
  Record<
    string,
    Readonly<Record<string, readonly [kind: 'Multiline' | 'Margin' | (string & {}), tags: readonly string[]]>>
  >
>;

/** @throws TypeError for what is not a dict of charts @throws Error for a margin chart without three tags */
export function custom_scalars_summary(layout: Layout): Uint8Array {
  for (const [category, charts] of Object.entries(layout)) {
    if (!is_plain_object(charts))
      throw new TypeError(`add_custom_scalars(): '${category}' must have a dict of charts, not ${kind_of(charts)}`);
  }
  const categories = Object.entries(layout).map(([category, charts]) =>
    nested(
      2,
      text(1, category),
      ...Object.entries(charts).map(([title, [kind, tags]]) => {
        if (kind !== 'Margin')
          return nested(
            2,
            text(1, title),
            nested(
              2,
              repeated(tags, (tag) => text(1, tag, true)),
            ),
          );
        if (tags.length !== 3) throw new Error('len(tags) != 3');
        const [value, lower, upper] = tags as [string, string, string];
        return nested(2, text(1, title), nested(3, nested(1, text(1, value), text(2, lower), text(3, upper))));
      }),
    ),
  );
  const tensor = tensor_proto(DT_STRING, [], bytes(8, message(...categories)));
  return summary_value('custom_scalars__config__', tensor, metadata('custom_scalars'));
}

type Hyperparameter = number | string | boolean | Tensor | null;

/** `google.protobuf.Value`. @throws Error for a value that hyperparameters do not have */
function value_proto(value: unknown): { readonly type: number; readonly field: Field } {
  if (typeof value === 'string') return { type: 1, field: text(3, value, true) };
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return { type: 3, field: double(2, Number(value), true) };
  if (value instanceof Tensor) return { type: 3, field: double(2, single('add_hparams', value), true) };
  throw new Error('value should be one of int, float, str, bool, or torch.Tensor');
}

/** The three summaries of the HParams plugin: the experiment, and the start and the end of a session. */
export function hparams_summaries(
  hparams: Readonly<Record<string, Hyperparameter>>,
  metrics: Readonly<Record<string, unknown>>,
  discrete: Readonly<Record<string, readonly unknown[]>> | null,
): Uint8Array[] {
  for (const [name, values] of Object.entries(discrete ?? {})) {
    const kind = typeof hparams[name];
    if (!Object.hasOwn(hparams, name) || !Array.isArray(values) || values.some((value) => typeof value !== kind)) {
      throw new TypeError(
        `parameter: hparam_domain_discrete[${name}] should be a list of same type as hparam_dict[${name}].`,
      );
    }
  }
  const given = Object.entries(hparams).filter(([, value]) => value !== null);
  const infos = given.map(([name, value]) => {
    const values = discrete?.[name];
    const domain =
      values === undefined ? no_field : nested(5, ...values.map((each) => nested(1, value_proto(each).field)));
    return nested(4, text(1, name), int(4, value_proto(value).type), domain);
  });
  const experiment = [...infos, ...Object.keys(metrics).map((name) => nested(5, nested(1, text(2, name))))];
  const start = given.map(([name, value]) => nested(1, text(1, name, true), nested(2, value_proto(value).field)));
  const parts: readonly (readonly [tag: string, content: Field])[] = [
    ['experiment', nested(2, ...experiment)],
    ['session_start_info', nested(3, ...start)],
    ['session_end_info', nested(4, int(1, 1))],
  ];
  return parts.map(([tag, content]) => summary_value(`_hparams_/${tag}`, metadata('hparams', content)));
}
