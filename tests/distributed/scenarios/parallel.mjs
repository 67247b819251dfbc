// What tests/reference/distributed_parallel.py does, with this package.

/** The models of several scenarios. */
export function models_of({ nn, manual_seed }) {
  const F = nn.functional;

  class Attention extends nn.Module {
    constructor(heads) {
      super();
      this.heads = heads;
      this.query = new nn.Linear(8, 8);
      this.key = new nn.Linear(8, 8);
      this.value = new nn.Linear(8, 8);
      this.out = new nn.Linear(8, 8);
    }

    forward(x) {
      const [batch, length] = x.shape;
      const heads = [this.query, this.key, this.value].map((layer) =>
        layer(x).view(batch, length, this.heads, 2).transpose(1, 2),
      );
      const mixed = F.scaled_dot_product_attention(...heads, { is_causal: true });
      return this.out(mixed.transpose(1, 2).reshape(batch, length, -1));
    }
  }

  class Block extends nn.Module {
    constructor(heads) {
      super();
      this.first = new nn.LayerNorm(8);
      this.attention = new Attention(heads);
      this.second = new nn.LayerNorm(8);
      this.up = new nn.Linear(8, 16);
      this.down = new nn.Linear(16, 8);
    }

    forward(x) {
      const attended = x.add(this.attention(this.first(x)));
      return attended.add(this.down(F.relu(this.up(this.second(attended)))));
    }
  }

  class Transformer extends nn.Module {
    constructor(heads) {
      super();
      this.tokens = new nn.Embedding(12, 8);
      this.blocks = new nn.ModuleList([new Block(heads), new Block(heads)]);
      this.norm = new nn.LayerNorm(8);
      this.head = new nn.Linear(8, 12, { bias: false });
    }

    forward(x) {
      let found = this.tokens(x);
      for (const block of this.blocks) found = block(found);
      return this.head(this.norm(found));
    }
  }

  const seeded = (make) => {
    manual_seed(1);
    return make();
  };
  return { Transformer, seeded };
}

/** @param {any} context what tests/distributed/rank.mjs has */
export function scenarios_of({ torch, given, note }) {
  const { distributed: dist, nn, optim } = torch;
  const F = nn.functional;
  const { world_size: size, in_one_group_with_python = false } = given;
  const { Transformer, seeded } = models_of(torch);

  class Mlp extends nn.Module {
    constructor() {
      super();
      this.up = new nn.Linear(6, 16);
      this.down = new nn.Linear(16, 6);
    }

    forward(x) {
      return this.down(F.gelu(this.up(x)));
    }
  }

  const { Replicate, Shard, DTensor, parallel } = dist.tensor;
  const { ColwiseParallel, RowwiseParallel, SequenceParallel, PrepareModuleInput, PrepareModuleOutput } = parallel;
  const whole = (model) =>
    Object.values(model.state_dict()).map((x) => (x instanceof DTensor ? x.full_tensor() : x).detach().clone());
  const pieces = (model) => [...model.parameters()].map((x) => (x instanceof DTensor ? x.to_local() : x).detach());

  const train = (model, loss_of, optimizer, steps = 3) => {
    const losses = [];
    for (let step = 0; step < steps; step++) {
      optimizer.zero_grad();
      const loss = loss_of(model);
      loss.backward();
      losses.push((loss instanceof DTensor ? loss.full_tensor() : loss).detach());
      optimizer.step();
    }
    return losses;
  };

  return {
    async tensor_parallel() {
      const mesh = dist.init_device_mesh('cpu', [size]);
      const mlp_loss = (model) => F.mse_loss(model(torch.randn(3, 4, 6)), torch.randn(3, 4, 6));
      for (const [name, plan] of [
        ['plain', () => ({ up: new ColwiseParallel(), down: new RowwiseParallel() })],
        ['dtensors', () => ({ up: new ColwiseParallel({ use_local_output: false }), down: new RowwiseParallel() })],
        [
          'sequence',
          () => ({
            up: new ColwiseParallel({ input_layouts: new Shard(1) }),
            down: new RowwiseParallel({ output_layouts: new Shard(1) }),
          }),
        ],
        [
          'patterns',
          () => ({ 'u*': new ColwiseParallel({ output_layouts: new Replicate() }), nothing: new RowwiseParallel() }),
        ],
      ]) {
        note(`mlp ${name}`, () => {
          const model = seeded(() => new Mlp());
          parallel.parallelize_module(model, mesh, plan());
          torch.manual_seed(2);
          const loss =
            name === 'sequence'
              ? (of) => {
                  const [x, y] = [torch.randn(3, 4, 6), torch.randn(3, 4, 6)].map((whole) =>
                    whole.chunk(size, 1)[dist.get_rank()].contiguous(),
                  );
                  return F.mse_loss(of(x), y);
                }
              : mlp_loss;
          const losses = train(model, loss, new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 }));
          return [losses, pieces(model), whole(model)];
        });
      }
      note('adamw', () => {
        const model = seeded(() => new Mlp());
        parallel.parallelize_module(model, mesh, { up: new ColwiseParallel(), down: new RowwiseParallel() });
        torch.manual_seed(3);
        const losses = train(model, mlp_loss, new optim.AdamW(model.parameters(), { lr: 0.05 }));
        return [losses, pieces(model)];
      });
      for (const sequence of in_one_group_with_python ? [false] : [false, true]) {
        note(`transformer ${sequence}`, () => {
          const model = seeded(() => new Transformer(4 / size));
          const tokens = sequence ? { output_layouts: new Shard(1) } : {};
          const split = sequence ? { input_layouts: new Shard(1) } : {};
          parallel.parallelize_module(model, mesh, {
            tokens: new RowwiseParallel({ input_layouts: new Replicate(), use_local_output: !sequence, ...tokens }),
            ...(sequence && { norm: new SequenceParallel() }),
            head: new ColwiseParallel({ ...split, output_layouts: new Shard(-1), use_local_output: false }),
          });
          for (const block of model.blocks) {
            const out = sequence ? { output_layouts: new Shard(1), use_local_output: false } : {};
            parallel.parallelize_module(block, mesh, {
              ...(sequence && {
                first: new SequenceParallel(),
                second: new SequenceParallel(),
                attention: new PrepareModuleInput({
                  input_layouts: new Shard(1),
                  desired_input_layouts: new Replicate(),
                }),
              }),
              'attention.query': new ColwiseParallel(),
              'attention.key': new ColwiseParallel(),
              'attention.value': new ColwiseParallel(),
              'attention.out': new RowwiseParallel(out),
              up: new ColwiseParallel(split),
              down: new RowwiseParallel(out),
            });
          }
          torch.manual_seed(4);
          const loss = (of) => {
            const [x, y] = [torch.randint(12, [2, 4]), torch.randint(12, [2, 4])];
            return parallel.loss_parallel(() => F.cross_entropy(of(x).flatten(0, 1), y.flatten()));
          };
          const losses = train(model, loss, new optim.AdamW(model.parameters(), { lr: 0.02 }), 4);
          return [losses, pieces(model), whole(model)];
        });
      }
      for (const [name, style] of [
        ['columns', new ColwiseParallel()],
        ['rows', new RowwiseParallel({ input_layouts: new Replicate() })],
      ]) {
        if (!in_one_group_with_python)
          note(`embedding ${name}`, () => {
            const model = parallel.parallelize_module(
              seeded(() => new nn.Embedding(10, 8)),
              mesh,
              style,
            );
            const out = model(
              torch.tensor([
                [0, 9, 3],
                [3, 5, 7],
              ]),
            );
            out.square().sum().backward();
            return [out.detach(), model.weight.grad.full_tensor()];
          });
      }
      for (const reduction of ['mean', 'sum', 'none']) {
        for (const weighted of [false, true]) {
          note(`loss ${reduction} ${weighted}`, () => {
            torch.manual_seed(5);
            const logits = dist.tensor.distribute_tensor(torch.randn(6, 10, 2, { requires_grad: true }), mesh, [
              new Shard(1),
            ]);
            const target = torch.randint(10, [6, 2]).index_fill(0, torch.tensor([1]), weighted ? 2 : -100);
            const weight = torch.rand(10);
            const loss = parallel.loss_parallel(() =>
              F.cross_entropy(logits, target, { reduction, ...(weighted && { weight }) }),
            );
            (reduction === 'none' ? loss.sum() : loss).backward();
            return [loss.full_tensor().detach(), logits.grad.to_local()];
          });
        }
      }
      note('loss of replicated logits', () =>
        parallel.loss_parallel(() =>
          F.cross_entropy(DTensor.from_local(torch.ones(2, 3), mesh, [new Replicate()]), torch.tensor([0, 1])),
        ),
      );
      if (!in_one_group_with_python)
        note('layer norm alone', () => {
          const norm = parallel.parallelize_module(
            seeded(() => new nn.LayerNorm(6)),
            mesh,
            new SequenceParallel(),
          );
          torch.manual_seed(6 + dist.get_rank());
          const out = norm(torch.randn(2, 3, 6));
          out.to_local().square().sum().backward();
          return [out.shape, out.to_local().detach(), norm.weight.grad.full_tensor(), norm.bias.grad.full_tensor()];
        });
      note('other module', () => parallel.parallelize_module(new nn.ReLU(), mesh, new ColwiseParallel()));
      note('texts', () =>
        [
          new ColwiseParallel(),
          new RowwiseParallel({ output_layouts: new Shard(1), use_local_output: false }),
          new SequenceParallel({ sequence_dim: 2 }),
          new PrepareModuleInput({
            input_layouts: [new Shard(0), null],
            desired_input_layouts: [new Replicate(), null],
            input_kwarg_layouts: { mask: new Shard(0) },
            desired_input_kwarg_layouts: { mask: new Replicate() },
          }),
          new PrepareModuleOutput({ output_layouts: new Replicate(), desired_output_layouts: new Shard(0) }),
          new parallel.PrepareModuleInputOutput({
            output_layouts: new Replicate(),
            desired_output_layouts: new Shard(0),
          }),
        ].map(String),
      );
      note('prepared', () => {
        const model = seeded(() => new nn.Linear(4, 4));
        parallel.parallelize_module(
          model,
          mesh,
          new parallel.PrepareModuleInputOutput({
            input_layouts: new Shard(0),
            desired_input_layouts: new Replicate(),
            use_local_input: true,
            output_layouts: new Replicate(),
            desired_output_layouts: new Shard(1),
          }),
        );
        torch.manual_seed(7 + dist.get_rank());
        const x = torch.randn(2, 4, { requires_grad: true });
        const out = model(x);
        out.square().sum().backward();
        return [out.detach(), x.grad, model.weight.grad];
      });
    },
  };
}
