/**
 * ONNX's messages, and their bytes. The numbers and names of the fields are those of `onnx.proto` (NOTICE.md); messages that
 * an export never writes (training information, sparse tensors, sequences) are left out. The npm package
 * `@bufbuild/protobuf` writes and reads them.
 */
import { optional_package } from '../_internal/optional_package.js';

export interface StringStringEntry {
  key: string;
  value: string;
}

export interface TensorProto {
  dims: bigint[];
  dataType: number;
  name: string;
  rawData?: Uint8Array;
  externalData?: StringStringEntry[];
  /** 1 for a file beside the model. */
  dataLocation?: number;
}

export interface AttributeProto {
  name: string;
  /** {@link AttributeType} */
  type: number;
  f?: number;
  i?: bigint;
  s?: Uint8Array;
  t?: TensorProto;
  g?: GraphProto;
  floats?: number[];
  ints?: bigint[];
  strings?: Uint8Array[];
}

export interface NodeProto {
  input: string[];
  output: string[];
  name: string;
  opType: string;
  domain?: string;
  attribute: AttributeProto[];
  docString?: string;
  metadataProps: StringStringEntry[];
}

export interface DimensionProto {
  dimValue?: bigint;
  dimParam?: string;
}

export interface ValueInfoProto {
  name: string;
  type: { tensorType: { elemType: number; shape: { dim: DimensionProto[] } } };
}

export interface GraphProto {
  node: NodeProto[];
  name: string;
  initializer: TensorProto[];
  docString?: string;
  input: ValueInfoProto[];
  output: ValueInfoProto[];
  valueInfo: ValueInfoProto[];
}

/** A model: what a file of ONNX holds. Fields have the names of `onnx.proto` in camel case; 64-bit integers are bigints. */
export interface ModelProto {
  irVersion: bigint;
  opsetImport: { domain: string; version: bigint }[];
  producerName: string;
  producerVersion: string;
  docString?: string;
  graph: GraphProto;
  metadataProps: StringStringEntry[];
}

export const AttributeType = {
  FLOAT: 1,
  INT: 2,
  STRING: 3,
  TENSOR: 4,
  GRAPH: 5,
  FLOATS: 6,
  INTS: 7,
  STRINGS: 8,
} as const;

// `name number type`; `*` after a name for a repeated field.
const messages = {
  StringStringEntryProto: 'key 1 string, value 2 string',
  OperatorSetIdProto: 'domain 1 string, version 2 int64',
  TensorProto:
    'dims* 1 int64, data_type 2 int32, float_data* 4 float, int32_data* 5 int32, int64_data* 7 int64, name 8 string, ' +
    'raw_data 9 bytes, double_data* 10 double, uint64_data* 11 uint64, doc_string 12 string, ' +
    'external_data* 13 StringStringEntryProto, data_location 14 int32',
  AttributeProto:
    'name 1 string, f 2 float, i 3 int64, s 4 bytes, t 5 TensorProto, g 6 GraphProto, floats* 7 float, ints* 8 int64, ' +
    'strings* 9 bytes, doc_string 13 string, type 20 int32',
  NodeProto:
    'input* 1 string, output* 2 string, name 3 string, op_type 4 string, attribute* 5 AttributeProto, ' +
    'doc_string 6 string, domain 7 string, metadata_props* 9 StringStringEntryProto',
  DimensionProto: 'dim_value 1 int64, dim_param 2 string',
  TensorShapeProto: 'dim* 1 DimensionProto',
  TensorTypeProto: 'elem_type 1 int32, shape 2 TensorShapeProto',
  TypeProto: 'tensor_type 1 TensorTypeProto',
  ValueInfoProto: 'name 1 string, type 2 TypeProto, doc_string 3 string',
  GraphProto:
    'node* 1 NodeProto, name 2 string, initializer* 5 TensorProto, doc_string 10 string, input* 11 ValueInfoProto, ' +
    'output* 12 ValueInfoProto, value_info* 13 ValueInfoProto',
  ModelProto:
    'ir_version 1 int64, producer_name 2 string, producer_version 3 string, domain 4 string, model_version 5 int64, ' +
    'doc_string 6 string, graph 7 GraphProto, opset_import* 8 OperatorSetIdProto, metadata_props* 14 StringStringEntryProto',
} as const;

type MessageName = keyof typeof messages;

/** The numbers of `google.protobuf.FieldDescriptorProto`. */
const field_types: Readonly<Record<string, number>> = {
  double: 1,
  float: 2,
  int64: 3,
  uint64: 4,
  int32: 5,
  string: 9,
  message: 11,
  bytes: 12,
};
const LABEL_OPTIONAL = 1;
const LABEL_REPEATED = 3;

/** What of `@bufbuild/protobuf` is used. */
interface Protobuf {
  create(schema: unknown, values?: object): object;
  createFileRegistry(file: object, resolve: () => undefined): { getMessage(name: string): object | undefined };
  toBinary(schema: unknown, message: object): Uint8Array;
  fromBinary(schema: unknown, bytes: Uint8Array): object;
}

const package_name = '@bufbuild/protobuf';

function file_descriptor(): object {
  const messageType = Object.entries(messages).map(([name, fields]) => ({
    name,
    field: fields.split(', ').map((line) => {
      const [written, number, type] = line.split(' ') as [string, string, string];
      const repeated = written.endsWith('*');
      const scalar = Object.hasOwn(field_types, type);
      return {
        name: repeated ? written.slice(0, -1) : written,
        number: Number(number),
        label: repeated ? LABEL_REPEATED : LABEL_OPTIONAL,
        type: field_types[scalar ? type : 'message']!,
        ...(scalar ? {} : { typeName: `.onnx.${type}` }),
      };
    }),
  }));
  return { name: 'onnx.proto', package: 'onnx', syntax: 'proto2', messageType };
}

let schemas: ((name: MessageName) => object) | undefined;

/** The library with the descriptor of a message. @throws Error when the package is not installed */
function library(name: MessageName, purpose: string): { protobuf: Protobuf; schema: object } {
  const protobuf = optional_package<Protobuf>(package_name, purpose);
  if (schemas === undefined) {
    const { FileDescriptorProtoSchema } = optional_package<{ FileDescriptorProtoSchema: object }>(
      `${package_name}/wkt`,
      purpose,
    );
    const file = protobuf.create(FileDescriptorProtoSchema, file_descriptor());
    const registry = protobuf.createFileRegistry(file, () => undefined);
    schemas = (its) => registry.getMessage(`onnx.${its}`)!;
  }
  return { protobuf, schema: schemas(name) };
}

/** The largest message that protobuf allows: sizes are 32-bit integers with a sign. */
export const MAX_MODEL_BYTES = 2 ** 31 - 1;

/** Throws the Error that names the package, when it is not installed. */
export function check_library(purpose: string): void {
  library('ModelProto', purpose);
}

/** The bytes of a model. @throws Error when the package `@bufbuild/protobuf` is not installed */
export function encode_model(model: ModelProto, purpose: string): Uint8Array {
  const { protobuf, schema } = library('ModelProto', purpose);
  return protobuf.toBinary(schema, protobuf.create(schema, model));
}

/** The model in the bytes of a file. @throws Error when they are not a model */
export function decode_model(bytes: Uint8Array, purpose: string): ModelProto {
  const { protobuf, schema } = library('ModelProto', purpose);
  return protobuf.fromBinary(schema, bytes) as ModelProto;
}
