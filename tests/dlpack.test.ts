/** torch.from_dlpack, torch.to_dlpack and the protocol of tensors. */
import * as torch from 'torch-node';
import { describe, expect, it } from 'vitest';

import { python } from './reference.js';

/** A tensor as other libraries see it. */
const exported = (x: torch.Tensor): torch._VF.PrivateTensor => x as torch._VF.PrivateTensor;

interface Theirs {
  device: number[];
  dtypes: Record<string, string | null>;
  types: Record<string, number>;
  errors: Record<string, string>;
}

const theirs = python<Theirs>('dlpack.py');
const x = (): torch.Tensor => torch.arange(4, { dtype: torch.float32 });

describe('from_dlpack', () => {
  it('shares the memory of a tensor, with its shape and strides', () => {
    const source = x().view(2, 2).t();
    const shared = torch.from_dlpack(source);
    expect([shared.shape, shared.stride(), shared.data_ptr()]).toEqual([
      source.shape,
      source.stride(),
      source.data_ptr(),
    ]);
    shared.fill_(3);
    expect(source.tolist()).toEqual([
      [3, 3],
      [3, 3],
    ]);
    expect(torch.from_dlpack({ ext_tensor: source, copy: true }).data_ptr()).not.toBe(source.data_ptr());
    expect(torch.from_dlpack(source, { device: 'cpu', copy: false }).data_ptr()).toBe(source.data_ptr());
  });

  it('takes the dtypes that Python takes', () => {
    for (const [name, error] of Object.entries(theirs.dtypes)) {
      const dtype = (torch as unknown as Record<string, torch.DType>)[name];
      if (!(dtype instanceof torch.DType)) continue;
      const source = torch.zeros(2, { dtype: torch.uint8 }).to(dtype);
      if (error === null) expect(torch.from_dlpack(source).dtype).toBe(dtype);
      else expect(() => torch.from_dlpack(source)).toThrow(error);
    }
  });

  it('takes a capsule once, whose memory outlives the tensor', () => {
    const source = x();
    const capsule = torch.utils.dlpack.to_dlpack(source);
    source.dispose();
    expect(torch.from_dlpack(capsule).tolist()).toEqual([0, 1, 2, 3]);
    expect(() => torch.from_dlpack(capsule)).toThrow(theirs.errors['used']);
    for (const unused of [
      torch.to_dlpack(x()),
      exported(x()).__dlpack__(),
      exported(x()).__dlpack__({ max_version: [1, 0], copy: true }),
    ]) {
      expect(torch.from_dlpack(unused).tolist()).toEqual([0, 1, 2, 3]);
    }
    // Those that no one takes go with the collector.
    for (let i = 0; i < 1000; i++) torch.to_dlpack(torch.ones(1000));
  });

  it('takes typed arrays and NDArrays, as Python takes those of numpy', () => {
    const array = new Float32Array([1, 2]);
    torch.from_dlpack(array).fill_(5);
    expect([...array]).toEqual([5, 5]);
    expect(torch.from_dlpack(torch.ones(2, 2).numpy()).shape).toEqual(torch.ones(2, 2).shape);
    torch.from_dlpack(array, { copy: true }).fill_(6);
    expect([...array]).toEqual([5, 5]);
  });

  it('tries with fewer arguments where an object knows less', () => {
    const asked: unknown[] = [];
    const old = {
      __dlpack__(options: torch.utils.dlpack.DLPackOptions = {}): torch.utils.dlpack.DLPackCapsule {
        asked.push(Object.keys(options));
        if (Object.keys(options).length > 0) throw new TypeError('unexpected');
        return exported(x()).__dlpack__();
      },
      __dlpack_device__: (): [number, number] => [1, 0],
    };
    const made = torch.from_dlpack(old, { copy: true, device: 'cpu' });
    expect(made.tolist()).toEqual([0, 1, 2, 3]);
    expect(asked).toEqual([['max_version', 'copy', 'dl_device'], ['copy', 'dl_device'], ['dl_device'], []]);
  });

  it('knows the numbers of devices', () => {
    expect(exported(x()).__dlpack_device__()).toEqual(theirs.device);
    expect(torch.utils.dlpack.DLDeviceType).toEqual(theirs.types);
  });

  const any = (value: unknown): never => value as never;
  it.each<[string, () => unknown]>([
    ['gradient', () => exported(torch.ones(1).requires_grad_()).__dlpack__()],
    ['conjugate', () => exported(torch.ones(1, { dtype: torch.complex64 }).conj()).__dlpack__()],
    ['sparse', () => exported(torch.ones(1).to_sparse()).__dlpack__()],
    ['meta', () => exported(torch.ones(1, { device: 'meta' })).__dlpack__()],
    ['meta device', () => exported(torch.ones(1, { device: 'meta' })).__dlpack_device__()],
    ['capsule and copy', () => torch.from_dlpack(torch.to_dlpack(x()), { copy: true })],
    ['stream', () => exported(x()).__dlpack__({ stream: 3 })],
    ['to meta', () => torch.from_dlpack(x(), { device: 'meta' })],
  ])('refuses with the words of Python: %s', (name, call) => {
    expect(call).toThrow(theirs.errors[name]);
  });

  it('refuses arguments that it does not know', () => {
    expect(() => torch.from_dlpack(x(), any({ zzz: 1 }))).toThrow(
      "from_dlpack() got an unexpected keyword argument 'zzz'",
    );
    expect(() => torch.from_dlpack(any([1]))).toThrow(
      /argument 'ext_tensor' must be object with __dlpack__, .*, not \w+$/,
    );
    expect(() => torch.from_dlpack(any(3))).toThrow(TypeError);
    expect(() => torch.to_dlpack(any(3))).toThrow("to_dlpack(): argument 'tensor' must be Tensor, not int");
    expect(() => exported(x()).__dlpack__(any({ stream: 'a' }))).toThrow(/argument 'stream' must be int, not str/);
  });
});
