"""Tables of the mix bench: faults by kind and tool, how near cures come, what is falsely said."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from bench.mix_judging import TUNED
from bench.mix_scoring import Scores
from bench.report import table

__all__ = ["clean_table", "cure_table", "fault_table"]


def fault_table(scores: Sequence[Scores]) -> str:
    """Draw a row for each kind of fault: cases, and what each tool found and cured, in percent.

    Parameters
    ----------
    scores : sequence of Scores
        One a tool, of the same cases.

    Returns
    -------
    str
        Markdown, with a last row for all of them.
    """
    first = scores[0]
    head = ["fault", "cases"]
    head += [f"{one.tool}: {what}" for one in scores for what in ("found %", "cured %")]
    head += [f"{one.tool}: beside it" for one in scores]
    rows = [_row(kind, [one.of(kind) for one in scores]) for kind in first.kinds]
    return table(head, [*rows, _row("all", scores)])


def cure_table(scores: Sequence[Scores]) -> str:
    """Draw how near the cures of a tool come, in percent of the cases.

    Parameters
    ----------
    scores : sequence of Scores
        One a tool.

    Returns
    -------
    str
        Markdown: of the kinds that were asked for.
    """
    rows = []
    for kind in (one for one in (*TUNED, "masking") if one in scores[0].kinds):
        asked = [one.of(kind) for one in scores]
        rows.append([f"{kind}: within 1/3 octave", *(_shown(one.placed) for one in asked)])
        rows.append([f"{kind}: within 2 dB", *(_shown(one.levelled) for one in asked)])
    if "gain" in scores[0].kinds:
        gains = [one.of("gain") for one in scores]
        rows.append(["gain: found and within 2 dB", *(_shown(one.cured) for one in gains)])
    return table(["%", *(one.tool for one in scores)], rows)


def clean_table(scores: Sequence[Scores]) -> str:
    """Draw what each tool says is wrong with each song that is good.

    Parameters
    ----------
    scores : sequence of Scores
        One a tool.

    Returns
    -------
    str
        Markdown: how many faults, and of which kinds.
    """
    songs = dict.fromkeys(song for one in scores for song in one.clean)
    rows = [[song, *(_told(one, song) for one in scores)] for song in songs]
    return table(["good mix", *(one.tool for one in scores)], rows)


def _row(name: str, scores: Sequence[Scores]) -> list[str]:
    shares = [share for one in scores for share in (one.found, one.cured)]
    counted = [f"{one.beside:.2f}" for one in scores]
    return [name, str(len(scores[0].verdicts)), *map(_shown, shares), *counted]


def _told(scores: Scores, song: str) -> str:
    kinds = Counter(one.kind for one in scores.false_faults.get(song, ()))
    listed = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
    return f"{kinds.total()} ({listed})" if kinds else "0"


def _shown(percent: float) -> str:
    return "" if math.isnan(percent) else f"{percent:.0f}"
