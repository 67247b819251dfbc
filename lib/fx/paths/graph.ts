/** `torch.fx.graph`: graphs, without what the files of `torch.fx` share. */
export { Graph, NodeList, type InsertPoint, type PythonCode } from '../graph.js';
