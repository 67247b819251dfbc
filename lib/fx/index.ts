/** `torch.fx`: programs as graphs that can be read, changed and run. */
export * from './paths/graph.js';
export { GraphModule } from './graph_module.js';
export { Interpreter, Transformer } from './interpreter.js';
export * from './paths/node.js';
export { Attribute, Proxy, TraceError } from './proxy.js';
export { PH, symbolic_trace, Tracer, wrap, type ConcreteArgs } from './_symbolic_trace.js';
export { replace_pattern } from './subgraph_rewriter.js';
export * as graph from './paths/graph.js';
export * as graph_module from './graph_module.js';
export * as interpreter from './interpreter.js';
export * as node from './paths/node.js';
export * as passes from './passes/index.js';
export * as proxy from './paths/proxy.js';
export * as subgraph_rewriter from './subgraph_rewriter.js';
export * as _symbolic_trace from './_symbolic_trace.js';
