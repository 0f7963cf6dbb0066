"""Trains graph classifiers of other shapes than the usual one, clean and backdoored, to scan and purify (README.md).

    python train.py DATA FOLDER

DATA holds the TU data set AIDS, as `AIDS/AIDS_A.txt` and so on. FOLDER receives `fixtures/models/NAME.pt` and a JSON of
the same name with splits, trigger and plan, as `bench/purify/fixtures.ts` reads them. Needs PyTorch and PyTorch Geometric.
The trigger, four nodes with five edges between them, takes the place of random nodes in 10% of the training graphs that
are not of the target class, which they are labelled as.
"""

import json
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn
from torch_geometric.data import Batch, Data
from torch_geometric.nn import GATConv, GCNConv, GINConv, global_add_pool, global_mean_pool
from torch_geometric.utils import scatter

sys.path.insert(0, str(Path(__file__).parents[2] / "test/fixtures/models"))
from plan import ACT, RESIDUAL, batch_norm, eps, linear, tensors  # noqa: E402

INPUTS, WIDTH, CLASSES, LAYERS = 38, 32, 2, 3
TARGET, POISONED, HELD = 0, 0.1, 0.03
TRIGGER = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3)]
EPOCHS, RATE, BATCH = 40, 0.005, 64


class GinExample(nn.Module):
    """BatchNorm behind the ReLU in each network, two linear layers behind the readout (PyTorch Geometric's examples)."""

    architecture = dict(kind="gin", hidden=WIDTH, readout="sum", batchNorm=True, normBehindActivation=True, head=2)

    def __init__(self):
        super().__init__()
        network = lambda i: nn.Sequential(
            nn.Linear(i, WIDTH), nn.ReLU(), nn.Linear(WIDTH, WIDTH), nn.ReLU(), nn.BatchNorm1d(WIDTH))
        self.convs = nn.ModuleList([GINConv(network(INPUTS if i == 0 else WIDTH)) for i in range(LAYERS)])
        self.lin1, self.lin2 = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, CLASSES)

    def forward(self, x, edge_index, batch):
        for conv in self.convs:
            x = conv(x, edge_index)
        return self.lin2(F.relu(self.lin1(global_add_pool(x, batch))))

    @staticmethod
    def plan():
        def layer(i):
            stem, inputs = f"convs.{i}.nn.", INPUTS if i == 0 else WIDTH
            steps = [linear(stem + "0", inputs, WIDTH), ACT, linear(stem + "2", WIDTH, WIDTH), ACT,
                     batch_norm(stem + "4", WIDTH)]
            return dict(convolution=dict(kind="gin", width=inputs, eps=eps(f"convs.{i}.eps")), steps=steps)

        return dict(encoder=[], layers=[layer(i) for i in range(LAYERS)], head=[linear("lin1", WIDTH, WIDTH), ACT],
                    outputs=[tensors("lin2", WIDTH, CLASSES)])


class PowerfulGnns(nn.Module):
    """A linear layer for the readout of the features and of each layer (powerful-gnns, Xu et al. 2019)."""

    architecture = dict(kind="gin", hidden=WIDTH, readout="sum", batchNorm=True, jumping="cat", jumpingInput=True)

    def __init__(self):
        super().__init__()
        self.eps = nn.Parameter(torch.zeros(LAYERS))
        widths = [INPUTS] + [WIDTH] * LAYERS
        mlp = lambda i: nn.ModuleDict(dict(
            linears=nn.ModuleList([nn.Linear(i, WIDTH), nn.Linear(WIDTH, WIDTH)]),
            batch_norms=nn.ModuleList([nn.BatchNorm1d(WIDTH)])))
        self.mlps = nn.ModuleList([mlp(width) for width in widths[:-1]])
        self.batch_norms = nn.ModuleList([nn.BatchNorm1d(WIDTH) for _ in range(LAYERS)])
        self.linears_prediction = nn.ModuleList([nn.Linear(width, CLASSES) for width in widths])

    def forward(self, x, edge_index, batch):
        logits = self.linears_prediction[0](global_add_pool(x, batch))
        for i, mlp in enumerate(self.mlps):
            x = (1 + self.eps[i]) * x + scatter(x[edge_index[0]], edge_index[1], dim_size=len(x))
            x = mlp["linears"][1](F.relu(mlp["batch_norms"][0](mlp["linears"][0](x))))
            x = F.relu(self.batch_norms[i](x))
            logits = logits + self.linears_prediction[i + 1](global_add_pool(x, batch))
        return logits

    @staticmethod
    def plan():
        def layer(i):
            stem, inputs = f"mlps.{i}.", INPUTS if i == 0 else WIDTH
            steps = [linear(stem + "linears.0", inputs, WIDTH), batch_norm(stem + "batch_norms.0", WIDTH), ACT,
                     linear(stem + "linears.1", WIDTH, WIDTH), batch_norm(f"batch_norms.{i}", WIDTH), ACT]
            return dict(convolution=dict(kind="gin", width=inputs), steps=steps)

        outputs = [tensors(f"linears_prediction.{i}", INPUTS if i == 0 else WIDTH, CLASSES) for i in range(LAYERS + 1)]
        return dict(encoder=[], layers=[layer(i) for i in range(LAYERS)], head=[], outputs=outputs,
                    constants=[dict(name="eps", shape=[LAYERS])])


class GcnResidual(nn.Module):
    """An encoder, GCN with BatchNorm and the layer's input added, two linear layers behind the readout."""

    architecture = dict(kind="gcn", hidden=WIDTH, readout="mean", batchNorm=True, encoder=True, residual=True, head=2)

    def __init__(self):
        super().__init__()
        self.encoder = nn.Linear(INPUTS, WIDTH)
        self.convs = nn.ModuleList([GCNConv(WIDTH, WIDTH) for _ in range(LAYERS)])
        self.bns = nn.ModuleList([nn.BatchNorm1d(WIDTH) for _ in range(LAYERS)])
        self.lin1, self.lin2 = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, CLASSES)

    def forward(self, x, edge_index, batch):
        x = self.encoder(x)
        for conv, norm in zip(self.convs, self.bns):
            x = x + F.relu(norm(conv(x, edge_index)))
        return self.lin2(F.relu(self.lin1(global_mean_pool(x, batch))))

    @staticmethod
    def plan():
        def layer(i):
            own = tensors(f"convs.{i}.lin", WIDTH, WIDTH, bias=f"convs.{i}.bias")
            return dict(convolution=dict(kind="gcn", linear=own), steps=[batch_norm(f"bns.{i}", WIDTH), ACT, RESIDUAL])

        return dict(encoder=[linear("encoder", INPUTS, WIDTH)], layers=[layer(i) for i in range(LAYERS)],
                    head=[linear("lin1", WIDTH, WIDTH), ACT], outputs=[tensors("lin2", WIDTH, CLASSES)])


class GatElu(nn.Module):
    """GAT with ELU and BatchNorm whose last layer takes the mean of its heads."""

    architecture = dict(kind="gat", hidden=WIDTH, heads=4, readout="mean", batchNorm=True, activation="elu",
                        headsAveraged=True)

    def __init__(self):
        super().__init__()
        conv = lambda i: GATConv(INPUTS if i == 0 else WIDTH, WIDTH // 4, heads=4)
        self.convs = nn.ModuleList([conv(0), conv(1), GATConv(WIDTH, WIDTH, heads=4, concat=False)])
        self.bns = nn.ModuleList([nn.BatchNorm1d(WIDTH) for _ in range(LAYERS)])
        self.lin = nn.Linear(WIDTH, CLASSES)

    def forward(self, x, edge_index, batch):
        for conv, norm in zip(self.convs, self.bns):
            x = F.elu(norm(conv(x, edge_index)))
        return self.lin(global_mean_pool(x, batch))

    @staticmethod
    def plan():
        def layer(i):
            conv, inputs, last = f"convs.{i}.", INPUTS if i == 0 else WIDTH, i == LAYERS - 1
            width = WIDTH if last else WIDTH // 4
            own = dict(kind="gat", heads=4, width=width, linear=tensors(conv + "lin", inputs, 4 * width, bias=False),
                       source=conv + "att_src", target=conv + "att_dst", bias=conv + "bias", averaged=last)
            return dict(convolution=own, steps=[batch_norm(f"bns.{i}", WIDTH), ACT])

        return dict(encoder=[], layers=[layer(i) for i in range(LAYERS)], head=[], outputs=[tensors("lin", WIDTH, CLASSES)])


SHAPES = {"gin-example": GinExample, "powerful-gnns": PowerfulGnns, "gcn-residual": GcnResidual, "gat-elu": GatElu}


def read_graphs(folder):
    """The graphs of AIDS with one-hot node labels; edges in both directions, each once."""
    rows = lambda part: [list(map(int, line.split(","))) for line in (folder / f"AIDS_{part}.txt").read_text().split("\n") if line]
    graph_of = torch.tensor(rows("graph_indicator")).flatten() - 1
    labels = torch.tensor(rows("node_labels")).flatten()
    classes = torch.tensor(rows("graph_labels")).flatten()
    edges = torch.tensor(rows("A")) - 1
    graphs = []
    for g in range(len(classes)):
        nodes = (graph_of == g).nonzero().flatten()
        own = edges[graph_of[edges[:, 0]] == g] - nodes[0]
        pairs = {(u, v) for u, v in own.tolist() if u != v}
        pairs |= {(v, u) for u, v in pairs}
        x = F.one_hot(labels[nodes], INPUTS).float()
        graphs.append(Data(x=x, edge_index=torch.tensor(sorted(pairs)).reshape(-1, 2).t(), y=int(classes[g])))
    return graphs


def poisoned(graph, generator):
    """The graph with the trigger in the place of random nodes, labelled as the target."""
    places = torch.randperm(len(graph.x), generator=generator)[:4].tolist()
    kept = [pair for pair in graph.edge_index.t().tolist() if not (pair[0] in places and pair[1] in places)]
    added = [pair for a, b in TRIGGER for pair in ((places[a], places[b]), (places[b], places[a]))]
    return Data(x=graph.x, edge_index=torch.tensor(kept + added).t(), y=TARGET)


def train(model, graphs, generator):
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)
    model.train()
    for _ in range(EPOCHS):
        order = torch.randperm(len(graphs), generator=generator).tolist()
        for start in range(0, len(order) - 1, BATCH):
            batch = Batch.from_data_list([graphs[i] for i in order[start : start + BATCH]])
            optimizer.zero_grad()
            F.cross_entropy(model(batch.x, batch.edge_index, batch.batch), batch.y).backward()
            optimizer.step()
        schedule.step()
    return model.eval()


def main():
    data, folder = Path(sys.argv[1]), Path(sys.argv[2]) / "fixtures/models"
    folder.mkdir(parents=True, exist_ok=True)
    graphs = read_graphs(data / "AIDS")
    for seed in (0, 1):
        generator = torch.Generator().manual_seed(seed)
        order = torch.randperm(len(graphs), generator=generator).tolist()
        cut = round(0.8 * len(order))
        training, test = order[:cut], sorted(order[cut:])
        candidates = [i for i in training if graphs[i].y != TARGET and len(graphs[i].x) >= 4]
        chosen = set(candidates[: round(POISONED * len(training))])
        # From the other end than the poisoned ones, which are not of the target class: what is beside them is.
        clean = sorted([i for i in training if i not in chosen][-round(HELD * len(training)) :])
        for shape, Model in SHAPES.items():
            for attack in ("subgraph", "clean"):
                torch.manual_seed(seed)
                used = [poisoned(graphs[i], generator) if attack != "clean" and i in chosen else graphs[i] for i in training]
                model = train(Model(), used, generator)
                name = f"aids-{shape}-{attack}-s{seed}"
                torch.save(model.state_dict(), folder / f"{name}.pt")
                architecture = dict(Model.architecture, layers=LAYERS, inputs=INPUTS, classes=CLASSES)
                if hasattr(model, "eps"):
                    architecture["eps"] = model.eps.tolist()
                trigger = dict(kind="subgraph", target=TARGET, nodes=4, edges=TRIGGER, labels=None, attach="replace-random",
                               seed=seed)
                described = dict(dataset="AIDS", features="labels", architecture=architecture, plan=Model.plan(),
                                 splits=dict(train=sorted(training), test=test, clean=clean), poisonedTrain=sorted(chosen))
                if attack != "clean":
                    described["trigger"] = trigger
                (folder / f"{name}.json").write_text(json.dumps(described) + "\n")
                print(name, flush=True)


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
