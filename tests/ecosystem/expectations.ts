/** What holds in both runners. Sources, since they run in processes of the runners; `fn` makes a mock. */
export const passing_tests = `
const t = torch.tensor;
const same = (make) => {
  expect(make()).toEqual(make());
  expect(make()).toStrictEqual(make());
  expect({ deep: [make()] }).toEqual({ deep: [make()] });
};
test('equal tensors are equal', () => {
  same(() => t(1));
  same(() => t([[1, 2], [3, 4]]));
  same(() => torch.zeros(0, 3));
  same(() => t([NaN, Infinity]));
  same(() => torch.eye(3).to_sparse());
  same(() => torch.ones(2).to('meta'));
  same(() => t([1, 2]).numpy());
  const net = new torch.nn.Linear(2, 3);
  expect(net.state_dict()).toEqual(net.state_dict());
  expect(net.weight).toEqual(net.weight.detach());
});
test('others are not', () => {
  for (const [a, b] of [
    [t(1), t(2)], [t([1, 2]), t([1, 3])], [t([1, 2]), t([[1, 2]])], [t([1]), t([1], { dtype: torch.int32 })], [t([1]), t(1)],
    [torch.eye(3), torch.eye(3).to_sparse()], [torch.ones(2), torch.ones(2).to('meta')], [t([1]).numpy(), t([2]).numpy()],
    [t([1, 2]), [1, 2]], [t(1), 1], [t([1]), null], [t([1]).numpy(), t([1])], [t([0.1]), t([0.1 + 1e-7])],
  ]) {
    expect(a).not.toEqual(b);
    expect(b).not.toEqual(a);
    expect([{ a }]).not.toEqual([{ a: b }]);
    expect(a).not.toStrictEqual(b);
  }
});
test('tensors go with matchers, mocks and containers', () => {
  expect(t(1)).toEqual(expect.any(torch.Tensor));
  expect({ a: t([1]), b: 2 }).toMatchObject({ a: t([1]) });
  expect({ a: t([1]), b: 2 }).toEqual(expect.objectContaining({ a: t([1]) }));
  expect([t([1]), t([2])]).toContainEqual(t([2]));
  expect(new Map([['a', t(1)]])).toEqual(new Map([['a', t(1)]]));
  expect(new Set([t(1)])).toEqual(new Set([t(1)]));
  const mock = fn();
  mock(t([1, 2]), 3);
  expect(mock).toHaveBeenCalledWith(t([1, 2]), 3);
  expect(mock).not.toHaveBeenCalledWith(t([1, 3]), 3);
});
test('errors are of the classes that a test knows, and name the function', () => {
  expect(() => torch.ones(3).index(7)).toThrow(RangeError);
  expect(() => torch.ones(3).index(7)).toThrow('index 7 is out of bounds for dimension 0 with size 3');
  expect(() => torch.ones(3).matmul(torch.ones(4))).toThrow(Error);
  expect(() => torch.ones(3).matmul(torch.ones(4))).toThrow('matmul(): ');
  expect(() => torch.add('a')).toThrow(TypeError);
  expect(() => torch.ops.load_library('/no/such/library')).toThrow(Error);
  expect(() => torch.testing.assert_close(t([1]), t([2]))).toThrow(torch.testing.AssertionError ?? Error);
});
test('arrays, buffers and objects are of the classes that a test knows', () => {
  expect(torch.ones(2, 3).stride()).toStrictEqual([3, 1]);
  expect(torch.ones(2, 3).stride() instanceof Array).toBe(true);
  expect(torch.ones(2).numpy().data instanceof Float32Array).toBe(true);
  expect(torch.ones(2).numpy().data.buffer instanceof ArrayBuffer).toBe(true);
  expect(Object.getPrototypeOf(torch.memory_stats()) === Object.prototype).toBe(true);
  expect(t(new Float32Array([1, 2])).dtype).toBe(torch.float32);
});
test('rejections of calls in the background are errors', async () => {
  await expect(torch.RemoteModule.start('/no/such/file.js')).rejects.toThrow();
});
test('training goes on while memory comes and goes', () => {
  const kept = torch.ones(3).mul(2);
  for (let i = 0; i < 500; i++) torch.ones(1000, 250);
  expect(kept).toEqual(t([2, 2, 2], { dtype: torch.float32 }));
  expect(torch.memory_stats().live_bytes).toBeLessThan(300e6);
});
test('a tensor in a snapshot is written as Python writes it', () => {
  expect({ weights: torch.ones(2, 2) }).toMatchInlineSnapshot(\`
    {
      "weights": tensor([[1., 1.],
            [1., 1.]]),
    }
  \`);
});
`;

export const failing_tests = `
const t = torch.tensor;
test('values', () => { expect(t(1)).toEqual(t(2)); });
test('dtypes', () => { expect(t([1, 2])).toEqual(t([1, 2], { dtype: torch.float64 })); });
test('inside', () => { expect({ weights: [t([1, 2.5]).floor()] }).toEqual({ weights: [t([1, 3.5]).floor()] }); });
test('digits that are not printed', () => { expect(t([0.1, 0.2])).toEqual(t([0.1, 0.2000001])); });
test('arrays', () => { expect(t([0.1, 0.2]).numpy()).toEqual(t([0.1, 0.3]).numpy()); });
`;
