/** `torch.version`: the version of libtorch, and of what it was built with. */
import { native } from './_C/native.js';

const config = native.show_config();
const configured = (name: string): string | null => new RegExp(`\\b${name}=([^,\\s]*)`).exec(config)?.[1] ?? null;

/** The version of libtorch, and of what it was built with: null for what it was built without. Mirrors `torch.version`. */
export const version: {
  readonly __version__: string;
  readonly libtorch: string;
  readonly debug: boolean;
  readonly git_version: string | null;
  readonly cuda: string | null;
  readonly hip: string | null;
  readonly rocm: string | null;
  readonly xpu: string | null;
} = {
  __version__: native.version_of_libtorch(),
  libtorch: native.version_of_libtorch(),
  debug: configured('BUILD_TYPE') === 'Debug',
  git_version: configured('COMMIT_SHA'),
  cuda: native.cuda_version(),
  hip: null,
  rocm: null,
  xpu: null,
};
