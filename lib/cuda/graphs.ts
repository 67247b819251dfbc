/** Graphs of work on a device: `torch.cuda.graphs`, whose names are in `torch.cuda` too. */
export { CUDAGraph, graph, graph_pool_handle, is_current_stream_capturing } from './cuda_graph.js';
export { make_graphed_callables } from './graphed_callables.js';
