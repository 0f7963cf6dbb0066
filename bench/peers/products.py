"""Products with constant sparse matrices: the ways that plain PyTorch offers to pass messages and to read out."""

import warnings

import torch

# PyTorch calls its CSR tensors a beta feature, on every start.
warnings.filterwarnings("ignore", message="Sparse CSR tensor support is in beta")


class SymmetricProduct(torch.autograd.Function):
    """A h for a constant symmetric A: its gradient is the same product, where PyTorch would transpose A at every step."""

    @staticmethod
    def forward(ctx, matrix, h):
        ctx.matrix = matrix
        return matrix @ h

    @staticmethod
    def backward(ctx, gradient):
        return None, ctx.matrix @ gradient


def by_index_add(batch, weights=None):
    def product(h):
        messages = h.index_select(0, batch.sources)
        if weights is not None:
            messages = messages * weights[:, None]
        return torch.zeros_like(h).index_add_(0, batch.targets, messages)

    return product


def by_scatter_add(batch, weights=None):
    def product(h):
        messages = h.index_select(0, batch.sources)
        if weights is not None:
            messages = messages * weights[:, None]
        return torch.zeros_like(h).scatter_add_(0, batch.targets[:, None].expand(-1, h.shape[1]), messages)

    return product


def by_sparse_coo(batch, weights=None):
    values = torch.ones(len(batch.sources)) if weights is None else weights
    indices = torch.stack([batch.targets, batch.sources])
    matrix = torch.sparse_coo_tensor(indices, values, (batch.nodes, batch.nodes), is_coalesced=True)
    return lambda h: torch.sparse.mm(matrix, h)


def by_sparse_csr(batch, weights=None):
    matrix = batch.csr(weights)
    return lambda h: matrix @ h


def by_symmetric_csr(batch, weights=None):
    matrix = batch.csr(weights)
    return lambda h: SymmetricProduct.apply(matrix, h)


FORMULATIONS = {
    "index_add_": by_index_add,
    "scatter_add_": by_scatter_add,
    "sparse COO": by_sparse_coo,
    "sparse CSR": by_sparse_csr,
    "sparse CSR, symmetric gradient": by_symmetric_csr,
}


def sum_readout(h, batch):
    return torch.zeros(batch.graphs, h.shape[1]).index_add_(0, batch.graph_of, h)
