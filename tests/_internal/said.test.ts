/** Valid and invalid calls, by position and by name, give Python's results and error texts. */
import * as torch from 'torch-node';
import { describe, expect, it } from 'vitest';
import { inspect } from 'node:util';

import { python } from '../reference.js';

type Loose = ((...args: unknown[]) => unknown) & { [name: string]: Loose };
/** Without types, for calls that they refuse. */
const loose = (value: unknown): Loose => value as Loose;
const t = loose(torch);
const x = (): torch.Tensor => torch.arange(6, { dtype: torch.float32 }).view(2, 3);
const c = (): torch.Tensor => torch.complex(torch.tensor([1, 3]).float(), torch.tensor([2, 4]).float());
const wrong = (): Loose => loose(x());
const { float32, float64, int8, int16 } = torch;
const tuple = (list: unknown): string => `(${(list as unknown[]).map(String).join(', ')})`;

type Case = readonly [python: string, ours: () => unknown];

const groups: Record<string, readonly Case[]> = {
  'of tensor() and its like': [
    ['torch.tensor(data=[1, 2])', () => torch.tensor({ data: [1, 2] })],
    [
      'torch.tensor([torch.tensor([1]), torch.tensor([2])])',
      () => torch.tensor([torch.tensor([1]), torch.tensor([2])]),
    ],
    ['torch.tensor([[torch.tensor([[1.5]])], [2]])', () => torch.tensor([[torch.tensor([[1.5]])], [2]])],
    ['torch.tensor([torch.tensor([1, 2])])', () => torch.tensor([torch.tensor([1, 2])])],
    ['torch.tensor([torch.tensor([1., 2.])])', () => torch.tensor([torch.tensor([1.5, 2])])],
    [
      'torch.tensor([torch.tensor([1, 2])], dtype=torch.float32)',
      () => torch.tensor([torch.tensor([1, 2])], { dtype: float32 }),
    ],
    ['torch.tensor([torch.tensor([True, False])])', () => torch.tensor([torch.tensor([true, false])])],
    ['torch.tensor([torch.tensor([])])', () => torch.tensor([torch.tensor([])])],
    ['torch.tensor([torch.tensor(1, dtype=torch.int8), 2])', () => torch.tensor([torch.tensor(1, { dtype: int8 }), 2])],
    [
      'torch.tensor([torch.tensor(1, dtype=torch.int8), torch.tensor(1, dtype=torch.int16)])',
      () => torch.tensor([torch.tensor(1, { dtype: int8 }), torch.tensor(1, { dtype: int16 })]),
    ],
    [
      'torch.tensor([2, torch.tensor(1.5, dtype=torch.float64)])',
      () => torch.tensor([2, torch.tensor(1.5, { dtype: float64 })]),
    ],
    ['torch.tensor([np.array([1, 2], dtype=np.int8), [1, 2]])', () => torch.tensor([Int8Array.of(1, 2), [1, 2]])],
    ['torch.tensor([np.array([1, 2], dtype=np.float64), [1, 2]])', () => torch.tensor([Float64Array.of(1, 2), [1, 2]])],
    ['torch.tensor([1], zzz=1)', () => t.tensor!([1], { zzz: 1 })],
    ['torch.tensor([1], torch.float32)', () => t.tensor!([1], float32)],
    ['torch.tensor([1], dtype="a")', () => t.tensor!([1], { dtype: 'a' })],
    ['torch.tensor([1], requires_grad=1)', () => t.tensor!([1], { requires_grad: 1 })],
    ['torch.tensor([1], device=1.5)', () => t.tensor!([1], { device: 1.5 })],
    ['torch.as_tensor([1], zzz=1)', () => t.as_tensor!([1], { zzz: 1 })],
    ['torch.as_tensor([1], torch.float32)', () => t.as_tensor!([1], float32)],
    ['torch.as_tensor(data=[1], dtype=torch.int8)', () => torch.as_tensor({ data: [1], dtype: int8 })],
    ['torch.asarray(obj=[1])', () => torch.asarray({ obj: [1] })],
    ['torch.asarray([1], zzz=1)', () => t.asarray!([1], { zzz: 1 })],
    ['torch.asarray([1], copy=1)', () => t.asarray!([1], { copy: 1 })],
    [
      'torch.frombuffer(bytearray(8), dtype=torch.uint8, zzz=1)',
      () => t.frombuffer!(new ArrayBuffer(8), { dtype: torch.uint8, zzz: 1 }),
    ],
    ['torch.frombuffer(bytearray(8), dtype=1)', () => t.frombuffer!(new ArrayBuffer(8), { dtype: 1 })],
    [
      'torch.frombuffer(bytearray(8), dtype=torch.uint8, count=1.5)',
      () => t.frombuffer!(new ArrayBuffer(8), { dtype: torch.uint8, count: 1.5 }),
    ],
    ['torch.scalar_tensor(1, zzz=1)', () => t.scalar_tensor!(1, { zzz: 1 })],
    ['torch.scalar_tensor(s=1)', () => torch.scalar_tensor({ s: 1 })],
    ['X.new_tensor([1], zzz=1)', () => wrong().new_tensor!([1], { zzz: 1 })],
    ['X.new_tensor([1], torch.float32)', () => wrong().new_tensor!([1], float32)],
    ['X.new_tensor(data=[1])', () => x().new_tensor({ data: [1] })],
  ],
  'of methods written by hand': [
    ['X.to(None)', () => x().to(null)],
    ['X.to()', () => x().to()],
    ['X.to(tensor=C)', () => x().to({ tensor: c() })],
    ['X.to(torch.float64, False, True)', () => x().to(float64, false, true)],
    ['X.to("cpu", torch.float64, copy=True)', () => x().to('cpu', float64, { copy: true })],
    ['X.nonzero(as_tuple=1)', () => wrong().nonzero!({ as_tuple: 1 })],
    ['X.contiguous(zzz=1)', () => wrong().contiguous!({ zzz: 1 })],
    ['X.contiguous(torch.contiguous_format)', () => wrong().contiguous!(torch.contiguous_format)],
    ['X.contiguous(memory_format=1)', () => wrong().contiguous!({ memory_format: 1 })],
    ['X.is_contiguous(memory_format=None)', () => wrong().is_contiguous!({ memory_format: null })],
    ['X.float(1)', () => wrong().float!(1)],
    ['X.double(memory_format=torch.preserve_format)', () => x().double({ memory_format: torch.preserve_format })],
    ['X.cpu(1)', () => wrong().cpu!(1)],
    ['X.cuda(zzz=1)', () => wrong().cuda!({ zzz: 1 })],
    ['X.size(axis=1)', () => x().size({ axis: 1 })],
    ['X.stride(dim=0)', () => x().stride({ dim: 0 })],
    ['X.type(zzz=1)', () => wrong().type!({ zzz: 1 })],
    ['X.type(torch.float64, True)', () => x().type(float64, true)],
    [
      'X.index_put_((torch.tensor([0]),), torch.tensor(1.), zzz=1)',
      () => wrong().index_put_!([torch.tensor([0])], torch.tensor(1), { zzz: 1 }),
    ],
    [
      'X.index_put_((torch.tensor([0]),), torch.tensor(1.), accumulate=1)',
      () => wrong().index_put_!([torch.tensor([0])], torch.tensor(1), { accumulate: 1 }),
    ],
    [
      'X.index_put_(indices=(torch.tensor([0]),), values=torch.tensor(1.))',
      () => x().index_put_({ indices: [torch.tensor([0])], values: torch.tensor(1).float() }),
    ],
    [
      'X.index_put((torch.tensor([1]),), torch.tensor(7.), True)',
      () => x().index_put([torch.tensor([1])], torch.tensor(7).float(), true),
    ],
    [
      'torch.index_put(X, (torch.tensor([1]),), torch.tensor(7.))',
      () => torch.index_put(x(), [torch.tensor([1])], torch.tensor(7).float()),
    ],
    ['X.t_()', () => x().t_()],
    ['X.dim_order(ambiguity_check=True)', () => tuple(x().dim_order({ ambiguity_check: true }))],
    [
      'torch.ones(1, 2).dim_order(ambiguity_check=True)',
      () => tuple(torch.ones(1, 2).dim_order({ ambiguity_check: true })),
    ],
    [
      'torch.ones(1, 2, 1, 1).dim_order(ambiguity_check=[torch.contiguous_format])',
      () => tuple(torch.ones(1, 2, 1, 1).dim_order({ ambiguity_check: [torch.contiguous_format] })),
    ],
    [
      'torch.empty(2, 3, 4, 5).permute(0, 3, 1, 2).dim_order(ambiguity_check=True)',
      () => tuple(torch.empty(2, 3, 4, 5).permute(0, 3, 1, 2).dim_order({ ambiguity_check: true })),
    ],
    ['torch.ones(3, 1).expand(3, 2).t().dim_order()', () => tuple(torch.ones(3, 1).expand(3, 2).t().dim_order())],
    ['torch.set_printoptions(zzz=1)', () => t.set_printoptions!({ zzz: 1 })],
  ],
  'of functions that Python writes in Python': [
    [
      'torch.arange(8.).stft(4, center=False, return_complex=True)',
      () => torch.arange(8).float().stft(4, { center: false, return_complex: true }),
    ],
    ['torch.arange(8.).stft(4, return_complex=True)', () => torch.arange(8).float().stft(4, { return_complex: true })],
    [
      'torch.arange(8.).stft(4, 2, 4, torch.ones(4), True, "constant", False, True, True)',
      () => torch.arange(8).float().stft(4, 2, 4, torch.ones(4), true, 'constant', false, true, true),
    ],
    [
      'torch.stft(torch.arange(8.), n_fft=4, pad_mode="constant", return_complex=True)',
      () => torch.stft(torch.arange(8).float(), { n_fft: 4, pad_mode: 'constant', return_complex: true }),
    ],
    [
      'torch.istft(torch.arange(8.).stft(4, return_complex=True), 4)',
      () => torch.istft(torch.arange(8).float().stft(4, { return_complex: true }), 4),
    ],
    [
      'torch.split(tensor=X, split_size_or_sections=2, dim=1)',
      () => tuple(torch.split({ tensor: x(), split_size_or_sections: 2, dim: 1 })),
    ],
    ['X.split(split_size=[1, 2], dim=1)', () => tuple(x().split({ split_size: [1, 2], dim: 1 }))],
    ['torch.norm(input=X, p=1, dim=0, keepdim=True)', () => torch.norm({ input: x(), p: 1, dim: 0, keepdim: true })],
    ['torch.norm(X, 2, 0, False, torch.empty(3))', () => torch.norm(x(), 2, 0, false, torch.empty(3))],
    [
      'torch.tensordot(a=X, b=X, dims=([0, 1], [0, 1]))',
      () =>
        torch.tensordot({
          a: x(),
          b: x(),
          dims: [
            [0, 1],
            [0, 1],
          ],
        }),
    ],
    ['torch.einsum(X, [0, 1], X, [0, 2], [1, 2])', () => torch.einsum(x(), [0, 1], x(), [0, 2], [1, 2])],
    ['torch.einsum(X, [0, 0])', () => torch.einsum(x(), [0, 0])],
    [
      'torch.cdist(x1=X, x2=X, compute_mode="donot_use_mm_for_euclid_dist")',
      () => torch.cdist({ x1: x(), x2: x(), compute_mode: 'donot_use_mm_for_euclid_dist' }),
    ],
    ['torch.cdist(X, X, 1.0, "quickly")', () => torch.cdist(x(), x(), 1, 'quickly')],
    [
      'torch.meshgrid(torch.tensor([1, 2]), torch.tensor([3]), indexing="xy")',
      () => tuple(torch.meshgrid(torch.tensor([1, 2]), torch.tensor([3]), { indexing: 'xy' })),
    ],
    [
      'torch.unravel_index(indices=torch.tensor([5]), shape=(2, 3))',
      () => tuple(torch.unravel_index({ indices: torch.tensor([5]), shape: [2, 3] })),
    ],
    ['torch.unravel_index(torch.tensor([5]), (2, -3))', () => torch.unravel_index(torch.tensor([5]), [2, -3])],
    [
      'torch.chain_matmul(X, X.t(), out=torch.empty(2, 2))',
      () => torch.chain_matmul(x(), x().t(), { out: torch.empty(2, 2) }),
    ],
    ['torch.nonzero(X, zzz=1)', () => t.nonzero!(x(), { zzz: 1 })],
    ['torch.nonzero(X, True)', () => t.nonzero!(x(), true)],
    ['torch.nonzero(X, as_tuple=True, out=X)', () => t.nonzero!(x(), { as_tuple: true, out: x() })],
    ['torch.is_nonzero(torch.ones(0))', () => torch.is_nonzero(torch.ones(0))],
    ['torch.is_nonzero(X)', () => torch.is_nonzero(x())],
  ],
  'of sizes that tensors hold': [
    ['X.new_zeros(torch.tensor(2), 3)', () => loose(x()).new_zeros!(torch.tensor(2), 3)],
    ['X.new_ones(torch.tensor(2))', () => loose(x()).new_ones!(torch.tensor(2))],
    ['torch.zeros(torch.tensor(2), 3)', () => t.zeros!(torch.tensor(2), 3)],
    ['torch.zeros([torch.tensor(2), 3])', () => t.zeros!([torch.tensor(2), 3])],
    ['X.view(torch.tensor(3), 2)', () => wrong().view!(torch.tensor(3), 2)],
    ['X.sum([torch.tensor(1)])', () => wrong().sum!([torch.tensor(1)])],
    ['X.new_zeros(X)', () => wrong().new_zeros!(x())],
  ],
  'of devices': [
    ['torch.device("cuda", 0)', () => inspect(torch.device('cuda', 0))],
    ['torch.device("cuda", index=0)', () => inspect(torch.device('cuda', { index: 0 }))],
    ['torch.device(type="cuda", index=0)', () => inspect(torch.device({ type: 'cuda', index: 0 }))],
    ['torch.device("cuda", None)', () => inspect(torch.device('cuda', null))],
    ['torch.device(device="cuda")', () => inspect(torch.device({ device: 'cuda' }))],
    ['torch.device("cuda", zzz=0)', () => t.device!('cuda', { zzz: 0 })],
    ['torch.device("cuda:1", 0)', () => torch.device('cuda:1', 0)],
    ['torch.device("cuda", -1)', () => torch.device('cuda', -1)],
    ['torch.device("foo")', () => torch.device('foo')],
    ['torch.device(0)', () => torch.device(0)],
    ['torch.ones(3, device=0)', () => torch.ones(3, { device: 0 })],
  ],
  'with all arguments by name': [
    ['torch.add(input=X, other=X, alpha=2)', () => torch.add({ input: x(), other: x(), alpha: 2 })],
    [
      'torch.nn.functional.conv2d(input=X[None], weight=torch.ones(1, 1, 1, 1))',
      () => torch.nn.functional.conv2d({ input: x().unsqueeze(0), weight: torch.ones(1, 1, 1, 1) }),
    ],
    [
      'torch.addmm(input=X, mat1=X, mat2=torch.ones(3, 3))',
      () => torch.addmm({ input: x(), mat1: x(), mat2: torch.ones(3, 3) }),
    ],
    ['torch.linalg.solve(A=torch.eye(2), B=X)', () => torch.linalg.solve({ A: torch.eye(2), B: x() })],
    ['torch.special.entr(input=X)', () => torch.special.entr({ input: x() })],
    ['torch.fft.fft(input=X, dim=0)', () => torch.fft.fft({ input: x(), dim: 0 })],
  ],
  'with bounds of both kinds': [
    ['X.clamp(1, torch.tensor(3.))', () => x().clamp(1, torch.tensor(3).float())],
    ['torch.clamp(X, min=torch.tensor(1), max=3)', () => torch.clamp(x(), { min: torch.tensor(1), max: 3 })],
    ['torch.clamp(X, 1, X)', () => torch.clamp(x(), 1, x())],
    ['X.clip(max=torch.tensor(2.), min=0)', () => x().clip({ max: torch.tensor(2).float(), min: 0 })],
  ],
  "with numpy's names": [
    ['X.sum(axis=1, keepdims=True)', () => x().sum({ axis: 1, keepdims: true })],
    ['torch.sum(a=X, axis=0)', () => t.sum!({ a: x(), axis: 0 })],
    ['torch.sum(x=X)', () => t.sum!({ x: x() })],
    ['torch.add(x1=X, x2=X)', () => t.add!({ x1: x(), x2: x() })],
    ['X.add(x2=X)', () => x().add({ x2: x() })],
    ['torch.relu(x1=X)', () => torch.relu({ x1: x() })],
    ['torch.softmax(a=X, axis=1)', () => torch.softmax({ a: x(), axis: 1 })],
    ['torch.matmul(x1=X, x2=X.T)', () => torch.matmul({ x1: x(), x2: x().T })],
    ['torch.cat([X, X], axis=1)', () => torch.cat([x(), x()], { axis: 1 })],
    ['torch.stack([X], axis=1)', () => torch.stack([x()], { axis: 1 })],
    ['X.max(axis=1).indices', () => x().max({ axis: 1 }).indices],
    ['X.argmax(axis=1, keepdims=True)', () => x().argmax({ axis: 1, keepdims: true })],
    ['X.softmax(axis=1)', () => x().softmax({ axis: 1 })],
    ['X.unsqueeze(axis=0)', () => x().unsqueeze({ axis: 0 })],
    ['X.index_select(axis=1, index=torch.tensor([0]))', () => x().index_select({ axis: 1, index: torch.tensor([0]) })],
    ['torch.linalg.norm(X, axis=1, keepdims=True)', () => torch.linalg.norm(x(), { axis: 1, keepdims: true })],
    ['torch.fft.fft(X, axis=0)', () => torch.fft.fft(x(), { axis: 0 })],
    ['torch.special.logsumexp(X, axis=1)', () => torch.special.logsumexp(x(), { axis: 1 })],
    ['torch.nonzero(a=X)', () => t.nonzero!({ a: x() })],
    ['torch.roll(X, 1, axis=0)', () => t.roll!(x(), 1, { axis: 0 })],
    ['torch.zeros(2, axis=1)', () => t.zeros!(2, { axis: 1 })],
    ['torch.norm(X, axis=1)', () => t.norm!(x(), { axis: 1 })],
    ['torch.cdist(X, X, axis=1)', () => t.cdist!(x(), x(), { axis: 1 })],
  ],
  'with a wrong kind': [
    ['torch.add(X, "s")', () => t.add!(x(), 's')],
    ['X.add("s")', () => wrong().add!('s')],
    ['torch.add(X, [1, 2])', () => t.add!(x(), [1, 2])],
    ['torch.add(X, [])', () => t.add!(x(), [])],
    ['torch.add(X, None)', () => t.add!(x(), null)],
    ['torch.relu({})', () => t.relu!(new Map())],
    ['torch.relu(True)', () => t.relu!(true)],
    ['torch.relu(1.5)', () => t.relu!(1.5)],
    ['torch.relu(2 ** 60)', () => t.relu!(2n ** 60n)],
    ['torch.relu(lambda: 1)', () => t.relu!(() => 1)],
    ['torch.relu(int)', () => t.relu!(class {})],
    ['torch.relu(set())', () => t.relu!(new Set())],
    ['torch.relu(torch.float32)', () => t.relu!(float32)],
    ['torch.relu(torch.device("cpu"))', () => t.relu!(torch.device('cpu'))],
    ['torch.relu(torch.Generator())', () => t.relu!(new torch.Generator())],
    ['torch.relu(torch.strided)', () => t.relu!(torch.strided)],
    ['torch.relu(torch.contiguous_format)', () => t.relu!(torch.contiguous_format)],
    ['torch.relu(torch.Size([1]))', () => t.relu!(x().shape)],
    ['torch.relu(np.zeros(2))', () => t.relu!(x().numpy())],
    ['torch.relu(torch.nn.Linear(1, 1))', () => t.relu!(new torch.nn.Linear(1, 1))],
    ['torch.sum(X, 1, 1)', () => t.sum!(x(), 1, 1)],
    ['torch.unsqueeze(X, "s")', () => t.unsqueeze!(x(), 's')],
    ['torch.unsqueeze(X, dim="s")', () => t.unsqueeze!(x(), { dim: 's' })],
    ['torch.unsqueeze(X)', () => t.unsqueeze!(x())],
    ['torch.unsqueeze(X, 1, 2)', () => t.unsqueeze!(x(), 1, 2)],
    ['X.unsqueeze(1, 2)', () => wrong().unsqueeze!(1, 2)],
    ['torch.unsqueeze()', () => t.unsqueeze!()],
    ['torch.cat(1)', () => t.cat!(1)],
    ['torch.zeros("s")', () => t.zeros!('s')],
    ['torch.zeros(2, dtype="s")', () => t.zeros!(2, { dtype: 's' })],
    ['torch.zeros(2, device=1.5)', () => t.zeros!(2, { device: 1.5 })],
    ['torch.dropout(X, 0.5, 1)', () => t.dropout!(x(), 0.5, 1)],
    ['torch.relu(X, X)', () => t.relu!(x(), x())],
    ['torch.relu(X, zzz=1)', () => t.relu!(x(), { zzz: 1 })],
    ['torch.add(X, X, alpha="s")', () => t.add!(x(), x(), { alpha: 's' })],
    ['torch.max(X, "a", "b")', () => t.max!(x(), 'a', 'b')],
    ['X.max("a", "b")', () => wrong().max!('a', 'b')],
    ['torch.relu(slice(1, 2))', () => t.relu!(torch.slice(1, 2))],
    ['torch.full(2, 1)', () => t.full!(2, 1)],
    ['torch.linalg.inv(1)', () => t.linalg!.inv!(1)],
  ],
  'of parts and properties': [
    [
      'C.real = torch.tensor([5., 6.]); C',
      () => {
        const z = c();
        z.real = torch.tensor([5, 6]).float();
        return z;
      },
    ],
    [
      'C.imag = torch.tensor([5., 6.]); C',
      () => {
        const z = c();
        z.imag = torch.tensor([5, 6]).float();
        return z;
      },
    ],
    [
      'C.real = 7; C',
      () => {
        const z = c();
        z.real = 7;
        return z;
      },
    ],
    [
      'X.real = torch.zeros(2, 3); X',
      () => {
        const y = x();
        y.real = torch.zeros(2, 3);
        return y;
      },
    ],
    [
      'X.imag = X; X',
      () => {
        const y = x();
        y.imag = y;
        return y;
      },
    ],
    [
      'X.T = X; X',
      () => {
        const y = loose(x());
        y['T'] = y;
        return y;
      },
    ],
    [
      'X.shape = X; X',
      () => {
        const y = loose(x());
        y['shape'] = y;
        return y;
      },
    ],
    [
      'X.grad = 1; X',
      () => {
        const y = x();
        y.grad = 1 as unknown as torch.Tensor;
        return y;
      },
    ],
    [
      'X.data = 1; X',
      () => {
        const y = x();
        y.data = 1 as unknown as torch.Tensor;
        return y;
      },
    ],
    ['float(X)', () => Number(x())],
    ['float(torch.tensor([[1.5]]))', () => Number(torch.tensor([[1.5]]))],
    ['X.H', () => x().H],
    ['torch.ones(2, 2, 2).H', () => torch.ones(2, 2, 2).H],
  ],
  'of functions that make sparse tensors': [
    [
      'torch.sparse_coo_tensor([[0, 1], [1, 0]], [1., 2.])',
      () =>
        torch.sparse_coo_tensor(
          [
            [0, 1],
            [1, 0],
          ],
          torch.tensor([1, 2]).float(),
        ),
    ],
    [
      'torch.sparse_coo_tensor([[0, 1], [1, 0]], [1, 2], (2, 3))',
      () =>
        torch.sparse_coo_tensor(
          [
            [0, 1],
            [1, 0],
          ],
          [1, 2],
          [2, 3],
        ),
    ],
    [
      'torch.sparse_coo_tensor(indices=[[0]], values=[1.5], size=[3], dtype=torch.float64)',
      () => torch.sparse_coo_tensor({ indices: [[0]], values: [1.5], size: [3], dtype: float64 }),
    ],
    [
      'torch.sparse_coo_tensor([[0, 5], [1, 0]], [1, 2], (2, 2), check_invariants=True)',
      () =>
        torch.sparse_coo_tensor(
          [
            [0, 5],
            [1, 0],
          ],
          [1, 2],
          [2, 2],
          { check_invariants: true },
        ),
    ],
    [
      'torch.sparse_coo_tensor([[0, 5], [1, 0]], [1, 2], (2, 2), check_invariants=False)',
      () =>
        torch.sparse_coo_tensor(
          [
            [0, 5],
            [1, 0],
          ],
          [1, 2],
          [2, 2],
          { check_invariants: false },
        ),
    ],
    ['torch.sparse_coo_tensor((2, 3))', () => torch.sparse_coo_tensor([2, 3])],
    [
      'torch.sparse_coo_tensor(size=(2, 3), dtype=torch.float64)',
      () => torch.sparse_coo_tensor({ size: [2, 3], dtype: float64 }),
    ],
    [
      'torch.sparse_coo_tensor([[0]], [1.5], requires_grad=True)',
      () => torch.sparse_coo_tensor([[0]], [1.5], { requires_grad: true }),
    ],
    [
      'torch.sparse_coo_tensor([[0]], [1], (2,), is_coalesced=True).is_coalesced()',
      () => torch.python_repr(torch.sparse_coo_tensor([[0]], [1], [2], { is_coalesced: true }).is_coalesced()),
    ],
    ['torch.sparse_coo_tensor(torch.tensor([[0.5]]), [1])', () => torch.sparse_coo_tensor(torch.tensor([[0.5]]), [1])],
    ['torch.sparse_coo_tensor(torch.tensor([[0]]), 1)', () => torch.sparse_coo_tensor(torch.tensor([[0]]), 1)],
    [
      'torch.sparse_csr_tensor([0, 1, 2], [0, 1], [1.5, 2.5])',
      () => torch.sparse_csr_tensor([0, 1, 2], [0, 1], [1.5, 2.5]),
    ],
    [
      'torch.sparse_csr_tensor([0, 1, 2], [0, 5], [1, 2], (2, 2), check_invariants=True)',
      () => torch.sparse_csr_tensor([0, 1, 2], [0, 5], [1, 2], [2, 2], { check_invariants: true }),
    ],
    [
      'torch.sparse_csr_tensor(crow_indices=[0, 1, 2], col_indices=[0, 1], values=[1.5, 2.5], size=(2, 2), requires_grad=True)',
      () =>
        torch.sparse_csr_tensor({
          crow_indices: [0, 1, 2],
          col_indices: [0, 1],
          values: [1.5, 2.5],
          size: [2, 2],
          requires_grad: true,
        }),
    ],
    [
      'torch.sparse_csr_tensor(torch.tensor([0, 1], dtype=torch.int32), torch.tensor([0], dtype=torch.int32), [1]).col_indices().dtype',
      () =>
        String(
          torch
            .sparse_csr_tensor(
              torch.tensor([0, 1], { dtype: torch.int32 }),
              torch.tensor([0], { dtype: torch.int32 }),
              [1],
            )
            .col_indices().dtype,
        ),
    ],
    [
      'torch.sparse_csr_tensor([0, 1], [0], [1.], (1, 1), layout=torch.sparse_coo)',
      () => torch.sparse_csr_tensor([0, 1], [0], [1.5], [1, 1], { layout: torch.sparse_coo }),
    ],
    [
      'torch.sparse_csc_tensor(ccol_indices=[0, 1, 2], row_indices=[0, 1], values=[1, 2])',
      () => torch.sparse_csc_tensor({ ccol_indices: [0, 1, 2], row_indices: [0, 1], values: [1, 2] }),
    ],
    [
      'torch.sparse_bsr_tensor([0, 1], [0], [[[1, 2], [3, 4]]])',
      () =>
        torch.sparse_bsr_tensor(
          [0, 1],
          [0],
          [
            [
              [1, 2],
              [3, 4],
            ],
          ],
        ),
    ],
    [
      'torch.sparse_bsc_tensor([0, 1], [0], [[[1, 2], [3, 4]]])',
      () =>
        torch.sparse_bsc_tensor(
          [0, 1],
          [0],
          [
            [
              [1, 2],
              [3, 4],
            ],
          ],
        ),
    ],
    [
      'torch.sparse_compressed_tensor([0, 1, 2], [0, 1], [1, 2], layout=torch.sparse_csr)',
      () => torch.sparse_compressed_tensor([0, 1, 2], [0, 1], [1, 2], { layout: torch.sparse_csr }),
    ],
    [
      'torch.sparse_compressed_tensor([0, 1, 2], [0, 1], [1, 2])',
      () => torch.sparse_compressed_tensor([0, 1, 2], [0, 1], [1, 2]),
    ],
    [
      'torch.sparse.check_sparse_tensor_invariants.enable(); torch.sparse_coo_tensor([[2]], [1], (1,))',
      () => {
        torch.sparse.check_sparse_tensor_invariants.enable();
        try {
          return torch.sparse_coo_tensor([[2]], [1], [1]);
        } finally {
          torch.sparse.check_sparse_tensor_invariants.disable();
        }
      },
    ],
  ],
  'with slices': [
    ['torch.arange(10)[slice(2, 8)]', () => torch.arange(10).index(torch.slice(2, 8))],
    ['torch.arange(10)[slice(3)]', () => torch.arange(10).index(torch.slice(3))],
    ['torch.arange(10)[slice(None, None, 3)]', () => torch.arange(10).index(torch.slice(null, null, 3))],
    ['torch.arange(10)[-3:]', () => torch.arange(10).index(torch.slice.from(-3))],
    ['torch.arange(10)[:-3]', () => torch.arange(10).index(torch.slice.to(-3))],
    ['torch.arange(10)[1::4]', () => torch.arange(10).index(torch.slice.from(1, 4))],
    ['X[:, 1:]', () => x().index(':', torch.slice.from(1))],
    ['X[slice(0, 1), None, slice(None)]', () => x().index(torch.slice(0, 1), null, torch.slice(null, null))],
    ['X[:, 1:] = 7; X', () => x().index_put_([':', torch.slice.from(1)], 7)],
    ['X[slice(1, None)] = 7; X', () => x().index_put_(torch.slice(1, null), 7)],
    ['X[slice(0, 2, -1)]', () => x().index(torch.slice(0, 2, -1))],
    ['X[slice(0, 2, 0)]', () => x().index(torch.slice(0, 2, 0))],
    ['slice(1, None, 2)', () => String(torch.slice(1, null, 2))],
  ],
};

/** Without the name of the function, which begins every error here, and in Python those of its argument parser. */
const bare = (text: string): string =>
  text
    .split('\n')[0]!
    .replace(/^(Tensor\.)?[\w.]+\(\)(: )?/, '')
    .replace(/ JavaScript has no operators.*/, '')
    .replace(/\.$/, '');

function said(run: () => unknown): { value: string } | { error: string } {
  try {
    const value = run();
    return { value: typeof value === 'string' ? value : torch.python_repr(value as torch.Tensor) };
  } catch (error) {
    return { error: bare((error as Error).message) };
  }
}

const all = Object.values(groups).flat();
const expected = python<({ value: string } | { error: string })[]>('said.py', [all.map(([text]) => text)]);
const answers = new Map(all.map(([text], i) => [text, expected[i]!]));

for (const [title, cases] of Object.entries(groups)) {
  describe(`calls ${title}`, () => {
    it.each(cases)('%s', (text, ours) => {
      const theirs = answers.get(text)!;
      expect(said(ours)).toEqual('error' in theirs ? { error: bare(theirs.error) } : theirs);
    });
  });
}
