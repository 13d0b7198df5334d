"""The network behind `assistant.models.next_chord`, in torch, and how it is taught.

A gated recurrent unit reads chords, lengths and places in the bar; beside it a song memory lets
every earlier place of the song speak for the chord that stands there, as loudly as its likenesses
are worth (`assistant.models.recall`), and a gate weighs both. All is learned together, so that the
unit is taught most where the memory is silent; it is also scored alone, so that it remains a model
of the style.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from assistant.models.recall import FIRST, LIKENESSES, ROWS, UNTIMED, WORTHS, Recall, worth
from assistant.models.vocabulary import BARS, BEATS, LENGTHS, PLACES, Vocabulary

__all__ = ["Lesson", "Net", "fit", "lesson"]

EMBEDDING, HIDDEN, GATE, HEADS = 64, 128, 32, 2
BATCH, EPOCHS, RATE = 16, 16, 4e-3
_ALONE, _BEATS = 0.3, 0.2  # what the unit alone and the lengths count beside the whole
_MODELESS = 0.5  # how often the mode is hidden


@dataclass(frozen=True)
class Lesson:
    """A song as arrays, a column for each chord.

    Parameters
    ----------
    chords, lengths : ndarray of int, shape (chords,)
        Numbers, and classes of length, 0 where unknown.
    places, bars : ndarray of int, shape (chords,)
        Where each chord starts.
    likenesses : ndarray of uint8, shape (likenesses, chords, chords)
        Of each earlier place (third axis) at each step (second axis).
    longest : ndarray of int, shape (chords,)
        Worth of the longest match at each step.
    mode : int
        0 unknown, 1 major, 2 minor.
    """

    chords: NDArray[np.int64]
    lengths: NDArray[np.int32]
    places: NDArray[np.int64]
    bars: NDArray[np.int64]
    likenesses: NDArray[np.uint8]
    longest: NDArray[np.intp]
    mode: int


def lesson(
    vocabulary: Vocabulary, labels: Sequence[str], beats: Sequence[float], mode: int
) -> Lesson:
    """Put a song into arrays; ``beats`` is empty where lengths are unknown."""
    chords = vocabulary.numbers(labels)
    count = len(chords)
    lengths = np.asarray(beats, dtype=np.float32)[:, None] if beats else [None] * count
    recall = Recall.begin()
    likenesses = np.zeros((len(LIKENESSES), count, count), dtype=np.uint8)
    longest = np.zeros(count, dtype=np.intp)
    for at, length in enumerate(lengths):
        for which, likeness in enumerate(recall.likenesses()):
            likenesses[which, at, :at] = likeness
        longest[at] = worth(recall.longest)[0]
        come = chords[at : at + 1].astype(np.int32)
        recall = recall.after(come, vocabulary.thirds[come], length)
    where = recall.starts[0].astype(np.int64) // 2
    places, bars = where % PLACES, where // 4 % BARS
    return Lesson(chords, recall.lengths[0], places, bars, likenesses, longest, mode)


class Net(nn.Module):
    """Next chord and its length.

    Parameters
    ----------
    vocabulary : Vocabulary
        Roots and qualities.
    dropout : float
        How much of its state is hidden while learning, 0..1, and half as much of what it reads.
    """

    roots: Tensor
    qualities: Tensor

    def __init__(self, vocabulary: Vocabulary, dropout: float = 0.4) -> None:
        super().__init__()
        self.dropout = dropout
        size = len(vocabulary.labels)
        self.size = size
        self.label = nn.Embedding(size + 3, EMBEDDING)  # and three starts: unknown, major, minor
        self.root = nn.Embedding(12, EMBEDDING)
        self.quality = nn.Embedding(len(vocabulary.qualities), EMBEDDING)
        self.length = nn.Embedding(LENGTHS, EMBEDDING)
        self.place = nn.Embedding(PLACES + 1, EMBEDDING)
        self.bar = nn.Embedding(BARS + 1, EMBEDDING)
        for told in (self.label, self.root, self.quality, self.length, self.place, self.bar):
            nn.init.normal_(told.weight, 0, 0.3)
        self.unit = nn.GRU(EMBEDDING, HIDDEN, batch_first=True)
        self.out = nn.Linear(HIDDEN, size)
        self.out_root = nn.Linear(HIDDEN, 12, bias=False)
        self.out_quality = nn.Linear(HIDDEN, len(vocabulary.qualities), bias=False)
        self.likeness = nn.Parameter(0.1 * torch.randn(ROWS, HEADS))
        with torch.no_grad():
            self.likeness[:WORTHS] += torch.linspace(-1.5, 3, WORTHS)[:, None]
        self.gate_in = nn.Linear(2 * HEADS + 1, GATE)
        self.gate_longest = nn.Embedding(WORTHS, GATE)
        self.gate_out = nn.Linear(GATE, HEADS + 1)
        nn.init.normal_(self.gate_longest.weight, 0, 0.1)
        nn.init.zeros_(self.gate_out.weight)
        nn.init.zeros_(self.gate_out.bias)
        self.beats_state = nn.Linear(HIDDEN, GATE)
        self.beats_label = nn.Embedding(size, GATE)
        self.beats_out = nn.Linear(GATE, len(BEATS))
        self.beats_memory = nn.Parameter(torch.full((HEADS,), 0.5))
        self.register_buffer("roots", torch.from_numpy(vocabulary.roots))
        self.register_buffer("qualities", torch.from_numpy(vocabulary.kinds))

    def labels(self) -> Tensor:
        """Embed every label and every start: by itself, its root and its quality."""
        shared = self.root(self.roots) + self.quality(self.qualities)
        return self.label.weight + functional.pad(shared, (0, 0, 0, 3))

    def outputs(self) -> Tensor:
        """Give the weights that score every label: its own, its root's and its quality's."""
        return (
            self.out.weight
            + self.out_root.weight[self.roots]
            + self.out_quality.weight[self.qualities]
        )

    def forward(self, batch: dict[str, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        """Score each chord of each song (songs, chords, labels): alone, whole; and its length."""
        chords, before = batch["chords"], batch["before"]
        read = functional.embedding(before, self.labels()) + self.length(batch["length_before"])
        read = read + self.place(batch["places"]) + self.bar(batch["bars"])
        state = self.unit(functional.dropout(read, self.dropout / 2, self.training))[0]
        state = functional.dropout(state, self.dropout, self.training)
        alone = state @ self.outputs().T + self.out.bias
        songs, steps = chords.shape
        loud = torch.zeros(HEADS, songs * steps * steps)
        loud = loud.index_copy(1, batch["cells"], self._loud(batch["rows"]))
        loud = loud.view(HEADS, songs, steps, steps)
        named = functional.one_hot(chords, self.size).float()
        said = torch.log1p(loud @ named)
        whole = self._mixed(alone, said, loud, batch["longest"])
        return alone, whole, self._lengths(state, loud, batch)

    def _loud(self, rows: Tensor) -> Tensor:
        """Tell how loudly each pair of step and earlier place (heads, pairs) speaks."""
        # Row by row of one head: several times as quick, back and forth, as rows of all heads.
        heads = [sum(head.index_select(0, row) for row in rows) for head in self.likeness.T]
        return torch.stack(heads).clamp(max=10).exp()

    def _mixed(self, alone: Tensor, said: Tensor, loud: Tensor, longest: Tensor) -> Tensor:
        logs = alone.detach().log_softmax(-1)
        unsure = -(logs.exp() * logs).sum(-1, keepdim=True)
        heard = torch.cat([said.amax(-1), torch.log1p(loud.sum(-1))])  # heads twice, songs, steps
        told = torch.cat([heard.movedim(0, -1), unsure], -1)
        gate = self.gate_out(torch.tanh(self.gate_in(told) + self.gate_longest(longest)))
        trust = functional.softplus(gate[..., :HEADS])
        style = (1 + gate[..., HEADS:]).clamp(min=0.05)
        whole: Tensor = style * alone + torch.einsum("bth,hbtv->btv", trust, said)
        return whole

    def _lengths(self, state: Tensor, loud: Tensor, batch: dict[str, Tensor]) -> Tensor:
        chords, lengths = batch["chords"], batch["lengths"]
        inner = torch.tanh(self.beats_state(state) + self.beats_label(chords))
        same = (chords[:, :, None] == chords[:, None, :]).float() * batch["timed"][:, None, None]
        known = functional.one_hot(lengths, LENGTHS)[..., 1:].float()
        said = torch.log1p((loud.detach() * same) @ known)
        scores: Tensor = self.beats_out(inner) + torch.einsum(
            "hbtd,h->btd", said, self.beats_memory
        )
        return scores


def _batch(
    lessons: Sequence[Lesson], size: int, untimed: float, rng: np.random.Generator
) -> dict[str, Tensor]:
    """Pad songs to one length; now and then hide lengths and mode, so that both may lack."""
    shape = (len(lessons), max(len(one.chords) for one in lessons))
    names = ("chords", "before", "lengths", "length_before", "places", "bars", "longest")
    told = {name: torch.zeros(shape, dtype=torch.int64) for name in names}
    rows, cells = [], []
    told["scored"] = torch.zeros(shape, dtype=torch.bool)
    told["timed"] = torch.zeros(len(lessons))
    for at, one in enumerate(lessons):
        count = len(one.chords)
        timed = bool(one.lengths.all()) and rng.random() > untimed
        start = size + (one.mode if rng.random() > _MODELESS else 0)
        row = {
            "chords": one.chords,
            "before": np.r_[start, one.chords[:-1]],
            "lengths": one.lengths,
            "length_before": np.r_[0, one.lengths[:-1]] * timed,
            "places": one.places if timed else np.full(count, PLACES),
            "bars": one.bars if timed else np.full(count, BARS),
            "longest": one.longest,
        }
        for name, values in row.items():
            told[name][at, :count] = torch.from_numpy(values.astype(np.int64))
        step, place = np.tril_indices(count, -1)
        rows.append(_rows(one, timed)[:, step, place])
        cells.append((at * shape[1] + step) * shape[1] + place)
        told["scored"][at, :count] = True
        told["timed"][at] = float(timed)
    told["rows"] = torch.from_numpy(np.concatenate(rows, axis=1))
    told["cells"] = torch.from_numpy(np.concatenate(cells))
    return told


def _rows(one: Lesson, timed: bool) -> NDArray[np.int32]:
    """Find rows of the table of likenesses; where not timed, as if lengths were unknown."""
    rows = one.likenesses.astype(np.int32)
    for name, value in () if timed else UNTIMED.items():
        rows[LIKENESSES.index(name)] = value
    return rows + np.array(FIRST, dtype=np.int32)[:, None, None]


def _batches(
    lessons: Sequence[Lesson], size: int, untimed: float, rng: np.random.Generator
) -> Iterator[dict[str, Tensor]]:
    """Walk through the songs in batches of about equal length, in a new order each time."""
    long = np.array([len(one.chords) for one in lessons]) + rng.uniform(0, 30, len(lessons))
    order = np.argsort(long)
    cuts = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
    for at in rng.permutation(len(cuts)):
        yield _batch([lessons[one] for one in cuts[at]], size, untimed, rng)


def fit(
    vocabulary: Vocabulary,
    lessons: Sequence[Lesson],
    untimed: float,
    seed: int,
    epochs: int,
    dropout: float = 0.4,
) -> Net:
    """Teach a network.

    Parameters
    ----------
    vocabulary : Vocabulary
        Roots and qualities.
    lessons : sequence of Lesson
        Songs to learn from.
    untimed : float
        How often their lengths are hidden, 0..1, so that the network can do without.
    seed : int
        Same seed, same network, on one machine.
    epochs : int
        How often each song is heard.
    dropout : float
        As for `Net`.

    Returns
    -------
    Net
        Ready to be written.
    """
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net = Net(vocabulary, dropout)
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=1e-2)
    steps = epochs * -(-len(lessons) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, steps, pct_start=0.15)
    for epoch in range(epochs):
        total = []
        for batch in _batches(lessons, net.size, untimed, rng):
            loss = _loss(net, batch)
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total.append(loss.item())
        print(f"epoch {epoch + 1} of {epochs}: loss {np.mean(total):.3f}", flush=True)
    return net.eval()


def _loss(net: Net, batch: dict[str, Tensor]) -> Tensor:
    alone, whole, lengths = net(batch)
    scored = batch["scored"]
    chords = batch["chords"][scored]
    known = scored & (batch["lengths"] > 0)
    loss = functional.cross_entropy(whole[scored], chords)
    loss = loss + _ALONE * functional.cross_entropy(alone[scored], chords)
    if known.any():
        wanted = batch["lengths"][known] - 1
        loss = loss + _BEATS * functional.cross_entropy(lengths[known], wanted)
    return loss
