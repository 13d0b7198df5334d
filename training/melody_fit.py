"""How the weights of the melody model are found: the network, then what weighs its song memory.

The memory has to learn how far the network can be trusted on songs that it has not seen. So a first
network learns from two thirds of the songs, the memory is fitted to what that network says of the
last third, and the network that ships learns from all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import torch
import torch.nn.functional as f
from numpy.typing import NDArray
from torch import Tensor, nn

from assistant.models.echoes import Echoes, echoes
from assistant.models.melodies import (
    LENGTHS,
    LOWEST,
    PITCHES,
    ROWS,
    Melodies,
    contexts,
    length_class,
    tokens,
)

__all__ = ["fit"]

Arrays: TypeAlias = dict[str, NDArray[np.float32]]

_INPUTS, _HIDDEN, _WIDEST = 96, 160, 25
_BATCH, _STEPS, _RATE = 24, 192, 4e-3
_DROPPED, _BLANKED, _WITH_CHORDS, _RHYTHM = 0.35, 0.07, 0.5, 0.3
_FIRST_EPOCHS, _EPOCHS, _MEMORY_EPOCHS = 14, 24, 8
_VOICES, _LISTENING, _WEIGHING = 5, 32, 24
_NOTHING = np.zeros((1, 1), dtype=np.int64)
_SILENT = Melodies(_NOTHING, _NOTHING, _NOTHING)


class Net(nn.Module):
    """The network of `assistant.models.melody`, its weights under the same names."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.randn(ROWS, _INPUTS) * 0.3)
        self.tones = nn.Parameter(torch.randn(_INPUTS, 12) * 0.3)
        self.gru = nn.GRU(_INPUTS, _HIDDEN)
        self.pitch = nn.Linear(_HIDDEN, PITCHES + 2 * _WIDEST + 1 + 12)
        self.length = nn.Linear(_HIDDEN, LENGTHS)
        self.rest = nn.Linear(_HIDDEN, LENGTHS)
        self.rest_after = nn.Parameter(torch.zeros(LENGTHS, LENGTHS))

    def forward(self, songs: Songs, state: Tensor | None) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Score pitches, lengths and rests, and tell the last state."""
        entering = f.embedding(songs.rows, self.table).sum(-2) + songs.tones @ self.tones.T
        told, state = self.gru(f.dropout(entering, _DROPPED / 2, self.training), state)
        told = f.dropout(told, _DROPPED, self.training)
        rests = self.rest(told) + self.rest_after[songs.lengths.clamp(min=0)]
        return self._pitches(told, songs.rows[..., 0]), self.length(told), rests, state

    def _pitches(self, told: Tensor, before: Tensor) -> Tensor:
        own, steps, classes = self.pitch(told).split([PITCHES, 2 * _WIDEST + 1, 12], dim=-1)
        pitches = torch.arange(PITCHES)
        intervals = (pitches - before[..., None]).clamp(-_WIDEST, _WIDEST) + _WIDEST
        moved = torch.where(before[..., None] < PITCHES, steps.gather(-1, intervals), 0.0)
        scores: Tensor = own + moved + classes[..., (pitches + LOWEST) % 12]
        return scores

    def arrays(self) -> Arrays:
        """Give the weights as the runtime names them."""
        return {
            name.removesuffix("_l0"): value.detach().numpy()
            for name, value in self.named_parameters()
        }


@dataclass(frozen=True)
class Songs:
    """Songs side by side, time first, -1 where a song has ended."""

    rows: Tensor
    tones: Tensor
    pitches: Tensor
    lengths: Tensor
    rests: Tensor

    def steps(self, start: int, end: int) -> Songs:
        """Cut out some notes of each song."""
        return Songs(*(getattr(self, name)[start:end] for name in self.__dataclass_fields__))


def _songs(lines: Sequence[Melodies]) -> Songs:
    columns = list(zip(*map(_columns, lines), strict=True))
    padded = (
        nn.utils.rnn.pad_sequence([torch.from_numpy(one) for one in column], padding_value=-1)
        for column in columns
    )
    rows, tones, pitches, lengths, rests = padded
    return Songs(rows.clamp(min=0), tones.clamp(min=0), pitches, lengths, rests)


def _columns(line: Melodies) -> tuple[NDArray[Any], ...]:
    rows = contexts(line)[0].astype(np.int64)
    tones = np.zeros((len(rows), 12), np.float32) if line.tones is None else line.tones[0]
    rests = np.full(len(rows), -1)
    rests[:-1] = length_class(line.rests[0, 1:])
    lengths = length_class(line.lengths[0])
    relative = np.roll(tones, -line.tonic, axis=-1)
    return rows, relative, tokens(line)[0], lengths, rests


def _loss(net: Net, songs: Songs, state: Tensor | None) -> tuple[Tensor, Tensor]:
    pitches, lengths, rests, state = net(songs, state)
    loss = _surprise(pitches, songs.pitches)
    loss = loss + _RHYTHM * (_surprise(lengths, songs.lengths) + _surprise(rests, songs.rests))
    return loss, state


def _surprise(scores: Tensor, wanted: Tensor) -> Tensor:
    return f.cross_entropy(scores.flatten(0, 1), wanted.flatten(), ignore_index=-1)


def _fit_net(lines: Sequence[Melodies], epochs: int, seed: int) -> Net:
    """Fit a network to songs, half of the time without their chords."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    net = Net()
    blank = torch.from_numpy(contexts(_SILENT)[0, 0].astype(np.int64))
    optimizer = torch.optim.AdamW(net.parameters(), lr=_RATE, weight_decay=0.02, betas=(0.9, 0.98))
    for epoch in range(epochs):
        batches = list(_batches(lines, random))
        for index, batch in enumerate(batches):
            done = epoch + index / len(batches)
            _set_rate(optimizer, min(1.0, done + 0.05) * _RATE, done / epochs)
            _learn(net, optimizer, _songs(batch), blank)
    return net.eval()


def _learn(net: Net, optimizer: torch.optim.Optimizer, songs: Songs, blank: Tensor) -> None:
    """Go through a batch of songs in stretches, and learn from each."""
    state = None
    for start in range(0, len(songs.pitches), _STEPS):
        stretch = songs.steps(start, start + _STEPS)
        if (stretch.pitches >= 0).sum() < 50:
            return
        blanked = torch.rand(stretch.rows.shape) < _BLANKED
        stretch = replace(stretch, rows=torch.where(blanked, blank, stretch.rows))
        loss, state = _loss(net, stretch, state)
        state = state.detach()
        _step(net, optimizer, loss)


def _step(net: nn.Module, optimizer: torch.optim.Optimizer, loss: Tensor) -> None:
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    optimizer.step()


def _set_rate(optimizer: torch.optim.Optimizer, rate: float, done: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = rate * (0.5 + 0.5 * np.cos(np.pi * done)) + 1e-5


def _batches(lines: Sequence[Melodies], random: np.random.Generator) -> Iterator[list[Melodies]]:
    """Shuffle songs into batches of about the same length, chords left away from half of them."""
    sizes = np.array([line.pitches.size for line in lines])
    order = np.argsort(sizes + random.normal(0, 60, len(lines)))
    groups = [order[start : start + _BATCH] for start in range(0, len(order), _BATCH)]
    for group in random.permutation(len(groups)):
        yield [
            lines[index] if random.random() < _WITH_CHORDS else lines[index].without_chords()
            for index in groups[group]
        ]


class Memory(nn.Module):
    """What `assistant.models.echoes.blend` computes, its weights under the same names."""

    def __init__(self) -> None:
        super().__init__()
        last = nn.Linear(_LISTENING, 2 * _VOICES)
        powers = nn.Linear(_WEIGHING, _VOICES + 1)
        with torch.no_grad():
            last.bias.fill_(-3)
            powers.weight.zero_()
            powers.bias.fill_(1 / (_VOICES + 1))
        self.voices = nn.Sequential(
            nn.Linear(19, _LISTENING), nn.ReLU(), nn.Linear(_LISTENING, _LISTENING), nn.ReLU(), last
        )
        self.odds = nn.Sequential(nn.Linear(10 + _VOICES, _WEIGHING), nn.Tanh(), powers)

    def forward(self, found: Echoes, logs: Tensor) -> Tensor:
        """Blend the echoes of one song into what the network says, as scores."""
        loud = torch.exp(self.voices(torch.from_numpy(found.likeness)).clamp(-12, 10))
        same, moved = torch.split(loud, _VOICES, dim=1)
        other = found.moved >= 0
        where = torch.from_numpy(found.notes * PITCHES + found.same)
        elsewhere = torch.from_numpy((found.notes * PITCHES + found.moved)[other])
        heard = torch.zeros(len(logs) * PITCHES, _VOICES).index_add(0, where, same)
        heard = heard.index_add(0, elsewhere, moved[torch.from_numpy(other)])
        heard = heard.view(len(logs), PITCHES, _VOICES)
        odds, total = logs.exp(), torch.log1p(heard.sum(1))
        sure = torch.stack([-(odds * logs).sum(1), logs.amax(1)], dim=1)
        known = torch.cat([torch.from_numpy(found.summary), sure, total], dim=1)
        powers = self.odds(known)
        voices = torch.log(odds[..., None] + heard) - total[:, None]
        blended: Tensor = powers[:, :1] * logs + (powers[:, None, 1:] * voices).sum(-1)
        return blended


def _fit_memory(net: Net, lines: Sequence[Melodies], seed: int) -> Memory:
    """Fit the memory to songs that the network has not seen, with their chords and without."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    memory, found = Memory(), [echoes(line) for line in lines]
    plain = [line.without_chords() for line in lines]
    told = [[_logs(net, line) for line in kind] for kind in (plain, lines)]
    pitches = [torch.from_numpy(tokens(line)[0]) for line in lines]
    optimizer = torch.optim.Adam(memory.parameters(), lr=5e-3)
    for epoch in range(_MEMORY_EPOCHS):
        groups = np.array_split(random.permutation(len(lines)), max(len(lines) // 4, 1))
        for index, group in enumerate(groups):
            _set_rate(optimizer, 5e-3, (epoch + index / len(groups)) / _MEMORY_EPOCHS)
            kinds = random.integers(2, size=len(group))
            scores = [
                memory(found[song], told[kind][song])
                for kind, song in zip(kinds, group, strict=True)
            ]
            wanted = torch.cat([pitches[song] for song in group])
            _step(memory, optimizer, f.cross_entropy(torch.cat(scores), wanted))
    return memory


@torch.no_grad()
def _logs(net: Net, line: Melodies) -> Tensor:
    scores: Tensor = net(_songs([line]), None)[0][:, 0]
    return f.log_softmax(scores, dim=-1)


def fit(lines: Sequence[Melodies], seed: int) -> Arrays:
    """Find the weights.

    Parameters
    ----------
    lines : sequence of Melodies
        One song each, with chords.
    seed : int
        The same seed finds the same weights.

    Returns
    -------
    dict
        float32 arrays by the names that `MelodyNet` and `blend` read.
    """
    torch.set_num_threads(1)
    random = np.random.default_rng(seed)
    order = random.permutation(len(lines))
    kept = [lines[index] for index in order[: len(lines) // 3]]
    first = _fit_net([lines[index] for index in order[len(kept) :]], _FIRST_EPOCHS, seed)
    memory = _fit_memory(first, kept, seed)
    net = _fit_net(lines, _EPOCHS, seed)
    fitted = {name: value.detach().numpy() for name, value in memory.named_parameters()}
    return {**net.arrays(), **fitted}
