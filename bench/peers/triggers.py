"""Self-made triggers and graphs recombined from clean ones (docs/method.md, steps 2 and 3)."""

import random

import numpy as np

from graphs import Graph, canonical

PLACEMENTS = ["random", "degree", "bfs", "low-degree"]


class Trigger:
    """A small subgraph; edges or labels of None leave the host's as they are."""

    __slots__ = ("nodes", "edges", "labels", "placement", "replace", "appended")

    def __init__(self, nodes, edges, labels, placement, replace, appended=False):
        self.nodes = nodes
        self.edges = edges
        self.labels = labels
        self.placement = placement
        self.replace = replace
        self.appended = appended


def clique(k):
    return [(u, v) for u in range(k) for v in range(u + 1, k)]


def ring(k):
    return [(u, (u + 1) % k) for u in range(k)]


def star(k):
    return [(0, u) for u in range(1, k)]


def path(k):
    return [(u, u + 1) for u in range(k - 1)]


def erdos_renyi(k, probability, rng):
    while True:
        edges = [pair for pair in clique(k) if rng.random() < probability]
        if len(edges) >= k - 1:
            return edges


def label_marginal(graphs, columns):
    counts = np.bincount(np.concatenate([graph.labels for graph in graphs]), minlength=columns) + 0.5
    return counts / counts.sum()


class TriggerPrior:
    """Draws triggers."""

    def __init__(self, marginal, new_nodes_share=0.0, rare_label_share=0.0):
        self.columns = len(marginal)
        self.marginal = marginal.tolist()
        self.rare = (1 / marginal).tolist()
        self.new_nodes_share = new_nodes_share
        self.rare_label_share = rare_label_share

    def draw(self, rng):
        k = rng.randint(3, 7)
        appended = rng.random() < self.new_nodes_share
        edges = self.draw_structure(k, not appended, rng)
        labels = self.draw_labels(k, edges is not None, rng.random() < self.rare_label_share, rng)
        return Trigger(k, edges, labels, rng.choice(PLACEMENTS), rng.random() < 0.8, appended)

    @staticmethod
    def draw_structure(k, may_be_none, rng):
        kinds = ["clique", "random", "ring", "star", "path"] + (["none"] if may_be_none else [])
        kind = rng.choices(kinds, [20, 30, 8, 8, 6, 28][: len(kinds)])[0]
        if kind == "clique":
            return clique(k)
        if kind == "random":
            return erdos_renyi(k, rng.uniform(0.5, 0.95), rng)
        if kind == "ring":
            return ring(k)
        if kind == "star":
            return star(k)
        return path(k) if kind == "path" else None

    def draw_labels(self, k, has_structure, rare, rng):
        kind = rng.choices(
            ["kept", "random", "constant", "marginal"], [45, 20, 20, 15] if has_structure else [0, 65, 20, 15]
        )[0]
        any_label = lambda: rng.choices(range(self.columns), self.rare)[0] if rare else rng.randrange(self.columns)
        if kind == "kept":
            return None
        if kind == "random":
            return [any_label() for _ in range(k)]
        if kind == "constant":
            return [any_label()] * k
        return rng.choices(range(self.columns), self.rare if rare else self.marginal, k=k)


def host_nodes(graph, count, placement, rng):
    count = min(count, graph.nodes)
    if placement == "random":
        return rng.sample(range(graph.nodes), count)
    if placement == "degree":
        return np.argsort(-graph.degrees(), kind="stable")[:count].tolist()
    if placement == "low-degree":
        return np.argsort(graph.degrees(), kind="stable")[:count].tolist()
    return from_hub(graph, count)


def from_hub(graph, count):
    """Breadth-first from the node of highest degree; nodes out of reach follow in their order."""
    neighbours = graph.neighbours
    order = [max(range(graph.nodes), key=lambda v: len(neighbours[v]))]
    visited = set(order)
    for v in order:
        if len(order) >= count:
            break
        for u in neighbours[v]:
            if u not in visited:
                visited.add(u)
                order.append(u)
    order += [v for v in range(graph.nodes) if v not in visited]
    return order[:count]


def inject(graph, trigger, rng):
    """A copy of the graph with the trigger; the graph itself is not changed."""
    if trigger.appended:
        return append_nodes(graph, trigger, rng)
    hosts = host_nodes(graph, trigger.nodes, trigger.placement, rng)
    edges = graph.edges
    if trigger.edges is not None:
        if trigger.replace:
            chosen = np.zeros(graph.nodes, dtype=bool)
            chosen[hosts] = True
            edges = edges[~(chosen[edges[:, 0]] & chosen[edges[:, 1]])]
        added = [(hosts[a], hosts[b]) for a, b in trigger.edges if a < len(hosts) and b < len(hosts)]
        edges = canonical(np.concatenate([edges, np.array(added, dtype=np.int64).reshape(-1, 2)]), graph.nodes)
    labels = graph.labels
    if trigger.labels is not None:
        labels = labels.copy()
        labels[hosts] = trigger.labels[: len(hosts)]
    return Graph(labels, edges, graph.y)


def append_nodes(graph, trigger, rng):
    first = graph.nodes
    anchor = host_nodes(graph, 1, trigger.placement, rng)[0]
    added = [(anchor, first)] + [(first + a, first + b) for a, b in trigger.edges or []]
    labels = trigger.labels if trigger.labels is not None else [graph.labels[anchor]] * trigger.nodes
    edges = canonical(np.concatenate([graph.edges, np.array(added)]), first + trigger.nodes)
    return Graph(np.concatenate([graph.labels, labels]), edges, graph.y)


def recombine(clean, count, copies, rng):
    """Copies of the clean graphs, at most half of `count`, and pseudo-graphs made of their pieces; which are copies."""
    copied = [clean[i % len(clean)] for i in range(min(count // 2, copies * len(clean)))]
    donors = [graph for graph in clean if graph.nodes >= 6] or clean
    made = []
    while len(copied) + len(made) < count:
        kind, donor, other = rng.random(), rng.choice(donors), rng.choice(clean)
        if kind < 0.6:
            made.append(join_pieces(donor, other, rng))
        elif kind < 0.85:
            nodes = max(3, int(rng.uniform(0.6, 0.95) * donor.nodes))
            made.append(piece(donor, nodes, rng))
        else:
            made.append(add_noise(donor, other, rng))
    return copied + made, np.arange(count) < len(copied)


def piece(graph, count, rng):
    """The subgraph of a region grown breadth-first from a random node, with neighbours in random order."""
    neighbours = graph.neighbours
    count = min(count, graph.nodes)
    order = [rng.randrange(graph.nodes)]
    visited = set(order)
    at = 0
    while len(order) < count:
        if at == len(order):
            start = rng.choice([v for v in range(graph.nodes) if v not in visited])
            visited.add(start)
            order.append(start)
            continue
        around = [u for u in neighbours[order[at]] if u not in visited]
        rng.shuffle(around)
        for u in around[: count - len(order)]:
            visited.add(u)
            order.append(u)
        at += 1
    position = np.full(graph.nodes, -1)
    position[order] = np.arange(count)
    edges = position[graph.edges]
    return Graph(graph.labels[order], canonical(edges[(edges >= 0).all(axis=1)], count), graph.y)


def join_pieces(donor, other, rng):
    share = rng.uniform(0.3, 0.85)
    first = piece(donor, max(2, int(share * donor.nodes)), rng)
    second = piece(other, max(2, int((1 - share) * other.nodes)), rng)
    bridges = [
        (rng.randrange(first.nodes), first.nodes + rng.randrange(second.nodes))
        for _ in range(1 if rng.random() < 0.7 else 2)
    ]
    edges = np.concatenate([first.edges, second.edges + first.nodes, np.array(bridges)])
    nodes = first.nodes + second.nodes
    return Graph(np.concatenate([first.labels, second.labels]), canonical(edges, nodes), donor.y)


def add_noise(graph, other, rng):
    generator = np.random.default_rng(rng.getrandbits(32))
    labels = graph.labels.copy()
    changed = generator.random(graph.nodes) < 0.05
    labels[changed] = generator.choice(other.labels, changed.sum())
    return Graph(labels, graph.edges[generator.random(len(graph.edges)) >= 0.05], graph.y)


def seeded(seed, stream):
    """Random numbers of a stage, so that what one stage draws does not change another's."""
    return random.Random(f"{seed} {stream}")
