/** Policies for a pole on a cart: REINFORCE, and an actor with a critic. The environment is written here. */
import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import { Categorical } from 'torch-node/distributions';
import * as nn from 'torch-node/nn';
import * as F from 'torch-node/nn/functional';
import * as optim from 'torch-node/optim';
import { f, math, print, range, zip } from 'torch-node/python';

type State = [x: number, speed: number, angle: number, turning: number];

/** The pole falls by gravity; the cart is pushed to the left or the right. */
class CartPole {
  state: State = [0, 0, 0, 0];

  reset(): Tensor {
    this.state = [0.01, -0.02, 0.03, 0.02];
    return torch.tensor(this.state);
  }

  step(action: number): [state: Tensor, reward: number, done: boolean] {
    const [x, speed, angle, turning] = this.state;
    const force = action === 1 ? 10 : -10;
    const [sine, cosine] = [math.sin(angle), math.cos(angle)];
    const push = (force + 0.05 * turning * turning * sine) / 1.1;
    const turn = (9.8 * sine - cosine * push) / (0.5 * (4 / 3 - (0.1 * cosine * cosine) / 1.1));
    const move = push - (0.05 * turn * cosine) / 1.1;
    this.state = [x + 0.02 * speed, speed + 0.02 * move, angle + 0.02 * turning, turning + 0.02 * turn];
    const done = Math.abs(this.state[0]) > 2.4 || Math.abs(this.state[2]) > 0.2095;
    return [torch.tensor(this.state), 1, done];
  }
}

class Policy extends nn.Module {
  affine1 = new nn.Linear(4, 128);
  dropout = new nn.Dropout({ p: 0.6 });
  action_head = new nn.Linear(128, 2);
  value_head = new nn.Linear(128, 1);
  saved: [log_prob: Tensor, value: Tensor][] = [];
  rewards: number[] = [];

  forward(x: Tensor): [probs: Tensor, value: Tensor] {
    x = F.relu(this.dropout(this.affine1(x)));
    return [F.softmax(this.action_head(x), { dim: -1 }), this.value_head(x)];
  }

  select_action(state: Tensor): number {
    const [probs, value] = (this as Policy)(state);
    const m = new Categorical(probs);
    const action = m.sample();
    this.saved.push([m.log_prob(action), value]);
    return action.item();
  }
}

function discounted(rewards: number[]): Tensor {
  let R = 0;
  const list: number[] = [];
  for (const r of rewards.toReversed()) {
    R = r + 0.99 * R;
    list.unshift(R);
  }
  const returns = torch.tensor(list, { dtype: torch.float32 });
  return returns.sub(returns.mean()).div(returns.std().add(1e-6));
}

function finish_episode(model: Policy, optimizer: optim.Adam, with_critic: boolean): number {
  const [policy_losses, value_losses]: [Tensor[], Tensor[]] = [[], []];
  for (const [[log_prob, value], R] of zip(model.saved, discounted(model.rewards))) {
    const advantage = with_critic ? R.sub(value.item()) : R;
    policy_losses.push(log_prob.neg().mul(advantage));
    value_losses.push(F.smooth_l1_loss(value, torch.tensor([R.item()], { dtype: torch.float32 })));
  }
  optimizer.zero_grad();
  let loss = torch.stack(policy_losses).sum();
  if (with_critic) loss = loss.add(torch.stack(value_losses).sum());
  loss.backward();
  optimizer.step();
  model.saved.length = 0;
  model.rewards.length = 0;
  return loss.item();
}

torch.set_num_threads(1);
for (const with_critic of [false, true]) {
  torch.manual_seed(543);
  const [env, model] = [new CartPole(), new Policy()];
  const optimizer = new optim.Adam(model.parameters(), { lr: 3e-2 });
  let running_reward = 10;
  for (const i_episode of range(1, 9)) {
    let [state, ep_reward, t] = [env.reset(), 0, 0];
    for (t of range(1, 200)) {
      const [next, reward, done] = env.step(model.select_action(state));
      state = next;
      model.rewards.push(reward);
      ep_reward += reward;
      if (done) break;
    }
    running_reward = 0.05 * ep_reward + (1 - 0.05) * running_reward;
    const loss = finish_episode(model, optimizer, with_critic);
    print(f`Episode ${i_episode} steps: ${t} loss: ${loss}:.5f average: ${running_reward}:.4f`);
  }
}
