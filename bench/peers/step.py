"""
Training steps in plain PyTorch or PyTorch Geometric, at the other end of bench/engine/stepWorker.ts: reads one JSON
command a line from standard input, answers each with one line of JSON.

    python step.py torch|pyg THREADS
"""

import base64
import json
import platform
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

import models
from graphs import Batch, Graph
from products import FORMULATIONS


class PlainTorch:
    name = "PyTorch"
    formulations = list(FORMULATIONS)
    classes = {"gin": models.GIN, "gcn": models.GCN, "gat": models.GAT}

    def __init__(self, shape, graphs):
        self.shape = shape
        self.graphs = graphs
        # Attention weights change at every step: only gathering and adding does for GAT.
        if shape["kind"] == "gat":
            self.formulations = ["index_add_"]

    def collate(self, ids, formulation):
        batch = Batch([self.graphs[i] for i in ids], self.shape["inputs"])
        return self.classes[self.shape["kind"]].prepare(batch, FORMULATIONS[formulation])

    def model(self):
        shape = self.shape
        return self.classes[shape["kind"]](shape["inputs"], shape["hidden"], shape["layers"], shape["classes"])


class Geometric:
    name = "PyTorch Geometric"
    formulations = ["edge_index", "sparse CSR"]

    def __init__(self, shape, graphs):
        import pyg

        self.pyg = pyg
        self.shape = shape
        self.data = [pyg.to_data(graph, shape["inputs"]) for graph in graphs]
        if shape["kind"] == "gat":
            self.formulations = ["edge_index"]

    def collate(self, ids, formulation):
        return self.pyg.collate([self.data[i] for i in ids], formulation)

    def model(self):
        shape = self.shape
        return self.pyg.Network(shape["kind"], shape["inputs"], shape["hidden"], shape["layers"], shape["classes"])


class Trainer:
    """One model in training on a cycle of batches."""

    def __init__(self, side, weights, batches, formulation, foreach):
        self.side = side
        self.weights = weights
        self.ids = batches
        self.formulation = formulation
        self.foreach = foreach
        self.batches = [side.collate(ids, formulation) for ids in batches]
        self.reset()

    def reset(self, learning_rate=1e-3):
        self.model = self.side.model()
        self.model.load_state_dict(self.weights, strict=False)
        self.model.train()
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=learning_rate, foreach=self.foreach)
        self.taken = 0

    def step(self, batch):
        self.optimizer.zero_grad()
        loss = F.cross_entropy(self.model(batch)[0], batch.y)
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def train(self, steps, collating):
        losses = []
        start, processor_start = time.perf_counter(), time.process_time()
        for _ in range(steps):
            i = self.taken % len(self.ids)
            batch = self.side.collate(self.ids[i], self.formulation) if collating else self.batches[i]
            losses.append(self.step(batch))
            self.taken += 1
        return {
            "milliseconds": 1e3 * (time.perf_counter() - start),
            "processorMilliseconds": 1e3 * (time.process_time() - processor_start),
            "losses": losses,
        }


class Worker:
    def __init__(self, side):
        self.side_class = side
        self.trainers = {}

    def describe(self):
        versions = {"PyTorch": torch.__version__, "Python": platform.python_version()}
        if self.side_class is Geometric:
            import torch_geometric

            versions["PyTorch Geometric"] = torch_geometric.__version__
        return {"name": self.side_class.name, "versions": versions, "threads": torch.get_num_threads()}

    def prepare(self, shape, weights, graphs, batches, formulation=None):
        """Takes the data and finds the fastest formulation, or takes the one asked for."""
        side = self.side_class(shape, unpack_graphs(graphs))
        state = {name: array(tensor["values"]).view(tensor["shape"]) for name, tensor in weights.items()}
        wanted = side.formulations if formulation is None else [formulation]
        self.trainers = {
            f"{name}, Adam {'foreach' if foreach else 'for each tensor'}": Trainer(side, state, batches, name, foreach)
            for name in wanted
            for foreach in (False, True)
        }
        times = self.probe()
        best = min(times, key=times.get)
        self.trainer = self.trainers[best]
        return {"formulation": best, "formulations": times}

    def probe(self, rounds=6, steps=4, seconds=6):
        """Milliseconds a step of every formulation: the best of some short runs, taken in turns."""
        for trainer in self.trainers.values():
            trainer.train(2, False)
        times = {name: [] for name in self.trainers}
        start = time.perf_counter()
        for _ in range(rounds):
            for name, trainer in self.trainers.items():
                times[name].append(trainer.train(steps, False)["milliseconds"] / steps)
            if time.perf_counter() - start > seconds:
                break
        return {name: min(values) for name, values in times.items()}

    def train(self, steps, collating=False):
        return self.trainer.train(steps, collating)

    def reset(self, learningRate):
        self.trainer.reset(learningRate)
        return {}

    def gemm(self, m, k, n, transposeA, transposeB, repeats):
        a = torch.randn(k, m).t() if transposeA else torch.randn(m, k)
        b = torch.randn(n, k).t() if transposeB else torch.randn(k, n)
        start = time.perf_counter()
        for _ in range(repeats):
            a @ b
        return {"milliseconds": 1e3 * (time.perf_counter() - start)}


def array(packed):
    """A tensor of values sent as base64 of little-endian numbers."""
    values = np.frombuffer(base64.b64decode(packed["data"]), dtype=packed["type"])
    return torch.from_numpy(values.astype(np.int64 if packed["type"] == "<i4" else np.float32))


def unpack_graphs(packed):
    parts = {name: array(values).numpy() for name, values in packed.items()}
    node_starts, edge_starts = parts["nodeStarts"], parts["edgeStarts"]
    edges = parts["edges"].reshape(-1, 2)
    return [
        Graph(
            parts["labels"][node_starts[g] : node_starts[g + 1]],
            edges[edge_starts[g] : edge_starts[g + 1]],
            int(y),
        )
        for g, y in enumerate(parts["classes"])
    ]


def main():
    side = {"torch": PlainTorch, "pyg": Geometric}[sys.argv[1]]
    torch.set_num_threads(int(sys.argv[2]))
    worker = Worker(side)
    for line in sys.stdin:
        command = json.loads(line)
        answer = getattr(worker, command.pop("do"))(**command)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
