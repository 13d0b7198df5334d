"""From rough spans of a voice to notes: what belongs together, and where one ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assistant.theory.intonation.line import Line
from assistant.theory.intonation.middles import median
from assistant.theory.intonation.splitting import VOICED, split, weights
from assistant.theory.intonation.vibrato import find_vibrato

__all__ = ["Span", "boundary", "fitted", "span_between"]

Array = NDArray[np.float64]

_GRACE = 0.11  # seconds: a shorter one that leans on its neighbour is a scoop
_LEANS = (0.3, 2.3)  # semitones
_SLIP = 0.15  # seconds: a leap by an octave or so that lasts no longer is one of the tracker
_OCTAVES = np.array([12.0, 19.0, 24.0])
_OCTAVE_NEAR = 0.8  # semitones
_FAINT_DB = 12.0  # under both neighbours: a short note is the dip between them
_LINKED = 0.03  # seconds between notes of one breath
_WAVE = 2.4  # semitones from top to bottom of the deepest vibrato
_WAVE_SPANS, _WAVE_SECONDS = 16, 0.2  # that one may be cut into, and a half wave at the longest
_WAVES = 2.2  # cycles that must be heard
_WAVE_REST = 0.35  # of its depth that a vibrato leaves over
_SLOPE = 1.3  # semitones that a drifting note may have been cut at
_SLOPE_STEP = 0.35  # of the way, right at the cut: more is a step to another note
_SLOPE_SECONDS = 0.08
_SLOPE_LEAST = 0.3  # seconds of either half
_AROUND_SECONDS = 0.5
_LOOK = 0.12  # seconds to each side of a boundary
_CAP = 3.0  # semitones: what is further off says no more
_STEP = 0.4  # semitones between two notes whose boundary pitch can tell
_ATTACK_DB, _ATTACK_SHARE = 5.0, 0.5  # a rise that marks a beginning, and where in it


@dataclass(frozen=True, slots=True)
class Span:
    """Frames of a track: the first, the one after the last, and the pitch that they hold."""

    first: int
    last: int
    pitch: float

    @property
    def size(self) -> int:
        """How many frames."""
        return self.last - self.first


def span_between(track: Line, start: float, end: float) -> Span | None:
    """Take what is voiced between two moments.

    Parameters
    ----------
    track : Line
        The voice.
    start, end : float
        Seconds.

    Returns
    -------
    Span or None
        Voiced at both ends; None where nothing is.
    """
    first, last = (int(each) for each in np.searchsorted(track.times, (start, end)))
    sure = np.flatnonzero(track.confidence[first:last] >= VOICED)
    if sure.size == 0:
        return None
    return _span(track, first + int(sure[0]), first + int(sure[-1]) + 1)


def fitted(spans: Sequence[Span], track: Line) -> list[Span]:
    """Make notes of rough spans.

    Parameters
    ----------
    spans : sequence of Span
        In order, without overlap.
    track : Line
        The voice, about every 5 ms.

    Returns
    -------
    list of Span
        Scoops, slips and dips belong to their notes, a vibrato is one note, and boundaries lie in
        the middle of a glide or where the loudness rises.
    """
    return _placed(_mended(_joined(spans, track), track), track)


def boundary(track: Line, start: float, cut: float, end: float) -> float:
    """Find where one of two notes goes over into the next.

    Parameters
    ----------
    track : Line
        The voice.
    start, cut, end : float
        Seconds: where the first begins, where about they meet, where the second ends.

    Returns
    -------
    float
        Seconds, near `cut`: where the loudness rises, or the pitch is half way; else `cut`.
    """
    both = [span_between(track, *sides) for sides in ((start, cut), (cut, end))]
    spans = [span for span in both if span]
    placed = _placed(spans, track)
    if len(placed) < 2 or placed[0].last == spans[0].last:
        return cut
    return float(track.times[placed[1].first]) - 0.5 * track.hop_seconds


def _span(track: Line, first: int, last: int) -> Span:
    """Tell the pitch of some frames by the median of their middle."""
    edge = (last - first) // 5
    inside = slice(first + edge, last - edge)
    sure = track.confidence[inside] >= VOICED
    pitch = track.pitch[inside]
    return Span(first, last, median(pitch[sure] if sure.any() else pitch))


def _linked(before: Span, after: Span, track: Line) -> bool:
    return (after.first - before.last) * track.hop_seconds <= _LINKED


def _joined(spans: Sequence[Span], track: Line) -> list[Span]:
    """Join what a deep vibrato or a drift was cut into."""
    kept: list[Span] = []
    place = 0
    while place < len(spans):
        end = place + 1
        while end < len(spans) and _may_join(spans[end - 1], spans[end], track):
            end += 1
        while end > place + 1 and not _one_wave(spans[place:end], track):
            end -= 1
        whole = spans[place]
        if end > place + 1:
            whole = _span(track, whole.first, spans[end - 1].last)
        if kept and _one_slope(kept[-1], whole, track):
            kept[-1] = _span(track, kept[-1].first, whole.last)
        else:
            kept.append(whole)
        place = end
    return kept


def _may_join(before: Span, after: Span, track: Line) -> bool:
    near = abs(before.pitch - after.pitch) < _WAVE and _linked(before, after, track)
    return near and _attack(*_window(before, after, track), track) is None


def _one_wave(spans: Sequence[Span], track: Line) -> bool:
    """Tell whether spans are the ups and downs of one vibrato."""
    if len(spans) > _WAVE_SPANS:
        return False
    ways = np.diff([span.pitch for span in spans])
    if (ways[1:] * ways[:-1] > 0.0).any():  # a wave goes up and down by turns
        return False
    most = round(_WAVE_SECONDS / track.hop_seconds)
    if sum(span.size <= most for span in spans) < len(spans) - 1:
        return False
    first, last = spans[0].first, spans[-1].last
    share = weights(track.confidence[first:last], track.level_db[first:last])
    parts = split(track.pitch[first:last], share, track.hop_seconds)
    held = parts.last - parts.first
    cycles = parts.hz * held * track.hop_seconds
    return (
        cycles > _WAVES and parts.unrest < _WAVE_REST * parts.depth and held > 0.7 * (last - first)
    )


def _one_slope(before: Span, after: Span, track: Line) -> bool:
    """Tell whether two spans are one note that drifts: there is no step where it was cut."""
    way = after.pitch - before.pitch
    if not _may_join(before, after, track) or not 0.0 < abs(way) < _SLOPE:
        return False
    near = round(_cycle_seconds(before, after, track) / track.hop_seconds)
    if min(before.size, after.size) < max(2 * near, round(_SLOPE_LEAST / track.hop_seconds)):
        return False
    left = float(track.pitch[before.last - near : before.last].mean())
    right = float(track.pitch[after.first : after.first + near].mean())
    return (right - left) / way < _SLOPE_STEP


def _cycle_seconds(before: Span, after: Span, track: Line) -> float:
    """Tell how long one cycle of the vibrato around a cut is, or some frames without one."""
    look = round(_AROUND_SECONDS / track.hop_seconds)
    inside = slice(max(before.first, before.last - look), min(after.last, after.first + look))
    share = weights(track.confidence[inside], track.level_db[inside])
    seen = find_vibrato(100.0 * (track.pitch[inside] - before.pitch), share, track.hop_seconds)
    return 1.0 / seen.hz if seen.hz else _SLOPE_SECONDS


def _mended(spans: Sequence[Span], track: Line) -> list[Span]:
    """Give what is too short for a note to the note it leans on; leave dips out."""
    kept: list[Span] = []
    waiting = list(reversed(spans))
    while waiting:
        span = waiting.pop()
        before = kept[-1] if kept and _linked(kept[-1], span, track) else None
        after = waiting[-1] if waiting and _linked(span, waiting[-1], track) else None
        if before and after and _leans(span, before, track) and _same(before, after, track):
            kept[-1] = replace(before, last=waiting.pop().last)
        elif after and _leans(span, after, track):
            waiting[-1] = replace(after, first=span.first)
        elif before and _leans(span, before, track):
            kept[-1] = replace(before, last=span.last)
        elif not _dip(span, before, after, track):
            kept.append(span)
    return kept


def _same(before: Span, after: Span, track: Line) -> bool:
    """Tell whether nothing begins between two notes of one pitch."""
    near = abs(before.pitch - after.pitch) < _STEP
    return near and _attack(*_window(before, after, track), track) is None


def _leans(span: Span, other: Span, track: Line) -> bool:
    """Tell whether a short note is the way to, or a slip from, its longer neighbour."""
    if other.size < span.size:
        return False
    seconds = span.size * track.hop_seconds
    apart = abs(span.pitch - other.pitch)
    octave = bool((np.abs(_OCTAVES - apart) < _OCTAVE_NEAR).any())
    near, far = _LEANS
    return (seconds < _GRACE and near < apart < far) or (seconds < _SLIP and octave)


def _dip(span: Span, before: Span | None, after: Span | None, track: Line) -> bool:
    """Tell whether a short note is only the dip between its neighbours."""
    if span.size * track.hop_seconds >= _SLIP:
        return False
    peaks = [
        float(track.level_db[each.first : each.last].max()) for each in (before, after) if each
    ]
    own = float(track.level_db[span.first : span.last].mean())
    return bool(peaks) and own < min(peaks) - _FAINT_DB


def _placed(spans: Sequence[Span], track: Line) -> list[Span]:
    """Put the boundary of linked notes where the loudness rises, or the pitch is half way."""
    bounds = [[span.first, span.last] for span in spans]
    for place, (before, after) in enumerate(pairwise(spans)):
        if _linked(before, after, track):
            cut = _attack(*_window(before, after, track), track)
            if cut is None:
                cut = _half_way(before, after, track)
            bounds[place][1] = bounds[place + 1][0] = cut
    return [
        replace(span, first=first, last=last)
        for span, (first, last) in zip(spans, bounds, strict=True)
        if last - first >= 2
    ]


def _window(before: Span, after: Span, track: Line) -> tuple[int, int]:
    """Return where the boundary of two notes may lie."""
    look = round(_LOOK / track.hop_seconds)
    return (
        max(before.last - look, before.first + before.size // 2),
        min(after.first + look, after.last - after.size // 2),
    )


def _half_way(before: Span, after: Span, track: Line) -> int:
    """Find the frame up to which the pitch is nearer to one note, and from there to the next."""
    if abs(before.pitch - after.pitch) < _STEP:
        return after.first
    first, last = _window(before, after, track)
    pitch = track.pitch[first:last]
    off = [np.minimum(np.abs(pitch - each.pitch), _CAP) for each in (before, after)]
    counts = track.confidence[first:last] >= VOICED
    gain = np.concatenate(([0.0], np.cumsum(np.where(counts, off[0] - off[1], 0.0))))
    return first + int(gain.argmin())


def _attack(first: int, last: int, track: Line) -> int | None:
    """Find where the loudness is half way up from a dip; None where there is none."""
    level = track.level_db[first:last]
    if level.size == 0:
        return None
    lowest = int(level.argmin())
    rise = float(level[lowest:].max()) - float(level[lowest])
    fall = float(level[: lowest + 1].max()) - float(level[lowest])
    if min(rise, fall) < _ATTACK_DB:
        return None
    above = (level[lowest:] >= level[lowest] + _ATTACK_SHARE * rise).argmax()
    return first + lowest + int(above)
