"""Attention over the neighbours of the nodes of a graph."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.optim import Adam


class GraphAttentionLayer(nn.Module):
    def __init__(self, in_features, out_features, n_heads, concat=False, dropout=0.4, leaky_relu_slope=0.2):
        super().__init__()
        self.n_heads, self.concat, self.dropout = n_heads, concat, dropout
        self.n_hidden = out_features // n_heads if concat else out_features
        self.W = nn.Parameter(torch.empty(size=(in_features, self.n_hidden * n_heads)))
        self.a = nn.Parameter(torch.empty(size=(n_heads, 2 * self.n_hidden, 1)))
        self.leakyrelu = nn.LeakyReLU(leaky_relu_slope)
        self.softmax = nn.Softmax(dim=1)
        nn.init.xavier_normal_(self.W)
        nn.init.xavier_normal_(self.a)

    def forward(self, h, adj):
        n = h.shape[0]
        h = torch.mm(h, self.W)
        h = F.dropout(h, self.dropout, training=self.training)
        h = h.view(n, self.n_heads, self.n_hidden).permute(1, 0, 2)
        source = torch.matmul(h, self.a[:, :self.n_hidden, :])
        target = torch.matmul(h, self.a[:, self.n_hidden:, :])
        e = self.leakyrelu(source + target.mT)
        e = torch.where(adj > 0, e, -9e16 * torch.ones_like(e))
        attention = F.dropout(F.softmax(e, dim=-1), self.dropout, training=self.training)
        out = torch.matmul(attention, h)
        if self.concat:
            return out.permute(1, 0, 2).contiguous().view(n, self.n_heads * self.n_hidden)
        return out.mean(dim=0)


class GAT(nn.Module):
    def __init__(self, features, hidden, heads, classes):
        super().__init__()
        self.gat1 = GraphAttentionLayer(features, hidden, heads, concat=True)
        self.gat2 = GraphAttentionLayer(hidden, classes, 1)

    def forward(self, x, adj):
        x = F.elu(self.gat1(x, adj))
        return F.log_softmax(self.gat2(x, adj), dim=1)


torch.manual_seed(13)
torch.set_num_threads(1)
nodes = 60
adj = (torch.rand(nodes, nodes) > 0.9).float()
adj = torch.maximum(adj, adj.T) + torch.eye(nodes)
features, labels = torch.rand(nodes, 40), torch.randint(0, 7, (nodes,))
model = GAT(40, 64, 8, 7)
optimizer = Adam(model.parameters(), lr=0.005, weight_decay=5e-4)
idx_train, idx_test = torch.arange(0, 40), torch.arange(40, nodes)
for epoch in range(4):
    model.train()
    optimizer.zero_grad()
    output = model(features, adj)
    loss = F.nll_loss(output[idx_train], labels[idx_train])
    loss.backward()
    optimizer.step()
    model.eval()
    with torch.no_grad():
        output = model(features, adj)
        right = output[idx_test].argmax(dim=1).eq(labels[idx_test]).float().mean().item()
    print(f"Epoch {epoch:04d} loss: {loss.item():.6f} test: {right:.4f}")
