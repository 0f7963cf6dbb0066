"""Graphs, TU data sets and batches, in NumPy and plain PyTorch."""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F


class Graph:
    """An undirected graph: edges [E, 2] with u < v and no doubles, one label a node, one class."""

    __slots__ = ("nodes", "edges", "labels", "y", "_neighbours")

    def __init__(self, labels, edges, y):
        self.labels = labels
        self.nodes = len(labels)
        self.edges = edges
        self.y = y
        self._neighbours = None

    @property
    def neighbours(self):
        if self._neighbours is None:
            self._neighbours = [[] for _ in range(self.nodes)]
            for u, v in self.edges.tolist():
                self._neighbours[u].append(v)
                self._neighbours[v].append(u)
        return self._neighbours

    def degrees(self):
        return np.bincount(self.edges.ravel(), minlength=self.nodes)


def canonical(edges, nodes):
    """Edges, none of them a loop, with u < v and each once."""
    low, high = np.minimum(edges[:, 0], edges[:, 1]), np.maximum(edges[:, 0], edges[:, 1])
    keys = np.unique(low * nodes + high)
    result = np.empty((len(keys), 2), dtype=np.int64)
    np.divmod(keys, nodes, out=(result[:, 0], result[:, 1]))
    return result


def load_tu(folder):
    """Reads a TU data set with node labels."""
    folder = Path(folder)

    def column(name, **options):
        return np.loadtxt(folder / f"{folder.name}_{name}.txt", dtype=np.int64, **options)

    graph_of = column("graph_indicator") - 1
    pairs = column("A", delimiter=",") - 1
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    labels = column("node_labels")
    labels -= labels.min()
    classes = np.unique(column("graph_labels"), return_inverse=True)[1]
    starts = np.concatenate([[0], np.cumsum(np.bincount(graph_of, minlength=len(classes)))])
    pairs = pairs[np.argsort(graph_of[pairs[:, 0]], kind="stable")]
    ends = np.searchsorted(graph_of[pairs[:, 0]], np.arange(len(classes) + 1))
    graphs = []
    for g, y in enumerate(classes.tolist()):
        nodes = starts[g + 1] - starts[g]
        edges = canonical(pairs[ends[g] : ends[g + 1]] - starts[g], nodes)
        graphs.append(Graph(labels[starts[g] : starts[g + 1]], edges, y))
    return graphs


class Batch:
    """Several graphs as one block-diagonal graph."""

    def __init__(self, graphs, label_columns):
        sizes = np.array([graph.nodes for graph in graphs])
        self.offsets = np.concatenate([[0], np.cumsum(sizes)])
        self.graphs = len(graphs)
        self.nodes = int(self.offsets[-1])
        edge_counts = [len(graph.edges) for graph in graphs]
        edges = np.concatenate([graph.edges for graph in graphs]) + np.repeat(self.offsets[:-1], edge_counts)[:, None]
        targets = np.concatenate([edges[:, 0], edges[:, 1]])
        sources = np.concatenate([edges[:, 1], edges[:, 0]])
        order = np.argsort(targets, kind="stable")
        targets, sources = targets[order], sources[order]
        degrees = np.bincount(targets, minlength=self.nodes)
        # Both directions of every edge, sorted by target: a CSR matrix as it stands.
        self.sources = torch.from_numpy(sources)
        self.targets = torch.from_numpy(targets)
        self.row_starts = torch.from_numpy(np.concatenate([[0], np.cumsum(degrees)]))
        self.degrees = torch.from_numpy(degrees).float()
        self.graph_of = torch.from_numpy(np.repeat(np.arange(self.graphs), sizes))
        self.sizes = torch.from_numpy(sizes)
        labels = torch.from_numpy(np.concatenate([graph.labels for graph in graphs]))
        self.x = F.one_hot(labels, label_columns).float()
        self.y = torch.tensor([graph.y for graph in graphs])

    def csr(self, values=None):
        """The adjacency matrix, or one with the same pattern and other values."""
        values = torch.ones(len(self.sources)) if values is None else values
        return torch.sparse_csr_tensor(self.row_starts, self.sources, values, (self.nodes, self.nodes))
