/** Which packages read images and videos: torchvision's switches, of which there is one position here. */
import { no_arguments, signature } from '../_internal/signature.js';

const SET_IMAGE_BACKEND = signature<{ backend: string }>('set_image_backend', 'backend: str');
const SET_VIDEO_BACKEND = signature<{ backend: string }>('set_video_backend', 'backend: str');

/**
 * Chooses the package that loads images. Mirrors `torchvision.set_image_backend`; images are loaded as `'PIL'` loads them.
 *
 * @param backend - `'PIL'`
 * @throws Error for another one
 * @example
 * ```ts
 * import * as torchvision from 'torch-node/vision';
 * torchvision.set_image_backend('PIL');
 * print(torchvision.get_image_backend()); // PIL
 * ```
 */
export function set_image_backend(backend: string): void;
export function set_image_backend(options: { backend: string }): void;
export function set_image_backend(...args: unknown[]): void {
  const { backend } = SET_IMAGE_BACKEND.read(args);
  if (backend === 'accimage')
    throw new Error("set_image_backend(): 'accimage' is not there; images are read as by 'PIL'");
  if (backend !== 'PIL') throw new Error(`Invalid backend '${backend}'. Options are 'PIL' and 'accimage'`);
}

/**
 * The name of the package that loads images: always `'PIL'`, whose pixels they have. Mirrors `torchvision.get_image_backend`.
 *
 * @example
 * ```ts
 * import * as torchvision from 'torch-node/vision';
 * print(torchvision.get_image_backend()); // PIL
 * ```
 */
export function get_image_backend(): string;
export function get_image_backend(...none: unknown[]): string {
  no_arguments('get_image_backend', none);
  return 'PIL';
}

/**
 * Does nothing, as in torchvision. Mirrors `torchvision.set_video_backend`.
 *
 * @param backend - any name
 * @example
 * ```ts
 * import * as torchvision from 'torch-node/vision';
 * torchvision.set_video_backend('pyav');
 * print(torchvision.get_video_backend()); // pyav
 * ```
 */
export function set_video_backend(backend: string): void;
export function set_video_backend(options: { backend: string }): void;
export function set_video_backend(...args: unknown[]): void {
  SET_VIDEO_BACKEND.read(args);
}

/**
 * What torchvision calls its decoder of videos, `'pyav'`; there is none here. Mirrors `torchvision.get_video_backend`.
 *
 * @example
 * ```ts
 * import * as torchvision from 'torch-node/vision';
 * print(torchvision.get_video_backend()); // pyav
 * ```
 */
export function get_video_backend(): string;
export function get_video_backend(...none: unknown[]): string {
  no_arguments('get_video_backend', none);
  return 'pyav';
}

/**
 * Does nothing, as in torchvision, where it once turned a warning off. Mirrors `torchvision.disable_beta_transforms_warning`.
 *
 * @example
 * ```ts
 * import * as torchvision from 'torch-node/vision';
 * print(torchvision.disable_beta_transforms_warning()); // None
 * ```
 */
export function disable_beta_transforms_warning(): void;
export function disable_beta_transforms_warning(...none: unknown[]): void {
  no_arguments('disable_beta_transforms_warning', none);
}
