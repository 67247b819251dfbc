/** Arithmetic on sizes and other numbers that are known when the program runs. */
import * as dtypes from '../types/dtype.js';
import type { DType } from '../types/dtype.js';
import { type GraphBuilder, type Symbolic, Unsupported } from './builder.js';

export type Number_ = number | boolean | Symbolic;

const is_symbolic = (value: Number_): value is Symbolic => typeof value === 'object';

function dtype_of(value: Number_): DType {
  if (is_symbolic(value)) return value.dtype;
  if (typeof value === 'boolean') return dtypes.bool;
  return Number.isInteger(value) ? dtypes.int64 : dtypes.float32;
}

const as = (graph: GraphBuilder, value: Number_, dtype: DType): string =>
  is_symbolic(value) ? graph.cast(value.name, value.dtype, dtype) : graph.scalar(value, dtype);

type Operator = (graph: GraphBuilder, ...values: Number_[]) => Number_;

/** An operator of ONNX on two numbers, in the dtype of both. */
function arithmetic(type: string, float = false): Operator {
  return (graph, a, b) => {
    const both = [dtype_of(a), dtype_of(b!)];
    const dtype = float || both.includes(dtypes.float32) ? dtypes.float32 : dtypes.int64;
    return { name: graph.node(type, [as(graph, a, dtype), as(graph, b!, dtype)]), dtype };
  };
}

function comparison(type: string, negated = false): Operator {
  return (graph, a, b) => {
    const both = [dtype_of(a), dtype_of(b!)];
    const dtype = both.includes(dtypes.float32) ? dtypes.float32 : dtypes.int64;
    const found = graph.node(type, [as(graph, a, dtype), as(graph, b!, dtype)]);
    return { name: negated ? graph.node('Not', [found]) : found, dtype: dtypes.bool };
  };
}

const floor_divide: Operator = (graph, a, b) => {
  const [x, y] = [as(graph, a, dtypes.int64), as(graph, b!, dtypes.int64)];
  const exact = graph.node('Sub', [x, graph.node('Mod', [x, y])]);
  return { name: graph.node('Div', [exact, y]), dtype: dtypes.int64 };
};

function rounded(type: 'Floor' | 'Ceil' | 'Identity'): Operator {
  return (graph, a) => {
    if (dtype_of(a) === dtypes.int64) return a;
    const whole = graph.node(type, [as(graph, a, dtypes.float32)]);
    return { name: graph.cast(whole, dtypes.float32, dtypes.int64), dtype: dtypes.int64 };
  };
}

/** By the targets of a program's nodes. */
export const symbolic_operators: Readonly<Record<string, Operator>> = {
  '_operator.add': arithmetic('Add'),
  '_operator.sub': arithmetic('Sub'),
  '_operator.mul': arithmetic('Mul'),
  '_operator.pow': arithmetic('Pow'),
  '_operator.truediv': arithmetic('Div', true),
  '_operator.floordiv': floor_divide,
  '_operator.mod': arithmetic('Mod'),
  '_operator.neg': (graph, a) => ({ name: graph.node('Neg', [as(graph, a, dtype_of(a))]), dtype: dtype_of(a) }),
  '_operator.eq': comparison('Equal'),
  '_operator.ne': comparison('Equal', true),
  '_operator.lt': comparison('Less'),
  '_operator.le': comparison('LessOrEqual'),
  '_operator.gt': comparison('Greater'),
  '_operator.ge': comparison('GreaterOrEqual'),
  'math.floor': rounded('Floor'),
  'math.ceil': rounded('Ceil'),
  'math.trunc': rounded('Identity'),
  'torch.sym_max': arithmetic('Max'),
  'torch.sym_min': arithmetic('Min'),
  'torch.sym_int': rounded('Identity'),
  'torch.sym_float': (graph, a) => ({ name: as(graph, a, dtypes.float32), dtype: dtypes.float32 }),
  'torch.sym_not': (graph, a) => ({ name: graph.node('Not', [as(graph, a, dtypes.bool)]), dtype: dtypes.bool }),
};

/** @throws Unsupported for functions of numbers that are not there */
export function symbolic_operator(target: string): Operator {
  const name = target.replace(/^torch\.sym_/, 'torch.sym_');
  const found = Object.hasOwn(symbolic_operators, name) ? symbolic_operators[name] : undefined;
  if (found === undefined) throw new Unsupported('a function of numbers that is not known');
  return found;
}
