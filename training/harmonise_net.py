"""The network of the harmoniser in torch, for learning; `assistant.models.harmonise` runs it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from assistant.models.frames import FEATURES
from assistant.models.labels import Labels

__all__ = ["Batch", "Network", "loss", "shipped"]

_WIDTH = 96
_TAPS = 5
_STEPS = (1, 2, 4)  # how far apart the taps of the blocks are, in slots
_ATTENDING = 1  # the block that looks at the whole song
_HEADS = 4
_REACH = 32  # slots; further away is all one
_SHARP = 4.0
_SECOND = 0.25  # share of the loss for a second chord in the slot


class _SongDropout(nn.Module):
    """Dropout of whole channels, the same along a song: cheap, and nothing leaks by neighbours."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, values: Tensor) -> Tensor:
        if not self.training:
            return values
        kept = torch.rand(values.shape[0], 1, values.shape[2]) > self.share
        return values * kept / (1.0 - self.share)


class _Convolution(nn.Module):
    def __init__(self, step: int) -> None:
        super().__init__()
        self.step = step
        self.enter = nn.Linear(_TAPS * _WIDTH, 2 * _WIDTH)
        self.leave = nn.Linear(_WIDTH, _WIDTH)
        self.register_buffer("taps", torch.tensor([_TAPS, step], dtype=torch.float32))

    def forward(self, values: Tensor) -> Tensor:
        reach, count = _TAPS // 2 * self.step, values.shape[1]
        padded = nn.functional.pad(values, (0, 0, reach, reach))
        seen = [padded[:, n * self.step : n * self.step + count] for n in range(_TAPS)]
        value, gate = self.enter(torch.cat(seen, 2)).chunk(2, 2)
        left: Tensor = self.leave(value.tanh() * gate.sigmoid())
        return left


class _Attention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(_WIDTH)
        self.enter = nn.Linear(_WIDTH, 3 * _WIDTH)
        self.leave = nn.Linear(_WIDTH, _WIDTH)
        self.far = nn.Parameter(torch.zeros(_HEADS, 2 * _REACH + 1))
        self.likeness = nn.Parameter(0.5 * torch.randn(_HEADS, 3))

    def forward(self, values: Tensor, near: Tensor, outside: Tensor) -> Tensor:
        songs, count, width = values.shape
        asked = self.enter(self.norm(values)).view(songs, count, 3, _HEADS, width // _HEADS)
        query, key, value = asked.permute(2, 0, 3, 1, 4)
        place = torch.arange(count)
        far = (place[None] - place[:, None]).clamp(-_REACH, _REACH) + _REACH
        drawn = near.flatten(2).transpose(1, 2) @ (_SHARP * self.likeness).T
        drawn = drawn.transpose(1, 2).reshape(songs, _HEADS, count, count) + self.far[:, far]
        drawn = drawn + query @ key.transpose(2, 3) / math.sqrt(width // _HEADS)
        odds = drawn.masked_fill(outside[:, None, None], -1e9).softmax(3)
        left: Tensor = self.leave((odds @ value).transpose(1, 2).reshape(songs, count, width))
        return left


class _Block(nn.Module):
    def __init__(self, step: int, attending: bool, dropout: float) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(_WIDTH)
        self.conv = _Convolution(step)
        self.attend = _Attention() if attending else None
        self.drop = _SongDropout(dropout)

    def forward(self, values: Tensor, near: Tensor, outside: Tensor) -> Tensor:
        quiet = self.norm(values).masked_fill(outside[..., None], 0.0)
        looked: Tensor = values + self.drop(self.conv(quiet))
        if self.attend is not None:
            looked = looked + self.drop(self.attend(looked, near, outside))
        return looked


@dataclass(frozen=True)
class Batch:
    """Stretches of songs, filled up to one length.

    Parameters
    ----------
    features : Tensor of shape (songs, slots, FEATURES)
    near : Tensor of shape (songs, 3, slots, slots)
    outside : Tensor of shape (songs, slots)
        True beyond the end.
    chords : Tensor of shape (2, songs, slots)
        Number of the chord, and of the second where there are two; -1 where none is to be told.
    """

    features: Tensor
    near: Tensor
    outside: Tensor
    chords: Tensor


class Network(nn.Module):
    """Scores of chords from features.

    Parameters
    ----------
    labels : Labels
        The chords.
    dropout : float
        Share of the channels left out while learning.
    unheard : float
        Share of the features, and of the slots, left out while learning.
    """

    def __init__(self, labels: Labels, dropout: float = 0.3, unheard: float = 0.05) -> None:
        super().__init__()
        self.unheard = unheard
        self.roots = torch.from_numpy(labels.roots)
        self.triads = torch.from_numpy(labels.triads)
        self.enter = nn.Linear(FEATURES, _WIDTH)
        self.drop = _SongDropout(dropout)
        self.block = nn.ModuleList(
            _Block(step, number == _ATTENDING, dropout) for number, step in enumerate(_STEPS)
        )
        self.norm = nn.LayerNorm(_WIDTH)
        self.full = nn.Linear(_WIDTH, len(labels.names))
        self.root = nn.Linear(_WIDTH, 12, bias=False)
        self.triad = nn.Linear(_WIDTH, int(labels.triads.max()) + 1, bias=False)

    def forward(self, batch: Batch) -> Tensor:
        """Return scores of shape (songs, slots, chords)."""
        values = batch.features
        if self.training:
            songs, count, width = values.shape
            values = values * (torch.rand(songs, count, 1) > self.unheard)
            values = values * (torch.rand(songs, 1, width) > self.unheard)
        values = self.drop(torch.relu(self.enter(values)))
        for block in self.block:
            values = block(values, batch.near, batch.outside)
        values = self.drop(self.norm(values))
        root, triad = self.root(values), self.triad(values)
        scores: Tensor = self.full(values) + root[..., self.roots] + triad[..., self.triads]
        return scores


def loss(network: Network, batch: Batch) -> Tensor:
    """Measure how wrong the network is: of chord, and half as much of root with triad and of root.

    Parameters
    ----------
    network : Network
        Gives the scores.
    batch : Batch
        What to tell.

    Returns
    -------
    Tensor
        One number, in nats.
    """
    first, second = batch.chords
    told = first >= 0
    logs = network(batch).log_softmax(2)[told]
    first, second = first[told], second[told]
    second = torch.where(second >= 0, second, first)
    odds = logs.exp()
    wrong = torch.zeros(())
    everything = torch.arange(logs.shape[1])
    for kinds, weight in ((everything, 1.0), (network.triads, 0.5), (network.roots, 0.5)):
        shared = torch.zeros(len(odds), int(kinds.max()) + 1).index_add(1, kinds, odds)
        known = shared.clamp_min(1e-9).log()
        for chords, share in ((first, 1.0 - _SECOND), (second, _SECOND)):
            wrong = wrong - weight * share * known.gather(1, kinds[chords][:, None]).mean()
    return wrong


def shipped(network: Network) -> dict[str, NDArray[np.float16]]:
    """Take the weights as they run: what chords share by root and triad is added up."""
    told = {name: value.detach().numpy() for name, value in network.state_dict().items()}
    weight = told.pop("full.weight")
    weight = weight + told.pop("root.weight")[network.roots.numpy()]
    told["out.weight"] = weight + told.pop("triad.weight")[network.triads.numpy()]
    told["out.bias"] = told.pop("full.bias")
    return {name: value.astype(np.float16) for name, value in told.items()}
