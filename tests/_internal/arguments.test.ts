/**
 * Walks every public function, class and method: an unknown option, one argument too many, and a value of a wrong kind in
 * each place throw a TypeError that names the function and the argument.
 *
 * Functions are found by reflection. What must be listed is how to make an object whose methods are to be called, and what
 * takes anything by nature.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as torch from 'torch-node';
import * as numpy from 'torch-node/numpy';
import * as progress from 'torch-node/progress';
import * as pyplot from 'torch-node/pyplot';
import * as python from 'torch-node/python';
import * as safetensors from 'torch-node/safetensors';
import * as vision from 'torch-node/vision';
import { afterAll, describe, expect, it } from 'vitest';

import { made, values } from '../nn/constructor_values.js';
import { root } from '../package_root.js';

interface Parameter {
  readonly name: string;
  readonly required: boolean;
  readonly kinds: readonly string[];
  readonly elements: readonly string[];
}
interface Parsed {
  readonly parameters: readonly Parameter[];
  readonly positional: number;
  readonly rest?: Parameter;
}
interface SignatureLike {
  readonly callee: string;
  readonly parsed: Parsed;
}

const dist = join(root, 'dist');
// The compiled package's own modules: what reads calls, and what the schemas made.
const inner = createRequire(import.meta.url);
const { Signature } = inner('../../dist/_internal/signature.js') as {
  Signature: { prototype: { read(args: readonly unknown[]): object } };
};
const { is_absent } = inner('../../dist/absent/absent.js') as { is_absent(value: unknown): boolean };
const generated = new Set<unknown>(
  ['functions', 'linalg', 'fft', 'special', 'nn_functions', 'sparse', 'nested'].flatMap((file) => {
    try {
      return Object.values(inner(`../../dist/generated/${file}.js`) as object);
    } catch {
      return [];
    }
  }),
);

/** The signatures that are read while `run` runs, first to last. */
function signatures_read_by(run: () => unknown): SignatureLike[] {
  const seen: SignatureLike[] = [];
  const { read } = Signature.prototype;
  Signature.prototype.read = function (this: SignatureLike, args: readonly unknown[]): object {
    seen.push(this);
    return read.call(this, args);
  };
  try {
    const result = run();
    if (result instanceof Promise) result.catch(() => undefined);
  } catch {
    // Only what was read matters here.
  } finally {
    Signature.prototype.read = read;
  }
  return seen;
}

/** Of no kind that any function takes. */
class Wrong {}

type Call = (...args: unknown[]) => unknown;
interface Found {
  /** As in `torch.nn.functional.pad` or `torch.Tensor.to`. */
  readonly path: string;
  /** The last part, or for a constructor its class: what the message must name. */
  readonly name: string;
  readonly call: Call;
  /** The object that a method is called on. */
  readonly make?: () => object;
  readonly generated: boolean;
}

const is_class = (value: unknown): value is new (...args: unknown[]) => object =>
  typeof value === 'function' && (/^class\b/.test(Function.prototype.toString.call(value)) || value === torch.Tensor);
const is_namespace = (value: unknown): value is Record<string, unknown> => {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || String(value) === '[object Module]';
};

/** `Class.method` of what the types hide from users: private, protected and internal members. */
const hidden = new Set<string>();
for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
  if (!file.endsWith('.d.ts')) continue;
  let its_class = '';
  let internal = false;
  for (const line of readFileSync(join(dist, file), 'utf8').split('\n')) {
    its_class = /^(?:export )?declare (?:abstract )?class (\w+)/.exec(line)?.[1] ?? its_class;
    const [, access, name] =
      /^ {4}(private |protected )?(?:static |abstract |readonly |get |set )*(\w+)/.exec(line) ?? [];
    if (name !== undefined && (access !== undefined || internal)) hidden.add(`${its_class}.${name}`);
    if (/^ {4}(?:\/\*| )\*/.test(line)) internal = /@internal/.test(line) || (internal && !/^ {4}\/\*\*/.test(line));
    else internal = false;
  }
}

/** What takes anything by nature, with the reason; of a class, only its constructor. */
const legacy_tensors = ['Float', 'Double', 'Half', 'BFloat16', 'Byte', 'Char', 'Short', 'Int', 'Long', 'Bool'];

const exempt: Record<string, string> = {
  ...Object.fromEntries(
    legacy_tensors.map((type) => [
      `torch.cuda.${type}Tensor`,
      'says with any arguments that there is no CUDA, as in Python',
    ]),
  ),
  'vision.models.get_model': 'passes named arguments on to the function of the model, which refuses them',
  'pyplot.rc': 'takes settings by any names, and refuses those that are not there; tests/pyplot/ticks.test.ts',
  'pyplot.rc_context': 'takes settings by any names, and refuses those that are not there; tests/pyplot/ticks.test.ts',
  'pyplot.rcParams.update': 'refuses settings that are not there by their names; tests/pyplot/further.test.ts',
  ...Object.fromEntries(
    ['Button', 'Slider', 'CheckButtons', 'RadioButtons', 'TextBox'].map((name) => [
      `pyplot.widgets.${name}`,
      'says with any arguments what to do instead; tests/pyplot/further.test.ts',
    ]),
  ),
  ...Object.fromEntries(
    ['PCAM', 'LSUN', 'LSUNClass', 'Kinetics', 'HMDB51', 'UCF101'].map((name) => [
      `vision.datasets.${name}`,
      'says with any arguments what to do instead; tests/vision/datasets.test.ts',
    ]),
  ),
  'torch.Tensor.as_subclass': "refuses other values with Python's text",
  'torch.Tensor.reinforce': 'says with any arguments what to use instead',
  'torch.ao.nn.quantizable.LSTM.from_observed': "says with any arguments what to do instead, with Python's text",
  'torch.ao.nn.quantized.LSTM.from_float': "says with any arguments what to do instead, with Python's text",
  'torch.ao.nn.quantized.EmbeddingPackedParams': 'made by Embedding and EmbeddingBag',
  'torch.library.opcheck': 'begins with any value, which an object is taken for; tests/library/opcheck.test.ts',
  'torch.utils.collect_env.SystemEnv': "a tuple with names, which refuses other values with Python's text",
  'vision.models.mobilenetv3.InvertedResidual': 'made by MobileNetV3',
  'torch.print': 'prints anything',
  'torch.format': 'formats anything',
  'torch.python_repr': 'writes anything',
  'torch.is_storage': 'asks it of anything',
  'torch.UntypedStorage.equals': 'compares with anything',
  'torch.Stream.equals': 'compares with anything',
  'torch.save': 'saves any object, one of options too',
  'torch.serialization.ordered_dict': 'takes any object for a dict',
  'torch.serialization.int_keys': 'takes any object for a dict',
  'torch.serialization.Tuple': 'an Array',
  'safetensors.save': 'takes any object for a dict of tensors',
  'safetensors.save_file': 'takes any object for a dict of tensors',
  'safetensors.SafetensorError': 'an Error',
  'torch.onnx.OnnxExporterError': 'an Error',
  'python.argparse.ArgumentParser': 'of the npm package argparse',
  'python.argparse.ArgumentDefaultsHelpFormatter': 'of the npm package argparse',
  'python.argparse.RawDescriptionHelpFormatter': 'of the npm package argparse',
  'python.argparse.RawTextHelpFormatter': 'of the npm package argparse',
  'python.argparse.Namespace': 'takes values under any names',
  'python.collections.Counter': 'counts the keys of any object',
  'python.collections.Counter.get': 'takes any key',
  'python.collections.Counter.subtract': 'counts the keys of any object',
  'python.collections.Counter.update': 'counts the keys of any object',
  'python.collections.OrderedDict': 'takes values under any names',
  'python.collections.OrderedDict.move_to_end': 'takes any key',
  'python.collections.defaultdict.get': 'takes any key',
  'python.collections.deque.append': 'takes any element',
  'python.collections.deque.appendleft': 'takes any element',
  'python.contextlib.nullcontext': 'takes any value',
  'python.csv.DictWriter': 'takes any object for the file, as Python does',
  'python.csv.writer': "takes any object for the file, and throws Python's error when it has no write()",
  'python.csv.DictWriter.writerow': 'takes values under any names, which it compares with those of the fields',
  'python.logging.LogRecord': 'made by a Logger',
  'python.logging.Logger': 'made by getLogger()',
  ...Object.fromEntries(
    ['log', 'debug', 'info', 'warning', 'error', 'critical', 'exception'].map((name) => [
      `python.logging.Logger.${name}`,
      'logs anything',
    ]),
  ),
  'python.logging.StreamHandler': 'takes any object for the stream, as Python does',
  'python.logging.critical': 'logs anything',
  'python.logging.debug': 'logs anything',
  'python.logging.error': 'logs anything',
  'python.logging.info': 'logs anything',
  'python.logging.warning': 'logs anything',
  'torch.is_tensor': 'tells tensors from anything',
  'torch.overrides.is_tensor_like': 'tells tensors from anything',
  'torch.overrides.resolve_name': 'takes any value',
  'torch.overrides.has_torch_function_unary': 'is asked of anything',
  'torch.overrides.has_torch_function_variadic': 'is asked of anything',
  'torch.jit.annotate': 'takes any value',
  'torch.jit.isinstance': 'is asked of anything',
  'torch.jit.Attribute': 'takes any value',
  'torch.futures.Future.set_result': 'takes any value',
  'torch.futures.Future.set_exception': "refuses other values with Python's text",
  'torch.nn.parameter.is_lazy': 'is asked of anything',
  'vision.transforms.v2.check_type': 'asks it of anything',
  'vision.transforms.v2.functional.is_pure_tensor': 'tells tensors from anything',
  'torch.typename': 'names the class of anything',
  'torch.nn.Container': 'takes modules under any names',
  'torch.nn.Sequential': 'takes modules, or modules under any names',
  'torch.nn.ModuleDict': 'takes modules under any names',
  'torch.nn.ParameterDict': 'takes values under any names',
  'torch.nn.Module.get_extra_state': 'is for subclasses to define',
  'torch.nn.Module.set_extra_state': 'is for subclasses to define',
  'torch.nn.Module.extra_repr': 'is for subclasses to define',
  'torch.nn.Module.toString': "is JavaScript's own method",
  'torch.nn.Module.load_state_dict': 'takes tensors under any names',
  'torch.nn.Identity': 'takes and ignores any arguments, as in Python',
  'torch.nn.utils.skip_init': 'passes arguments on to a constructor, which refuses them',
  'torch.nn.utils.prune.global_unstructured': 'passes named arguments on to a constructor, which refuses them',
  'torch.nn.utils.prune.BasePruningMethod.apply': 'passes arguments on to a constructor, which refuses them',
  'torch.nn.utils.parametrize.NotImplementedError': 'an Error, which takes a message and options',
  'torch.distributed.gather_object': 'sends any object',
  'torch.distributed.ProcessGroup': 'made by the package alone',
  'torch.distributed.GradBucket': 'made by the package alone',
  'torch.distributed.optim.ZeroRedundancyOptimizer': 'takes the options of any optimizer',
  'torch.distributed.optim.ZeroRedundancyOptimizer.add_param_group': 'takes a group with options of any names',
  'torch.distributed.optim.ZeroRedundancyOptimizer.load_state_dict': 'takes a dict',
  'torch.distributed.algorithms.Join': "takes what the joinables' hooks take, under any names",
  'torch.distributed.algorithms.Joinable': 'a base class',
  'torch.distributed.algorithms.JoinHook': 'a base class',
  'torch.distributed.algorithms.ddp_comm_hooks.debugging_hooks.noop_hook': 'takes any state first',
  'torch.multiprocessing.ProcessContext': 'made by spawn()',
  'torch.multiprocessing.Queue.put': 'takes any value',
  'torch.multiprocessing.Queue.put_nowait': 'takes any value',
  'torch.multiprocessing.SimpleQueue.put': 'takes any value',
  'torch.distributed.Store': 'a base class',
  'torch.distributed.Work': 'made by the package alone',
  'torch.hand_over': 'takes any value',
  'torch.take_over': 'takes any message',
  'torch.deepcopy': 'copies anything',
  'torch.testing.tensors_equal': 'is asked of anything',
  'torch.utils.data.default_convert': 'takes any value',
  'torch.GradFn': 'made by the package alone',
  'torch.HandedOver': 'made by hand_over()',
  'torch.RemoteModule': 'made by RemoteModule.start()',
  'torch.export.ExportedProgram': 'made by torch.export.load()',
  'torch.onnx.ONNXProgram': 'made by torch.onnx.export()',
  'torch.export.ExportGraphSignature': 'made by the package alone',
  'torch.jit.ScriptModule': 'made by torch.jit.load()',
  'torch.jit.ScriptFunction': 'made by torch.jit.trace()',
  'torch.jit.TopLevelTracedModule': 'made by torch.jit.trace()',
  'torch.jit.NamedTuple': 'made by the package alone',
  'torch.jit.ScriptObject': 'made by the package alone',
  'torch.fx.NodeList': 'made by a Graph',
  'torch.fx.Node': "made by a Graph, and refuses other values with Python's text",
  'torch.fx.SliceOf': 'takes any values for its bounds',
  'torch.fx.GraphModule': 'begins with a module or a dict with any names; tests/fx/changing.test.ts has its refusals',
  'torch.fx.map_aggregate': 'begins with any value, which an object is taken for',
  'torch.fx.map_arg': 'begins with any value, which an object is taken for',
  'torch.fx.Attribute': 'made by a Proxy',
  'torch.fx.TraceError': 'an Error',
  'torch.fx.proxy.TracerBase': 'a base class',
  'torch.TensorType': 'made by the package alone',
  'torch.TensorType.make': 'used by the package alone',
  'torch.autograd.Function': 'a base class',
  'torch.autograd.Function.apply': 'passes its arguments on to forward',
  'torch.autograd.FunctionCtx': 'made by the package alone',
  ...Object.fromEntries(
    Object.keys(torch.ao.quantization)
      .filter((name) => /^(?:default_|weight_observer|per_channel_weight)/.test(name))
      .map((name) => [`torch.ao.quantization.${name}`, 'passes arguments on to a constructor, which refuses them']),
  ),
  'torch.ao.quantization.ObserverBase.with_args': 'keeps arguments for a constructor, which refuses them',
  'torch.ao.quantization.FakeQuantizeBase.with_args': 'keeps arguments for a constructor, which refuses them',
  'torch.ao.quantization.FakeQuantize': 'passes named arguments on to the observer, which refuses them',
  'torch.ao.quantization.FusedMovingAvgObsFakeQuantize':
    'passes named arguments on to the observer, which refuses them',
  'torch.autograd.GradcheckError': 'an Error',
  'torch.autograd.profiler.EventList': 'an Array',
  'torch.autograd.profiler.FunctionEvent': 'made by the package alone',
  'torch.utils.checkpoint.CheckpointError': 'an Error',
  'torch.utils.checkpoint.CheckpointFunction': 'is never constructed, as other Functions',
  'torch.utils.checkpoint.CheckpointFunction.forward': 'called by apply',
  'torch.utils.checkpoint.CheckpointFunction.backward': 'called by the engine',
  'torch.utils.checkpoint.DefaultDeviceType': 'is never constructed',
  'torch.utils.checkpoint.get_device_states': 'takes any values',
  'torch.utils.hooks.RemovableHandle': 'takes any object for a dict',
  'torch.serialization.LoadEndianness': 'made by the package alone',
  'torch.utils.checkpoint.CheckpointPolicy': 'made by the package alone',
  'torch.nn.modules.utils.consume_prefix_in_state_dict_if_present': 'takes tensors under any names',
  'torch.Tensor.to':
    'its first argument may be left out only together with all others; tests/_internal/said.test.ts has its refusals',
  'torch.Tensor.index': 'takes subscripts',
  'torch.Tensor.index_put': 'begins with subscripts, which an object is taken for',
  'torch.Tensor.index_put_': 'begins with subscripts, which an object is taken for',
  'torch.nn.MultiheadAttention.merge_masks': 'called by forward',
  'torch.nn.LSTM.get_expected_cell_size': 'called by forward',
  'torch.nn.RNNBase.get_expected_hidden_size': 'called by forward',
  'torch.nn.RNNBase.check_input': 'called by forward',
  'torch.nn.LazyLinear.initialize_parameters': 'a hook that the module calls',
  'torch.nn.ModuleDict.update': 'takes modules under any names',
  'torch.nn.ParameterDict.update': 'takes values under any names',
  'torch.nn.ParameterList.append': 'takes any value',
  'torch.nn.utils.parametrize.ParametrizationList.originals': 'called by the module',
  'torch.nn.utils.parametrize.ParametrizationList.right_inverse': 'passes its arguments on to the parametrization',
  'torch.nn.utils.rnn.PackedSequence.cpu': 'passes its arguments on to to(), as in Python',
  'torch.nn.utils.rnn.PackedSequence.cuda': 'passes its arguments on to to(), as in Python',
  'torch.nn.utils.prune.Identity.compute_mask': 'for subclasses to define',
  'torch.optim.Optimizer.add_param_group': 'takes a group with options of any names',
  'torch.distributed.checkpoint.load': 'takes a dict with any names',
  'torch.distributed.checkpoint.save': 'takes a dict with any names',
  'torch.distributed.checkpoint.async_save': 'takes a dict with any names',
  'torch.optim.Optimizer.load_state_dict': 'takes a dict',
  'torch.optim.lr_scheduler.LRScheduler.load_state_dict': 'takes a dict with any names',
  'torch.serialization.Tuple.of': "Array's own",
  'torch.serialization.Tuple.from': "Array's own",
  'torch.utils.tensorboard.SummaryWriter.add_hparams': 'takes hyperparameters under any names',
  'torch.utils.data.TensorDataset.get': 'what subscripts are in Python',
  'torch.utils.data.Subset.get': 'what subscripts are in Python',
  'torch.utils.data.ConcatDataset.get': 'what subscripts are in Python',
  'torch.utils.data.TensorDataset.get_batch': 'called by loaders',
  'torch.utils.data.Subset.get_batch': 'called by loaders',
  'torch.distributions.Transform.equals': 'compares with anything',
  'torch.distributions.utils.broadcast_all': "refuses other values with Python's text",
  'torch.distributions.identity_transform': 'a transform, which is named by its class',
  'torch.distributions.biject_to': 'takes any value, and says that it cannot transform to it',
  'torch.distributions.transform_to': 'takes any value, and says that it cannot transform to it',
  'torch.utils.data.Dataset': 'a base class',
  'torch.utils.data.IterableDataset': 'a base class',
  'torch.utils.data.Sampler': 'a base class',
  'vision.datasets.VisionDataset': 'a base class',
  'vision.transforms.Transform': 'a base class',
  'vision.transforms.v2.Transform': 'a base class',
  'vision.tv_tensors.TVTensor': 'a base class',
};

/** Methods of any class that are exempt. */
const exempt_names: Record<string, string> = {
  toString: 'JavaScript calls it',
  valueOf: 'JavaScript calls it',
  toJSON: 'JavaScript calls it',
  toAsymmetricMatcher: 'test runners call it',
  extra_repr: 'for subclasses to define',
  forward: 'called by the module, which reads the call',
  setup_context: 'for subclasses to define',
};

const parameters = (): torch.nn.Parameter[] => [new torch.nn.Parameter(torch.ones(2, 2))];
const optimizer = (): torch.optim.Optimizer =>
  new torch.optim.SGD(parameters(), { lr: 0.1 }) as unknown as torch.optim.Optimizer;
const { data } = torch.utils;
/** A folder for event files, the same for all. */
const logs = mkdtempSync(join(tmpdir(), 'torch-node-arguments-'));
afterAll(() => {
  rmSync(logs, { recursive: true, force: true });
});
/** Makes one object for all calls: what opens files. */
function once(make: () => object): () => object {
  let made_once: object | undefined;
  return () => (made_once ??= make());
}
const dataset = (): torch.utils.data.TensorDataset<readonly torch.Tensor[]> => new data.TensorDataset(torch.ones(4));

/** Objects whose methods are called, by class. Modules, optimizers and schedulers are made of what their names ask for. */
const objects: Record<string, () => object> = {
  'torch.Tensor': () => torch.ones(2, 2),
  'torch.Size': () => torch.ones(2, 2).shape,
  'torch.Generator': () => new torch.Generator(),
  'torch.UntypedStorage': () => torch.ones(2).untyped_storage(),
  'torch.NDArray': () => torch.ones(2).numpy(),
  'torch.Device': () => torch.device('cpu'),
  'torch.DType': () => torch.float32,
  'torch.Complex': () => new torch.Complex(1, 2),
  'torch.quasirandom.SobolEngine': () => new torch.quasirandom.SobolEngine(1),
  'torch.torch_version.TorchVersion': () => new torch.torch_version.TorchVersion('1.0'),
  'torch.FloatInfo': () => torch.finfo(torch.float32),
  'torch.IntegerInfo': () => torch.iinfo(torch.int8),
  'torch.GradFn': () => torch.ones([1], { requires_grad: true }).mul(2).grad_fn!,
  'torch.autograd.profiler.EventList': () => torch.profiler.profile(() => torch.ones(1)).events(),
  'torch.Stream': () => new torch.Stream('cpu'),
  'torch.Event': () => new torch.Event('cpu'),
  'torch.GradScaler': () => new torch.GradScaler('cpu'),
  'torch.futures.Future': () => new torch.futures.Future(),
  'torch.distributed.Store': () => new torch.distributed.HashStore(),
  'torch.multiprocessing.Barrier': () => new torch.multiprocessing.Barrier(2),
  'torch.multiprocessing.BoundedSemaphore': () => new torch.multiprocessing.BoundedSemaphore(),
  'torch.multiprocessing.Condition': () => new torch.multiprocessing.Condition(),
  'torch.multiprocessing.Event': () => new torch.multiprocessing.Event(),
  'torch.multiprocessing.JoinableQueue': () => new torch.multiprocessing.JoinableQueue(),
  'torch.multiprocessing.Lock': () => new torch.multiprocessing.Lock(),
  'torch.multiprocessing.Process': () => new torch.multiprocessing.Process({ target: torch.arange }),
  'torch.multiprocessing.Queue': () => new torch.multiprocessing.Queue(),
  'torch.multiprocessing.RLock': () => new torch.multiprocessing.RLock(),
  'torch.multiprocessing.Semaphore': () => new torch.multiprocessing.Semaphore(),
  'torch.multiprocessing.SimpleQueue': () => new torch.multiprocessing.SimpleQueue(),
  'torch.cpu.Stream': () => new torch.cpu.Stream(),
  'torch.cpu.Event': () => new torch.cpu.Event(),
  'torch.HandedOver': () => torch.hand_over(torch.ones(1)),
  'torch.nn.Module': () => new torch.nn.Linear(2, 2),
  'torch.nn.Sequential': () => new torch.nn.Sequential(new torch.nn.Linear(2, 2)),
  'torch.nn.RNNBase': () => new torch.nn.LSTM(2, 2),
  'torch.nn.RNNCellBase': () => new torch.nn.LSTMCell(2, 2),
  'torch.nn.utils.rnn.PackedSequence': () => torch.nn.utils.rnn.pack_sequence([torch.ones(2)]),
  'torch.nn.utils.parametrize.ParametrizationList': () => {
    const linear = torch.nn.utils.parametrizations.orthogonal(new torch.nn.Linear(2, 2));
    return (linear as unknown as { parametrizations: { weight: object } }).parametrizations.weight;
  },
  'torch.optim.Optimizer': optimizer,
  'torch.optim.swa_utils.AveragedModel': () => new torch.optim.swa_utils.AveragedModel(new torch.nn.Linear(2, 2)),
  'torch.optim.lr_scheduler.LRScheduler': () => new torch.optim.lr_scheduler.StepLR(optimizer(), 1),
  'torch.utils.data.DataLoader': () => new data.DataLoader(dataset()),
  'torch.utils.data.TensorDataset': dataset,
  'torch.utils.data.Subset': () => new data.Subset(dataset(), [0]),
  'torch.utils.data.ConcatDataset': () => new data.ConcatDataset([dataset(), dataset()]),
  'torch.utils.tensorboard.FileWriter': once(() => new torch.utils.tensorboard.FileWriter(logs)),
  'torch.utils.tensorboard.RecordWriter': once(() => new torch.utils.tensorboard.RecordWriter(join(logs, 'records'))),
  'torch.utils.tensorboard.SummaryWriter': once(() => new torch.utils.tensorboard.SummaryWriter(logs)),
  'python.collections.OrderedDict': () => new python.collections.OrderedDict(),
  'python.collections.defaultdict': () => new python.collections.defaultdict(() => 0),
  'python.collections.deque': () => new python.collections.deque([1, 2]),
  'python.collections.Counter': () => new python.collections.Counter('aab'),
  'python.contextlib.ExitStack': () => new python.contextlib.ExitStack(),
  'python.csv.DictReader': () => new python.csv.DictReader('a,b\n1,2\n'),
  'python.csv.DictWriter': () => new python.csv.DictWriter({ write: () => undefined }, ['a']),
  'python.logging.Formatter': () => new python.logging.Formatter(),
  'python.logging.Handler': () => new python.logging.StreamHandler(),
  'python.logging.Logger': () => python.logging.getLogger('arguments'),
  'python.random.Random': () => new python.random.Random(1),
};

// Distributions: each by parameters of its own.
const D = torch.distributions;
const base_of_transforms = (): object => new D.ComposeTransform([new D.ExpTransform()]);
Object.assign(objects, {
  'torch.distributions.Distribution': () => new D.Normal(0, 1),
  'torch.distributions.GeneralizedPareto': () => new D.GeneralizedPareto(0, 1, 0.5),
  'torch.distributions.HalfCauchy': () => new D.HalfCauchy(1),
  'torch.distributions.HalfNormal': () => new D.HalfNormal(1),
  'torch.distributions.MixtureSameFamily': () =>
    new D.MixtureSameFamily(new D.Categorical(torch.ones(2)), new D.Normal(torch.zeros(2), 1)),
  'torch.distributions.Wishart': () => new D.Wishart(3, torch.eye(2)),
  'torch.distributions.Transform': base_of_transforms,
  'torch.distributions.CorrCholeskyTransform': () => new D.CorrCholeskyTransform(),
  'torch.distributions.constraint_registry.ConstraintRegistry': () => new D.constraint_registry.ConstraintRegistry(),
  'torch.distributions.constraints.Constraint': () => D.constraints.real,
});

/** An object of a class for its methods; undefined when the test does not know how to make one. */
function object_of(path: string, its_class: new (...args: unknown[]) => object): (() => object) | undefined {
  if (objects[path] !== undefined) return objects[path];
  const name = path.slice(path.lastIndexOf('.') + 1);
  const named = constructed_of[name];
  if (path.startsWith('torch.nn.') && named !== undefined) return () => new its_class(...named());
  if (path.startsWith('torch.optim.') && its_class.prototype instanceof torch.optim.Optimizer) {
    return () => new its_class(parameters(), { lr: 0.1 });
  }
  return undefined;
}

/** What the constructor of each module takes, from the names that it asks for. */
const constructed_of: Record<string, () => unknown[]> = Object.fromEntries(
  Object.entries(torch.nn)
    .filter(([, value]) => is_class(value) && value.prototype instanceof torch.nn.Module)
    .map(([name, value]) => [
      name,
      () => {
        const [own] = signatures_read_by(
          () => new (value as unknown as new (...args: unknown[]) => object)({ zzz: 1 }),
        );
        const wanted = (own?.parsed.parameters ?? []).filter(({ required }) => required).map(({ name: key }) => key);
        return wanted.map((key) => made[key]?.() ?? (values as Record<string, unknown>)[key]);
      },
    ]),
);

function members(path: string, its_class: new (...args: unknown[]) => object): Found[] {
  const name = path.slice(path.lastIndexOf('.') + 1);
  const found: Found[] = [{ path, name, call: (...args) => new its_class(...args), generated: false }];
  for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(its_class)) as [
    string,
    PropertyDescriptor,
  ][]) {
    // A static property may be an object that is callable, such as a constraint.
    if (typeof value !== 'function' || !(value instanceof Function) || key.startsWith('_') || is_class(value)) continue;
    found.push({ path: `${path}.${key}`, name: key, call: (value as Call).bind(its_class), generated: false });
  }
  const make = object_of(path, its_class);
  if (make === undefined) return found;
  for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(its_class.prototype)) as [
    string,
    PropertyDescriptor,
  ][]) {
    if (
      typeof value !== 'function' ||
      key === 'constructor' ||
      key.startsWith('_') ||
      Object.hasOwn(exempt_names, key) ||
      hidden.has(`${its_class.name}.${key}`)
    )
      continue;
    const method = value as Call;
    found.push({ path: `${path}.${key}`, name: key, make, call: method, generated: method.name === '' });
  }
  return found;
}

function walk(path: string, namespace: object, seen: Set<unknown>): Found[] {
  const found: Found[] = [];
  const value_of = (key: string): unknown => {
    try {
      return (namespace as Record<string, unknown>)[key];
    } catch {
      return undefined; // what asks for a device that is not there
    }
  };
  // A class goes by its shortest path, `torch.nn.Linear` and not `torch.nn.modules.linear.Linear`: namespaces come last.
  const keys = Object.getOwnPropertyNames(namespace);
  const sorted = [false, true].flatMap((last) => keys.filter((key) => (typeof value_of(key) === 'object') === last));
  for (const key of sorted) {
    if (key.startsWith('_') || key === 'default') continue;
    const value = value_of(key);
    // What is not there refuses any call; tests/absent/absent.test.ts has it.
    if (seen.has(value) || is_absent(value) || (typeof value !== 'function' && typeof value !== 'object')) continue;
    if (typeof value === 'function' || is_namespace(value)) seen.add(value);
    if (is_class(value)) found.push(...members(`${path}.${key}`, value));
    else if (typeof value === 'function')
      found.push({ path: `${path}.${key}`, name: key, call: value as Call, generated: generated.has(value) });
    else if (is_namespace(value)) found.push(...walk(`${path}.${key}`, value, seen));
  }
  return found;
}

const seen = new Set<unknown>();
const everything = [
  ...walk('torch', torch, seen),
  ...walk('vision', vision, seen),
  ...walk('safetensors', safetensors, seen),
  ...walk('numpy', numpy, seen),
  ...walk('python', python, seen),
  ...walk('progress', progress, seen),
  ...walk('pyplot', pyplot, seen),
].filter(({ path }) => !Object.hasOwn(exempt, path));

/** What is wrong with the answer to a bad call; nothing when it is the right TypeError. */
async function complaint({ name, call, make }: Found, args: unknown[], argument?: string): Promise<string | undefined> {
  const object = make?.();
  try {
    const result: unknown = Reflect.apply(call, object, args);
    // A class may return an object with a then of its own.
    if (result instanceof Promise) await result;
    return 'passes in silence';
  } catch (error) {
    const { message } = error as Error;
    if (!(error instanceof TypeError)) return `throws ${String(error).split('\n')[0]}`;
    if (!message.includes(`${name}(`)) return `does not name the function: ${message.split('\n')[0]}`;
    if (argument !== undefined && !message.includes(argument))
      return `does not name '${argument}': ${message.split('\n')[0]}`;
    return undefined;
  }
}

/** What goes wrong with one function. */
async function complaints(found: Found): Promise<string[]> {
  const all: string[] = [];
  const note = (what: string, text: string | undefined): void => {
    if (text !== undefined) all.push(`${found.path} with ${what} ${text}`);
  };
  note('{zzz: 1}', await complaint(found, [{ zzz: 1 }], 'zzz'));
  if (found.generated) {
    note('too many arguments', await complaint(found, Array<unknown>(100).fill(new Wrong())));
    return all;
  }
  // Making the object whose method is called reads signatures too.
  const read = signatures_read_by(() => found.call({ zzz: 1 }));
  const is_method = objects[found.path.slice(0, found.path.lastIndexOf('.'))] !== undefined;
  const own = read.find(({ callee }) => callee.split('.').pop() === found.name) ?? (is_method ? undefined : read[0]);
  if (own === undefined) {
    note('one argument', await complaint(found, [new Wrong()]));
    return all;
  }
  const { parameters, positional, rest } = own.parsed;
  if (rest === undefined)
    note('too many arguments', await complaint(found, Array<unknown>(positional + 1).fill(new Wrong())));
  for (const [place, { name, kinds }] of parameters.entries()) {
    // Wrong values of some arguments have texts of Python's own, which do not name the function.
    if (kinds.includes('any') || kinds.includes('value')) continue;
    if (place < positional) {
      const before = Array<unknown>(place).fill(undefined);
      note(`a wrong '${name}' by position`, await complaint(found, [...before, new Wrong()], `'${name}'`));
    }
    note(`a wrong '${name}' by name`, await complaint(found, [{ [name]: new Wrong() }], `'${name}'`));
  }
  return all;
}

const by_place = new Map<string, Found[]>();
for (const found of everything) {
  const place = found.path.slice(0, found.path.lastIndexOf('.'));
  by_place.set(place, [...(by_place.get(place) ?? []), found]);
}

describe('bad arguments are refused by', () => {
  it.each([...by_place.keys()])('%s', async (place) => {
    const all: string[] = [];
    for (const found of by_place.get(place)!) all.push(...(await complaints(found)));
    expect(all).toEqual([]);
  });

  it('is about all that there is', () => {
    expect(everything.length).toBeGreaterThan(2000);
  });
});
