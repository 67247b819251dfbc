/** Every `@example` in TSDoc compiles, runs, and prints what its Python prints, or what its comments say. */
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { project } from '../ecosystem/project.js';
import { root } from '../package_root.js';
import { compile_all, examples, run_all, run_python } from './doctests.js';

const inner = createRequire(import.meta.url);
const { is_absent } = inner('../../dist/absent/absent.js') as { is_absent(value: unknown): boolean };

const user = project({ type: 'module' });
user.link('@types/node', 'undici-types', '@bufbuild/protobuf', '@napi-rs/canvas', 'argparse', 'sharp');
afterAll(() => {
  user.remove();
});

const all = examples();
const complaints = compile_all(user, all);
const theirs = run_python(user, all);
const ours = run_all(user, all.length);

describe('examples in TSDoc', () => {
  it.each(all.map(({ name }, i) => [name, i] as const))('%s', (_name, i) => {
    const { said } = all[i]!;
    expect({ typescript: complaints[i], error: ours[i]!.error }).toEqual({ typescript: [], error: null });
    expect(theirs[i]?.error ?? null).toBeNull();
    const expected = theirs[i]?.output ?? said;
    if (expected === null) {
      throw new Error(
        'write the same program in a ```python block behind the ```ts block, or what is printed in comments behind print()',
      );
    }
    if (expected === '' && ours[i]!.output === '') throw new Error('print what the example is to show');
    expect(ours[i]!.output).toBe(expected);
  });
});

// What is written by hand and public is to have an example, or to be here with the reason why it has none.
/** Kernels of transforms v2 by the names of their functions. */
const kernels = (kind: string, ...names: string[]): string[] =>
  names
    .flatMap((list) => list.trim().split(/\s+/))
    .map((name) => `vision/transforms/v2/functional/kernels.ts: ${name}_${kind}`);
const OF_PIXELS = `
  adjust_brightness adjust_contrast adjust_gamma adjust_hue adjust_saturation adjust_sharpness autocontrast
  equalize invert permute_channels posterize solarize five_crop ten_crop erase gaussian_blur gaussian_noise
  jpeg center_crop crop pad resized_crop vertical_flip get_dimensions get_num_channels get_size normalize
  to_dtype affine elastic perspective rotate`;
const OF_PLACES = `
  center_crop horizontal_flip pad vertical_flip resized_crop rotate affine perspective elastic`;

const without_example: Readonly<Record<string, readonly string[]>> = {
  'a legacy type that cannot be made without a GPU': [
    ...['Float', 'Double', 'Half', 'BFloat16', 'Byte', 'Char', 'Short', 'Int', 'Long', 'Bool'].flatMap((type) => [
      `cuda/tensor_types.ts: ${type}Tensor`,
      `cuda/tensor_types.ts: ${type}Storage`,
    ]),
    ...['ComplexDouble', 'ComplexFloat'].map((type) => `cuda/tensor_types.ts: ${type}Storage`),
  ],
  'needs two processes; tests/distributed/ has them': [
    ...['batch_isend_irecv', 'irecv', 'isend', 'P2POp', 'recv', 'send'].map(
      (name) => `distributed/collectives.ts: ${name}`,
    ),
    ...['recv_object_list', 'send_object_list'].map((name) => `distributed/object_collectives.ts: ${name}`),
  ],
  'another name; the example is that of the function without the suffix, or with `single`': [
    ...['all_gather_single_autograd', 'all_gather_tensor', 'all_gather_tensor_autograd', 'all_to_all_single_autograd'],
    ...['reduce_scatter_single_autograd', 'reduce_scatter_tensor', 'reduce_scatter_tensor_autograd'],
    ...['all_gather_into_tensor_coalesced', 'reduce_scatter_tensor_coalesced'],
  ].map((name) => `distributed/_functional_collectives.ts: ${name}`),
  'a base; the examples are those of the classes that extend it': [
    'distributed/algorithms/model_averaging/averagers.ts: ModelAverager',
    'distributed/tensor/parallel/style.ts: ParallelStyle',
  ],
  'fails in Python at an assertion; tests/distributed/ has it': [
    'distributed/algorithms/ddp_comm_hooks/powerSGD_hook.ts: batched_powerSGD_hook',
  ],
  'one row of many; the example is that of `TensorType`': [
    ...['Float', 'Double', 'Half', 'BFloat16', 'Byte', 'Char', 'Short', 'Int', 'Long', 'Bool'].map(
      (name) => `types/dtype.ts: ${name}Tensor`,
    ),
  ],
  'one row of many; the example is that of `TypedStorage`': [
    ...['BFloat16', 'Bool', 'Byte', 'Char', 'ComplexDouble', 'ComplexFloat', 'Double', 'Float', 'Half', 'Int', 'Long'],
    ...['QInt32', 'QInt8', 'QUInt2x4', 'QUInt4x2', 'QUInt8', 'Short'],
  ].map((name) => `typed_storage.ts: ${name}Storage`),
  'a deprecated name; the example is that of the function with an underscore': [
    ...['uniform', 'normal', 'constant', 'eye', 'dirac', 'xavier_uniform', 'xavier_normal', 'kaiming_uniform'],
    ...['kaiming_normal', 'orthogonal', 'sparse'],
  ].map((name) => `nn/init.ts: ${name}`),
  'a class with arguments for a QConfig; the examples are those of the class and of `QConfig`': [
    ...[
      'default_fake_quant',
      'default_weight_fake_quant',
      'default_dynamic_fake_quant',
      'default_fixed_qparams_range_neg1to1_fake_quant',
      'default_fixed_qparams_range_0to1_fake_quant',
      'default_per_channel_weight_fake_quant',
      'default_histogram_fake_quant',
      'default_fused_act_fake_quant',
      'default_fused_wt_fake_quant',
      'default_fused_per_channel_wt_fake_quant',
      'default_embedding_fake_quant',
      'default_embedding_fake_quant_4bit',
    ].map((name) => `ao/quantization/fake_quantize.ts: ${name}`),
    ...[
      'default_observer',
      'default_weight_observer',
      'weight_observer_range_neg_127_to_127',
      'default_histogram_observer',
      'default_per_channel_weight_observer',
      'per_channel_weight_observer_range_neg_127_to_127',
      'default_dynamic_quant_observer',
      'default_float_qparams_observer',
      'default_float_qparams_observer_4bit',
      'default_fixed_qparams_range_neg1to1_observer',
      'default_fixed_qparams_range_0to1_observer',
    ].map((name) => `ao/quantization/observer.ts: ${name}`),
  ],
  'internal, as in Python': ['nn/functional/attention.ts: _canonical_mask'],
  'throws always, and says what to do instead': [
    ...['Button', 'Slider', 'CheckButtons', 'RadioButtons', 'TextBox'].map((name) => `pyplot/widgets.ts: ${name}`),
    ...['PCAM', 'LSUN', 'LSUNClass', 'Kinetics', 'HMDB51', 'UCF101'].map(
      (name) => `vision/datasets/not_read.ts: ${name}`,
    ),
  ],
  'prints what is on the machine; the example is that of `get_pretty_env_info`': ['utils/collect_env.ts: main'],
  'throws without a GPU': ['nn/parallel/data_parallel.ts: data_parallel'],
  'shown by the example of the function or class that they belong to': [
    'distributions/transforms.ts: identity_transform',
    'vision/models/mobilenetv3.ts: InvertedResidual',
    ...['fx/graph.ts: NodeList', 'fx/node.ts: SliceOf'],
    ...['Attribute', 'TracerBase', 'GraphAppendingTracer'].map((name) => `fx/proxy.ts: ${name}`),
    ...['loadtxt', 'savetxt', 'fromfile', 'frombuffer'].map((name) => `numpy/text.ts: ${name}`),
    ...['DictReader', 'DictWriter'].map((name) => `python/csv.ts: ${name}`),
    ...[
      ...['ArgumentDefaultsHelpFormatter', 'RawDescriptionHelpFormatter', 'RawTextHelpFormatter'],
      'BooleanOptionalAction',
    ].map((name) => `python/argparse.ts: ${name}`),
    ...[
      ...['LogRecord', 'Formatter', 'Handler', 'StreamHandler', 'FileHandler', 'Logger', 'debug', 'info', 'warning'],
      ...['error', 'critical', 'getLevelName', 'basicConfig'],
    ].map((name) => `python/logging.ts: ${name}`),
  ],
  'declared as `export_`, where the example is, since `export` is a word of the language': [
    'export/index.ts: export',
    'onnx/index.ts: export',
  ],
  'reads a clock': [...['time', 'time_ns', 'perf_counter_ns', 'monotonic', 'process_time', 'sleep', 'strftime']].map(
    (name) => `python/time.ts: ${name}`,
  ),
  'makes a model of a family; the example is that of the smallest one': [
    ...['vgg11_bn', 'vgg13', 'vgg13_bn', 'vgg16', 'vgg16_bn', 'vgg19', 'vgg19_bn'].map(
      (name) => `vision/models/vgg.ts: ${name}`,
    ),
    ...[
      'resnet34',
      'resnet50',
      'resnet101',
      'resnet152',
      'resnext50_32x4d',
      'resnext101_32x8d',
      'resnext101_64x4d',
      'wide_resnet50_2',
      'wide_resnet101_2',
    ].map((name) => `vision/models/resnet.ts: ${name}`),
    ...['resnet50', 'resnext101_32x8d', 'resnext101_64x4d'].map(
      (name) => `vision/models/quantization/resnet.ts: ${name}`,
    ),
    ...['shufflenet_v2_x1_0', 'shufflenet_v2_x1_5', 'shufflenet_v2_x2_0'].map(
      (name) => `vision/models/quantization/shufflenetv2.ts: ${name}`,
    ),
    ...['squeezenet1_1'].map((name) => `vision/models/squeezenet.ts: ${name}`),
    ...['densenet161', 'densenet169', 'densenet201'].map((name) => `vision/models/densenet.ts: ${name}`),
    ...['shufflenet_v2_x1_0', 'shufflenet_v2_x1_5', 'shufflenet_v2_x2_0'].map(
      (name) => `vision/models/shufflenetv2.ts: ${name}`,
    ),
    ...['mnasnet0_75', 'mnasnet1_0', 'mnasnet1_3'].map((name) => `vision/models/mnasnet.ts: ${name}`),
    ...['mobilenet_v3_small'].map((name) => `vision/models/mobilenetv3.ts: ${name}`),
    ...[
      'efficientnet_b1',
      'efficientnet_b2',
      'efficientnet_b3',
      'efficientnet_b4',
      'efficientnet_b5',
      'efficientnet_b6',
      'efficientnet_b7',
      'efficientnet_v2_s',
      'efficientnet_v2_m',
      'efficientnet_v2_l',
    ].map((name) => `vision/models/efficientnet.ts: ${name}`),
    ...[
      'regnet_y_800mf',
      'regnet_y_1_6gf',
      'regnet_y_3_2gf',
      'regnet_y_8gf',
      'regnet_y_16gf',
      'regnet_y_32gf',
      'regnet_y_128gf',
      'regnet_x_400mf',
      'regnet_x_800mf',
      'regnet_x_1_6gf',
      'regnet_x_3_2gf',
      'regnet_x_8gf',
      'regnet_x_16gf',
      'regnet_x_32gf',
    ].map((name) => `vision/models/regnet.ts: ${name}`),
    ...['convnext_small', 'convnext_base', 'convnext_large'].map((name) => `vision/models/convnext.ts: ${name}`),
    ...['vit_b_32', 'vit_l_16', 'vit_l_32', 'vit_h_14'].map((name) => `vision/models/vision_transformer.ts: ${name}`),
    ...['swin_s', 'swin_b', 'swin_v2_t', 'swin_v2_s', 'swin_v2_b'].map(
      (name) => `vision/models/swin_transformer.ts: ${name}`,
    ),
    ...['deeplabv3_resnet50', 'deeplabv3_resnet101'].map((name) => `vision/models/segmentation/deeplabv3.ts: ${name}`),
    ...['fcn_resnet101'].map((name) => `vision/models/segmentation/fcn.ts: ${name}`),
    ...['fasterrcnn_resnet50_fpn_v2', 'fasterrcnn_mobilenet_v3_large_fpn', 'fasterrcnn_mobilenet_v3_large_320_fpn'].map(
      (name) => `vision/models/detection/faster_rcnn.ts: ${name}`,
    ),
    'vision/models/detection/mask_rcnn.ts: maskrcnn_resnet50_fpn_v2',
    'vision/models/detection/retinanet.ts: retinanet_resnet50_fpn_v2',
    ...['mc3_18', 'r2plus1d_18'].map((name) => `vision/models/video/resnet.ts: ${name}`),
    ...['swin3d_s', 'swin3d_b'].map((name) => `vision/models/video/swin_transformer.ts: ${name}`),
  ],
  'the kernel of a function for one class; the examples are those of the functions, and of a kernel of each class': [
    ...kernels('image', OF_PIXELS, 'grayscale_to_rgb rgb_to_grayscale horizontal_flip'),
    ...kernels('video', OF_PIXELS, 'resize get_num_frames uniform_temporal_subsample'),
    ...kernels('mask', OF_PLACES, 'crop get_size'),
    ...kernels('bounding_boxes', OF_PLACES, 'crop'),
    ...kernels('keypoints', OF_PLACES, 'resize'),
  ],
  'needs a test runner; tests/ecosystem/runners.test.ts runs it in each': ['testing/runners.ts: setup_expect'],
};

const entries = [
  'index',
  'eslint/index',
  'numpy/index',
  'progress/index',
  'pyplot/index',
  'python/index',
  'safetensors/index',
  'tensorboard/index',
  'testing/index',
  'vision/index',
];
// What these need is not there without a message from another thread, or arguments.
const programs =
  /^(multiprocessing\/(remote_worker|process_child)|utils\/data\/worker|vision\/datasets\/(fetch|extract)_file|vision\/io\/codec_worker|distributed\/elastic\/agent_thread)$/;

/** What a getter gives; null where it asks for a device that is not there. */
function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return null;
  }
}

/** All functions and classes that can be reached from what the package exports. */
function public_functions(): Set<unknown> {
  const found = new Set<unknown>();
  const seen = new Set<unknown>();
  const walk = (namespace: object): void => {
    if (seen.has(namespace)) return;
    seen.add(namespace);
    for (const [name, { value, get }] of Object.entries(Object.getOwnPropertyDescriptors(namespace))) {
      // Exports that are passed on are getters in compiled files; other getters read switches.
      const member = get === undefined ? value : attempt(() => Reflect.get(namespace, name));
      if (member === null || name.startsWith('__') || is_absent(member)) continue;
      if (typeof member === 'function') found.add(member);
      else if (typeof member === 'object' && Object.getPrototypeOf(member) === Object.prototype) walk(member as object);
    }
  };
  for (const entry of entries) walk(inner(`../../dist/${entry}.js`) as object);
  return found;
}

/** Each of these functions, with the files and names under which modules export it. */
function exports_of(functions: ReadonlySet<unknown>): Map<unknown, string[]> {
  const places = new Map<unknown, string[]>();
  for (const file of readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' })) {
    const path = file.replaceAll('\\', '/').replace(/\.js$/, '');
    if (!file.endsWith('.js') || programs.test(path)) continue;
    for (const [name, value] of Object.entries(inner(join(root, 'dist', file)) as object)) {
      if (functions.has(value)) places.set(value, [...(places.get(value) ?? []), `${path}.ts: ${name}`]);
    }
  }
  return places;
}

describe('functions and classes that are written by hand', () => {
  const by_hand = [...exports_of(public_functions()).values()].filter(
    (places) => !places.some((place) => place.startsWith('generated/')),
  );
  const with_example = new Set(all.map(({ name }) => name.replace(/ \(\d+\)$/, '')));
  const left_out = new Set(Object.values(without_example).flat());
  const missing = by_hand.filter((places) => !places.some((place) => with_example.has(place)));

  it('are many', () => {
    expect(by_hand.length).toBeGreaterThan(700);
  });

  it('have an example, except for those that are listed', () => {
    expect(missing.filter((places) => !places.some((place) => left_out.has(place)))).toEqual([]);
  });

  it('are listed only when they have none', () => {
    const without = new Set(missing.flat());
    expect([...left_out].filter((place) => !without.has(place))).toEqual([]);
  });
});

it('methods of NDArray have an example each', () => {
  const with_example = new Set(all.map(({ name }) => name));
  // `private` ones, and what makes test runners print arrays, are not counted.
  const members = Object.getOwnPropertyNames(inner('../../dist/numpy/ndarray.js').NDArray.prototype as object);
  const methods = members.filter((name) => name !== 'constructor' && !/^_(?!_)|^\$|Matcher$/.test(name));
  expect(methods.length).toBeGreaterThan(60);
  expect(methods.filter((name) => !with_example.has(`numpy/ndarray.ts: NDArray.${name}`))).toEqual([]);
});
