"""The network that reads bells, in torch, for learning; `assistant.models.bell_net` runs it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from assistant.dsp.bells import NATS, QUANTILES
from assistant.models.bell_net import GAINS_DB, SMOOTH, SPREADS
from training.bells_lessons import Lessons

__all__ = ["Network", "loss", "shipped"]

_WIDTH, _WEIGHED = 64, 24
_TAPS = (9, 9, 5, 5)
_ALIKE_DB = 0.7  # gains that are as good as right
_NARROW_STEPS, _BROAD_STEPS = 1, 3  # places that are
_BROAD_Q = 1.0
_Q_SHARE = 0.3  # of the loss
_LEFT_OUT = 0.15  # of the channels, while learning: without, it knows its tracks and no others


class Network(nn.Module):
    """Places, gains and Qs of bells from precisions and quantiles."""

    def __init__(self) -> None:
        super().__init__()
        self.weigh = nn.Conv1d(NATS, _WEIGHED, 1)
        self.enter = nn.Conv1d(NATS + 4 * QUANTILES + _WEIGHED, _WIDTH, 5, padding=2)
        self.block = nn.ModuleList(
            nn.Conv1d(_WIDTH, _WIDTH, taps, padding=taps // 2 * spread, dilation=spread)
            for taps, spread in zip(_TAPS, SPREADS, strict=True)
        )
        self.tell = nn.Conv1d(_WIDTH, 3 + 2 * len(GAINS_DB), 1)

    def forward(self, nats: Tensor, quantiles_db: Tensor) -> Tensor:
        """Return scores of shape (spectra, 3 + 2 * gains, steps).

        Of places for narrow and for broad bells, log Q, then gains of narrow and of broad ones.
        """
        reach = SMOOTH // 2
        held = nn.functional.pad(quantiles_db, (reach, reach), mode="replicate")
        smooth = nn.functional.avg_pool1d(held, SMOOTH, 1)
        mean = quantiles_db.mean(-1, keepdim=True)
        seen = [(quantiles_db - smooth) / 8.0, (quantiles_db - mean) / 20.0]
        all_of_it = torch.cat([*seen, torch.relu(self.weigh(nats)), nats], 1)
        read = self._some(torch.relu(self.enter(all_of_it)))
        for block in self.block:
            read = self._some(read + torch.relu(block(read)))
        told: Tensor = self.tell(read)
        return told

    def _some(self, read: Tensor) -> Tensor:
        return nn.functional.dropout1d(read, _LEFT_OUT, self.training)


def loss(network: Network, lessons: Lessons) -> Tensor:
    """Measure how wrong the network is: of the place, of the gain there, and of the Q.

    Parameters
    ----------
    network : Network
        Gives the scores.
    lessons : Lessons
        What is to be told.

    Returns
    -------
    Tensor
        Three numbers, in nats: place, gain, and the logarithm of the Q.
    """
    told = network(torch.from_numpy(lessons.nats), torch.from_numpy(lessons.quantiles_db))
    none = torch.zeros(len(told), 1)
    places = torch.cat([told[:, :2].flatten(1), none], 1).log_softmax(1)
    there = told[:, 3:].unflatten(1, (2, len(GAINS_DB)))
    spectra, kinds, steps, gains_db, qs = _bells(lessons)
    away = (torch.from_numpy(GAINS_DB) - gains_db[:, None]) / _ALIKE_DB
    alike = torch.softmax(-0.5 * away.square(), 1)
    off = (told[spectra, 2, steps] - qs.log()).abs()
    return torch.stack([
        -(_wanted(lessons) * places).sum(1).mean(),
        -(alike * there[spectra, kinds, :, steps].log_softmax(1)).sum(1).mean(),
        _Q_SHARE * ((kinds == 0) * off).mean(),
    ])  # fmt: skip


def _bells(lessons: Lessons) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """List all bells: spectrum, whether it is broad, step, gain in dB, Q."""
    rows = [
        (n, bell.q < _BROAD_Q, step, bell.gain_db, bell.q)
        for n, bells in enumerate(lessons.bells)
        for step, bell in bells
    ]
    columns = torch.tensor(rows, dtype=torch.float64).T
    spectra, kinds, steps = columns[:3].long()
    gains_db, qs = columns[3:].float()
    return spectra, kinds, steps, gains_db, qs


def _wanted(lessons: Lessons) -> Tensor:
    """Spread each bell over the places that are as good as right, the higher one more."""
    count = lessons.nats.shape[-1]
    wanted = torch.zeros(len(lessons.bells), 2 * count + 1)
    for n, bells in enumerate(lessons.bells):
        whole = sum(bell.gain_db for _, bell in bells)
        for step, bell in bells:
            broad = bell.q < _BROAD_Q
            near = _BROAD_STEPS if broad else _NARROW_STEPS
            first, last = max(0, step - near), min(count, step + near + 1)
            places = slice(broad * count + first, broad * count + last)
            wanted[n, places] += bell.gain_db / whole / (last - first)
        wanted[n, -1] = not bells
    return wanted


def shipped(members: Sequence[Network]) -> dict[str, NDArray[np.float16]]:
    """Take the weights as they run, those of each network behind its number."""
    return {
        f"{n}.{name}": value.detach().numpy().astype(np.float16)
        for n, network in enumerate(members)
        for name, value in network.state_dict().items()
    }
