/** `torch.fx.node`: nodes, without what the files of `torch.fx` share. */
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
} from '../node.js';
