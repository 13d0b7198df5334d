"""Draws what the denoise bench found: a table for each kind of trouble."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bench.denoise_cases import LEVELS_DB, MOVING, STATIONARY
from bench.denoise_scores import Score, worth
from bench.report import table

__all__ = [
    "Effort",
    "Scores",
    "clean_table",
    "effects_table",
    "noise_table",
    "places_table",
    "speed",
    "voice_table",
]


@dataclass(frozen=True)
class Effort:
    """What a file of some seconds cost a tool: times real time by CPU time, and MB resident."""

    tool: str
    kind: str
    seconds: int
    speed: float
    megabytes: float


@dataclass(frozen=True)
class Scores:
    """All that was scored, to choose from."""

    all: tuple[Score, ...]

    @property
    def tools(self) -> tuple[str, ...]:
        """Those that were run, in order."""
        return tuple(dict.fromkeys(score.tool for score in self.all))

    def of(
        self,
        tool: str | None = None,
        *,
        kinds: Sequence[str] = (),
        noises: Sequence[str] = (),
        level_db: float | None = None,
    ) -> Scores:
        """Choose; what is left out is not asked."""
        return Scores(
            tuple(
                score
                for score in self.all
                if (tool is None or score.tool == tool)
                and (not kinds or score.kind in kinds)
                and (not noises or score.noise in noises)
                and (level_db is None or score.level_db == level_db)
            )
        )

    def mean(self, what: str) -> float:
        """Return the mean of one of the measures; NaN where there is none."""
        found = self.values(what)
        return float(np.mean(found)) if found else float("nan")

    def worst(self, what: str) -> float:
        """Return the lowest of one of the measures; NaN where there is none."""
        return min(self.values(what), default=float("nan"))

    def values(self, what: str) -> list[float]:
        """Return one of the measures of each, where it was measured."""
        return worth(getattr(score, what) for score in self.all)


def noise_table(scores: Scores, kinds: Sequence[str]) -> str:
    """Draw mean gains in SI-SDR, each noise its own row, at each level, and each tool a column."""
    heard = scores.of(kinds=kinds, noises=(*STATIONARY, *MOVING)).all
    chosen = Scores(tuple(score for score in heard if score.tool != "input"))
    rows = [
        [noise, *_columns(chosen.of(noises=[noise]), chosen.tools, _by_level)]
        for noise in dict.fromkeys(score.noise for score in chosen.all)
    ]
    rows += [
        ["mean, stationary", *_columns(chosen.of(noises=STATIONARY), chosen.tools, _by_level)],
        ["mean, all", *_columns(chosen, chosen.tools, _by_level)],
        ["worst take, stationary", *_columns(chosen.of(noises=STATIONARY), chosen.tools, _lowest)],
        ["worst take, all", *_columns(chosen, chosen.tools, _lowest)],
    ]
    return table(["", *chosen.tools], rows)


def voice_table(scores: Scores) -> str:
    """Draw SI-SDR, PESQ and STOI of speech over all noises and levels."""
    chosen = scores.of(kinds=["speech"], noises=(*STATIONARY, *MOVING))
    rows = [
        [tool, *(f"{chosen.of(tool).mean(what):.2f}" for what in ("si_sdr_db", "pesq", "stoi"))]
        for tool in chosen.tools
    ]
    return table(["", "SI-SDR", "PESQ", "STOI"], rows)


def places_table(scores: Scores, noise: str) -> str:
    """Draw mean SI-SDR of each kind with hum, clicks or clipping, and the lowest gain."""
    chosen = scores.of(noises=[noise])
    kinds = tuple(dict.fromkeys(score.kind for score in chosen.all))
    rows = [
        [
            tool,
            *(f"{chosen.of(tool, kinds=[kind]).mean('si_sdr_db'):.1f}" for kind in kinds),
            f"{chosen.of(tool).mean('si_sdr_db'):.1f}",
            f"{chosen.of(tool).worst('gain_db'):.1f}",
        ]
        for tool in chosen.tools
    ]
    return table(["", *kinds, "all", "lowest gain"], rows)


def clean_table(scores: Scores) -> str:
    """Draw how many clean sounds came out bit for bit, and how much was taken from the others."""
    chosen = scores.of(noises=["none"])
    rows = []
    for tool in chosen.tools:
        mine = chosen.of(tool).all
        changed = [score for score in mine if not score.same]
        most = min(changed, key=lambda score: score.residual_db, default=None)
        rows.append(
            [
                tool,
                f"{100.0 * (1.0 - len(changed) / len(mine)):.0f} %",
                f"{most.residual_db:.1f}" if most else "",
                most.name if most else "",
            ]
        )
    return table(["", "identical", "sound over change, dB, lowest", "in"], rows)


def effects_table(scores: Scores) -> str:
    """Draw musical noise, onsets and speed."""
    music, voice = ("instrument", "mix"), ("speech", "singing")
    rows = []
    for tool in scores.of(noises=STATIONARY).tools:
        mine = scores.of(tool)
        onsets = mine.of(kinds=music)
        rows.append(
            [
                tool,
                _shown(mine.of(kinds=music).mean("kurtosis"), 2),
                _shown(mine.of(kinds=voice).mean("kurtosis"), 2),
                _shown(onsets.mean("onset_db")),
                _shown(onsets.worst("onset_db")),
                _shown(mine.of(kinds=voice).mean("onset_db")),
                _shown(speed(mine.of(kinds=["speech"])), 0),
                _shown(speed(mine.of(kinds=music)), 0),
            ]
        )
    head = ("musical noise, music", "voices", "onsets, music", "worst take", "voices")
    return table(["", *head, "x real time, speech", "music"], rows)


def _shown(value: float, digits: int = 1) -> str:
    return "-" if math.isnan(value) else f"{value:.{digits}f}"


def _columns(scores: Scores, tools: Iterable[str], cell: Callable[[Scores], str]) -> list[str]:
    return [cell(scores.of(tool)) for tool in tools]


def _by_level(scores: Scores) -> str:
    levels = [scores.of(level_db=level) for level in LEVELS_DB]
    return " / ".join(_shown(one.mean("gain_db")) for one in levels)


def _lowest(scores: Scores) -> str:
    return _shown(scores.worst("gain_db"))


def speed(scores: Scores) -> float:
    """Return how many seconds of one channel are cleaned in a second of one core."""
    heard = scores.of(noises=(*STATIONARY, *MOVING)).all
    spent = sum(score.cpu_seconds for score in heard)
    return sum(score.seconds for score in heard) / spent if spent else float("nan")
