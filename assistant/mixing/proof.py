"""The cure proved: what is still found once the moves are done."""

from __future__ import annotations

from collections.abc import Collection, Generator, Sequence
from dataclasses import replace

from assistant.material import Scratch, Session
from assistant.mixing.console import MIX
from assistant.mixing.fault import Fault
from assistant.mixing.finding import Ground, find
from assistant.mixing.heard import hear
from assistant.mixing.masked import measure_masking
from assistant.mixing.rendering import render, through_strip
from assistant.mixing.track import Track
from assistant.moves import Move
from assistant.steps import part

__all__ = ["still_found"]

_HEARD, _SUMMED, _COVERED, _MASKED = 0.6, 0.7, 0.75, 0.8  # of the work: what is done by then


def still_found(
    ground: Ground, cured: Sequence[Fault], moves: Sequence[Move], scratch: Scratch
) -> Generator[float, None, tuple[Fault, ...]]:
    """Do what would cure faults, listen again, and tell what of them is left.

    Parameters
    ----------
    ground : Ground
        The mix as it came.
    cured : sequence of Fault
        Those that are looked for again.
    moves : sequence of Move
        What is done.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    tuple of Fault
        Of the same kinds and first targets as those that were to be cured.
    """
    kinds = {one.kind for one in cured}
    named = {name for one in cured for name in one.targets}
    touched = {move.target for move in moves} & named
    tracks = yield from part(_behind_strips(ground, touched, moves, scratch), 0.0, _HEARD)
    plain, mix, masking = ground.plain, ground.mix, ground.masking
    if MIX in named:
        session = Session(tuple(one.stem for one in tracks))
        work = render(session, _of_the_sum(moves), scratch, plain=plain)
        plain = (yield from part(work, _HEARD, _SUMMED - _HEARD)).mix
        mix = yield from part(hear(plain.audio), _SUMMED, _COVERED - _SUMMED)
    if "masking" in kinds:
        masking = yield from part(measure_masking(tracks), _COVERED, _MASKED - _COVERED)
    again = find(replace(ground, tracks=tracks, plain=plain, mix=mix, masking=masking), kinds)
    found = yield from part(again, _MASKED, 1.0 - _MASKED)
    wanted = {(one.kind, one.targets[0]) for one in cured}
    return tuple(one for one in found if (one.kind, one.targets[0]) in wanted)


def _behind_strips(
    ground: Ground, touched: Collection[str], moves: Sequence[Move], scratch: Scratch
) -> Generator[float, None, tuple[Track, ...]]:
    """Hear again the tracks that are changed, and leave out those that are muted."""
    muted = {one.target for one in moves if one.parameter == "mute" and one.value >= 0.5}
    session = Session(tuple(one.stem for one in ground.tracks))
    tracks = []
    for n, track in enumerate(one for one in ground.tracks if one.name not in muted):
        share = 1.0 / len(ground.tracks)
        if track.name not in touched:
            tracks.append(track)
            continue
        work = through_strip(session, track.name, moves, scratch)
        stem = yield from part(work, n * share, share / 2.0)
        again = yield from part(hear(stem.audio), (n + 0.5) * share, share / 2.0)
        tracks.append(replace(track, stem=stem, heard=again))
    return tuple(tracks)


def _of_the_sum(moves: Sequence[Move]) -> list[Move]:
    return [move for move in moves if move.target == MIX]
