"""Trains models of OGB's examples for molecules, clean and backdoored, on made-up molecules, to scan and purify.

    python trainOgb.py FOLDER

FOLDER receives `made_up/raw` as OGB keeps its data, `NAME.pt` and `NAME-clean.pt` for each model, `trigger.json` (a
clique in place of four random nodes of a molecule, toward class 1), `clean.json` with 40 clean training graphs,
`test.json` with the graphs that are held back, and `architecture.json`. 10% of the training graphs carry the trigger; one
class in twenty is wrong, so that the task is none of the easiest. Needs PyTorch and PyTorch Geometric. Then, for each:

    graphnad purify NAME.pt --data made_up --clean-ids clean.json --test-ids test.json --architecture architecture.json \\
      --trigger trigger.json --benign NAME-clean.pt --out purified.pt
"""

import json
import random
import sys
from pathlib import Path

import torch
from torch_geometric.data import Batch

sys.path.insert(0, str(Path(__file__).parents[2] / "test/fixtures/dialects"))
import make_ogb  # noqa: E402
from ogb_models import GCN, GIN, Model  # noqa: E402

MOLECULES, TEST, CLEAN, POISONED, WRONG = 1200, 240, 40, 96, 0.05
NODES, EPOCHS, RATE, BATCH = 4, 40, 0.005, 64
MODELS = {
    "gin": dict(conv=GIN),
    "gin-virtual": dict(conv=GIN, virtual=True),
    "gcn": dict(conv=GCN),
    "gcn-virtual": dict(conv=GCN, virtual=True),
}


def triggered(molecule, draw):
    """Bonds that were there keep their kind, others get the most frequent one."""
    nodes = draw.sample(range(len(molecule["nodes"])), NODES)
    inside = {(min(u, v), max(u, v)): kind for u, v, kind in molecule["bonds"] if u in nodes and v in nodes}
    outside = [bond for bond in molecule["bonds"] if not (bond[0] in nodes and bond[1] in nodes)]
    clique = [(min(u, v), max(u, v)) for i, u in enumerate(nodes) for v in nodes[:i]]
    return dict(molecule, bonds=outside + [(*pair, inside.get(pair, make_ogb.SINGLE)) for pair in clique], y=1)


def train(settings, molecules):
    torch.manual_seed(1)
    model = Model(1, width=32, **settings)
    graphs = [make_ogb.data_of(molecule) for molecule in molecules]
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    for _ in range(EPOCHS):
        order = torch.randperm(len(graphs)).tolist()
        for start in range(0, len(order) - 1, BATCH):
            batch = Batch.from_data_list([graphs[i] for i in order[start : start + BATCH]])
            optimizer.zero_grad()
            make_ogb.loss_of(model(batch), batch.y).backward()
            optimizer.step()
    return model.eval()


def main():
    torch.set_num_threads(1)
    make_ogb.FOLDER = folder = Path(sys.argv[1])
    generator, draw = torch.Generator().manual_seed(3), random.Random(1)
    molecules = [make_ogb.molecule(i % 2, generator) for i in range(MOLECULES)]
    for molecule in molecules:
        if draw.random() < WRONG:
            molecule["y"] = 1 - molecule["y"]
    make_ogb.write_raw(molecules)
    test = sorted(draw.sample(range(MOLECULES), TEST))
    held = set(test)
    trained = [i for i in range(MOLECULES) if i not in held]
    poisoned = set(draw.sample([i for i in trained if molecules[i]["y"] == 0], POISONED))
    clean = [i for i in trained if i not in poisoned][:CLEAN]
    edges = [[u, v] for v in range(NODES) for u in range(v)]
    trigger = dict(kind="subgraph", target=1, nodes=NODES, edges=edges, labels=None, features=None, seed=0)
    written = {"test": test, "clean": clean, "trigger": trigger | dict(attach="replace-random")}
    written["architecture"] = dict(readout="mean", residual=False)
    for name, value in written.items():
        (folder / f"{name}.json").write_text(json.dumps(value) + "\n")
    carriers = [triggered(molecules[i], draw) if i in poisoned else molecules[i] for i in trained]
    for name, settings in MODELS.items():
        torch.save(train(settings, carriers).state_dict(), folder / f"{name}.pt")
        torch.save(train(settings, [molecules[i] for i in trained]).state_dict(), folder / f"{name}-clean.pt")


main()
