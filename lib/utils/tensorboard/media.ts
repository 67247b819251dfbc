/** Sounds as WAV files, and videos as GIF files. */
import { optional_package } from '../../_internal/optional_package.js';
import type { NDArray } from '../../numpy/ndarray.js';
import { print } from '../../python/print.js';
import { flat } from './arrays.js';
import { type CanvasPackage, image_proto, type Pixels, rgba_of, to_byte } from './image.js';
import { bytes, float, int, message, text } from './protobuf.js';

/** A file of 16-bit samples of one channel. */
function wav(samples: Int16Array, sample_rate: number): Buffer {
  const size = samples.length * 2;
  const file = Buffer.alloc(44 + size);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(36 + size, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20); // PCM
  file.writeUInt16LE(1, 22); // channels
  file.writeUInt32LE(sample_rate, 24);
  file.writeUInt32LE(sample_rate * 2, 28);
  file.writeUInt16LE(2, 32); // bytes of a frame
  file.writeUInt16LE(16, 34); // bits of a sample
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(size, 40);
  samples.forEach((sample, i) => file.writeInt16LE(sample, 44 + 2 * i));
  return file;
}

/** `Summary.Audio` of samples from -1 to 1. @throws Error when they have more than one dimension */
export function audio_proto(array: NDArray, sample_rate: number): Uint8Array {
  let samples = array.squeeze();
  if ((samples.abs() as NDArray).max() > 1) {
    print('warning: audio amplitude out of range, auto clipped.');
    samples = samples.clip(-1, 1) as NDArray;
  }
  if (samples.shape.length !== 1) throw new Error('input tensor should be 1 dimensional.');
  const scaled = Int16Array.from(flat(samples.mul(0x7fff)), Math.trunc);
  return message(
    ...[float(1, sample_rate), int(2, 1), int(3, scaled.length)],
    ...[bytes(4, wav(scaled, sample_rate)), text(5, 'audio/wav')],
  );
}

/** `Summary.Image` of an animated GIF: batches of frames side by side. @throws Error unless there are 5 dimensions */
export function video_proto(array: NDArray, fps: number): Uint8Array {
  if (array.shape.length !== 5) {
    throw new Error(`add_video(): a video has 5 dimensions (N, T, C, H, W), not ${array.shape.length}`);
  }
  const { GifEncoder } = optional_package<CanvasPackage>('@napi-rs/canvas', 'add_video()');
  const [batch, frames, channels, height, width] = array.shape as [number, number, number, number, number];
  const values = flat(array);
  // Batches are filled up to a power of two, and stand in rows and columns of powers of two.
  const bits = 32 - Math.clz32(batch);
  const padded = (batch & (batch - 1)) === 0 ? batch : 2 ** bits;
  const rows = 2 ** Math.floor((bits - 1) / 2);
  const columns = padded / rows;
  const size = { height: rows * height, width: columns * width, channels };
  const encoder = new GifEncoder(size.width, size.height, { repeat: 0 });
  // Bytes become floats from 0 to 1 first, as in Python, where a few lose one on the way back.
  const value_of = array.dtype === 'uint8' ? (value: number) => Math.fround(value / 255) : (value: number) => value;
  for (let t = 0; t < frames; t++) {
    const data = new Uint8Array(size.height * size.width * channels);
    for (let n = 0; n < batch; n++) {
      const [top, left] = [Math.floor(n / columns) * height, (n % columns) * width];
      for (let c = 0; c < channels; c++) {
        const from = ((n * frames + t) * channels + c) * height * width;
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            data[((top + y) * size.width + left + x) * channels + c] = to_byte(
              value_of(values[from + y * width + x]!),
              255,
            );
          }
        }
      }
    }
    encoder.addFrame(grey_as_rgb({ ...size, data }), size.width, size.height, { delay: Math.round(1000 / fps) });
  }
  return image_proto({ ...size, data: new Uint8Array(0) }, encoder.finish());
}

/** Pixels of a GIF: a single channel is grey. */
function grey_as_rgb(pixels: Pixels): Uint8Array {
  if (pixels.channels !== 1) return rgba_of(pixels);
  const data = new Uint8Array(pixels.data.length * 3);
  pixels.data.forEach((value, i) => {
    data.fill(value, 3 * i, 3 * i + 3);
  });
  return rgba_of({ ...pixels, data, channels: 3 });
}
