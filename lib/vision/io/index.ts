/** Image files; mirrors `torchvision.io`. */
export {
  decode_gif,
  decode_image,
  decode_image_async,
  decode_jpeg,
  decode_png,
  decode_webp,
  read_image,
  type DecodeOptions,
} from './decode.js';
export { encode_jpeg, encode_png, write_jpeg, write_png } from './encode.js';
export { read_file, write_file } from './files.js';
export { ImageReadMode, type ReadModeLike } from './image_read_mode.js';
