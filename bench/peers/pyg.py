"""The same classifiers in PyTorch Geometric."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch_geometric.data import Batch, Data
from torch_geometric.nn import GATConv, GCNConv, GINConv, global_add_pool


class Network(nn.Module):
    def __init__(self, kind, inputs, hidden, layers, classes, heads=4):
        super().__init__()
        widths = [inputs] + [hidden] * layers
        pairs = list(zip(widths, widths[1:]))
        if kind == "gin":
            self.convs = nn.ModuleList(GINConv(gin_network(a, b)) for a, b in pairs)
        elif kind == "gcn":
            self.convs = nn.ModuleList(GCNConv(a, b) for a, b in pairs)
        else:
            self.convs = nn.ModuleList(GATConv(a, b // heads, heads=heads) for a, b in pairs)
        # A GIN layer's network holds its BatchNorm and ReLU.
        if kind != "gin":
            self.norms = nn.ModuleList(nn.BatchNorm1d(hidden) for _ in range(layers))
        self.lin = nn.Linear(hidden, classes)

    def forward(self, batch):
        h = batch.x
        for i, conv in enumerate(self.convs):
            h = conv(h, batch.message_edges)
            if hasattr(self, "norms"):
                h = F.relu(self.norms[i](h))
        return self.lin(global_add_pool(h, batch.batch, batch.num_graphs)), None


def gin_network(inputs, outputs):
    return nn.Sequential(
        nn.Linear(inputs, outputs),
        nn.BatchNorm1d(outputs),
        nn.ReLU(),
        nn.Linear(outputs, outputs),
        nn.BatchNorm1d(outputs),
        nn.ReLU(),
    )


def to_data(graph, label_columns):
    """One graph as PyTorch Geometric keeps it, edges in both directions."""
    edges = torch.from_numpy(graph.edges).t()
    return Data(
        x=F.one_hot(torch.from_numpy(graph.labels), label_columns).float(),
        edge_index=torch.cat([edges, edges.flip(0)], dim=1),
        y=torch.tensor([graph.y]),
    )


def collate(data, formulation):
    """
    formulation: `edge_index`, or `sparse CSR`: the adjacency as a sparse tensor, which GINConv and GCNConv multiply with
    """
    batch = Batch.from_data_list(data)
    if formulation == "edge_index":
        batch.message_edges = batch.edge_index
    else:
        ones = torch.ones(batch.num_edges)
        shape = (batch.num_nodes, batch.num_nodes)
        batch.message_edges = torch.sparse_coo_tensor(batch.edge_index, ones, shape).coalesce().to_sparse_csr()
    return batch
