'use strict';
/**
 * The calls of `npm run bench:ops`: the setup, and the body of the loop, in JavaScript and in Python. Tensors are 4x4
 * by default, so that the overhead of a call is measured. `x`, `y` and `z` are given, `g` requires grad.
 */

/** @typedef {{ name: string, js: string, py: string, js_setup?: string, py_setup?: string }} Case */

/** @returns {Case} */
const pair = (
  /** @type {string} */ name,
  /** @type {string} */ js,
  /** @type {string} */ py,
  js_setup = '',
  py_setup = '',
) => ({ name, js, py, js_setup, py_setup });

/** The same body in both languages. */
const same = (/** @type {string} */ name, /** @type {string} */ body) => pair(name, body, body);

// Parameters with gradients.
const js_parameters = (/** @type {number} */ count) =>
  `const p = Array.from({ length: ${count} }, () => new nn.Parameter(torch.randn(4, 4))); ` +
  'for (const q of p) q.grad = torch.randn(4, 4);';
const py_parameters = (/** @type {number} */ count) =>
  `p = [nn.Parameter(torch.randn(4, 4)) for _ in range(${count})]\nfor q in p: q.grad = torch.randn(4, 4)\n`;
const [JS_PARAMETERS, PY_PARAMETERS] = [js_parameters(20), py_parameters(20)];

const module_call = (/** @type {string} */ name, /** @type {string} */ js, /** @type {string} */ py, input = 'x') =>
  pair(name, `m(${input})`, `m(${input})`, `const m = ${js}`, `m = ${py}`);

/** @type {Case[]} */
const cases = [
  // plain
  same('add', 'torch.add(x, y)'),
  same('x.add', 'x.add(y)'),
  same('mul number', 'x.mul(2)'),
  same('mm', 'torch.mm(x, y)'),
  same('matmul', 'x.matmul(y)'),
  same('relu', 'torch.relu(x)'),
  same('exp', 'x.exp()'),
  same('eq', 'x.eq(y)'),
  same('where', 'torch.where(mask, x, y)'),
  same('addmm', 'torch.addmm(z, x, y)'),
  same('clamp', 'x.clamp(0, 1)'),
  same('add with grad', 'torch.add(g, y)'),
  // options
  pair('sum(dim, keepdim)', 'x.sum({ dim: 1, keepdim: true })', 'x.sum(dim=1, keepdim=True)'),
  pair('softmax(dim)', 'torch.softmax(x, { dim: 1 })', 'torch.softmax(x, dim=1)'),
  pair('add(alpha)', 'torch.add(x, y, { alpha: 2 })', 'torch.add(x, y, alpha=2)'),
  pair('argmax(dim)', 'x.argmax({ dim: 1 })', 'x.argmax(dim=1)'),
  pair('mean(dim)', 'x.mean({ dim: 0 })', 'x.mean(dim=0)'),
  pair('to(dtype)', 'x.to({ dtype: torch.float64 })', 'x.to(dtype=torch.float64)'),
  pair('norm(p, dim)', 'x.norm({ p: 2, dim: 1 })', 'x.norm(p=2, dim=1)'),
  pair('var(unbiased)', 'x.var({ dim: 0, unbiased: false })', 'x.var(dim=0, unbiased=False)'),
  pair('F.gelu(approximate)', "F.gelu(x, { approximate: 'tanh' })", "F.gelu(x, approximate='tanh')"),
  pair(
    'F.cross_entropy(label_smoothing)',
    'F.cross_entropy(x, classes, { label_smoothing: 0.1 })',
    'F.cross_entropy(x, classes, label_smoothing=0.1)',
  ),
  // lists
  same('cat', 'torch.cat([x, y])'),
  pair('stack(dim)', 'torch.stack([x, y], { dim: 1 })', 'torch.stack([x, y], dim=1)'),
  same('einsum', "torch.einsum('ij,jk->ik', x, y)"),
  same('permute', 'x.permute(1, 0)'),
  // several results
  same('max(x, 1)', 'torch.max(x, 1)'),
  same('x.max(1)', 'x.max(1)'),
  same('x.sort', 'x.sort()'),
  same('topk', 'x.topk(2)'),
  same('chunk', 'x.chunk(2)'),
  same('split', 'x.split(2)'),
  same('unbind', 'x.unbind()'),
  same('linalg.qr', 'torch.linalg.qr(x)'),
  // views
  same('view', 'x.view(-1, 8)'),
  same('reshape', 'x.reshape(2, 8)'),
  same('unsqueeze', 'x.unsqueeze(0)'),
  same('transpose', 'x.transpose(0, 1)'),
  same('t', 'x.t()'),
  same('expand', 'row.expand(4, 4)'),
  same('detach', 'x.detach()'),
  same('contiguous', 'x.contiguous()'),
  same('select', 'x.select(0, 1)'),
  same('narrow', 'x.narrow(0, 1, 2)'),
  // indexing
  pair('x[0]', 'x.index(0)', 'x[0]'),
  pair('x[:, 1:3]', "x.index(':', '1:3')", 'x[:, 1:3]'),
  pair('x[1, 2]', 'x.index(1, 2)', 'x[1, 2]'),
  pair('x[mask]', 'x.index(mask)', 'x[mask]'),
  pair('x[places]', 'x.index(places)', 'x[places]'),
  pair('x[..., None]', "x.index('...', null)", 'x[..., None]'),
  pair('x[0] = 1', 'w.index_put_(0, 1)', 'w[0] = 1'),
  // creation
  same('tensor([4 numbers])', 'torch.tensor([1, 2, 3, 4])'),
  same('zeros', 'torch.zeros(4, 4)'),
  pair('zeros(dtype)', 'torch.zeros(4, 4, { dtype: torch.int64 })', 'torch.zeros(4, 4, dtype=torch.int64)'),
  same('randn', 'torch.randn(4, 4)'),
  same('arange', 'torch.arange(16)'),
  same('zeros_like', 'torch.zeros_like(x)'),
  pair('full', 'torch.full([4, 4], 1.5)', 'torch.full((4, 4), 1.5)'),
  same('clone', 'x.clone()'),
  // in-place
  same('add_', 'w.add_(y)'),
  same('mul_', 'w.mul_(1)'),
  same('zero_', 'w.zero_()'),
  same('copy_', 'w.copy_(y)'),
  pair('add(out)', 'torch.add(x, y, { out: w })', 'torch.add(x, y, out=w)'),
  // attributes
  same('shape', 'x.shape'),
  same('size(0)', 'x.size(0)'),
  same('dtype', 'x.dtype'),
  same('device', 'x.device'),
  same('requires_grad', 'x.requires_grad'),
  same('item', 'scalar.item()'),
  same('tolist', 'x.tolist()'),
  same('numpy', 'x.numpy()'),
  pair('grad_fn', 'h.grad_fn', 'h.grad_fn', 'const h = g.mul(2)', 'h = g.mul(2)'),
  // modules
  module_call('nn.Linear', 'new nn.Linear(4, 4)', 'nn.Linear(4, 4)'),
  module_call('nn.ReLU', 'new nn.ReLU()', 'nn.ReLU()'),
  module_call('nn.LayerNorm', 'new nn.LayerNorm(4)', 'nn.LayerNorm(4)'),
  module_call('nn.Dropout (eval)', 'new nn.Dropout().eval()', 'nn.Dropout().eval()'),
  module_call('nn.BatchNorm1d', 'new nn.BatchNorm1d(4)', 'nn.BatchNorm1d(4)'),
  module_call(
    'nn.Sequential of three',
    'new nn.Sequential(new nn.Linear(4, 4), new nn.ReLU(), new nn.Linear(4, 4))',
    'nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 4))',
  ),
  module_call('nn.LSTMCell', 'new nn.LSTMCell(4, 4)', 'nn.LSTMCell(4, 4)'),
  module_call('nn.Embedding', 'new nn.Embedding(8, 4)', 'nn.Embedding(8, 4)', 'classes'),
  module_call('nn.Conv2d', 'new nn.Conv2d(1, 2, 3)', 'nn.Conv2d(1, 2, 3)', 'image'),
  pair('nn.MSELoss', 'm(x, y)', 'm(x, y)', 'const m = new nn.MSELoss()', 'm = nn.MSELoss()'),
  // hooks
  pair(
    'nn.Linear with a hook',
    'm(x)',
    'm(x)',
    'const m = new nn.Linear(4, 4); m.register_forward_hook(() => undefined)',
    'm = nn.Linear(4, 4); m.register_forward_hook(lambda *args: None)',
  ),
  // optimizers and backward
  same('backward of sum(x * y)', 'g.mul(y).sum().backward()'),
  same('autograd.grad', 'torch.autograd.grad(g.mul(y).sum(), g)'),
  ...['SGD', 'Adam'].map((name) =>
    pair(
      `${name} of 20`,
      'o.step()',
      'o.step()',
      `${JS_PARAMETERS} const o = new torch.optim.${name}(p, { lr: 0.001 })`,
      `${PY_PARAMETERS}o = torch.optim.${name}(p, lr=0.001)`,
    ),
  ),
  // Python's fastest form on the CPU but `fused`
  pair(
    'Adam of 200 (foreach)',
    'o.step()',
    'o.step()',
    `${js_parameters(200)} const o = new torch.optim.Adam(p, { lr: 0.001, foreach: true })`,
    `${py_parameters(200)}o = torch.optim.Adam(p, lr=0.001, foreach=True)`,
  ),
  pair(
    'Adam of 200 (fused)',
    'o.step()',
    'o.step()',
    `${js_parameters(200)} const o = new torch.optim.Adam(p, { lr: 0.001, fused: true })`,
    `${py_parameters(200)}o = torch.optim.Adam(p, lr=0.001, fused=True)`,
  ),
  pair(
    'zero_grad of 20',
    'o.zero_grad()',
    'o.zero_grad()',
    `${JS_PARAMETERS} const o = new torch.optim.SGD(p, { lr: 0.1 })`,
    `${PY_PARAMETERS}o = torch.optim.SGD(p, lr=0.1)`,
  ),
  pair(
    'clip_grad_norm_ of 20',
    'nn.utils.clip_grad_norm_(p, 1)',
    'nn.utils.clip_grad_norm_(p, 1)',
    JS_PARAMETERS,
    PY_PARAMETERS,
  ),
  ...[
    ['state_dict', 'm.state_dict()', 'm.state_dict()'],
    ['load_state_dict', 'm.load_state_dict(d)', 'm.load_state_dict(d)'],
    ['deepcopy', 'torch.deepcopy(m)', 'copy.deepcopy(m)'],
  ].map(([name, js, py]) =>
    pair(
      name,
      js,
      py,
      'const m = new nn.Sequential(new nn.Linear(4, 4), new nn.ReLU(), new nn.Linear(4, 4)); const d = m.state_dict()',
      'm = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 4)); d = m.state_dict()\nimport copy',
    ),
  ),
  pair('no_grad', 'torch.no_grad(() => torch.add(g, y))', 'with torch.no_grad(): torch.add(g, y)'),
];

module.exports = { cases };
