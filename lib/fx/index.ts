/** `torch.fx`: programs as graphs that can be read, changed and run. */
export { Graph, NodeList, type InsertPoint, type PythonCode } from './graph.js';
export { GraphModule } from './graph_module.js';
export { Interpreter, Transformer } from './interpreter.js';
export {
  map_aggregate,
  map_arg,
  Node,
  SliceOf,
  type Argument,
  type KeywordArguments,
  type Op,
  type Target,
  type TargetFunction,
} from './node.js';
export { Attribute, Proxy, TraceError } from './proxy.js';
export { PH, symbolic_trace, Tracer, wrap, type ConcreteArgs } from './_symbolic_trace.js';
export { replace_pattern } from './subgraph_rewriter.js';
export * as graph from './graph.js';
export * as graph_module from './graph_module.js';
export * as interpreter from './interpreter.js';
export * as node from './node.js';
export * as passes from './passes/index.js';
export * as proxy from './proxy.js';
export * as subgraph_rewriter from './subgraph_rewriter.js';
export * as _symbolic_trace from './_symbolic_trace.js';
