"""Runs tools over takes and keeps what came of each: how clean, how unharmed, at what cost."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np

from assistant.material import Samples
from bench.denoise_cases import STATIONARY, Case
from bench.denoise_measures import (
    gain_db,
    identical,
    log_kurtosis_ratio,
    onset_levels_db,
    pesq,
    residual_db,
    si_sdr_db,
    stoi,
)

__all__ = ["HEARD_AT_DB", "Score", "Tool", "keeping", "kept", "scored", "worth"]

Tool: TypeAlias = Callable[[Case], Samples]

HEARD_AT_DB = 10.0


@dataclass(frozen=True)
class Score:
    """What became of one take.

    Parameters
    ----------
    tool, name, kind, noise, level_db
        Who cleaned, and which take.
    gain_db, si_sdr_db : float
        How much nearer to the clean sound than before, and how near; after the pause.
    residual_db : float
        How far all that was changed lies below the take; 150: nothing was.
    same : bool
        Whether nothing was changed, bit for bit.
    pesq, stoi : float
        Of speech; NaN for the rest.
    kurtosis, onset_db : float
        Musical noise and the mean level of onsets, in stationary noise at 10 dB; NaN elsewhere.
    seconds, cpu_seconds : float
        How long all channels last, one after the other, and CPU time.
    """

    tool: str
    name: str
    kind: str
    noise: str
    level_db: float
    gain_db: float
    si_sdr_db: float
    residual_db: float
    same: bool
    pesq: float
    stoi: float
    kurtosis: float
    onset_db: float
    seconds: float
    cpu_seconds: float


def scored(cases: Iterable[Case], tools: Mapping[str, Tool]) -> Iterator[Score]:
    """Clean each take with each tool.

    Parameters
    ----------
    cases : iterable of Case
        The takes.
    tools : mapping of str to callable
        By name.

    Yields
    ------
    Score
        One for each take and tool.
    """
    for case in cases:
        for name, tool in tools.items():
            before = _cpu_seconds()
            made = tool(case)
            yield _score(name, case, made, _cpu_seconds() - before)


def kept(file: Path) -> list[Score]:
    """Read the scores of runs before."""
    if not file.exists():
        return []
    return [Score(**json.loads(line)) for line in file.read_text().splitlines()]


def keeping(scores: Iterable[Score], file: Path) -> Iterator[Score]:
    """Write each score as it comes, one a line behind those that are there."""
    with file.open("a") as lines:
        for score in scores:
            print(json.dumps(asdict(score)), file=lines, flush=True)
            yield score


def worth(values: Iterable[float]) -> list[float]:
    """Keep what was measured."""
    return [value for value in values if not math.isnan(value)]


def _score(tool: str, case: Case, made: Samples, spent: float) -> Score:
    wanted, got = case.played(case.clean.samples), case.played(made)
    heard = case.noise in STATIONARY and case.level_db == HEARD_AT_DB
    spoken = case.kind == "speech" and case.noise != "none"
    return Score(
        tool, case.name, case.kind, case.noise, case.level_db,
        gain_db(case, made) if case.noise != "none" else math.nan,
        si_sdr_db(wanted, got),
        residual_db(case.noisy.samples, made),
        identical(case.noisy.samples, made),
        pesq(wanted, got, case.clean.rate) if spoken else math.nan,
        stoi(wanted, got, case.clean.rate) if spoken else math.nan,
        log_kurtosis_ratio(case, made) if heard else math.nan,
        float(np.mean(onset_levels_db(case, made))) if heard else math.nan,
        case.noisy.seconds * case.noisy.channels, spent,
    )  # fmt: skip


def _cpu_seconds() -> float:
    """Return what this process spent, and those it started."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
