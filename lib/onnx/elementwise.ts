/** Operators that work on each element: of one tensor, of two, of three. */
import type { DType } from '../types/dtype.js';
import * as dtypes from '../types/dtype.js';
import { Unsupported } from './builder.js';
import type { Call, Converter, Operators } from './call.js';

const is_integer = (dtype: DType): boolean => !dtype.is_floating_point && dtype !== dtypes.bool;

/** The first tensor in the dtype of the result. */
export const self_as_out = (call: Call): string => call.operand('self', call.out.dtype);

/** An operator of ONNX on one tensor. */
function unary(type: string, attributes: (call: Call) => Record<string, { float: number }> = () => ({})): Converter {
  return (call) => call.graph.node(type, [self_as_out(call)], attributes(call));
}

/** A formula of the tensor; `n` makes nodes and `k` numbers of the result's dtype. */
function formula(
  make: (
    x: string,
    n: (type: string, ...inputs: string[]) => string,
    k: (value: number) => string,
    call: Call,
  ) => string,
): Converter {
  return (call) =>
    make(
      self_as_out(call),
      (type, ...inputs) => call.graph.node(type, inputs),
      (value) => call.graph.scalar(value, call.out.dtype),
      call,
    );
}

function binary(type: string): Converter {
  return (call) => {
    const { dtype } = call.out;
    const [a, b] = [call.operand('self', dtype), call.operand('other', dtype)];
    return call.graph.node(type, [a, b]);
  };
}

/** `self + alpha * other`, or with another sign. */
function sum(type: 'Add' | 'Sub', reversed = false): Converter {
  return (call) => {
    const { graph } = call;
    const { dtype } = call.out;
    let [a, b] = [call.operand('self', dtype), call.operand('other', dtype)];
    if (reversed) [a, b] = [b, a];
    if (call.has('alpha') && call.float('alpha') !== 1) {
      const alpha = call.operand('alpha', dtype);
      if (reversed) a = graph.node('Mul', [a, alpha]);
      else b = graph.node('Mul', [b, alpha]);
    }
    // ONNX does not add bools: it is their Or.
    if (dtype === dtypes.bool) return graph.node('Or', [a, b]);
    return graph.node(type, [a, b]);
  };
}

/** A comparison, in the dtype that both promote to. */
function comparison(type: 'Equal' | 'Less' | 'LessOrEqual' | 'Greater' | 'GreaterOrEqual', negated = false): Converter {
  return (call) => {
    let dtype = call.common_dtype('self', 'other');
    // ONNX orders no bools.
    if (dtype === dtypes.bool && type !== 'Equal') dtype = dtypes.int32;
    const found = call.graph.node(type, [call.operand('self', dtype), call.operand('other', dtype)]);
    return negated ? call.graph.node('Not', [found]) : found;
  };
}

function logical(type: 'And' | 'Or' | 'Xor'): Converter {
  return (call) => call.graph.node(type, [call.operand('self', dtypes.bool), call.operand('other', dtypes.bool)]);
}

function bitwise(type: 'And' | 'Or' | 'Xor'): Converter {
  return (call) => {
    const { dtype } = call.out;
    const inputs = [call.operand('self', dtype), call.operand('other', dtype)];
    return call.graph.node(dtype === dtypes.bool ? type : `Bitwise${type}`, inputs);
  };
}

const divide: Converter = (call) => {
  const { graph } = call;
  const mode = call.string('rounding_mode', '');
  const { dtype } = call.out;
  const [a, b] = [call.operand('self', dtype), call.operand('other', dtype)];
  if (mode === 'floor') return floor_divided(call, a, b);
  const quotient = graph.node('Div', [a, b]);
  if (mode === '' || is_integer(dtype)) return quotient;
  return truncated(call, quotient);
};

function truncated({ graph }: Call, x: string): string {
  return graph.node('Mul', [graph.node('Sign', [x]), graph.node('Floor', [graph.node('Abs', [x])])]);
}

function floor_divided(call: Call, a: string, b: string): string {
  const { graph } = call;
  if (!is_integer(call.out.dtype)) return graph.node('Floor', [graph.node('Div', [a, b])]);
  // ONNX divides integers towards zero: take the remainder with the divisor's sign off first.
  const rest = graph.node('Mod', [a, b]);
  return graph.node('Div', [graph.node('Sub', [a, rest]), b]);
}

const remainder: Converter = (call) => {
  const { graph } = call;
  const { dtype } = call.out;
  const [a, b] = [call.operand('self', dtype), call.operand('other', dtype)];
  if (is_integer(dtype)) return graph.node('Mod', [a, b]);
  const rest = graph.node('Mod', [a, b], { fmod: 1 });
  // fmod has the sign of the dividend, and Python's remainder that of the divisor.
  const zero = graph.scalar(0, dtype);
  const other_sign = graph.node('Less', [graph.node('Mul', [rest, b]), zero]);
  return graph.node('Where', [other_sign, graph.node('Add', [rest, b]), rest]);
};

const power: Converter = (call) => {
  const { graph } = call;
  const { dtype } = call.out;
  const [a, b] = [call.has('self') ? 'self' : 'base', 'exponent'];
  const exponent = call.args.get(b);
  if (exponent === 2) {
    const x = call.operand(a, dtype);
    return graph.node('Mul', [x, x]);
  }
  if (exponent === 1) return graph.node('Identity', [call.operand(a, dtype)]);
  if (exponent === 0.5 && dtype.is_floating_point) return graph.node('Sqrt', [call.operand(a, dtype)]);
  return graph.node('Pow', [call.operand(a, dtype), call.operand(b, dtype)]);
};

const clamp: Converter = (call) => {
  const { graph } = call;
  const { dtype } = call.out;
  let x = self_as_out(call);
  for (const [name, type] of [
    ['min', 'Max'],
    ['min_val', 'Max'],
    ['max', 'Min'],
    ['max_val', 'Min'],
  ] as const) {
    if (call.has(name)) x = graph.node(type, [x, call.operand(name, dtype)]);
  }
  return x;
};

const hardtanh: Converter = (call) => {
  const { graph } = call;
  const { dtype } = call.out;
  return graph.node('Clip', [self_as_out(call), call.operand('min_val', dtype, -1), call.operand('max_val', dtype, 1)]);
};

const where: Converter = (call) => {
  const { graph, out } = call;
  const condition = call.operand('condition', dtypes.bool);
  if (!call.has('self')) throw new Unsupported('a condition alone');
  return graph.node('Where', [condition, call.operand('self', out.dtype), call.operand('other', out.dtype)]);
};

const masked_fill: Converter = (call) =>
  call.graph.node('Where', [
    call.operand('mask', dtypes.bool),
    call.operand('value', call.out.dtype),
    self_as_out(call),
  ]);

export function gelu(call: Call, x: string, dtype: DType, approximate: string): string {
  const { graph } = call;
  if (graph.opset >= 20) return graph.node('Gelu', [x], { approximate });
  const k = (value: number): string => graph.scalar(value, dtype);
  const n = (type: string, ...inputs: string[]): string => graph.node(type, inputs);
  if (approximate === 'tanh') {
    const inner = n('Mul', x, n('Add', n('Mul', n('Mul', x, x), k(0.044715)), k(1)));
    return n('Mul', n('Mul', x, k(0.5)), n('Add', n('Tanh', n('Mul', inner, k(Math.sqrt(2 / Math.PI)))), k(1)));
  }
  return n('Mul', n('Mul', x, k(0.5)), n('Add', n('Erf', n('Mul', x, k(Math.SQRT1_2))), k(1)));
}

export function softplus(call: Call, x: string, dtype: DType, beta: number, threshold: number): string {
  const { graph } = call;
  const scaled = beta === 1 ? x : graph.node('Mul', [x, graph.scalar(beta, dtype)]);
  const soft = graph.node('Softplus', [scaled]);
  const linear = graph.node('Greater', [scaled, graph.scalar(threshold, dtype)]);
  return graph.node('Where', [linear, x, beta === 1 ? soft : graph.node('Div', [soft, graph.scalar(beta, dtype)])]);
}

const prelu: Converter = (call) => {
  const { graph } = call;
  const [x, weight] = [call.tensor('self'), call.tensor('weight')];
  const rank = x.sizes.length;
  const slope = rank > 2 ? graph.reshape(weight.name, [-1, ...Array<number>(rank - 2).fill(1)]) : weight.name;
  const found = graph.node('PRelu', [x.name, slope]);
  return rank === 0 ? graph.reshape(found, []) : found;
};

const elu: Converter = (call) => {
  const { graph, out } = call;
  const [alpha, scale, input_scale] = [call.float('alpha', 1), call.float('scale', 1), call.float('input_scale', 1)];
  const x = self_as_out(call);
  const k = (value: number): string => graph.scalar(value, out.dtype);
  if (input_scale === 1) {
    const found = graph.node('Elu', [x], { alpha: { float: alpha } });
    return scale === 1 ? found : graph.node('Mul', [found, k(scale)]);
  }
  const negative = graph.node('Mul', [
    graph.node('Sub', [graph.node('Exp', [graph.node('Mul', [x, k(input_scale)])]), k(1)]),
    k(alpha),
  ]);
  const chosen = graph.node('Where', [graph.node('Greater', [x, k(0)]), x, negative]);
  return scale === 1 ? chosen : graph.node('Mul', [chosen, k(scale)]);
};

const lerp: Converter = (call) => {
  const { graph, out } = call;
  const start = self_as_out(call);
  const difference = graph.node('Sub', [call.operand('end', out.dtype), start]);
  return graph.node('Add', [start, graph.node('Mul', [difference, call.operand('weight', out.dtype)])]);
};

/** `self + value * tensor1 op tensor2`. */
function fused(type: 'Mul' | 'Div'): Converter {
  return (call) => {
    const { graph, out } = call;
    let product = graph.node(type, [call.operand('tensor1', out.dtype), call.operand('tensor2', out.dtype)]);
    if (call.has('value') && call.float('value') !== 1) {
      product = graph.node('Mul', [product, call.operand('value', out.dtype)]);
    }
    return graph.node('Add', [self_as_out(call), product]);
  };
}

const nan_to_num: Converter = (call) => {
  const { graph, out } = call;
  const limits = new Map<DType, number>([
    [dtypes.float32, 3.4028234663852886e38],
    [dtypes.float64, Number.MAX_VALUE],
    [dtypes.float16, 65504],
  ]);
  const largest = limits.get(out.dtype);
  if (largest === undefined) return graph.node('Identity', [self_as_out(call)]);
  const x = self_as_out(call);
  const infinite = (positive: boolean): string =>
    graph.node('Equal', [x, graph.scalar(positive ? Infinity : -Infinity, out.dtype)]);
  let found = graph.node('Where', [graph.node('IsNaN', [x]), call.operand('nan', out.dtype, 0), x]);
  found = graph.node('Where', [infinite(true), call.operand('posinf', out.dtype, largest), found]);
  return graph.node('Where', [infinite(false), call.operand('neginf', out.dtype, -largest), found]);
};

const atan2: Converter = (call) => {
  const { graph, out } = call;
  const [y, x] = [call.operand('self', out.dtype), call.operand('other', out.dtype)];
  const n = (type: string, ...inputs: string[]): string => graph.node(type, inputs);
  const k = (value: number): string => graph.scalar(value, out.dtype);
  const angle = n('Atan', n('Div', y, x));
  const half_turn = n('Where', n('Less', y, k(0)), k(-Math.PI), k(Math.PI));
  const whole = n('Where', n('Less', x, k(0)), n('Add', angle, half_turn), angle);
  return n('Where', n('And', n('Equal', x, k(0)), n('Equal', y, k(0))), k(0), whole);
};

/** A test of an element, which is false for what is not a float. */
const float_test =
  (type: 'IsNaN' | 'IsInf'): Converter =>
  (call) => {
    const x = call.tensor('self');
    const { graph } = call;
    const tested = x.dtype.is_floating_point ? x.name : graph.cast(x.name, x.dtype, dtypes.float32);
    return graph.node(type, [tested]);
  };

const shift =
  (direction: 'LEFT' | 'RIGHT'): Converter =>
  (call) => {
    const { graph, out } = call;
    const [a, b] = [call.operand('self', out.dtype), call.operand('other', out.dtype)];
    // BitShift takes unsigned integers alone: powers of two do the same for others.
    const factor = graph.node('Pow', [graph.scalar(2, out.dtype), b]);
    return direction === 'LEFT' ? graph.node('Mul', [a, factor]) : floor_divided(call, a, factor);
  };

const log1p = formula((x, n, k) => n('Log', n('Add', x, k(1))));

export const elementwise: Operators = {
  abs: unary('Abs'),
  acos: unary('Acos'),
  acosh: unary('Acosh'),
  asin: unary('Asin'),
  asinh: unary('Asinh'),
  atan: unary('Atan'),
  atanh: unary('Atanh'),
  ceil: unary('Ceil'),
  cos: unary('Cos'),
  cosh: unary('Cosh'),
  deg2rad: formula((x, n, k) => n('Mul', x, k(Math.PI / 180))),
  erf: unary('Erf'),
  erfc: formula((x, n, k) => n('Sub', k(1), n('Erf', x))),
  exp: unary('Exp'),
  exp2: formula((x, n, k) => n('Pow', k(2), x)),
  expm1: formula((x, n, k) => n('Sub', n('Exp', x), k(1))),
  floor: unary('Floor'),
  frac: formula((x, n, _k, call) => n('Sub', x, truncated(call, x))),
  log: unary('Log'),
  log10: formula((x, n, k) => n('Div', n('Log', x), k(Math.LN10))),
  log1p,
  log2: formula((x, n, k) => n('Div', n('Log', x), k(Math.LN2))),
  logit: (call) => {
    const { graph, out } = call;
    let x = self_as_out(call);
    const k = (value: number): string => graph.scalar(value, out.dtype);
    if (call.has('eps')) x = graph.node('Clip', [x, k(call.float('eps')), k(1 - call.float('eps'))]);
    return graph.node('Log', [graph.node('Div', [x, graph.node('Sub', [k(1), x])])]);
  },
  neg: unary('Neg'),
  positive: unary('Identity'),
  rad2deg: formula((x, n, k) => n('Mul', x, k(180 / Math.PI))),
  reciprocal: unary('Reciprocal'),
  round: (call) => {
    const { graph, out } = call;
    const x = self_as_out(call);
    if (is_integer(out.dtype)) return graph.node('Identity', [x]);
    const decimals = call.int('decimals', 0);
    if (decimals === 0) return graph.node('Round', [x]);
    const scale = graph.scalar(10 ** decimals, out.dtype);
    return graph.node('Div', [graph.node('Round', [graph.node('Mul', [x, scale])]), scale]);
  },
  rsqrt: formula((x, n) => n('Reciprocal', n('Sqrt', x))),
  sgn: unary('Sign'),
  sign: unary('Sign'),
  sin: unary('Sin'),
  sinc: formula((x, n, k) => {
    const scaled = n('Mul', x, k(Math.PI));
    return n('Where', n('Equal', x, k(0)), k(1), n('Div', n('Sin', scaled), scaled));
  }),
  sinh: unary('Sinh'),
  sqrt: unary('Sqrt'),
  square: formula((x, n) => n('Mul', x, x)),
  tan: unary('Tan'),
  tanh: unary('Tanh'),
  trunc: formula((x, _n, _k, call) => truncated(call, x)),
  fix: formula((x, _n, _k, call) => truncated(call, x)),
  isnan: float_test('IsNaN'),
  isinf: float_test('IsInf'),
  isfinite: (call) => {
    const x = call.tensor('self');
    const { graph } = call;
    const name = x.dtype.is_floating_point ? x.name : graph.cast(x.name, x.dtype, dtypes.float32);
    return graph.node('Not', [graph.node('Or', [graph.node('IsNaN', [name]), graph.node('IsInf', [name])])]);
  },
  logical_not: (call) => call.graph.node('Not', [call.operand('self', dtypes.bool)]),
  bitwise_not: (call) => call.graph.node(call.out.dtype === dtypes.bool ? 'Not' : 'BitwiseNot', [self_as_out(call)]),
  nan_to_num,

  celu: (call) => {
    const alpha = call.float('alpha', 1);
    return call.graph.node('Celu', [self_as_out(call)], { alpha: { float: alpha } });
  },
  elu,
  gelu: (call) => gelu(call, self_as_out(call), call.out.dtype, call.string('approximate', 'none')),
  hardshrink: unary('Shrink', (call) => ({ lambd: { float: call.float('lambd', 0.5) }, bias: { float: 0 } })),
  hardsigmoid: unary('HardSigmoid', () => ({ alpha: { float: 1 / 6 }, beta: { float: 0.5 } })),
  hardswish: unary('HardSwish'),
  hardtanh,
  leaky_relu: unary('LeakyRelu', (call) => ({ alpha: { float: call.float('negative_slope', 0.01) } })),
  log_sigmoid: formula((x, n) => n('Neg', n('Softplus', n('Neg', x)))),
  mish: formula((x, n) => n('Mul', x, n('Tanh', n('Softplus', x)))),
  prelu,
  _prelu_kernel: (call) => {
    const { graph, out } = call;
    const x = self_as_out(call);
    const positive = graph.node('Greater', [x, graph.scalar(0, out.dtype)]);
    return graph.node('Where', [positive, x, graph.node('Mul', [x, call.operand('weight', out.dtype)])]);
  },
  relu: unary('Relu'),
  relu6: (call) => {
    const { graph, out } = call;
    return graph.node('Clip', [self_as_out(call), graph.scalar(0, out.dtype), graph.scalar(6, out.dtype)]);
  },
  rrelu: (call) => {
    if (call.bool('training')) throw new Unsupported('training=True');
    const slope = (call.float('lower', 1 / 8) + call.float('upper', 1 / 3)) / 2;
    return call.graph.node('LeakyRelu', [self_as_out(call)], { alpha: { float: slope } });
  },
  selu: unary('Selu'),
  sigmoid: unary('Sigmoid'),
  special_expit: unary('Sigmoid'),
  silu: formula((x, n) => n('Mul', x, n('Sigmoid', x))),
  softplus: (call) =>
    softplus(call, self_as_out(call), call.out.dtype, call.float('beta', 1), call.float('threshold', 20)),
  softshrink: unary('Shrink', (call) => {
    const lambd = call.float('lambd', 0.5);
    return { lambd: { float: lambd }, bias: { float: lambd } };
  }),
  softsign: unary('Softsign'),
  tanhshrink: formula((x, n) => n('Sub', x, n('Tanh', x))),
  threshold: (call) => {
    const { graph, out } = call;
    const x = self_as_out(call);
    const above = graph.node('Greater', [x, call.operand('threshold', out.dtype)]);
    return graph.node('Where', [above, x, call.operand('value', out.dtype)]);
  },

  add: sum('Add'),
  sub: sum('Sub'),
  rsub: sum('Sub', true),
  mul: (call) => (call.out.dtype === dtypes.bool ? logical('And')(call) : binary('Mul')(call)),
  div: divide,
  divide,
  true_divide: divide,
  floor_divide: (call) =>
    floor_divided(call, call.operand('self', call.out.dtype), call.operand('other', call.out.dtype)),
  remainder,
  fmod: (call) => {
    const { dtype } = call.out;
    return call.graph.node('Mod', [call.operand('self', dtype), call.operand('other', dtype)], { fmod: 1 });
  },
  pow: power,
  float_power: power,
  maximum: binary('Max'),
  minimum: binary('Min'),
  fmax: binary('Max'),
  fmin: binary('Min'),
  atan2,
  arctan2: atan2,
  hypot: (call) => {
    const { graph, out } = call;
    const [a, b] = [call.operand('self', out.dtype), call.operand('other', out.dtype)];
    return graph.node('Sqrt', [graph.node('Add', [graph.node('Mul', [a, a]), graph.node('Mul', [b, b])])]);
  },
  xlogy: (call) => {
    const { graph, out } = call;
    const [a, b] = [call.operand('self', out.dtype), call.operand('other', out.dtype)];
    const zero = graph.node('And', [
      graph.node('Equal', [a, graph.scalar(0, out.dtype)]),
      graph.node('Not', [graph.node('IsNaN', [b])]),
    ]);
    return graph.node('Where', [zero, graph.scalar(0, out.dtype), graph.node('Mul', [a, graph.node('Log', [b])])]);
  },
  logaddexp: (call) => {
    const { graph, out } = call;
    const [a, b] = [call.operand('self', out.dtype), call.operand('other', out.dtype)];
    const distance = graph.node('Abs', [graph.node('Sub', [a, b])]);
    return graph.node('Add', [graph.node('Max', [a, b]), graph.node('Softplus', [graph.node('Neg', [distance])])]);
  },
  heaviside: (call) => {
    const { graph, out } = call;
    const x = self_as_out(call);
    const k = (value: number): string => graph.scalar(value, out.dtype);
    const sign = graph.node('Where', [graph.node('Greater', [x, k(0)]), k(1), k(0)]);
    return graph.node('Where', [graph.node('Equal', [x, k(0)]), call.operand('values', out.dtype), sign]);
  },
  eq: comparison('Equal'),
  ne: comparison('Equal', true),
  lt: comparison('Less'),
  le: comparison('LessOrEqual'),
  gt: comparison('Greater'),
  ge: comparison('GreaterOrEqual'),
  logical_and: logical('And'),
  logical_or: logical('Or'),
  logical_xor: logical('Xor'),
  bitwise_and: bitwise('And'),
  bitwise_or: bitwise('Or'),
  bitwise_xor: bitwise('Xor'),
  __and__: bitwise('And'),
  __or__: bitwise('Or'),
  __xor__: bitwise('Xor'),
  bitwise_left_shift: shift('LEFT'),
  bitwise_right_shift: shift('RIGHT'),
  __lshift__: shift('LEFT'),
  __rshift__: shift('RIGHT'),

  addcmul: fused('Mul'),
  addcdiv: fused('Div'),
  lerp,
  clamp,
  clip: clamp,
  clamp_min: clamp,
  clamp_max: clamp,
  where,
  masked_fill,
};
