// What tests/reference/distributed_norm.py does, with this package.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** @param {any} context what tests/distributed/rank.mjs has */
export function scenarios_of({ torch, given, note }) {
  const { distributed: dist, nn } = torch;
  const { rank, world_size: size } = given;

  const others = (x) => Array.from({ length: x.ndim }, (_, i) => i).filter((i) => i !== 1);
  const wide = (x, like) => x.reshape([1, -1, ...Array(like.ndim - 2).fill(1)]);

  // PyTorch has these operators for GPUs alone: here they are put together from others.
  const kernels = {
    batch_norm_stats: (x, eps) => [x.mean(others(x)), x.var(others(x), { correction: 0 }).add(eps).rsqrt()],
    batch_norm_gather_stats_with_counts(_, means, invstds, running_mean, running_var, momentum, eps, counts) {
      const total = counts.sum();
      const weights = counts.reshape(-1, 1);
      const mean = means.mul(weights).sum(0).div(total);
      const var_ = invstds.pow(-2).sub(eps).add(means.sub(mean).pow(2)).mul(weights).sum(0).div(total);
      running_mean?.mul_(1 - momentum).add_(mean.mul(momentum));
      running_var?.mul_(1 - momentum).add_(var_.mul(total).div(total.sub(1)).mul(momentum));
      return [mean, var_.add(eps).rsqrt()];
    },
    batch_norm_elemt(x, weight, bias, mean, invstd) {
      const y = x.sub(wide(mean, x)).mul(wide(invstd, x));
      return weight === null ? y : y.mul(wide(weight, x)).add(wide(bias, x));
    },
    batch_norm_backward_reduce(dy, x, mean, invstd) {
      const sum_dy = dy.sum(others(x));
      const sum_dy_xmu = dy.mul(x.sub(wide(mean, x))).sum(others(x));
      return [sum_dy, sum_dy_xmu, sum_dy_xmu.mul(invstd), sum_dy.clone()];
    },
    batch_norm_backward_elemt(dy, x, mean, invstd, weight, sum_dy, sum_dy_xmu, count) {
      const total = count.sum();
      const centered = x.sub(wide(mean, x)).mul(wide(invstd.pow(2).mul(sum_dy_xmu).div(total), x));
      const dx = dy
        .sub(wide(sum_dy.div(total), x))
        .sub(centered)
        .mul(wide(invstd, x));
      return weight === null ? dx : dx.mul(wide(weight, x));
    },
  };

  return {
    async sync_batch_norm() {
      const file = join(given.root, 'dist', 'nn', 'modules', 'sync_batch_norm.js');
      const { SyncBatchNormFunction } = await import(pathToFileURL(file).href);
      const library = new torch.library.Library('aten', 'IMPL', 'CPU');
      for (const [name, run] of Object.entries(kernels)) library.impl(name, run);
      const everyone = dist.group.WORLD;
      const pair = dist.new_group([0, size - 1]);

      const run = (rows, shape, affine, group) => {
        torch.manual_seed(4);
        const norm = new nn.BatchNorm2d(3, { affine });
        const whole = new nn.BatchNorm2d(3, { affine });
        if (affine) {
          norm.weight.data.normal_();
          whole.weight.data.copy_(norm.weight);
        }
        const members = group === everyone ? [...Array(size).keys()] : [0, size - 1];
        if (!members.includes(rank)) return null;
        const counts = members.map((member) => rows[member]);
        const total = counts.reduce((a, b) => a + b);
        const x = torch.randn([total, 3, ...shape]);
        const gradient = torch.randn([total, 3, ...shape]);
        const mine = members.indexOf(rank);
        const part = x.split(counts)[mine].clone().requires_grad_();
        const { weight, bias, running_mean, running_var } = norm;
        const y = SyncBatchNormFunction.apply(
          ...[part, weight, bias, running_mean, running_var, 1e-5, 0.2, group, members.length],
        );
        y.backward(gradient.split(counts)[mine]);
        whole.momentum = 0.2;
        const z = x.clone().requires_grad_();
        const expected = shape.length > 0 ? whole(z) : whole(z.reshape([...z.shape, 1, 1])).reshape([...z.shape]);
        expected.backward(gradient);
        const same = [
          [y, expected.split(counts)[mine]],
          [part.grad ?? part, z.grad.split(counts)[mine]],
          [running_mean, whole.running_mean],
          [running_var, whole.running_var],
        ].map(([a, b]) => torch.allclose(a, b, { atol: 1e-5 }));
        const of_parameters = affine ? [weight.grad, bias.grad] : [];
        return [same, y.detach(), part.grad, running_mean, running_var, of_parameters];
      };
      note('sync batches', () => run([2, 2, 2], [4, 4], true, everyone));
      note('sync uneven', () => run([1, 4, 2], [], true, everyone));
      note('sync without a scale', () => run([3, 1, 2], [2, 3], false, everyone));
      note('sync one without a row', () => run([3, 0, 2], [2, 2], true, everyone));
      note('sync two of three', () => run([2, 0, 3], [2, 2], true, pair));

      const on_cpu = (training) => {
        const norm = nn.SyncBatchNorm.convert_sync_batchnorm(new nn.Sequential(new nn.BatchNorm1d(3)), everyone);
        norm.train(training);
        try {
          return norm(torch.arange(6, { dtype: torch.float32 }).reshape(2, 3));
        } catch (error) {
          return [error.message, norm[0].num_batches_tracked];
        }
      };
      note('sync training on the CPU', () => on_cpu(true));
      note('sync evaluation on the CPU', () => on_cpu(false));
      library._destroy();
    },
  };
}
