/** torch.fx: what is done with graphs, compared with what Python prints after the same, and errors. */
import * as torch from 'torch-node';
import { nn, type Tensor } from 'torch-node';
import { op, py } from 'torch-node/port';
import { describe, expect, it } from 'vitest';

import { python } from '../reference.js';

const F = nn.functional;
const { fx } = torch;
type Kwargs = torch.fx.KeywordArguments;

/** What the same shows in Python. */
const shown = (source: string): unknown[] => python<unknown[][]>('snippets.py', [[source]])[0]!;

const plus = op.add as (a: unknown, b: unknown) => Tensor;
const function_of = (...body: ((x: Tensor) => Tensor)[]): ((x: Tensor) => Tensor) =>
  function traced(x: Tensor) {
    return body.reduce((value, step) => step(value), x);
  };

describe('graphs', () => {
  it('are changed as in Python', () => {
    const traced = fx.symbolic_trace((x: Tensor, y: Tensor) => [plus(x, y), torch.add(x, y), x.add(y)]);
    for (const n of traced.graph.nodes) {
      if (![op.add, torch.add, 'add'].includes(n.target as never)) continue;
      const made = traced.graph.inserting_after(n, () =>
        traced.graph.call_function(torch.bitwise_and, n.args, n.kwargs),
      );
      n.replace_all_uses_with(made);
      traced.graph.erase_node(n);
    }
    traced.graph.lint();
    traced.recompile();
    const [code] = shown(`
import operator
traced = torch.fx.symbolic_trace(lambda x, y: [x + y, torch.add(x, y), x.add(y)])
for n in traced.graph.nodes:
    if n.target in (operator.add, torch.add, 'add'):
        with traced.graph.inserting_after(n):
            made = traced.graph.call_function(torch.bitwise_and, n.args, n.kwargs)
            n.replace_all_uses_with(made)
        traced.graph.erase_node(n)
traced.recompile()
show(traced.code)`);
    expect(traced.code).toBe(code);
    expect(torch.equal((traced(torch.tensor([3]), torch.tensor([1])) as Tensor[])[0]!, torch.tensor([1]))).toBe(true);
  });

  it('are made by hand, and copied', () => {
    const graph = new fx.Graph();
    const x = graph.placeholder('x');
    const scale = graph.placeholder('scale', null, 2);
    const weight = graph.get_attr('sub.weight');
    const linear = graph.call_module('sub', [x]);
    const sum = graph.call_method('add', [linear, weight], { alpha: scale });
    const unused = graph.call_function(torch.neg, [x]);
    graph.output({ sum, list: [x, null, torch.float32, 'text'] });
    const copy = new fx.Graph();
    copy.output(copy.graph_copy(graph, new Map()));
    graph.inserting_before(sum, () => graph.call_function(F.relu, [linear], { inplace: true }));
    const sub = new nn.Linear(2, 2);
    const module = new fx.GraphModule({ sub, 'sub.weight': sub.weight }, graph, 'Made');
    const before = String(graph);
    const changed = graph.eliminate_dead_code();
    module.recompile();
    const theirs = shown(`
import torch.nn.functional as F
graph = torch.fx.Graph()
x = graph.placeholder('x')
scale = graph.placeholder('scale', None, 2)
weight = graph.get_attr('sub.weight')
linear = graph.call_module('sub', (x,))
sum = graph.call_method('add', (linear, weight), {'alpha': scale})
unused = graph.call_function(torch.neg, (x,))
graph.output({'sum': sum, 'list': [x, None, torch.float32, 'text']})
copy = torch.fx.Graph()
copy.output(copy.graph_copy(graph, {}))
with graph.inserting_before(sum):
    graph.call_function(F.relu, (linear,), {'inplace': True})
sub = nn.Linear(2, 2)
module = torch.fx.GraphModule({'sub': sub, 'sub.weight': sub.weight}, graph, 'Made')
before = str(graph)
changed = graph.eliminate_dead_code()
module.recompile()
show(str(copy), before, changed, str(graph), module.code, repr(module))`);
    const printed = String(module);
    expect([
      String(copy),
      before,
      changed,
      String(graph),
      module.code,
      printed.slice(0, printed.indexOf('\n\n\n')),
    ]).toEqual([...theirs.slice(0, 5), theirs[5]]);
    expect(unused.users.size).toBe(0);
  });

  it('give nodes names that no other has', () => {
    const names = ['x', 'x', 'x_1', 'x_3', 'x', 'layer1.0.conv', '2d', 'sum', 'CamelCase', 'a-b', ''];
    const graph = new fx.Graph();
    const ours = names.map((name) => graph.create_node('placeholder', name).name);
    const [theirs] = shown(`
graph = torch.fx.Graph()
show([graph.create_node('placeholder', name).name for name in ${JSON.stringify(names)}])`);
    expect(ours).toEqual(theirs);
  });

  it('refuse what does not fit', () => {
    const traced = fx.symbolic_trace(
      function_of(
        (x) => x.neg(),
        (x) => x.add(1),
      ),
    );
    const [x, neg, add] = traced.graph.nodes;
    const other = new fx.Graph().placeholder('y');
    const theirs = shown(`
traced = torch.fx.symbolic_trace(lambda x: x.neg().add(1))
x, neg, add, _ = traced.graph.nodes
other = torch.fx.Graph().placeholder('y')
def text(run):
    try: run()
    except Exception as error: return str(error)
show(text(lambda: traced.graph.erase_node(neg)))
show(text(lambda: traced.graph.erase_node(other)))
neg.args = (add,)
show(text(traced.graph.lint))
neg.args = (other,)
show(text(traced.graph.lint))`);
    expect(() => traced.graph.erase_node(neg!)).toThrow(theirs[0] as string);
    expect(() => traced.graph.erase_node(other)).toThrow(theirs[1] as string);
    neg!.args = [add];
    expect(() => traced.graph.lint()).toThrow(theirs[2] as string);
    neg!.args = [other];
    expect(() => traced.graph.lint()).toThrow(theirs[3] as string);
    expect(() =>
      (traced.graph.call_function as (...args: unknown[]) => unknown)(torch.neg, [x], {}, null, null, 1),
    ).toThrow(TypeError);
    expect(() => traced(torch.ones(1), torch.ones(1))).toThrow(TypeError);
  });

  it('are given to modules with a root, and nothing else', () => {
    const graph = new fx.Graph();
    graph.output(graph.get_attr('w'));
    const made = (...args: unknown[]): unknown => Reflect.construct(fx.GraphModule, args);
    expect(made({ root: { w: 1 }, graph })).toBeInstanceOf(fx.GraphModule);
    expect(() => made({})).toThrow("GraphModule() missing 1 required positional argument: 'graph'");
    expect(() => made(5, graph)).toThrow("GraphModule(): argument 'root' must be Module or dict, not int");
    expect(() => made({ w: 1 }, 5)).toThrow("GraphModule(): argument 'graph' must be Graph, not int");
    expect(() => made({ w: 1 }, graph, 5)).toThrow("GraphModule(): argument 'class_name' must be str, not int");
    expect(() => made({ w: 1 }, graph, { zzz: 1 })).toThrow("GraphModule() got an unexpected keyword argument 'zzz'");
    expect(() => made({ w: 1 }, graph, 'A', 1)).toThrow('takes from 2 to 3 positional arguments but 4 were given');
    expect(() => made({}, graph)).toThrow('referenced target w but that target was not provided');
  });

  it('are copied with their module', () => {
    const traced = fx.symbolic_trace(new nn.Sequential(new nn.Linear(2, 2), new nn.ReLU()));
    const copy = torch.deepcopy(traced);
    torch.no_grad(() => (copy.get_submodule('0') as nn.Linear).weight.zero_());
    for (const node of copy.graph.nodes)
      if (node.target === '1') node.op === 'call_module' && node.replace_all_uses_with(node.prev);
    copy.recompile();
    expect(copy.graph.owning_module).toBe(copy);
    expect(traced.graph.owning_module).toBe(traced);
    expect(Object.keys(traced.state_dict())).toEqual(Object.keys(copy.state_dict()));
    expect(copy.code).not.toBe(traced.code);
    expect((traced.get_submodule('0') as nn.Linear).weight.abs().sum().item()).toBeGreaterThan(0);
  });
});

describe('tracing', () => {
  it.each<[what: string, source: string, ours: (x: Tensor) => unknown]>([
    ['a condition', 'x if x.sum() > 0 else -x', (x) => (py.bool(op.gt(x.sum(), 0)) ? x : x.neg())],
    ['a loop', '[y for y in x]', (x) => [...x]],
    ['a length', 'len(x)', (x) => py.len(x)],
    ['a value that graphs cannot have', 'torch.add(x, object())', (x) => torch.add(x, new Error('x') as never)],
  ])('refuses %s with the error of Python', (_, source, ours) => {
    const [text] = shown(`
try:
    torch.fx.symbolic_trace(lambda x: ${source})
except Exception as error:
    show(str(error))`);
    const texts = [text as string, 'argument of type: Error'];
    let thrown = '';
    try {
      fx.symbolic_trace(ours as never);
    } catch (error) {
      thrown = (error as Error).message;
    }
    expect(texts).toContain(thrown);
  });

  it('takes values for inputs', () => {
    const traced = fx.symbolic_trace(
      function scaled(x: Tensor, twice: boolean) {
        return twice ? x.mul(2) : x;
      },
      { twice: true },
    );
    const [code] = shown(`
def scaled(x, twice):
    return x.mul(2) if twice else x
show(torch.fx.symbolic_trace(scaled, {'twice': True}).code)`);
    expect(traced.code).toBe(code);
  });

  it('is changed by tracers', () => {
    class Through extends fx.Tracer {
      readonly paths: string[] = [];
      override is_leaf_module(m: nn.Module, name: string): boolean {
        return !(m instanceof nn.ReLU) && super.is_leaf_module(m, name);
      }
      override call_module(
        m: nn.Module,
        forward: (...args: unknown[]) => unknown,
        args: readonly unknown[],
        kwargs: Kwargs,
      ): unknown {
        this.paths.push(this.path_of_module(m));
        return super.call_module(m, forward, args, kwargs);
      }
    }
    const tracer = new Through();
    const graph = tracer.trace(new nn.Sequential(new nn.Linear(2, 2), new nn.Sequential(new nn.ReLU(), new nn.GELU())));
    const theirs = shown(`
class Through(torch.fx.Tracer):
    paths = []
    def is_leaf_module(self, m, name):
        return not isinstance(m, nn.ReLU) and super().is_leaf_module(m, name)
    def call_module(self, m, forward, args, kwargs):
        self.paths.append(self.path_of_module(m))
        return super().call_module(m, forward, args, kwargs)
tracer = Through()
graph = tracer.trace(nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.ReLU(), nn.GELU())))
show(str(graph), tracer.paths)`);
    expect([String(graph), tracer.paths]).toEqual(theirs);
  });

  it('makes one node of a wrapped function, also in its code', () => {
    const halved = fx.wrap(function halved(x: Tensor) {
      return x.item() > 1 ? x.div(2) : x;
    });
    const traced = fx.symbolic_trace((x: Tensor) => halved(x).neg());
    expect(String(traced(torch.tensor(4)))).toBe('tensor(-2.)');
    expect([...traced.graph.nodes][1]!.target).toBe(halved);
    expect(traced.code).toContain('halved = __main___halved(x);  x = None');
    expect(halved(torch.tensor(4)).item()).toBe(2);
  });

  it('leaves modules and functions as they were', () => {
    const model = new nn.Sequential(new nn.Linear(2, 2));
    const weight = (model[0] as nn.Linear).weight;
    const broken = new (class extends nn.Module {
      scale = new nn.Parameter(torch.ones(2));
      forward(x: Tensor): Tensor {
        throw new Error(String(this.scale.add(x)));
      }
    })();
    expect(() => fx.symbolic_trace(broken)).toThrow('Proxy(add)');
    expect(broken.scale).toBeInstanceOf(nn.Parameter);
    fx.symbolic_trace(model);
    expect((model[0] as nn.Linear).weight).toBe(weight);
    expect(model(torch.ones(1, 2)).shape).toEqual([1, 2]);
    expect(() => F.relu('x' as never)).toThrow("relu(): argument 'input' must be Tensor, not str");
  });
});

describe('Interpreter and Transformer', () => {
  const traced = (): torch.fx.GraphModule =>
    fx.symbolic_trace(
      function_of(
        (x) => torch.sigmoid(x),
        (x) => x.neg(),
      ),
    );

  it('run nodes otherwise', () => {
    class Swap extends fx.Interpreter {
      override call_function(target: torch.fx.Target, args: readonly unknown[], kwargs: Kwargs): unknown {
        return target === torch.sigmoid ? torch.relu(args[0] as Tensor) : super.call_function(target, args, kwargs);
      }
      override call_method(target: torch.fx.Target, args: readonly unknown[], kwargs: Kwargs): unknown {
        return target === 'neg' ? (args[0] as Tensor).mul(10) : super.call_method(target, args, kwargs);
      }
    }
    expect((new Swap(traced()).run(torch.tensor([-1, 2])) as Tensor).tolist()).toEqual([0, 20]);
    expect((new fx.Interpreter(traced()).boxed_run([torch.zeros(1)]) as Tensor).item()).toBe(-0.5);
  });

  it('name the node of an error', () => {
    const interpreter = new fx.Interpreter(fx.symbolic_trace((x: Tensor) => x.view(3)));
    expect(() => interpreter.run(torch.ones(2))).toThrow(
      /invalid for input[\s\S]*While executing %view : \[num_users=1\]/,
    );
    expect(() => interpreter.run()).toThrow('Expected positional argument for parameter x, but one was not passed in!');
  });

  it('make other graphs', () => {
    class Swap extends fx.Transformer {
      override call_function(target: torch.fx.Target, args: readonly unknown[], kwargs: Kwargs): unknown {
        return super.call_function(target === torch.sigmoid ? torch.tanh : target, args, kwargs);
      }
      override call_method(target: torch.fx.Target, args: readonly unknown[], kwargs: Kwargs): unknown {
        return target === 'neg' ? (args[0] as Tensor).sigmoid() : super.call_method(target, args, kwargs);
      }
    }
    const [code] = shown(`
class Swap(torch.fx.Transformer):
    def call_function(self, target, args, kwargs):
        return super().call_function(torch.tanh if target is torch.sigmoid else target, args, kwargs)
    def call_method(self, target, args, kwargs):
        return args[0].sigmoid() if target == 'neg' else super().call_method(target, args, kwargs)
show(Swap(torch.fx.symbolic_trace(lambda x: torch.sigmoid(x).neg())).transform().code)`);
    expect(new Swap(traced()).transform().code).toBe(code);
  });
});

describe('replace_pattern', () => {
  it('replaces all places that do not overlap', () => {
    const traced = fx.symbolic_trace(function forward(x: Tensor, w1: Tensor, w2: Tensor) {
      const m1 = torch.cat([torch.neg(w1), w2]).sum();
      const m2 = torch.cat([torch.neg(w1), w2]).sum();
      return plus(plus(x, torch.max(m1)), torch.max(m2));
    });
    const matches = fx.replace_pattern(
      traced,
      (a1: Tensor, a2: Tensor) => torch.cat([torch.neg(a1), a2]).sum(),
      (w1: Tensor, w2: Tensor) => torch.stack([w1, w2]),
    );
    const theirs = shown(`
def forward(x, w1, w2):
    m1 = torch.cat([torch.neg(w1), w2]).sum()
    m2 = torch.cat([torch.neg(w1), w2]).sum()
    return x + torch.max(m1) + torch.max(m2)
traced = torch.fx.symbolic_trace(forward)
matches = torch.fx.replace_pattern(traced, lambda a1, a2: torch.cat([torch.neg(a1), a2]).sum(), lambda w1, w2: torch.stack([w1, w2]))
show(traced.code, [[m.anchor.name, [[k.name, v.name] for k, v in m.nodes_map.items()]] for m in matches])`);
    const ours = matches.map(({ anchor, nodes_map }) => [
      anchor.name,
      [...nodes_map].map(([pattern, node]) => [pattern.name, (node as torch.fx.Node).name]),
    ]);
    expect([traced.code, ours]).toEqual(theirs);
  });

  it('leaves places alone whose values something else takes', () => {
    const traced = fx.symbolic_trace(function forward(x: Tensor) {
      const y = torch.relu(x);
      return [torch.neg(y), y, torch.neg(torch.relu(x))];
    });
    fx.replace_pattern(
      traced,
      (a: Tensor) => torch.neg(torch.relu(a)),
      (a: Tensor) => torch.tanh(a),
    );
    const [code] = shown(`
def forward(x):
    y = torch.relu(x)
    return [torch.neg(y), y, torch.neg(torch.relu(x))]
traced = torch.fx.symbolic_trace(forward)
torch.fx.replace_pattern(traced, lambda a: torch.neg(torch.relu(a)), lambda a: torch.tanh(a))
show(traced.code)`);
    expect(traced.code).toBe(code);
  });
});

describe('ShapeProp', () => {
  it('notes shapes, which print_readable shows', () => {
    const traced = fx.symbolic_trace(new nn.Sequential(new nn.Conv2d(1, 2, 3), new nn.Flatten()));
    new fx.passes.shape_prop.ShapeProp(traced).propagate(torch.ones(1, 1, 4, 4));
    const [text, strides] = shown(`
from torch.fx.passes.shape_prop import ShapeProp
traced = torch.fx.symbolic_trace(nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten()))
ShapeProp(traced).propagate(torch.ones(1, 1, 4, 4))
show(traced.print_readable(False), [list(n.meta['tensor_meta'].stride) for n in traced.graph.nodes])`);
    expect(traced.print_readable(false)).toBe(text);
    const meta = [...traced.graph.nodes].map((node) => node.meta['tensor_meta']) as { stride: number[] }[];
    expect(meta.map(({ stride }) => [...stride])).toEqual(strides);
  });
});
