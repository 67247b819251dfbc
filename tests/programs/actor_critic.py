"""Policies for a pole on a cart: REINFORCE, and an actor with a critic. The environment is written here."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.distributions import Categorical


class CartPole:
    """The pole falls by gravity; the cart is pushed to the left or the right."""

    def reset(self):
        self.state = [0.01, -0.02, 0.03, 0.02]
        return torch.tensor(self.state)

    def step(self, action):
        x, speed, angle, turning = self.state
        force = 10.0 if action == 1 else -10.0
        sine, cosine = math.sin(angle), math.cos(angle)
        push = (force + 0.05 * turning * turning * sine) / 1.1
        turn = (9.8 * sine - cosine * push) / (0.5 * (4.0 / 3.0 - 0.1 * cosine * cosine / 1.1))
        move = push - 0.05 * turn * cosine / 1.1
        self.state = [x + 0.02 * speed, speed + 0.02 * move, angle + 0.02 * turning, turning + 0.02 * turn]
        done = abs(self.state[0]) > 2.4 or abs(self.state[2]) > 0.2095
        return torch.tensor(self.state), 1.0, done


class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.affine1 = nn.Linear(4, 128)
        self.dropout = nn.Dropout(p=0.6)
        self.action_head = nn.Linear(128, 2)
        self.value_head = nn.Linear(128, 1)
        self.saved = []
        self.rewards = []

    def forward(self, x):
        x = F.relu(self.dropout(self.affine1(x)))
        return F.softmax(self.action_head(x), dim=-1), self.value_head(x)

    def select_action(self, state):
        probs, value = self(state)
        m = Categorical(probs)
        action = m.sample()
        self.saved.append((m.log_prob(action), value))
        return action.item()


def discounted(rewards):
    R, returns = 0.0, []
    for r in reversed(rewards):
        R = r + 0.99 * R
        returns.insert(0, R)
    returns = torch.tensor(returns)
    return (returns - returns.mean()) / (returns.std() + 1e-6)


def finish_episode(model, optimizer, with_critic):
    policy_losses, value_losses = [], []
    for (log_prob, value), R in zip(model.saved, discounted(model.rewards)):
        advantage = R - value.item() if with_critic else R
        policy_losses.append(-log_prob * advantage)
        value_losses.append(F.smooth_l1_loss(value, torch.tensor([R])))
    optimizer.zero_grad()
    loss = torch.stack(policy_losses).sum()
    if with_critic:
        loss = loss + torch.stack(value_losses).sum()
    loss.backward()
    optimizer.step()
    model.saved.clear()
    model.rewards.clear()
    return loss.item()


torch.set_num_threads(1)
for with_critic in (False, True):
    torch.manual_seed(543)
    env, model = CartPole(), Policy()
    optimizer = optim.Adam(model.parameters(), lr=3e-2)
    running_reward = 10.0
    for i_episode in range(1, 9):
        state, ep_reward = env.reset(), 0.0
        for t in range(1, 200):
            state, reward, done = env.step(model.select_action(state))
            model.rewards.append(reward)
            ep_reward += reward
            if done:
                break
        running_reward = 0.05 * ep_reward + (1 - 0.05) * running_reward
        loss = finish_episode(model, optimizer, with_critic)
        print(f"Episode {i_episode} steps: {t} loss: {loss:.5f} average: {running_reward:.4f}")
