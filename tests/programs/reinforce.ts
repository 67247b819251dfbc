/** REINFORCE: log-probabilities of a policy weighted by normalized returns, on a cart that balances a pole. */
import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import { Categorical } from 'torch-node/distributions';
import * as nn from 'torch-node/nn';
import * as F from 'torch-node/nn/functional';
import * as np from 'torch-node/numpy';
import * as optim from 'torch-node/optim';
import { collections, f, math, print, range, zip } from 'torch-node/python';

/** The pole falls by gravity; the cart is pushed to the left or the right. */
class CartPole {
  private rng!: np.random.Generator;
  private state!: np.NDArray;

  reset({ seed = null }: { seed?: number | null } = {}): [state: np.NDArray, info: object] {
    if (seed !== null) this.rng = np.random.default_rng(seed);
    this.state = this.rng.uniform(-0.05, 0.05, { size: [4] });
    return [this.state.astype(np.float32), {}];
  }

  step(action: number): [state: np.NDArray, reward: number, terminated: boolean, truncated: boolean, info: object] {
    const [x, speed, angle, turning] = this.state.tolist() as [number, number, number, number];
    const force = action === 1 ? 10 : -10;
    const [sine, cosine] = [math.sin(angle), math.cos(angle)];
    const push = (force + 0.05 * turning * turning * sine) / 1.1;
    const turn = (9.8 * sine - cosine * push) / (0.5 * (4 / 3 - (0.1 * cosine * cosine) / 1.1));
    const move = push - (0.05 * turn * cosine) / 1.1;
    const next = [x + 0.02 * speed, speed + 0.02 * move, angle + 0.02 * turning, turning + 0.02 * turn];
    this.state = np.array(next);
    const terminated = Math.abs(next[0]!) > 2.4 || Math.abs(next[2]!) > 0.2095;
    return [this.state.astype(np.float32), 1, terminated, false, {}];
  }
}

const [gamma, log_interval, seed] = [0.99, 2, 543];
const env = new CartPole();
env.reset({ seed });
torch.manual_seed(seed);
torch.set_num_threads(1);

class Policy extends nn.Module {
  affine1 = new nn.Linear(4, 128);
  dropout = new nn.Dropout({ p: 0.6 });
  affine2 = new nn.Linear(128, 2);
  saved_log_probs: Tensor[] = [];
  rewards: number[] = [];

  forward(x: Tensor): Tensor {
    x = this.affine1(x);
    x = this.dropout(x);
    x = F.relu(x);
    const action_scores = this.affine2(x);
    return F.softmax(action_scores, { dim: 1 });
  }
}

const policy = new Policy();
const optimizer = new optim.Adam(policy.parameters(), { lr: 1e-2 });
const { eps } = np.finfo(np.float32);
print(eps);

function select_action(array: np.NDArray): number {
  const state = torch.from_numpy(array).float().unsqueeze(0);
  const probs = policy(state);
  const m = new Categorical(probs);
  const action = m.sample();
  policy.saved_log_probs.push(m.log_prob(action));
  return action.item();
}

function finish_episode(): Tensor {
  let R = 0;
  const losses: Tensor[] = [];
  const discounted = new collections.deque<number>();
  for (const r of policy.rewards.toReversed()) {
    R = r + gamma * R;
    discounted.appendleft(R);
  }
  let returns = torch.tensor([...discounted], { dtype: torch.float32 });
  returns = returns.sub(returns.mean()).div(returns.std().add(eps));
  for (const [log_prob, R] of zip(policy.saved_log_probs, returns)) losses.push(log_prob.neg().mul(R));
  optimizer.zero_grad();
  const policy_loss = torch.cat(losses).sum();
  policy_loss.backward();
  optimizer.step();
  policy.rewards.length = 0;
  policy.saved_log_probs.length = 0;
  return policy_loss;
}

function main(): void {
  let running_reward = 10;
  for (let i_episode = 1; ; i_episode++) {
    let [state] = env.reset();
    let ep_reward = 0;
    let t = 0;
    for (t of range(1, 10000)) {
      const action = select_action(state);
      const [next, reward, terminated, truncated] = env.step(action);
      state = next;
      policy.rewards.push(reward);
      ep_reward += reward;
      if (terminated || truncated) break;
    }
    running_reward = 0.05 * ep_reward + (1 - 0.05) * running_reward;
    const loss = finish_episode();
    if (i_episode % log_interval === 0) {
      print(
        f`Episode ${i_episode}\tLast reward: ${ep_reward}:.2f\tAverage reward: ${running_reward}:.2f\tloss ${loss}:.5f`,
      );
    }
    if (running_reward > 11.5 || i_episode === 20) {
      print(f`Solved! Running reward is now ${running_reward} and the last episode runs to ${t} time steps!`);
      break;
    }
  }
}

main();
