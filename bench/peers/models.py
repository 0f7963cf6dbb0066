"""GIN, GCN and GAT graph classifiers in plain PyTorch; parameters are named as in PyTorch Geometric."""

import torch
import torch.nn as nn
import torch.nn.functional as F

from products import by_symmetric_csr, sum_readout


class GINConv(nn.Module):
    """The network of a GIN layer: two linear layers with BatchNorm and ReLU each (Xu et al. 2019)."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.nn = nn.Sequential(
            nn.Linear(inputs, outputs),
            nn.BatchNorm1d(outputs),
            nn.ReLU(),
            nn.Linear(outputs, outputs),
            nn.BatchNorm1d(outputs),
            nn.ReLU(),
        )


class GIN(nn.Module):
    """Sum aggregation with eps = 0 and sum readout."""

    def __init__(self, inputs, hidden, layers, classes):
        super().__init__()
        self.convs = nn.ModuleList(GINConv(inputs if i == 0 else hidden, hidden) for i in range(layers))
        self.lin = nn.Linear(hidden, classes)

    @staticmethod
    def prepare(batch, formulation=by_symmetric_csr):
        """What depends on the batch alone: the product with A, and (A + I) X, the first layer's input."""
        batch.product = formulation(batch)
        batch.first = batch.x + batch.product(batch.x)
        return batch

    def forward(self, batch, bounds=None, record=None):
        """
        Logits and layer outputs.

        bounds: upper bounds of the aggregated input, hidden activation and output of every layer, and lower and upper
        bounds of the nodes' contributions to the logits, or None
        record: called with the aggregated input, hidden activation and output of every layer
        """
        outputs = []
        h = batch.first
        for i, conv in enumerate(self.convs):
            limits = bounds.layers[i] if bounds else (None, None, None)
            if i > 0:
                h = h + batch.product(h)
            aggregated = clipped(h, limits[0])
            hidden = clipped(conv.nn[:3](aggregated), limits[1])
            h = clipped(conv.nn[3:](hidden), limits[2])
            if record:
                record(i, aggregated, hidden, h)
            outputs.append(h)
        if bounds is None or bounds.contributions is None:
            return self.lin(sum_readout(h, batch)), outputs
        low, high = bounds.contributions
        contributions = torch.clamp(centred_contributions(h, self.lin.weight), low, high)
        return sum_readout(contributions, batch) + self.lin.bias, outputs


def clipped(values, upper):
    return values if upper is None else torch.minimum(values, upper)


def centred_contributions(h, weight):
    """What each node adds to the logits, less the mean over classes."""
    contributions = h @ weight.t()
    return contributions - contributions.mean(1, keepdim=True)


class GCNConv(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.lin = nn.Linear(inputs, outputs, bias=False)
        self.bias = nn.Parameter(torch.zeros(outputs))


class GCN(nn.Module):
    """(D+I)^-1/2 (A+I) (D+I)^-1/2 H W + b (Kipf & Welling 2017), BatchNorm and ReLU behind it, sum readout."""

    def __init__(self, inputs, hidden, layers, classes):
        super().__init__()
        self.convs = nn.ModuleList(GCNConv(inputs if i == 0 else hidden, hidden) for i in range(layers))
        self.norms = nn.ModuleList(nn.BatchNorm1d(hidden) for _ in range(layers))
        self.lin = nn.Linear(hidden, classes)

    @staticmethod
    def prepare(batch, formulation=by_symmetric_csr):
        scale = (batch.degrees + 1).rsqrt()
        neighbours = formulation(batch, scale[batch.sources] * scale[batch.targets])
        own = (scale * scale)[:, None]
        batch.product = lambda h: torch.addcmul(neighbours(h), h, own)
        batch.first = batch.product(batch.x)
        return batch

    def forward(self, batch):
        h = batch.first
        for i, (conv, norm) in enumerate(zip(self.convs, self.norms)):
            if i > 0:
                h = batch.product(h)
            h = F.relu(norm(F.linear(h, conv.lin.weight, conv.bias)))
        return self.lin(sum_readout(h, batch)), None


class GATConv(nn.Module):
    def __init__(self, inputs, outputs, heads):
        super().__init__()
        self.lin = nn.Linear(inputs, outputs, bias=False)
        self.att_src = nn.Parameter(torch.zeros(1, heads, outputs // heads))
        self.att_dst = nn.Parameter(torch.zeros(1, heads, outputs // heads))
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, h, batch):
        heads, width = self.att_src.shape[1:]
        z = self.lin(h).view(-1, heads, width)
        from_source = (z * self.att_src).sum(-1)
        at_target = (z * self.att_dst).sum(-1)
        scores = from_source.index_select(0, batch.loop_sources) + at_target.index_select(0, batch.loop_targets)
        # Softmax over the edges into each node. An upper bound of its scores keeps the exponentials finite; the result
        # does not depend on it. Cheaper than each node's own largest score, which takes a scatter.
        with torch.no_grad():
            largest = F.leaky_relu(from_source.max(0).values + at_target, 0.2)
        weights = torch.exp(F.leaky_relu(scores, 0.2) - largest.index_select(0, batch.loop_targets))
        sums = torch.zeros(batch.nodes, heads).index_add_(0, batch.loop_targets, weights)
        messages = weights[:, :, None] * z.index_select(0, batch.loop_sources)
        total = torch.zeros_like(z).index_add_(0, batch.loop_targets, messages)
        return (total / sums[:, :, None]).view(-1, heads * width) + self.bias


class GAT(nn.Module):
    """Attention over neighbours and the node itself, heads side by side (Velickovic et al. 2018); BatchNorm and ReLU."""

    def __init__(self, inputs, hidden, layers, classes, heads=4):
        super().__init__()
        self.convs = nn.ModuleList(GATConv(inputs if i == 0 else hidden, hidden, heads) for i in range(layers))
        self.norms = nn.ModuleList(nn.BatchNorm1d(hidden) for _ in range(layers))
        self.lin = nn.Linear(hidden, classes)

    @staticmethod
    def prepare(batch, _formulation=None):
        loops = torch.arange(batch.nodes)
        batch.loop_sources = torch.cat([batch.sources, loops])
        batch.loop_targets = torch.cat([batch.targets, loops])
        return batch

    def forward(self, batch):
        h = batch.x
        for conv, norm in zip(self.convs, self.norms):
            h = F.relu(norm(conv(h, batch)))
        return self.lin(sum_readout(h, batch)), None
