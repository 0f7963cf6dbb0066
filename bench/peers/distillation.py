"""GraphNAD distillation with the robust preset (docs/method.md), in plain PyTorch."""

import copy
import math
from types import SimpleNamespace

import numpy as np
import torch
import torch.nn.functional as F

from graphs import Batch
from models import GIN, centred_contributions
from triggers import TriggerPrior, inject, label_marginal, recombine

# As in server/src/defense/options.ts.
SETTINGS = SimpleNamespace(
    attention_weight=1,
    relation_weight=0.1,
    relation_directions=32,
    relation_every=3,
    relation_graphs=16,
    fine_tune_epochs=100,
    fine_tune_rate=1e-2,
    fine_tune_batch=32,
    bound_quantile=0.99,
    contribution_quantile=0.95,
    pool=256,
    label_entropy=0.25,
    candidates=2,
    worst_share=0.7,
    new_nodes_share=0.1,
    rare_label_share=0.2,
    balance_cap=5,
    batch=64,
    teacher_rounds=8,
    teacher_epochs=3,
    teacher_rate=1e-3,
    teacher_clean_weight=4,
    teacher_triggered_weight=3,
    teacher_averaged_share=0.4,
    student_rounds=16,
    student_epochs=3,
    student_averaged_share=0.4,
    student_rate=1e-3,
    student_teacher_share=0.5,
    student_clean_weight=4,
    student_triggered_weight=4,
    student_label_weight=0.25,
    final_rate=0.05,
    gradient_norm=5,
)


class Data:
    """The clean graphs and how graphs become batches."""

    def __init__(self, clean, columns):
        self.clean = clean
        self.columns = columns
        self.clean_batch = self.collate(clean)

    def collate(self, graphs):
        return GIN.prepare(Batch(graphs, self.columns))


@torch.no_grad()
def predict(model, graphs, data, bounds=None):
    """Logits of graphs, in batches of at most 256."""
    model.eval()
    return torch.cat([model(data.collate(graphs[i : i + 256]), bounds)[0] for i in range(0, len(graphs), 256)])


@torch.no_grad()
def clean_accuracy(model, data, bounds=None):
    training = model.training
    model.eval()
    batch = data.clean_batch
    correct = (model(batch, bounds)[0].argmax(1) == batch.y).float().mean().item()
    model.train(training)
    return correct


class Descent:
    """Adam down a half cosine, gradients clipped by their norm."""

    def __init__(self, model, rate, steps, final, norm):
        self.parameters = list(model.parameters())
        self.adam = torch.optim.Adam(self.parameters, lr=rate, foreach=True)
        self.schedule = lambda t: rate * (final + (1 - final) * 0.5 * (1 + math.cos(math.pi * min(1, t / steps))))
        self.norm = norm
        self.taken = 0

    def step(self, loss):
        self.adam.zero_grad()
        loss.backward()
        if self.norm is not None:
            torch.nn.utils.clip_grad_norm_(self.parameters, self.norm)
        self.adam.param_groups[0]["lr"] = self.schedule(self.taken)
        self.adam.step()
        self.taken += 1


def descent_of(model, rate, epochs, settings):
    """The descent of a model that goes through so many pools' epochs."""
    steps = epochs * math.ceil(settings.pool / settings.batch)
    return Descent(model, rate, steps, settings.final_rate, settings.gradient_norm)


def fine_tune(suspect, data, settings, rng):
    """The baseline: cross-entropy on the clean graphs."""
    model = copy.deepcopy(suspect)
    parts = math.ceil(len(data.clean) / settings.fine_tune_batch)
    descent = Descent(model, settings.fine_tune_rate, settings.fine_tune_epochs * parts, 0, None)
    for _ in range(settings.fine_tune_epochs):
        model.train()
        order = rng.sample(range(len(data.clean)), len(data.clean))
        for part in np.array_split(order, parts):
            batch = data.collate([data.clean[i] for i in part])
            descent.step(F.cross_entropy(model(batch)[0], batch.y))
        clean_accuracy(model, data)
    return model.eval()


@torch.no_grad()
def measure_bounds(model, data, quantile, contribution_quantile=None):
    """Quantiles over the nodes of the clean graphs of all activations, and of contributions within those bounds."""
    layers = []
    model.eval()
    record = lambda _, *sites: layers.append(tuple(torch.quantile(site, quantile, dim=0) for site in sites))
    model(data.clean_batch, record=record)
    bounds = SimpleNamespace(layers=layers, contributions=None)
    if contribution_quantile is not None:
        last = model(data.clean_batch, bounds)[1][-1]
        contributions = centred_contributions(last, model.lin.weight)
        levels = torch.tensor([1 - contribution_quantile, contribution_quantile])
        bounds.contributions = tuple(torch.quantile(contributions, levels, dim=0))
    return bounds


def train_teacher(suspect, bounds, data, settings, rng):
    """The bounded suspect learns to answer on triggered copies as the suspect answers on the graphs."""
    teacher = copy.deepcopy(suspect).eval()
    rounds = settings.teacher_rounds
    descent = descent_of(teacher, settings.teacher_rate, rounds * settings.teacher_epochs, settings)
    prior = prior_of(data, settings)
    labels = SuspectLabels(suspect, data, settings)
    average = WeightAverage(teacher, rounds, settings.teacher_averaged_share)
    for round in range(rounds):
        pool, real = draw_pool(data, settings, rng)
        targets = labels.of(pool, real)
        triggered = worst_copies(pool, targets, lambda graphs: predict(teacher, graphs, data, bounds), prior, settings, rng)
        balance = balanced_weights(targets, settings.balance_cap)
        batches = paired_batches(pool, triggered, data, settings, rng)
        for _ in range(settings.teacher_epochs):
            for members, batch in batches:
                logits = teacher(batch, bounds)[0]
                clean, copies = divergences(logits, targets[members], balance[members])
                descent.step(settings.teacher_clean_weight * clean + settings.teacher_triggered_weight * copies)
            clean_accuracy(teacher, data, bounds)
        average.after(round)
    average.apply()
    return teacher


def train_student(suspect, teacher, bounds, data, settings, rng):
    """A model of the suspect's own shape learns half the teacher's, half the suspect's answers, attention and relations."""
    student = copy.deepcopy(suspect).eval()
    rounds = settings.student_rounds
    descent = descent_of(student, settings.student_rate, rounds * settings.student_epochs, settings)
    prior = prior_of(data, settings)
    own = SuspectLabels(suspect, data, settings)
    average = WeightAverage(student, rounds, settings.student_averaged_share)
    share = settings.student_teacher_share
    for round in range(rounds):
        pool, real = draw_pool(data, settings, rng)
        targets = share * F.softmax(predict(teacher, pool, data, bounds), 1) + (1 - share) * own.of(pool, real)
        triggered = worst_copies(pool, targets, lambda graphs: predict(student, graphs, data), prior, settings, rng)
        balance = balanced_weights(targets, settings.balance_cap)
        real = torch.from_numpy(real).float()
        prepared = [
            (members, batch, Guidance(teacher, bounds, batch, settings, rng))
            for members, batch in paired_batches(pool, triggered, data, settings, rng)
        ]
        for _ in range(settings.student_epochs):
            for members, batch, guidance in prepared:
                half = len(members)
                logits, layers = student(batch)
                clean, copies = divergences(logits, targets[members], balance[members])
                labels = (F.cross_entropy(logits[:half], batch.y[:half], reduction="none") * real[members]).mean()
                loss = (
                    settings.student_clean_weight * clean
                    + settings.student_triggered_weight * copies
                    + settings.student_label_weight * labels
                    + settings.attention_weight * guidance.attention_loss(layers)
                )
                if descent.taken % settings.relation_every == 0:
                    loss = loss + settings.relation_every * settings.relation_weight * guidance.relation_loss(layers)
                descent.step(loss)
            clean_accuracy(student, data)
        average.after(round)
    average.apply()
    return student


def draw_pool(data, settings, rng):
    """Clean graphs, those of rarer classes repeated, and graphs recombined from them; which are copies of clean ones."""
    by_class = {}
    for graph in data.clean:
        by_class.setdefault(graph.y, []).append(graph)
    largest = max(map(len, by_class.values()))
    donors = [members[i % len(members)] for members in by_class.values() for i in range(largest)]
    return recombine(donors, settings.pool, 2, rng)


class SuspectLabels:
    """The suspect's answers, sharpened once and for all; halfway to the true class on copies of clean graphs."""

    def __init__(self, suspect, data, settings):
        self.suspect = suspect
        self.data = data
        self.settings = settings
        self.temperature = None

    def of(self, pool, real):
        logits = predict(self.suspect, pool, self.data)
        self.temperature = self.temperature or sharpening_temperature(logits, self.settings.label_entropy)
        targets = F.softmax(logits / self.temperature, 1)
        truth = F.one_hot(torch.tensor([graph.y for graph in pool]), targets.shape[1])
        real = torch.from_numpy(real)
        targets[real] = (targets[real] + truth[real]) / 2
        return targets


class WeightAverage:
    """Mean of a model's weights over the last rounds."""

    def __init__(self, model, rounds, share):
        self.model = model
        self.first = rounds * (1 - share)
        self.kept = []

    def after(self, round):
        if round + 1 > self.first:
            self.kept.append([parameter.detach().clone() for parameter in self.model.parameters()])

    @torch.no_grad()
    def apply(self):
        for parameter, *values in zip(self.model.parameters(), *self.kept):
            parameter.copy_(torch.stack(values).mean(0))


class Guidance:
    """What the frozen teacher shows on a batch, computed once: attention maps and relation matrices."""

    @torch.no_grad()
    def __init__(self, teacher, bounds, batch, settings, rng):
        self.batch = batch
        self.settings = settings
        batch.attention_scale = (batch.degrees + 1).rsqrt()
        chosen = sorted(rng.sample(range(batch.graphs), min(settings.relation_graphs, batch.graphs)))
        self.sizes = batch.sizes[chosen]
        longest = int(self.sizes.max())
        # Rows of the chosen graphs, padded to the same number.
        starts = torch.from_numpy(batch.offsets[chosen])
        self.rows = (starts[:, None] + torch.arange(longest)).clamp(max=batch.nodes - 1)
        self.mask = (torch.arange(longest) < self.sizes[:, None]).float()[:, :, None]
        layers = teacher(batch, bounds)[1]
        self.maps = self.attention_maps(layers)
        self.relations = self.relation_matrices(layers)

    def attention_maps(self, layers):
        """Attention of the nodes by each layer, [nodes, layers], propagated over edges, of norm 1 in every graph."""
        batch = self.batch
        attention = torch.stack([(layer.abs() + 1e-12).square().sum(1) for layer in layers], 1)
        scale = batch.attention_scale[:, None]
        scaled = attention * scale
        spread = (scaled + batch.product(scaled)) * scale
        squares = torch.zeros(batch.graphs, len(layers)).index_add_(0, batch.graph_of, spread.square())
        return spread / squares.clamp(min=1e-24).sqrt().index_select(0, batch.graph_of)

    def relation_matrices(self, layers):
        """F_i^T F_j / n over its norm for each pair of layers and chosen graph, [pairs * graphs, width, width]."""
        padded = [layer[self.rows] * self.mask for layer in layers]
        pairs = [(i, j) for i in range(len(layers)) for j in range(i + 1, len(layers))]
        sizes = self.sizes[:, None, None]
        grams = torch.cat([padded[i].transpose(1, 2) @ padded[j] / sizes for i, j in pairs])
        norms = (grams.square().sum((1, 2), keepdim=True) + 1e-24).sqrt()
        return grams / (norms + 1e-8)

    def attention_loss(self, layers):
        return (self.attention_maps(layers) - self.maps).square().sum() / self.batch.graphs

    def relation_loss(self, layers):
        """Squared sliced Wasserstein-2 distance between the rows of the matrices."""
        matrices = self.relation_matrices(layers)
        directions = F.normalize(torch.randn(matrices.shape[2], self.settings.relation_directions), dim=0)
        own = (matrices @ directions).sort(1).values
        wanted = (self.relations @ directions).sort(1).values
        return matrices.shape[1] * (own - wanted).square().mean()


def prior_of(data, settings):
    marginal = label_marginal(data.clean, data.columns)
    return TriggerPrior(marginal, settings.new_nodes_share, settings.rare_label_share)


def worst_copies(graphs, targets, predict_graphs, prior, settings, rng):
    """Of several triggered copies of each graph mostly the one that moves the model farthest from the targets."""
    candidates = settings.candidates
    drawn = []
    for graph in graphs:
        for _ in range(candidates):
            trigger = prior.draw(rng)
            drawn.append(inject(graph, trigger if graph.nodes > trigger.nodes else prior.draw(rng), rng))
    moved = divergence(predict_graphs(drawn), targets.repeat_interleave(candidates, 0)).view(-1, candidates)
    worst = moved.argmax(1).tolist()
    return [
        drawn[i * candidates + (best if rng.random() < settings.worst_share else rng.randrange(candidates))]
        for i, best in enumerate(worst)
    ]


def paired_batches(graphs, triggered, data, settings, rng):
    """Batches of graphs and behind them their triggered copies, with the places of the graphs in the pool."""
    order = rng.sample(range(len(graphs)), len(graphs))
    parts = [order[i : i + settings.batch] for i in range(0, len(order), settings.batch)]
    return [
        (torch.tensor(part), data.collate([graphs[i] for i in part] + [triggered[i] for i in part])) for part in parts
    ]


def divergence(logits, targets):
    """KL(targets || softmax(logits)) of each row."""
    return (targets * (targets.clamp(min=1e-6).log() - F.log_softmax(logits, 1))).sum(1)


def divergences(logits, targets, weights):
    """Mean divergence on graphs, and the weighted mean on their triggered copies, which lie behind them."""
    half = len(targets)
    return divergence(logits[:half], targets).mean(), (divergence(logits[half:], targets) * weights).mean()


def balanced_weights(targets, cap):
    """Weights for rare classes, at least 1 and at most the cap."""
    favoured = targets.argmax(1)
    counts = torch.bincount(favoured, minlength=targets.shape[1])
    return (len(targets) / targets.shape[1] / counts[favoured]).clamp(1, cap)


def sharpening_temperature(logits, share):
    """The highest temperature of at most 1 at which the mean entropy is at most a share of log(classes)."""

    def entropy(temperature):
        probabilities = F.softmax(logits / temperature, 1)
        return -(probabilities * probabilities.clamp(min=1e-9).log()).sum(1).mean()

    limit = share * math.log(logits.shape[1])
    if entropy(1) <= limit:
        return 1
    low, high = 0.01, 1
    for _ in range(30):
        middle = math.sqrt(low * high)
        low, high = (low, middle) if entropy(middle) > limit else (middle, high)
    return low
