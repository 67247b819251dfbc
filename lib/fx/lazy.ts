/** `torch.fx`, which is read when it is first used. */
import { lazily } from '../_internal/lazy.js';
import type * as module from './index.js';

/** Programs as graphs that can be read, changed and run. Mirrors `torch.fx`. */
export const fx: typeof module = lazily(() => require('./index.js') as typeof module);

/** The types of `torch.fx`. */
export declare namespace fx {
  type Argument = module.Argument;
  type Attribute = module.Attribute;
  type ConcreteArgs = module.ConcreteArgs;
  type Graph = module.Graph;
  type GraphModule = module.GraphModule;
  type InsertPoint = module.InsertPoint;
  type Interpreter = module.Interpreter;
  type KeywordArguments = module.KeywordArguments;
  type Node = module.Node;
  type NodeList = module.NodeList;
  type Op = module.Op;
  type Proxy = module.Proxy;
  type PythonCode = module.PythonCode;
  type SliceOf = module.SliceOf;
  type Target = module.Target;
  type TargetFunction = module.TargetFunction;
  type TraceError = module.TraceError;
  type Tracer = module.Tracer;
  type Transformer = module.Transformer;

  /** The types of `torch.fx.node`. */
  namespace node {
    type Argument = module.Argument;
    type Node = module.Node;
    type Target = module.Target;
  }

  /** The types of `torch.fx.proxy`. */
  namespace proxy {
    type Attribute = module.Attribute;
    type GraphAppendingTracer = module.proxy.GraphAppendingTracer;
    type Proxy = module.Proxy;
    type TraceError = module.TraceError;
    type TracerBase = module.proxy.TracerBase;
  }

  /** The types of `torch.fx.subgraph_rewriter`. */
  namespace subgraph_rewriter {
    type Match = module.subgraph_rewriter.Match;
    type MatchFilter = module.subgraph_rewriter.MatchFilter;
    type ReplacedPatterns = module.subgraph_rewriter.ReplacedPatterns;
  }

  /** The types of `torch.fx.passes`. */
  namespace passes {
    namespace shape_prop {
      type ShapeProp = module.passes.shape_prop.ShapeProp;
      type TensorMetadata = module.passes.shape_prop.TensorMetadata;
    }
  }
}
