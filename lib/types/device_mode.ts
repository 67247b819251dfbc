/** The default device as a mode, by the text of the device. */
import type { Mode } from '../_internal/callbacks.js';

let current: string | null = null;

/** The default device as an argument; undefined when there is none but libtorch's own. */
export function default_device(): string | undefined {
  return current ?? undefined;
}

/** New tensors are on this device; with null, where libtorch makes them. */
export function default_device_mode(device: string | null): Mode<string | null> {
  return {
    enter: () => {
      const before = current;
      current = device;
      return before;
    },
    leave: (before) => {
      current = before;
    },
  };
}
