/** Every distribution, with several sets of parameters: texts, numbers to the bit, and gradients are Python's. */
import * as torch from 'torch-node';
import { describe, expect, it } from 'vitest';

import { cases, of_classes, type Case } from './cases.js';
import { attempt, constructed, difference, encoded, type Encoded, gradients, reference } from './values.js';

type Distribution = torch.distributions.Distribution;

/** As the script's function of this name. */
function replay(one: Case): Record<string, Encoded> {
  const results: Record<string, Encoded> = {};
  const note = (name: string, make: () => unknown): void => {
    torch.manual_seed(7);
    results[name] = attempt(make);
  };
  const fresh = (): Distribution => constructed(one)[0];
  const attribute = (distribution: Distribution, name: string): unknown =>
    (distribution as unknown as Record<string, unknown>)[name];
  const [made] = constructed(one);
  note('repr', () => String(made));
  for (const name of ['batch_shape', 'event_shape', 'has_rsample', 'has_enumerate_support'])
    note(name, () => attribute(made, name));
  note('support', () => String(made.support));
  note('arg_constraints', () => torch.python_repr(made.arg_constraints));
  for (const name of ['mean', 'mode', 'variance', 'stddev', ...one.attributes])
    note(name, () => attribute(fresh(), name));
  note('entropy', () => fresh().entropy());
  note('perplexity', () => fresh().perplexity());
  note('sample', () => fresh().sample());
  note('sample([2, 3])', () => fresh().sample([2, 3]));
  const with_gradients = (compute: (distribution: Distribution) => torch.Tensor): unknown => {
    const [distribution, leaves] = constructed(one);
    const value = compute(distribution);
    return [value, ...gradients(value, leaves)];
  };
  note('rsample([2])', () =>
    with_gradients((distribution) => {
      const x = distribution.rsample([2]);
      return x.mul(torch.arange(1, x.numel() + 1).view(x.shape));
    }),
  );
  torch.manual_seed(8);
  let value = torch.zeros([]);
  try {
    value = made.sample([3]).detach();
  } catch {
    // Those that cannot be sampled.
  }
  note('log_prob', () => with_gradients((distribution) => distribution.log_prob(value)));
  note('cdf', () => with_gradients((distribution) => distribution.cdf(value)));
  note('icdf', () => with_gradients((distribution) => distribution.icdf(torch.full_like(value, 0.3))));
  note('enumerate_support', () => fresh().enumerate_support());
  note('enumerate_support(False)', () => fresh().enumerate_support({ expand: false }));
  note('gradient of entropy', () => with_gradients((distribution) => distribution.entropy()));
  const expanded = (): Distribution => fresh().expand([2, ...made.batch_shape]);
  note('expand', () => String(expanded()));
  note('shapes of expand', () => [expanded().batch_shape, expanded().event_shape]);
  note('sample of expand', () => expanded().sample([2]));
  note('log_prob of expand', () => expanded().log_prob(value.dim() > 0 ? value.index(':', null) : value));
  note('mean of expand', () => expanded().mean);
  note('entropy of expand', () => expanded().entropy());
  return results;
}

/** What Python refuses by mistake, and is here: its text, by class and result. */
const ours_alone: Record<string, Record<string, string>> = {
  // expand() forgets a part.
  Multinomial: { 'entropy of expand': "'Multinomial' object has no attribute '_binomial'" },
  // A mask that the graph holds is changed in place.
  Wishart: {
    'rsample([2])': 'one of the variables needed for gradient computation has been modified by an inplace operation',
  },
};

const expected = reference<Record<string, Encoded>[]>('replay', cases);

describe('equals Python', () => {
  it.each(cases.map((one, i) => [`${one.name} ${one.dtype} ${JSON.stringify(one.args)}`, one, i] as const))(
    '%s',
    (_title, one, i) => {
      const ours = replay(one);
      expect(Object.keys(ours)).toEqual(Object.keys(expected[i]!));
      const differences = Object.entries(ours).flatMap(([name, value]) => {
        const refusal = ours_alone[one.name]?.[name];
        if (refusal !== undefined) {
          expect(value).not.toHaveProperty('error');
          expect((expected[i]![name] as { error: string }).error).toContain(refusal);
          return [];
        }
        const text = difference(value, expected[i]![name]!);
        return text === undefined ? [] : [`${name}: ${text}`];
      });
      expect(differences).toEqual([]);
    },
  );
});

it('every class of torch.distributions is among the cases', () => {
  const names = Object.entries(torch.distributions)
    .filter(([, value]) => typeof value === 'function' && value.prototype instanceof torch.distributions.Distribution)
    .map(([name]) => name);
  const tested = new Set(cases.map(({ name }) => name));
  expect(names.filter((name) => !tested.has(name))).toEqual(['ExponentialFamily']);
  expect(tested.size).toBeGreaterThan(40);
});

describe('divergences equal Python', () => {
  const pairs = of_classes.flatMap((p) =>
    of_classes.filter(({ dtype }) => dtype === p.dtype).map((q) => [p, q] as const),
  );
  const theirs = reference<Encoded[]>('kl', of_classes);
  it.each([...new Set(of_classes.map(({ name }) => name))])('of %s', (name) => {
    const differences = pairs.flatMap(([p, q], i) => {
      if (p.name !== name) return [];
      const ours = attempt(() => {
        const [[first, leaves], [second, more]] = [constructed(p), constructed(q)];
        const value = torch.distributions.kl_divergence(first, second);
        const tensors = [...leaves, ...more];
        return [value, ...(value.requires_grad ? gradients(value, tensors) : tensors.map(() => null))];
      });
      const text = difference(ours, theirs[i]!);
      return text === undefined ? [] : [`${q.name} ${q.dtype}: ${text}`];
    });
    expect(differences).toEqual([]);
  });

  it('is about many', () => {
    expect(pairs.length).toBe(theirs.length);
    expect(theirs.filter((value) => Array.isArray(value)).length).toBeGreaterThan(150);
    expect(encoded(null)).toBeNull();
  });
});
