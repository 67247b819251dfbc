/** Objects of torch that are sent to another thread or cloned without torch.hand_over. */
import { MessageChannel } from 'node:worker_threads';
import * as torch from 'torch-node';
import { describe, expect, it } from 'vitest';

const { hand_over, take_over } = torch;

function error_of(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

const objects: Record<string, [value: () => unknown, text: string]> = {
  'a small tensor': [() => torch.ones(2), 'a torch.Tensor: send torch.hand_over(tensor)'],
  'a large tensor': [() => torch.ones(10_000), 'a torch.Tensor: send torch.hand_over(tensor)'],
  'a tensor with a graph': [() => torch.ones(2, { requires_grad: true }).mul(2), 'torch.hand_over(tensor)'],
  'a parameter': [() => new torch.nn.Parameter(torch.ones(2)), 'torch.hand_over(tensor)'],
  'a tensor inside': [() => ({ a: [new Map([['b', torch.ones(2)]])] }), 'torch.hand_over(tensor)'],
  'a state dict': [() => new torch.nn.Linear(1, 1).state_dict(), 'torch.hand_over(tensor)'],
  'a module': [() => new torch.nn.Linear(1, 1), 'could not be cloned'],
  'an optimizer': [() => new torch.optim.SGD([torch.ones(1)], { lr: 1 }), 'could not be cloned'],
  'the array of a tensor': [() => torch.ones(2).numpy(), 'an NDArray: send its data'],
  'an array': [() => new torch.NDArray(new Float32Array(2)), 'an NDArray: send its data'],
  'a storage': [() => torch.ones(2).untyped_storage(), 'torch.hand_over(tensor)'],
  'the default generator': [() => torch.default_generator, 'a torch.Generator: send generator.get_state()'],
  'a generator': [() => new torch.Generator(), 'a torch.Generator: send generator.get_state()'],
  'a dtype': [() => torch.float32, 'a torch.dtype: send torch.hand_over(dtype)'],
  'a device': [() => torch.device('cpu'), 'a torch.device: send torch.hand_over(device)'],
  'a layout': [() => torch.strided, 'torch.hand_over(constant)'],
};

describe.each(Object.entries(objects))('%s', (_, [value, text]) => {
  it('cannot be cloned', () => {
    const error = error_of(() => structuredClone(value())) as DOMException;
    expect([error.name, error.message]).toEqual(['DataCloneError', expect.stringContaining(text)]);
  });

  it('cannot be posted', () => {
    const { port1, port2 } = new MessageChannel();
    const error = error_of(() => {
      port1.postMessage(value());
    }) as DOMException;
    port1.close();
    port2.close();
    expect([error.name, error.message]).toEqual(['DataCloneError', expect.stringContaining(text)]);
  });

  it('looks and counts its fields as before', () => {
    expect(String(value())).not.toContain('hand_over');
  });
});

it('hand_over() takes dtypes, devices, layouts and complex numbers along', () => {
  const sent = hand_over({
    dtypes: [torch.float32, torch.qint8, torch.complex128],
    device: torch.device('meta'),
    layout: torch.sparse_coo,
    format: torch.channels_last,
    scheme: torch.per_tensor_affine,
    number: torch.complex_number(1, 2),
    tensor: torch.ones(2),
  });
  const taken = take_over<Record<string, unknown>>(structuredClone(sent));
  expect(taken['dtypes']).toEqual([torch.float32, torch.qint8, torch.complex128]);
  expect((taken['dtypes'] as unknown[])[0]).toBe(torch.float32);
  expect(String(taken['device'])).toBe('meta');
  expect(taken['device']).toBeInstanceOf(torch.Device);
  expect([taken['layout'], taken['format'], taken['scheme']]).toEqual([
    torch.sparse_coo,
    torch.channels_last,
    torch.per_tensor_affine,
  ]);
  expect(taken['layout']).toBe(torch.sparse_coo);
  expect(taken['scheme']).toBe(torch.per_tensor_affine);
  expect(String(taken['number'])).toBe('(1+2j)');
  expect(taken['tensor']).toEqual(torch.ones(2));
});
