/** What the packages' functions return and where modules of Python are here: the tables that inference and emitter read. */
import {
  BOOL,
  dict,
  type DType,
  FLOAT,
  INT,
  list,
  NDARRAY,
  NONE,
  NUMBER,
  object,
  pkg,
  SIZE,
  STR,
  tensor,
  TENSOR,
  tuple,
  tuple_of,
  type Type,
  UNKNOWN,
} from './types.js';

/**
 * Modules of Python, and what is imported for them: a package and the name of its export (`*` for all of it). What begins with
 * `torch` is at its own path.
 */
export const MODULES: Readonly<Record<string, readonly [from: string, name: string]>> = {
  numpy: ['torch-node/numpy', '*'],
  torchvision: ['torch-node/vision', '*'],
  matplotlib: ['torch-node/pyplot', '*'],
  'matplotlib.pyplot': ['torch-node/pyplot', '*'],
  'matplotlib.animation': ['torch-node/pyplot', 'animation'],
  'matplotlib.cm': ['torch-node/pyplot', 'cm'],
  'matplotlib.colors': ['torch-node/pyplot', 'colors'],
  'matplotlib.dates': ['torch-node/pyplot', 'dates'],
  'matplotlib.gridspec': ['torch-node/pyplot', '*'],
  'matplotlib.ticker': ['torch-node/pyplot', 'ticker'],
  'mpl_toolkits.mplot3d': ['torch-node/pyplot', '*'],
  'mpl_toolkits.mplot3d.axes3d': ['torch-node/pyplot', '*'],
  tqdm: ['torch-node/progress', '*'],
  'tqdm.auto': ['torch-node/progress', '*'],
  'tqdm.notebook': ['torch-node/progress', '*'],
  'torch.utils.tensorboard': ['torch-node/tensorboard', '*'],
  tensorboardX: ['torch-node/tensorboard', '*'],
  'safetensors.torch': ['torch-node/safetensors', '*'],
  argparse: ['torch-node/python', 'argparse'],
  collections: ['torch-node/python', 'collections'],
  contextlib: ['torch-node/python', 'contextlib'],
  csv: ['torch-node/python', 'csv'],
  logging: ['torch-node/python', 'logging'],
  math: ['torch-node/python', 'math'],
  queue: ['torch-node/python', 'queue'],
  random: ['torch-node/python', 'random'],
  time: ['torch-node/python', 'time'],
  ast: ['torch-node/port', 'ast'],
  copy: ['torch-node/port', 'copy'],
  datetime: ['torch-node/port', 'datetime'],
  functools: ['torch-node/port', 'functools'],
  glob: ['torch-node/port', 'glob'],
  inspect: ['torch-node/port', 'inspect'],
  io: ['torch-node/port', 'io'],
  itertools: ['torch-node/port', 'itertools'],
  json: ['torch-node/port', 'json'],
  operator: ['torch-node/port', 'operator'],
  os: ['torch-node/port', 'os'],
  'os.path': ['torch-node/port', 'os'],
  pathlib: ['torch-node/port', 'pathlib'],
  'PIL.Image': ['torch-node/port', 'Image'],
  pickle: ['torch-node/port', 'pickle'],
  re: ['torch-node/port', 're'],
  shutil: ['torch-node/port', 'shutil'],
  string: ['torch-node/port', 'string'],
  sys: ['torch-node/port', 'sys'],
  tempfile: ['torch-node/port', 'tempfile'],
};

/** Modules that say something about types or about Python itself, and are not imported. */
export const NOT_IMPORTED: ReadonlySet<string> = new Set([
  '__future__',
  'typing',
  'typing_extensions',
  'dataclasses',
  'abc',
  'enum',
  'warnings',
]);

/** Names that are classes although they do not look like one at run time. */
export const CLASSES: ReadonlySet<string> = new Set(['argparse.ArgumentParser', 'argparse.Namespace']);

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Functions and methods of tensors whose result has this dtype whatever is given. */
const FLOAT_RESULTS =
  words(`rand randn zeros ones empty eye linspace logspace normal mean std var softmax log_softmax exp log log2
  log10 log1p sqrt rsqrt sigmoid tanh sin cos tan asin acos atan sinh cosh erf float double half bfloat16 norm dropout
  logsumexp bernoulli rand_like randn_like dist cdist det inverse pinverse reciprocal expm1 lgamma digamma
  hann_window hamming_window cosine_similarity softplus gelu`);
const INT_RESULTS = words(`argmax argmin argsort randint randperm long int short byte bincount nonzero multinomial
  count_nonzero searchsorted bucketize one_hot tril_indices triu_indices`);
const BOOL_RESULTS =
  words(`eq ne lt le gt ge isnan isinf isfinite logical_and logical_or logical_not logical_xor all any isin bool
  isclose signbit`);
const SAME_RESULTS =
  words(`view reshape squeeze unsqueeze permute transpose t T mT H flatten contiguous clone detach cpu cuda to
  expand repeat index_select gather scatter scatter_ scatter_add scatter_add_ roll flip cumsum abs neg relu clamp clip
  clamp_ narrow select data grad view_as reshape_as expand_as type_as masked_fill masked_fill_ masked_select tril triu
  requires_grad_ detach_ zero_ fill_ add_ sub_ mul_ div_ copy_ uniform_ normal_ pow_ swapaxes moveaxis movedim diag diagonal
  unfold unbind chunk split stack cat concat concatenate hstack vstack where maximum minimum take sort topk
  max min sum prod add sub mul pow square sign round floor ceil matmul mm bmm einsum outer dot mv addmm
  zeros_like ones_like full_like empty_like new_zeros new_ones new_full relu_ retain_grad tile repeat_interleave meshgrid
  index index_fill index_copy index_add kthvalue median mode unique broadcast_to atleast_1d atleast_2d`);

/** An image of PIL. */
export const IMAGE = object('PIL.Image.Image');

const V = tuple(TENSOR, tensor('int'));

/** Methods of tensors that do not give a tensor. */
export const TENSOR_METHODS: Readonly<
  Record<string, Type | ((self: Type, args: number, named: readonly string[]) => Type)>
> = {
  item: (self) => (self.dtype === 'float' ? FLOAT : self.dtype === 'int' ? INT : self.dtype === 'bool' ? BOOL : NUMBER),
  size: (_, args, named) => (args + named.length > 0 ? INT : SIZE),
  dim: INT,
  ndimension: INT,
  numel: INT,
  nelement: INT,
  nonzero: (_, args, named) => (args + named.length > 0 ? tuple_of(tensor('int')) : tensor('int')),
  element_size: INT,
  data_ptr: INT,
  get_device: INT,
  tolist: (self) => (self.dtype === 'float' ? list(FLOAT) : self.dtype === 'int' ? list(INT) : UNKNOWN),
  numpy: NDARRAY,
  backward: NONE,
  is_contiguous: BOOL,
  is_floating_point: BOOL,
  is_complex: BOOL,
  equal: BOOL,
  allclose: BOOL,
  stride: (_, args) => (args > 0 ? INT : tuple_of(INT)),
  storage: UNKNOWN,
  register_hook: UNKNOWN,
  type: (_, args) => (args > 0 ? TENSOR : STR),
  chunk: (self) => tuple_of(self),
  split: (self) => tuple_of(self),
  tensor_split: (self) => tuple_of(self),
  unbind: (self) => tuple_of(self),
  topk: V,
  sort: V,
  kthvalue: V,
  max: (self, args, named) => (named.includes('dim') || named.includes('axis') || args > 0 ? V : self),
  min: (self, args, named) => (named.includes('dim') || named.includes('axis') || args > 0 ? V : self),
  median: (self, args, named) => (args + named.length > 0 ? V : self),
  mode: V,
  unique: (self, _, named) => (named.some((name) => name.startsWith('return_')) ? tuple_of(TENSOR) : self),
  slogdet: tuple(TENSOR, TENSOR),
  qr: tuple(TENSOR, TENSOR),
  svd: tuple(TENSOR, TENSOR, TENSOR),
};

/** Attributes of tensors. */
export const TENSOR_ATTRIBUTES: Readonly<Record<string, Type>> = {
  shape: SIZE,
  dtype: object('torch.dtype'),
  device: object('torch.device'),
  layout: object('torch.layout'),
  ndim: INT,
  requires_grad: BOOL,
  is_leaf: BOOL,
  is_cuda: BOOL,
  is_sparse: BOOL,
  grad_fn: UNKNOWN,
  names: UNKNOWN,
  real: TENSOR,
  imag: TENSOR,
};

const FLOATS: Type = { k: 'ndarray', dtype: 'float' };
const INTEGERS: Type = { k: 'ndarray', dtype: 'int' };

/** Functions of packages that do not give what their namespace gives by default. */
export const FUNCTIONS: Readonly<Record<string, Type | ((args: number, named: readonly string[]) => Type)>> = {
  'torch.manual_seed': UNKNOWN,
  // A context has the names of the module.
  'torch.multiprocessing.get_context': pkg('torch.multiprocessing'),
  'torch.seed': INT,
  'torch.initial_seed': INT,
  'torch.is_tensor': BOOL,
  'torch.nonzero': (args, named) => (args + named.length > 1 ? tuple_of(tensor('int')) : tensor('int')),
  'torch.is_grad_enabled': BOOL,
  'torch.is_floating_point': BOOL,
  'torch.equal': BOOL,
  'torch.allclose': BOOL,
  'torch.numel': INT,
  'torch.get_num_threads': INT,
  'torch.set_num_threads': NONE,
  'torch.set_default_dtype': NONE,
  'torch.set_printoptions': NONE,
  'torch.get_default_dtype': object('torch.dtype'),
  'torch.device': object('torch.device'),
  'torch.Size': SIZE,
  'torch.load': UNKNOWN,
  'torch.save': NONE,
  'torch.compile': UNKNOWN,
  'torch.no_grad': object('torch.no_grad'),
  'torch.enable_grad': object('torch.enable_grad'),
  'torch.inference_mode': object('torch.inference_mode'),
  'torch.set_grad_enabled': object('torch.set_grad_enabled'),
  'torch.autocast': object('torch.autocast'),
  'torch.amp.autocast': object('torch.autocast'),
  'torch.cuda.is_available': BOOL,
  'torch.backends.mps.is_available': BOOL,
  'torch.accelerator.is_available': BOOL,
  'torch.accelerator.current_accelerator': UNKNOWN,
  'torch.cuda.device_count': INT,
  'torch.split': tuple_of(TENSOR),
  'torch.chunk': tuple_of(TENSOR),
  'torch.unbind': tuple_of(TENSOR),
  'torch.meshgrid': tuple_of(TENSOR),
  'torch.topk': V,
  'torch.sort': V,
  'torch.kthvalue': V,
  'torch.mode': V,
  'torch.max': (args, named) => (named.includes('dim') || args > 1 ? V : TENSOR),
  'torch.min': (args, named) => (named.includes('dim') || args > 1 ? V : TENSOR),
  'torch.median': (args, named) => (args + named.length > 1 ? V : TENSOR),
  'torch.unique': (_, named) => (named.some((name) => name.startsWith('return_')) ? tuple_of(TENSOR) : TENSOR),
  'torch.std_mean': tuple(TENSOR, TENSOR),
  'torch.var_mean': tuple(TENSOR, TENSOR),
  'torch.linalg.svd': tuple(TENSOR, TENSOR, TENSOR),
  'torch.linalg.qr': tuple(TENSOR, TENSOR),
  'torch.linalg.eig': tuple(TENSOR, TENSOR),
  'torch.linalg.eigh': tuple(TENSOR, TENSOR),
  'torch.autograd.grad': tuple_of(TENSOR),
  'torch.nn.functional.max_pool2d': (_, named) => (named.includes('return_indices') ? V : tensor('float')),
  'torch.nn.functional.one_hot': tensor('int'),
  'torch.nn.functional.pad': TENSOR,
  'torch.nn.utils.clip_grad_norm_': tensor('float'),
  'torch.nn.utils.clip_grad_value_': NONE,
  'torch.utils.data.random_split': UNKNOWN,
  'torchvision.utils.make_grid': tensor('float'),
  'torchvision.utils.save_image': NONE,
  'random.random': FLOAT,
  'random.uniform': FLOAT,
  'random.gauss': FLOAT,
  'random.normalvariate': FLOAT,
  'random.randint': INT,
  'random.randrange': INT,
  'random.seed': NONE,
  'random.shuffle': NONE,
  'time.time': FLOAT,
  'time.perf_counter': FLOAT,
  'time.monotonic': FLOAT,
  'time.process_time': FLOAT,
  'time.sleep': NONE,
  'time.strftime': STR,
  'PIL.Image.open': IMAGE,
  'PIL.Image.fromarray': IMAGE,
  'os.path.join': STR,
  'os.path.basename': STR,
  'os.path.dirname': STR,
  'os.path.abspath': STR,
  'os.path.expanduser': STR,
  'os.path.splitext': tuple(STR, STR),
  'os.path.split': tuple(STR, STR),
  'os.path.exists': BOOL,
  'os.path.isfile': BOOL,
  'os.path.isdir': BOOL,
  'os.path.getsize': INT,
  'os.listdir': list(STR),
  'os.getcwd': STR,
  'os.getpid': INT,
  'tempfile.mkdtemp': STR,
  'tempfile.gettempdir': STR,
  'os.makedirs': NONE,
  'os.mkdir': NONE,
  'os.remove': NONE,
  'os.getenv': UNKNOWN,
  're.sub': STR,
  're.split': list(STR),
  're.escape': STR,
  'ast.literal_eval': UNKNOWN,
  'json.dumps': STR,
  'json.dump': NONE,
  'np.random.seed': NONE,
  'numpy.unique': (_, named) => (named.some((name) => name.startsWith('return_')) ? tuple_of(NDARRAY) : NDARRAY),
  'numpy.random.seed': NONE,
  'numpy.random.rand': (args) => (args > 0 ? FLOATS : FLOAT),
  'numpy.array': NDARRAY,
  'numpy.zeros': NDARRAY,
  'numpy.ones': NDARRAY,
  'numpy.arange': NDARRAY,
  'numpy.linspace': NDARRAY,
  'numpy.asarray': NDARRAY,
  'numpy.concatenate': NDARRAY,
  'numpy.stack': NDARRAY,
  'numpy.full': NDARRAY,
  'numpy.eye': NDARRAY,
  'numpy.random.randn': (args) => (args > 0 ? FLOATS : FLOAT),
  'numpy.random.uniform': (args, named) => (args > 2 || named.includes('size') ? FLOATS : UNKNOWN),
  'numpy.random.normal': (args, named) => (args > 2 || named.includes('size') ? FLOATS : UNKNOWN),
  'numpy.random.randint': (args, named) => (args > 2 || named.includes('size') ? INTEGERS : UNKNOWN),
  'numpy.random.permutation': NDARRAY,
};

/** Functions of NumPy that give an array whatever they are given. */
const NUMPY_ARRAYS =
  words(`vstack hstack dstack column_stack stack concatenate full eye identity zeros_like ones_like full_like
  empty_like empty reshape expand_dims tile repeat flip argsort sort unique cumsum cumprod diag tril triu outer where
  broadcast_to atleast_1d atleast_2d atleast_3d roll`);

const INT_MATH = words('floor ceil trunc gcd lcm factorial comb perm isqrt');
const BOOL_MATH = words('isnan isinf isfinite isclose');

/** Calls of modules of `torch.nn` that do not give one tensor. */
const MODULE_CALLS: Readonly<Record<string, Type>> = {
  LSTM: tuple(tensor('float'), tuple(tensor('float'), tensor('float'))),
  GRU: tuple(tensor('float'), tensor('float')),
  RNN: tuple(tensor('float'), tensor('float')),
  LSTMCell: tuple(tensor('float'), tensor('float')),
  MultiheadAttention: tuple(tensor('float'), tensor('float')),
  AdaptiveLogSoftmaxWithLoss: UNKNOWN,
};

const by_dtype = (name: string, self?: DType): Type | undefined => {
  if (FLOAT_RESULTS.has(name)) return tensor('float');
  if (INT_RESULTS.has(name)) return tensor('int');
  if (BOOL_RESULTS.has(name)) return tensor('bool');
  if (SAME_RESULTS.has(name)) return tensor(self);
  return undefined;
};

/** What a method of a tensor gives. */
export function tensor_method(self: Type, name: string, args: number, named: readonly string[], dtype?: DType): Type {
  const given = TENSOR_METHODS[name];
  if (given !== undefined) return typeof given === 'function' ? given(self, args, named) : given;
  if (name === 'to' || name === 'type') return tensor(dtype);
  if (name === 'sum' || name === 'prod' || name === 'cumsum') {
    return tensor(dtype ?? (self.dtype === 'bool' ? 'int' : self.dtype));
  }
  const base = name.endsWith('_') ? name.slice(0, -1) : name;
  if (dtype && /^new_|_like$/.test(name)) return tensor(dtype);
  if (name.endsWith('_')) return self;
  return by_dtype(base, self.dtype) ?? TENSOR;
}

/** What a function of a package gives; undefined where the tables do not say. */
export function function_result(
  path: string,
  args: number,
  named: readonly string[],
  first: Type | undefined,
  dtype?: DType,
): Type | undefined {
  const given = Object.hasOwn(FUNCTIONS, path) ? FUNCTIONS[path] : undefined;
  if (given !== undefined) return typeof given === 'function' ? given(args, named) : given;
  const name = path.slice(path.lastIndexOf('.') + 1);
  const space = path.slice(0, path.lastIndexOf('.'));
  if (space === 'math') return BOOL_MATH.has(name) ? BOOL : INT_MATH.has(name) ? INT : FLOAT;
  if (space === 'torch.nn.init') return tensor('float');
  if (space === 'torch.nn.functional') return tensor('float');
  if (/^torch(\.(linalg|special|fft))?$/.test(space)) {
    if (dtype) return tensor(dtype);
    const self = first?.k === 'list' || first?.k === 'tuple' ? element_dtype(first) : first?.dtype;
    return by_dtype(name, self) ?? TENSOR;
  }
  if (space === 'numpy') return NUMPY_ARRAYS.has(name) ? NDARRAY : UNKNOWN;
  return undefined;
}

function element_dtype(type: Type): DType | undefined {
  const kinds = type.items ?? (type.a ? [type.a] : []);
  const found = new Set(kinds.map((item) => (item.k === 'tensor' ? item.dtype : undefined)));
  return found.size === 1 ? [...found][0] : undefined;
}

/** What calling an instance of a class of a package gives. */
export function instance_call(path: string): Type {
  const name = path.slice(path.lastIndexOf('.') + 1);
  if (path.startsWith('torch.nn.'))
    return (
      MODULE_CALLS[name] ??
      (/^(Sequential|ModuleList|Module|Identity|DataParallel|Flatten|Unflatten)$/.test(name) ? TENSOR : tensor('float'))
    );
  return path === 'torchvision.transforms.ToPILImage' ? IMAGE : UNKNOWN;
}

/** Methods of instances of classes of packages. */
export function object_method(path: string, name: string, self: Type): Type {
  if (path.startsWith('torch.nn.')) return module_method(name, self);
  if (path.startsWith('torch.optim.')) {
    if (name === 'get_last_lr') return list(FLOAT);
    if (name === 'step' || name === 'zero_grad') return NONE;
    if (name === 'state_dict') return dict(STR, UNKNOWN, 'record');
    return UNKNOWN;
  }
  if (path === IMAGE.path) return name === 'save' ? NONE : /^(convert|resize|crop|copy)$/.test(name) ? self : UNKNOWN;
  if (path === 'pathlib.Path') {
    if (/^(joinpath|with_suffix|with_name|resolve|absolute|rename)$/.test(name)) return self;
    if (/^(exists|is_file|is_dir|is_absolute)$/.test(name)) return BOOL;
    if (/^(read_text|as_posix)$/.test(name)) return STR;
    if (/^(iterdir|glob|rglob)$/.test(name)) return list(self);
    return name === 'open' ? object('file', STR) : UNKNOWN;
  }
  if (path.startsWith('datetime.')) {
    if (name === 'strftime' || name === 'isoformat') return STR;
    if (name === 'total_seconds' || name === 'timestamp') return FLOAT;
    return name === 'date' ? object('datetime.date') : UNKNOWN;
  }
  if (path.startsWith('io.')) return name === 'getvalue' && path === 'io.StringIO' ? STR : UNKNOWN;
  if (path.startsWith('torch.distributions.')) {
    if (/^(sample|rsample|log_prob|entropy|cdf|icdf)$/.test(name)) return TENSOR;
    return UNKNOWN;
  }
  return UNKNOWN;
}

/** Methods that each module has. */
export function module_method(name: string, self: Type): Type {
  if (
    /^(train|eval|to|cuda|cpu|half|float|double|requires_grad_|apply|share_memory|bfloat16|type|to_empty)$/.test(name)
  )
    return self;
  if (name === 'parameters' || name === 'buffers') return { k: 'iterator', a: tensor('float') };
  if (name === 'named_parameters' || name === 'named_buffers') return { k: 'iterator', a: tuple(STR, tensor('float')) };
  if (name === 'state_dict') return dict(STR, TENSOR, 'record');
  if (name === 'named_modules' || name === 'named_children')
    return { k: 'iterator', a: tuple(STR, object('torch.nn.Module')) };
  if (name === 'modules' || name === 'children') return { k: 'iterator', a: object('torch.nn.Module') };
  if (name === 'zero_grad') return NONE;
  return UNKNOWN;
}

/** The dtype that a name of `torch` stands for. */
export function dtype_kind(name: string): DType | undefined {
  if (/^(float|double|half|bfloat16|float16|float32|float64|FloatTensor|DoubleTensor)$/.test(name)) return 'float';
  if (/^(u?int(8|16|32|64)?|long|short|LongTensor|IntTensor)$/.test(name)) return 'int';
  if (/^(bool|BoolTensor)$/.test(name)) return 'bool';
  return undefined;
}

/** What an element of a dataset of `torchvision` is. */
export const IMAGE_AND_LABEL: Type = tuple(tensor('float'), tensor('int'));
