/** `torch.nn.modules.lazy`. */
export { LazyModuleMixin, type Lazy, type LazyModule, type ModuleClass } from '../lazy_module.js';
