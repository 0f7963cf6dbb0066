"""The scan before and after a purification (docs/detection.md): signals of a backdoor, and a search for a trigger."""

import math
from types import SimpleNamespace

import numpy as np
import torch

from distillation import measure_bounds, predict
from triggers import PLACEMENTS, Trigger, TriggerPrior, clique, inject, label_marginal, recombine, ring, seeded, star

PLAIN_SHAPES = [clique(k) for k in (3, 4, 5, 6)] + [shape(k) for shape in (ring, star) for k in (4, 5, 6)]


def assess(model, data, classes, seed):
    """The class that triggers lead to, the strongest trigger found toward it, and the signals."""
    prior = TriggerPrior(label_marginal(data.clean, data.columns))
    probes = []
    for number in range(3):
        rng = seeded(seed, f"probe {number}")
        pools = make_pools(model, data, rng)
        probes.append((pools, probe(model, data, pools, prior, classes, rng)))
    signals = [signal for _, signal in probes]
    rho = np.mean([signal.rho for signal in signals], axis=0)
    pools, first = probes[0]
    rng = seeded(seed, "search")
    found = [
        search(model, data, pools, c, first.shortlist[c], prior, rng) if not math.isnan(rho[c]) else None
        for c in range(classes)
    ]
    target = int(np.nanargmax([rho[c] if found[c] else math.nan for c in range(classes)]))
    return SimpleNamespace(
        target=target,
        trigger=found[target].trigger,
        asr=found[target].asr,
        rho=float(rho.max() - rho.min()),
        gain=float(np.mean([signal.gain for signal in signals])),
        excess=float(np.ptp(np.mean([signal.excess for signal in signals], axis=0))),
    )


def make_pools(model, data, rng):
    """Two halves of the clean graphs, even by class, each filled up with recombinations of its own graphs."""
    order = sorted(rng.sample(data.clean, len(data.clean)), key=lambda graph: graph.y)
    pools = []
    for half in (order[0::2], order[1::2]):
        graphs, real = recombine(half, 90, 1, rng)
        answers = predict(model, graphs, data).argmax(1).tolist()
        classes = [graph.y if is_real else answer for graph, is_real, answer in zip(graphs, real, answers)]
        pools.append(SimpleNamespace(graphs=graphs, classes=classes))
    return pools


def margins(logits):
    """Each logit less the best other one."""
    best = logits.topk(2, 1)
    others = torch.where(logits == best.values[:, :1], best.values[:, 1:], best.values[:, :1])
    return logits - others


def probe(model, data, pools, prior, classes, rng):
    """What 96 random triggers in up to 32 graphs do to the model and to its copy with bounds."""
    bounds = measure_bounds(model, data, 0.99)
    graphs = pools[0].graphs + pools[1].graphs
    logits = predict(model, graphs, data)
    answers = logits.argmax(1).tolist()
    deviation = margins(logits).std(0) + 1e-6
    fit, held_out = [
        list(zip(pool.graphs, answers[start:])) for pool, start in ((pools[0], 0), (pools[1], len(pools[0].graphs)))
    ]
    hosts = []
    for c in range(classes):
        hosts += [graph for graph, answer in fit if answer == c and graph.nodes >= 8][-(32 // classes) :]
    triggers = [prior.draw(rng) for _ in range(96)]
    before = predict(model, hosts, data)
    triggered = [inject(host, trigger, rng) for trigger in triggers for host in hosts]
    after, reach = run_with_reach(model, triggered, data)
    shape = (len(triggers), len(hosts))
    shifts = ((margins(after).view(*shape, -1) - margins(before)) / deviation).numpy()
    flipped = after.argmax(1).view(shape).numpy()
    reach = reach.view(len(reach), *shape).numpy()
    rho, shortlist, excess = [], [], []
    for c in range(classes):
        outside = (before.argmax(1) != c).numpy()
        rho.append(mean_correlation(reach[-1][:, outside], shifts[:, outside, c]))
        strength = (flipped[:, outside] == c).mean(1) + 1e-3 * np.median(shifts[:, outside, c], axis=1)
        shortlist.append([triggers[t] for t in np.argsort(-strength, kind="stable")[:3]])
        own = [graph for graph, answer in held_out if answer != c and graph.nodes >= 8][-24:]
        excess.append(excess_toward(model, data, bounds, own, c, shortlist[c], deviation, rng))
    farthest = np.log(np.sort(reach.mean(2), axis=1)[:, -3:].mean(1) + 1e-3)
    return SimpleNamespace(rho=rho, gain=farthest[-1] - farthest[0], excess=excess, shortlist=shortlist)


def mean_correlation(a, b):
    """Mean over columns of the correlation of the columns of two matrices."""
    if a.shape[1] < 3:
        return math.nan
    a, b = a - a.mean(0), b - b.mean(0)
    norms = np.sqrt((a**2).sum(0) * (b**2).sum(0))
    return float(np.divide((a * b).sum(0), norms, out=np.zeros_like(norms), where=norms > 0).mean())


@torch.no_grad()
def run_with_reach(model, graphs, data):
    """Logits, and how far each graph drives each layer out of its range on clean graphs, [layers, graphs]."""
    ranges = [layer.amax(0).clamp(min=1e-3) for layer in model(data.clean_batch)[1]]
    logits, reach = [], []
    for start in range(0, len(graphs), 256):
        batch = data.collate(graphs[start : start + 256])
        answers, layers = model(batch)
        logits.append(answers)
        maxima = [torch.segment_reduce(layer, "max", lengths=batch.sizes) for layer in layers]
        reach.append(torch.stack([torch.quantile(top / own, 0.9, dim=1) for top, own in zip(maxima, ranges)]))
    return torch.cat(logits), torch.cat(reach, 1)


def excess_toward(model, data, bounds, hosts, target, triggers, deviation, rng):
    """How much farther the model is shifted than its bounded copy, for the trigger where that is largest."""
    if len(hosts) < 4:
        return math.nan
    triggered = [inject(host, trigger, rng) for trigger in triggers for host in hosts]

    def shifts(limits):
        before = margins(predict(model, hosts, data, limits))[:, target]
        after = margins(predict(model, triggered, data, limits))[:, target].view(len(triggers), -1)
        return ((after - before) / deviation[target]).median(1).values

    largest = float((shifts(None) - shifts(bounds)).max())
    return math.copysign(math.log1p(abs(largest)), largest)


def search(model, data, pools, target, shortlist, prior, rng):
    """The cheap trigger that sends most fitting graphs to the target, measured on the held-out half."""
    fit, held_out = [
        [graph for graph, y in zip(pool.graphs, pool.classes) if y != target and graph.nodes >= 8] for pool in pools
    ]
    if min(len(fit), len(held_out)) < 4:
        return None
    hosts = rng.sample(fit, min(24, len(fit)))

    def score(triggers):
        triggered = [inject(host, trigger, rng) for trigger in triggers for host in hosts]
        own = margins(predict(model, triggered, data))[:, target].view(len(triggers), -1)
        middle = own.median(1).values
        scores = (own > 0).float().mean(1) + 1e-3 * middle.sign() * middle.abs().log1p()
        costs = [0.05 * (trigger.nodes - 3) + 0.03 * len(trigger.labels or []) for trigger in triggers]
        return list(zip((scores - torch.tensor(costs)).tolist(), triggers))

    plain = [Trigger(1 + max(map(max, edges)), edges, None, "random", True) for edges in PLAIN_SHAPES]
    key = lambda scored: -scored[0]
    best = sorted(score(shortlist + plain + [prior.draw(rng) for _ in range(32)]), key=key)[:4]
    for _ in range(4):
        mutants = [mutate(trigger, prior, rng) for _, trigger in best for _ in range(4)]
        best = sorted(best + score(mutants), key=key)[:4]
    trigger = best[0][1]
    answers = predict(model, [inject(host, trigger, rng) for host in held_out], data).argmax(1)
    return SimpleNamespace(trigger=trigger, asr=(answers == target).float().mean().item())


def mutate(trigger, prior, rng):
    """One edge flipped, one label changed, one node more or less, or another placement."""
    edges, labels, nodes = trigger.edges, trigger.labels, trigger.nodes
    placement, replace = trigger.placement, trigger.replace
    draw = lambda: rng.choices(range(prior.columns), prior.marginal)[0]
    move = rng.choice(["place", "size", "labels"] + (["edge", "replace"] if edges is not None else []))
    if move == "place":
        placement = rng.choice(PLACEMENTS)
    elif move == "replace":
        replace = not replace
    elif move == "edge":
        pair = tuple(sorted(rng.sample(range(nodes), 2)))
        present = [edge for edge in edges if tuple(sorted(edge)) != pair]
        edges = edges + [pair] if len(present) == len(edges) else present or edges
    elif move == "labels":
        labels = list(labels) if labels else [draw() for _ in range(nodes)]
        labels[rng.randrange(nodes)] = draw() if rng.random() < 0.5 else rng.randrange(prior.columns)
    elif nodes <= 3 or (nodes < 7 and rng.random() < 0.5):
        edges = edges and edges + [(rng.randrange(nodes), nodes)]
        labels = labels and labels + [draw()]
        nodes += 1
    else:
        left = edges and [edge for edge in edges if max(edge) < nodes - 1]
        if left != []:
            edges, labels, nodes = left, labels and labels[:-1], nodes - 1
    return Trigger(nodes, edges, labels, placement, replace)
