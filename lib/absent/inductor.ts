/** Names of `torch._inductor` that are not here; using one throws an Error that says what to do instead. */
import { absent } from './absent.js';

/** Not in torch-node: `torch._inductor.aoti_compile_and_package`. */
export const aoti_compile_and_package = absent('torch._inductor.aoti_compile_and_package');
/** Not in torch-node: `torch._inductor.compile`. */
export const compile = absent('torch._inductor.compile');
