/** What values are, in the form of tests/reference/described.py: to the bit, with what is shared. */
import { createRequire } from 'node:module';

import * as torch from 'torch-node';
import { Tensor } from 'torch-node';

const { is_ordered_dict } = createRequire(import.meta.url)('../../dist/python/values.js') as {
  is_ordered_dict(dict: object): boolean;
};

const hex = (bytes: ArrayLike<number>): string => Buffer.from(bytes).toString('hex');

const by_text = (a: unknown, b: unknown): number => (String(a) < String(b) ? -1 : 1);

class Description {
  private readonly storages = new Map<bigint, number>();

  private storage(tensor: Tensor): [number, number] {
    const storage = tensor.untyped_storage();
    const address = storage.data_ptr();
    const known = this.storages.get(address) ?? this.storages.size;
    this.storages.set(address, known);
    return [known, storage.nbytes()];
  }

  private tensor(given: Tensor): object {
    const told = {
      tensor: String(given.dtype),
      class: given.constructor.name,
      shape: given.is_nested ? null : [...given.shape],
      layout: String(given.layout),
      device: String(given.device),
      requires_grad: given.requires_grad,
    };
    const value = given.detach();
    const each = (...parts: Tensor[]): object[] => parts.map((part) => this.tensor(part));
    if (value.is_meta) return { ...told, stride: value.stride() };
    if (value.is_nested) return { ...told, parts: each(...value.unbind().map((part) => part.clone())) };
    if (value.layout === torch.sparse_coo) {
      const coo = value as torch._VF.PrivateTensor;
      return { ...told, coalesced: coo.is_coalesced(), parts: each(coo._indices(), coo._values()) };
    }
    if (value.layout !== torch.strided) {
      const rows = value.layout === torch.sparse_csr || value.layout === torch.sparse_bsr;
      const parts = rows ? [value.crow_indices(), value.col_indices()] : [value.ccol_indices(), value.row_indices()];
      return { ...told, parts: each(...parts, value.values()) };
    }
    const quantizer = value.is_quantized ? { quantizer: quantizer_of(value) } : {};
    return {
      ...told,
      stride: value.stride(),
      offset: value.storage_offset(),
      storage: this.storage(value),
      ...quantizer,
      bits: [value.is_conj(), value.is_neg()],
      hex: hex(value.untyped_storage().tolist()),
    };
  }

  of(value: unknown): unknown {
    if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
    if (typeof value === 'bigint') return { int: String(value) };
    if (typeof value === 'number') return number(value);
    if (value instanceof Tensor) return this.tensor(value);
    if (value instanceof torch.Size) return { size: [...value] };
    if (value instanceof torch.Complex) return { complex: [value.re, value.im] };
    if (value instanceof Uint8Array) return { bytes: hex(value) };
    if (value instanceof torch.DType || value instanceof torch.Layout || value instanceof torch.Device) {
      return { named: String(value) };
    }
    if (value instanceof torch.UntypedStorage) return { storage: hex(value.tolist()) };
    if (value instanceof torch.serialization.Tuple) return { tuple: [...value].map((item) => this.of(item)) };
    if (Array.isArray(value)) return { list: value.map((item) => this.of(item)) };
    if (value instanceof Set) return { set: [...value].map((item) => this.of(item)).sort(by_text) };
    return this.dict(value as object);
  }

  private dict(value: object): object {
    const entries: [unknown, unknown][] = value instanceof Map ? [...value] : Object.entries(value);
    const metadata = (value as { _metadata?: Record<string, { version: number }> })._metadata;
    return {
      dict: entries.map(([key, item]) => [this.of(key), this.of(item)]),
      ordered: is_ordered_dict(value) || metadata !== undefined,
      metadata:
        metadata === undefined
          ? null
          : Object.entries(metadata)
              .map(([key, { version }]) => [key, version])
              .sort(([a], [b]) => by_text(a, b)),
    };
  }
}

function number(value: number): unknown {
  if (Number.isFinite(value) && !Object.is(value, -0)) return value;
  return { float: value === 0 ? '-0.0' : torch.python_repr(value) };
}

function quantizer_of(value: Tensor): unknown[] {
  try {
    return [value.q_scale(), value.q_zero_point()];
  } catch {
    return [
      value.q_per_channel_scales().tolist(),
      value.q_per_channel_zero_points().tolist(),
      value.q_per_channel_axis(),
    ];
  }
}

/** A value, told as Python tells it. */
export function described(value: unknown): unknown {
  return new Description().of(value);
}
