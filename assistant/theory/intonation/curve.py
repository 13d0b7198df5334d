"""How far the pitch of a take is moved at each moment.

Each note asks for a shift of its own: the way of its centre to its target, less what of its drift,
vibrato and edges is not kept. From one note to the next the two are cross-faded, so that between
two targets the glide stays a glide, without overshoot; a note that is left alone stays exactly as
it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assistant.theory.ear.singing_heard import VoiceTrack
from assistant.theory.intonation.line import Line, line_of
from assistant.theory.intonation.manner import Manner
from assistant.theory.intonation.splitting import VOICED, Parts, split, weights
from assistant.theory.intonation.stepping import Ladder, steps_within
from assistant.theory.intonation.take import Lanes, TakeNote, Target

__all__ = ["correction", "lanes"]

Array = NDArray[np.float64]

_GLIDE_SECONDS = 0.04  # what of a speed lies before a boundary, or before the note
_REACH_SECONDS = (0.01, 0.045)  # of a glide to each side of a boundary: the least, the most
_FAR_SECONDS = 0.04  # a shift fades away so long beyond its note, where nothing is voiced
_CLOSE_SECONDS = 0.1  # gaps that are bridged
_BLEND_SECONDS = 0.03  # from the rule of an edge to that of what is held
_MOST_CENTS = 600.0  # that a single frame is moved beyond its note's shift
_GONE_CENTS = 800.0  # further off a frame is a slip: it gets the shift of its note alone
_SLIP_CENTS = 600.0  # the same of a frame that is held
_TIGHT_SECONDS, _LOOSE_SECONDS = 0.15, 0.8  # lengths of notes that humanize holds and lets go


@dataclass(frozen=True, eq=False)
class _Asked:
    """What one note asks for: `cents` at the frames from `first` on, well beyond its own."""

    start: int  # its own frames: the first, and the one after the last
    end: int
    held: tuple[int, int]
    first: int
    cents: Array
    fade: int  # frames that its shift takes to take hold

    @property
    def idle(self) -> bool:
        return not self.cents.any()

    def at(self, first: int, last: int) -> Array:
        """Return what it asks for from one frame to another; at its ends it stands still."""
        places = np.clip(np.arange(first, last) - self.first, 0, self.cents.size - 1)
        return self.cents[places]


def correction(
    fine: VoiceTrack,
    notes: Sequence[TakeNote],
    targets: Sequence[Target],
    manners: Sequence[Manner],
    ladder: Ladder | None = None,
) -> NDArray[np.float32]:
    """Draw the correction of a take.

    Parameters
    ----------
    fine : VoiceTrack
        The voice, about every 5 ms.
    notes : sequence of TakeNote
        Its notes, in order, without overlap.
    targets : sequence of Target
        Where each should be.
    manners : sequence of Manner
        How each is moved.
    ladder : Ladder, optional
        The notes of the scale, where that is known: what stands on one of them within a note whose
        movement is not kept at all steps there.

    Returns
    -------
    ndarray of float32, shape (frames of fine,)
        Cents. Exactly 0.0 in notes that are not moved, and further than 50 ms from those that are.
    """
    exact = line_of(fine)
    cents = np.zeros(fine.times.size)
    asked = [_asked(exact, *each, ladder) for each in zip(notes, targets, manners, strict=True)]
    for each in asked:
        cents[each.start : each.end] = each.at(each.start, each.end)
    for before, after in pairwise([None, *asked, None]):
        if before and after and _close(before, after, fine.hop_seconds):
            _cross(cents, before, after, fine.hop_seconds)
        else:
            _end(cents, before, after, fine.hop_seconds)
            _begin(cents, before, after, fine.hop_seconds)
    return cents.astype(np.float32)


def lanes(fine: VoiceTrack, cents: NDArray[np.float32]) -> Lanes:
    """Return the pitch before and after a correction, for drawing.

    Parameters
    ----------
    fine : VoiceTrack
        The voice.
    cents : ndarray of float32, shape (frames,)
        Its correction.

    Returns
    -------
    Lanes
        NaN where nothing is voiced.
    """
    before = np.where(fine.confidence >= VOICED, fine.pitch, np.nan)
    return Lanes(fine.times, before, before + cents / 100.0)


def _asked(
    fine: Line, note: TakeNote, target: Target, manner: Manner, ladder: Ladder | None
) -> _Asked:
    """Work out what a note asks for."""
    hop = fine.hop_seconds
    start, end = (int(each) for each in np.searchsorted(fine.times, (note.start, note.end)))
    end = max(end, min(start + 1, fine.times.size))
    way = 100.0 * (target.pitch - note.centre)
    share = _share(way, manner) if target.moves else 0.0
    held = tuple(int(each) for each in np.searchsorted(fine.times, note.held))
    fade = round(manner.speed_ms / 1000.0 / hop)
    if not share or end <= start:
        return _Asked(start, end, (held[0], held[1]), start, np.zeros(1), fade)
    parts = split(
        fine.pitch[start:end], weights(fine.confidence[start:end], fine.level_db[start:end]), hop
    )
    around = fade + round(_FAR_SECONDS / hop)
    first, last = max(0, start - around), min(fine.times.size, end + around)
    edges = (start - first, last - end)
    off = 100.0 * (fine.pitch[first:last] - parts.centre)
    stepped = np.zeros(off.size)
    if ladder and manner.flat:
        sung = (fine.confidence[first:last] >= VOICED) & _inside(off.size, edges)
        stepped = 100.0 * steps_within(
            off / 100.0, sung, target.pitch, ladder, hop, parts.depth / 100.0
        )
    cents = share * (way - _flattened(off - stepped, parts, edges, manner, hop))
    return _Asked(start, end, (held[0], held[1]), first, cents, fade)


def _inside(size: int, edges: tuple[int, int]) -> NDArray[np.bool_]:
    """Tell which frames are a note's own."""
    places = np.arange(size)
    return (places >= edges[0]) & (places < size - edges[1])


def _share(way: float, manner: Manner) -> float:
    """Tell how much of its way a note goes: none within the flex, all from twice as far."""
    flex = manner.flex_cents
    knee = 1.0 if flex <= 0.0 else min(1.0, max(0.0, abs(way) / flex - 1.0))
    return 0.01 * manner.strength * knee


def _flattened(
    off: Array, parts: Parts, edges: tuple[int, int], manner: Manner, hop_seconds: float
) -> Array:
    """Work out what of a note's own movement is taken away, cents at each frame and around it."""
    loose = _loose((parts.last - parts.first) * hop_seconds, manner)
    drift = _kept(manner.drift, loose)
    vibrato = _kept(manner.vibrato, loose)
    slow = np.pad(parts.slow, edges, mode="edge")
    quick = off - slow
    first, last = edges[0] + parts.first, edges[0] + parts.last
    held = np.zeros(off.size, dtype=bool)
    held[first:last] = True
    calm = _calm(quick, held)
    kept = _blend(manner.scoops / 100.0, min(vibrato, 1.0), first, last, off.size, hop_seconds)
    more = max(0.0, vibrato - 1.0) * np.pad(parts.vibrato, edges)
    taken = min(1.0 - drift, 1.0 - min(vibrato, 1.0) * (1.0 - _calming(slow[held], off[held])))
    return taken * slow + (1.0 - kept) * calm - more


def _calming(slow: Array, off: Array) -> float:
    """Tell how much of a drift can be taken away so that less of a note's movement is left."""
    drift, whole = slow - slow.mean(), off - off.mean()
    energy = float(drift @ drift)
    return min(1.0, max(0.0, float(drift @ whole) / energy)) if energy > 0.0 else 1.0


def _loose(seconds: float, manner: Manner) -> float:
    long = (seconds - _TIGHT_SECONDS) / (_LOOSE_SECONDS - _TIGHT_SECONDS)
    return 0.01 * manner.humanize * min(1.0, max(0.0, long))


def _kept(percent: float, loose: float) -> float:
    share = percent / 100.0
    return share + loose * max(0.0, 1.0 - share)


def _calm(quick: Array, held: NDArray[np.bool_]) -> Array:
    """Limit what a frame may be moved: none where it is a slip of the tracker."""
    far = np.abs(quick)
    limited = np.sign(quick) * np.minimum(far, _MOST_CENTS)
    fade = np.clip((_GONE_CENTS - far) / (_GONE_CENTS - _MOST_CENTS), 0.0, 1.0)
    return np.where(held & (far > _SLIP_CENTS), 0.0, limited * fade)


def _blend(
    edge: float, inside: float, first: int, last: int, size: int, hop_seconds: float
) -> Array:
    """Go from the share that an edge keeps to that of what is held, and back."""
    if edge == inside:
        return np.full(size, edge)
    fade = max(1, min(round(_BLEND_SECONDS / hop_seconds), (last - first) // 3))
    frames = np.arange(size)
    deep = np.minimum(frames - first + 1, last - frames) / fade
    deep = np.where(first == 0, np.minimum(1.0, (last - frames) / fade), deep)
    return edge + (inside - edge) * _raised(np.clip(deep, 0.0, 1.0))


def _raised(share: Array) -> Array:
    return 0.5 - 0.5 * np.cos(np.pi * share)


def _close(before: _Asked, after: _Asked, hop_seconds: float) -> bool:
    """Tell whether two notes are so close that one shift goes over into the other."""
    most = _FAR_SECONDS if before.idle or after.idle else _CLOSE_SECONDS
    return after.start - before.end <= round(most / hop_seconds)


def _cross(cents: Array, before: _Asked, after: _Asked, hop_seconds: float) -> None:
    """Go from the shift of one note to that of the next."""
    if before.idle and after.idle:
        return
    first, last = _crossing(before, after, hop_seconds)
    share = _raised((np.arange(first, last) + 0.5 - first) / max(1, last - first))
    cents[before.end : first] = before.at(before.end, first)
    cents[last : after.start] = after.at(last, after.start)
    cents[first:last] = (1.0 - share) * before.at(first, last) + share * after.at(first, last)


def _crossing(before: _Asked, after: _Asked, hop_seconds: float) -> tuple[int, int]:
    """Tell from where to where; never within what is held of a note that is left alone."""
    reach = [round(each / hop_seconds) if after.fade else 0 for each in _REACH_SECONDS]
    least, most = reach
    first = before.end - max(least, min(most, before.end - before.held[1]))
    last = after.start + max(least, min(most, after.held[0] - after.start))
    last = max(last, after.start + after.fade - round(_GLIDE_SECONDS / hop_seconds))
    if before.idle:
        first, last = max(first, before.held[1]), max(last, before.held[1] + 2 * least)
    if after.idle:
        first, last = min(first, after.held[0] - 2 * least), min(last, after.held[0])
    first = max(first, (before.start + before.end) // 2)
    return first, max(first, min(last, (after.start + after.end) // 2))


def _begin(cents: Array, before: _Asked | None, after: _Asked | None, hop_seconds: float) -> None:
    """Let the shift of a note after a rest take hold; it has come in by 40 ms before its start."""
    if after is None or after.idle:
        return
    far = round(_FAR_SECONDS / hop_seconds)
    late = max(0, after.fade - round(_GLIDE_SECONDS / hop_seconds))
    late = min(late, (after.end - after.start) // 2)
    first = max(0, after.start - far, before.end if before else 0)
    last = after.start + late
    share = _raised((np.arange(first, last) + 0.5 - first) / max(1, last - first))
    cents[first:last] = share * after.at(first, last)


def _end(cents: Array, before: _Asked | None, after: _Asked | None, hop_seconds: float) -> None:
    """Let the shift of a note before a rest go, once it is over."""
    if before is None or before.idle:
        return
    last = min(cents.size, before.end + round(_FAR_SECONDS / hop_seconds))
    if after is not None:
        last = min(last, after.start)
    first = before.end
    share = _raised((np.arange(first, last) + 0.5 - first) / max(1, last - first))
    cents[first:last] = (1.0 - share) * before.at(first, last)
