/** What an export returns. */
import { closeSync, fstatSync, openSync, readFileSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

import { signature } from '../_internal/signature.js';
import { optional_package } from '../_internal/optional_package.js';
import type { Tail } from '../_internal/arguments.js';
import type { NodeURL } from '../_internal/node_types.js';
import { Tensor } from '../_tensor.js';
import { tensor } from '../creation.js';
import { ExportedProgram } from '../export/exported_program.js';
import * as dtypes from '../types/dtype.js';
import type { DType } from '../types/dtype.js';
import { tensor_bytes } from './builder.js';
import type { Converted } from './convert.js';
import { OnnxExporterError } from './errors.js';
import { decode_model, encode_model, MAX_MODEL_BYTES, type ModelProto, type TensorProto } from './proto.js';

/** The options of {@link ONNXProgram.save}. */
export interface SaveOptions {
  /** Write the tensors of the model. Default true. */
  include_initializers?: boolean;
  /** Make inputs of them too, which older runtimes want. Default false. */
  keep_initializers_as_inputs?: boolean;
  /** Write them into a file beside it, `m.onnx.data`. Default null: when they take more than 1.5 GB. */
  external_data?: boolean | null;
}

const SAVE = signature<SaveOptions & { destination: string | NodeURL }>(
  'save',
  'destination: str|URL, *, include_initializers?: bool, keep_initializers_as_inputs?: bool, external_data?: bool|None',
);

/** As Python: above it a file of its own is made by itself. */
const LARGE = 1.5e9;
/** Smaller tensors stay in the model, where runtimes look at them for the shapes of others. */
const SMALLEST_EXTERNAL = 256;
/** Runtimes map files: parts that begin a page are not copied. */
const PAGE = 4096;

/** What of `onnxruntime-node` and `onnxruntime-web` is used. */
interface Runtime {
  InferenceSession: { create(model: Uint8Array | string): Promise<Session> };
  Tensor: new (type: string, data: unknown, dims: readonly number[]) => RuntimeTensor;
}
interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Record<string, RuntimeTensor>): Promise<Record<string, RuntimeTensor>>;
}
interface RuntimeTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: ArrayLike<number | bigint> & {
    readonly buffer: ArrayBuffer;
    readonly byteOffset: number;
    readonly byteLength: number;
  };
}

type TypedArray = new (buffer: ArrayBuffer) => ArrayLike<number | bigint>;

const runtime_types: readonly (readonly [DType, string, TypedArray])[] = [
  [dtypes.float32, 'float32', Float32Array],
  [dtypes.float64, 'float64', Float64Array],
  [dtypes.int64, 'int64', BigInt64Array],
  [dtypes.int32, 'int32', Int32Array],
  [dtypes.int16, 'int16', Int16Array],
  [dtypes.int8, 'int8', Int8Array],
  [dtypes.uint8, 'uint8', Uint8Array],
  [dtypes.bool, 'bool', Uint8Array],
  [dtypes.float16, 'float16', Uint16Array],
];

function runtime_of(purpose: string): Runtime {
  try {
    return optional_package<Runtime>('onnxruntime-node', purpose);
  } catch {
    return optional_package<Runtime>('onnxruntime-web', purpose);
  }
}

/**
 * A model of ONNX: what {@link export} returns. Mirrors `torch.onnx.ONNXProgram`.
 * @example
 * ```ts
 * const program = torch.export.load('net.pt2');
 * const onnx_program = torch.onnx.export(program)!;
 * print(onnx_program.model_proto.graph.node.map((node) => node.opType).includes('Gemm')); // True
 * ```
 */
export class ONNXProgram {
  /** The program that was exported. */
  readonly exported_program: ExportedProgram;
  private readonly converted: Converted;
  private session: Promise<Session> | undefined;

  /** @internal use `torch.onnx.export` */
  constructor(exported_program: ExportedProgram, converted: Converted) {
    if (!(exported_program instanceof ExportedProgram))
      throw new TypeError('ONNXProgram is made by torch.onnx.export()');
    this.exported_program = exported_program;
    this.converted = converted;
  }

  /** The model as ONNX's messages, with all of its tensors; fields have the names of `onnx.proto` in camel case. */
  get model_proto(): ModelProto {
    return this.complete(({ name }) => ({ rawData: tensor_bytes(this.converted.tensors.get(name)!) }));
  }

  /**
   * Writes the model. Mirrors `torch.onnx.ONNXProgram.save`.
   * @param destination - the path of the file, usually `*.onnx`
   * @param options - see {@link SaveOptions}
   * @throws Error when `external_data` is false and the model is larger than the 2 GB that protobuf allows
   */
  save(destination: string | NodeURL, ...options: Tail<[], SaveOptions>): void;
  save(options: SaveOptions & { destination: string | NodeURL }): void;
  save(...args: unknown[]): void {
    const given = SAVE.read(args);
    const { include_initializers = true, keep_initializers_as_inputs = false } = given;
    const path = given.destination instanceof URL ? fileURLToPath(given.destination) : given.destination;
    const total = [...this.converted.tensors.values()].reduce((sum, { nbytes }) => sum + nbytes, 0);
    const external = include_initializers && (given.external_data ?? total > LARGE);
    if (include_initializers && !external && total > MAX_MODEL_BYTES) {
      throw new OnnxExporterError(
        'save(): the model is larger than the 2 GB of a protobuf message; use external_data: true',
      );
    }
    const model = external
      ? this.with_external_data(path)
      : include_initializers
        ? this.model_proto
        : this.without_tensors();
    if (keep_initializers_as_inputs) {
      model.graph.input.push(
        ...model.graph.initializer.map(({ name, dataType, dims }) => ({
          name,
          type: { tensorType: { elemType: dataType, shape: { dim: dims.map((dimValue) => ({ dimValue })) } } },
        })),
      );
    }
    write_file(path, (write) => write(encode_model(model, 'save()')));
  }

  /**
   * Runs the model on the tensors of a call, by the npm package `onnxruntime-node` or `onnxruntime-web`. In Python it
   * returns at once; here runtimes give promises.
   * @param inputs - the tensors, in the order of the model's inputs
   */
  async call(...inputs: Tensor[]): Promise<Tensor[]> {
    for (const [i, input] of inputs.entries()) {
      if (!(input instanceof Tensor)) throw new TypeError(`call(): argument ${i} must be Tensor`);
    }
    const purpose = 'ONNXProgram.call()';
    const runtime = runtime_of(purpose);
    this.session ??= runtime.InferenceSession.create(encode_model(this.model_proto, purpose));
    const session = await this.session;
    if (inputs.length !== session.inputNames.length) {
      throw new TypeError(`call(): the model takes ${session.inputNames.length} tensors, not ${inputs.length}`);
    }
    const feeds = Object.fromEntries(
      session.inputNames.map((name, i) => [name, to_runtime(runtime, inputs[i]!)] as const),
    );
    const results = await session.run(feeds);
    return session.outputNames.map((name) => from_runtime(results[name]!));
  }

  toString(): string {
    const { graph, opsetImport } = this.converted.model;
    return `ONNXProgram(opset=${opsetImport[0]!.version}, nodes=${graph.node.length}, initializers=${graph.initializer.length})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  private complete(data: (tensor: TensorProto) => Partial<TensorProto>): ModelProto {
    const { model } = this.converted;
    const initializer = model.graph.initializer.map((tensor) => ({ ...tensor, ...data(tensor) }));
    return { ...model, graph: { ...model.graph, initializer, input: [...model.graph.input] } };
  }

  private without_tensors(): ModelProto {
    const model = this.complete(() => ({}));
    const names = model.graph.initializer.filter(({ name }) => this.converted.tensors.get(name)!.numel() === 0);
    return { ...model, graph: { ...model.graph, initializer: names } };
  }

  private with_external_data(path: string): ModelProto {
    const data_path = `${path}.data`;
    let model: ModelProto | undefined;
    write_file(data_path, (write) => {
      let offset = 0;
      model = this.complete(({ name }) => {
        const value = this.converted.tensors.get(name)!;
        const bytes = tensor_bytes(value);
        if (bytes.length < SMALLEST_EXTERNAL) return { rawData: bytes };
        const padding = (PAGE - (offset % PAGE)) % PAGE;
        if (padding > 0) write(new Uint8Array(padding));
        offset += padding;
        const entries = { location: basename(data_path), offset: String(offset), length: String(bytes.length) };
        write(bytes);
        offset += bytes.length;
        return { externalData: Object.entries(entries).map(([key, value]) => ({ key, value })), dataLocation: 1 };
      });
    });
    return model!;
  }
}

function write_file(path: string, fill: (write: (bytes: Uint8Array) => void) => void): void {
  const file = openSync(path, 'w');
  try {
    fill((bytes) => {
      for (let done = 0; done < bytes.length; )
        done += writeSync(file, bytes, done, Math.min(bytes.length - done, 2 ** 30));
    });
  } finally {
    closeSync(file);
  }
}

/** A file of ONNX as its messages, without data beside it. @internal */
export function read_model(path: string): ModelProto {
  const file = openSync(path, 'r');
  try {
    if (fstatSync(file).size > MAX_MODEL_BYTES) throw new OnnxExporterError(`${path} is larger than a model can be`);
    return decode_model(readFileSync(file), 'torch.onnx');
  } finally {
    closeSync(file);
  }
}

function to_runtime(runtime: Runtime, value: Tensor): RuntimeTensor {
  const found = runtime_types.find(([dtype]) => dtype === value.dtype);
  if (found === undefined) throw new TypeError(`call(): tensors of ${String(value.dtype)} are not supported`);
  const [, type, Typed] = found;
  const bytes = tensor_bytes(value);
  const buffer = new Uint8Array(bytes).buffer;
  return new runtime.Tensor(type, new Typed(buffer), [...value.shape]);
}

function from_runtime({ type, dims, data }: RuntimeTensor): Tensor {
  const found = runtime_types.find(([, name]) => name === type);
  if (found === undefined) throw new Error(`call(): results of the type ${type} are not supported`);
  const [dtype] = found;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const flat = tensor(Array.from(bytes), { dtype: dtypes.uint8 });
  return (dtype === dtypes.bool ? flat.to(dtypes.bool) : flat.view(dtype)).reshape([...dims]);
}
