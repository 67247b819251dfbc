/** Comparisons and random tensors for tests. Mirrors `torch.testing`. */
import '../_internal/bundled.js';
import { setup_runner } from './runners.js';

export { AssertionError } from './assertion_error.js';
export {
  assert_allclose,
  assert_close,
  type AssertAllcloseOptions,
  type AssertCloseOptions,
} from './comparison.js';
export { make_tensor, type MakeTensorOptions } from './creation.js';
export { setup_expect, tensors_equal, type EqualityTester, type Expect } from './runners.js';

setup_runner();
