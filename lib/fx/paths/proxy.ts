/** `torch.fx.proxy`: proxies and what makes them, without what the files of `torch.fx` share. */
export { Attribute, GraphAppendingTracer, Proxy, TraceError, TracerBase } from '../proxy.js';
