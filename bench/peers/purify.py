"""
What `graphnad purify` does, as a PyTorch script: scan, fine-tuning, bounds, teacher, student, scan of the result, and
the figures of the report. Prints them as one line of JSON.

    python purify.py MODEL --data DIR --clean-ids FILE --test-ids FILE --trigger FILE --out FILE
"""

import argparse
import json
import os
import resource
import sys
import time

import numpy as np
import torch

from distillation import SETTINGS, Data, fine_tune, measure_bounds, predict, train_student, train_teacher
from graphs import Graph, canonical, load_tu
from models import GIN
from scan import assess
from triggers import inject, seeded


def main():
    started = time.perf_counter()
    arguments = read_arguments()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    settings = SETTINGS
    for name in ("fine_tune_epochs", "teacher_epochs", "student_epochs"):
        setattr(settings, name, getattr(settings, name) * arguments.epochs_factor)

    state = torch.load(arguments.model, map_location="cpu")
    suspect = load_gin(state)
    graphs = load_tu(arguments.data)
    clean_ids, test_ids = (json.load(open(file)) for file in (arguments.clean_ids, arguments.test_ids))
    data = Data([graphs[i] for i in clean_ids], suspect.convs[0].nn[0].in_features)
    classes = suspect.lin.out_features
    stages = {"start": time.perf_counter() - started}

    def timed(name, work):
        start = time.perf_counter()
        result = work()
        stages[name] = time.perf_counter() - start
        return result

    seed = arguments.seed
    found = timed("search", lambda: assess(suspect, data, classes, seed))
    tuned = timed("fine-tuning", lambda: fine_tune(suspect, data, settings, seeded(seed, "fine-tune")))
    bounds = measure_bounds(suspect, data, settings.bound_quantile, settings.contribution_quantile)
    teacher = timed("teacher", lambda: train_teacher(suspect, bounds, data, settings, seeded(seed, "teacher")))
    student = timed(
        "student", lambda: train_student(suspect, teacher, bounds, data, settings, seeded(seed, "student"))
    )
    rescan = timed("re-scan", lambda: assess(student, data, classes, seed))

    test = [graphs[i] for i in test_ids]
    attack = read_attack(arguments.trigger, graphs)
    models = {"before": suspect, "fine-tuned": tuned, "graphnad": student}
    figures = timed(
        "figures",
        lambda: {name: measure(model, test, attack, found, data, seed) for name, model in models.items()},
    )
    state.update(student.state_dict())
    torch.save(state, arguments.out)
    stages["whole"] = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    signals = [{name: getattr(scan, name) for name in ("target", "asr", "rho", "gain", "excess")} for scan in (found, rescan)]
    print(json.dumps({"figures": figures, "stages": stages, "peakBytes": peak, "scans": signals}))


def read_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    for name in ("data", "clean-ids", "test-ids", "trigger", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--epochs-factor", type=int, default=1)
    return parser.parse_args()


def load_gin(state):
    layers = sum(name.endswith("nn.0.weight") for name in state)
    hidden, inputs = state["convs.0.nn.0.weight"].shape
    model = GIN(inputs, hidden, layers, len(state["lin.bias"]))
    model.load_state_dict({name: value for name, value in state.items() if not name.endswith(".eps")})
    return model.eval()


def read_attack(file, graphs):
    """The true trigger: attacked test graphs without and with it. It serves these figures only."""
    trigger = json.load(open(file))["trigger"]
    hosts, triggered = [], []
    for key, given in trigger["graphs"].items():
        host = graphs[int(key)]
        labels = np.array(given["labels"]) if given["labels"] else host.labels
        hosts.append(host)
        edges = np.array(given["edges"], dtype=np.int64).reshape(-1, 2)
        triggered.append(Graph(labels, canonical(edges, len(labels)), host.y))
    return trigger["target"], hosts, triggered


def measure(model, test, attack, found, data, seed):
    """Accuracy, and attack success with the true trigger and with the one that was found."""
    answers = predict(model, test, data).argmax(1)
    accuracy = (answers == torch.tensor([graph.y for graph in test])).float().mean().item()
    target, hosts, triggered = attack
    asr, flip = attack_success(model, target, hosts, triggered, data)
    rng = seeded(seed, "measured trigger")
    own_hosts = [graph for graph in test if graph.y != found.target]
    own = [inject(graph, found.trigger, rng) for graph in own_hosts]
    estimated = attack_success(model, found.target, own_hosts, own, data)
    return {"acc": accuracy, "asr": asr, "flipAsr": flip, "estimatedAsr": estimated[0]}


def attack_success(model, target, hosts, triggered, data):
    before, after = (predict(model, graphs, data).argmax(1) == target for graphs in (hosts, triggered))
    return after.float().mean().item(), after[~before].float().mean().item()


if __name__ == "__main__":
    main()
