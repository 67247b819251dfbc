/** The functions of torchvision itself that choose packages, against Python's. */
import * as torchvision from 'torch-node/vision';
import { describe, expect, it } from 'vitest';

describe('the backends', () => {
  it('are those of torchvision, and take its names', () => {
    torchvision.set_image_backend('PIL');
    torchvision.set_video_backend('pyav');
    torchvision.disable_beta_transforms_warning();
    expect([torchvision.get_image_backend(), torchvision.get_video_backend()]).toEqual(['PIL', 'pyav']);
  });

  it.each([
    ['accimage', "set_image_backend(): 'accimage' is not there"],
    ['cv2', "Invalid backend 'cv2'. Options are 'PIL' and 'accimage'"],
  ])('refuse %s', (name, message) => {
    expect(() => {
      torchvision.set_image_backend(name);
    }).toThrow(message);
  });
});
