"""The notes of a song on the grid: those that stay, and those that a variation is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.theory.tune.frame import Frame
from assistant.theory.tune.passage import Passage
from assistant.theory.tune.places import Kept
from assistant.theory.tune.rhythm import Given

__all__ = ["lay_notes"]

_FAITH = 0.55  # share of the bars, and of the notes, that a variation leaves as they are
_CHANGED_FAITH = 0.85  # where it should become in some way
_RHYTHM_FAITH = {"none": _FAITH, "busier": 0.2, "livelier": 0.2, "simpler": 0.85}
_MOVED = {
    "darker": (-1, -2), "brighter": (1, 2), "lower": (-3, -4, -5), "higher": (3, 4, 5),
}  # fmt: skip
_SMOOTH = (1, 2)  # steps from note to note at most, where it should be simpler
_NARROW = (0.45, 0.65)  # share of its height that is left, where it should be calmer
_DOWNBEAT = 3  # strength: what is simpler is fitted to the chords there, and elsewhere smooth


@dataclass(frozen=True, slots=True)
class _Placed:
    """A note of the song that is rewritten: its slot, its step, and whether its chord has it."""

    slot: int
    step: int
    fits: bool


def lay_notes(passage: Passage, frame: Frame, *, rhythm: bool, change: str) -> tuple[Given, Kept]:
    """Lay the notes of the song on the grid.

    Parameters
    ----------
    passage : Passage
        Where to write.
    frame : Frame
        Its grid.
    rhythm : bool
        Whether the rhythm of the bars that are written stays as it is.
    change : str
        How a variation should become. Simpler ones leave out notes off the beat and go by steps,
        calmer ones rest on every other beat and go less high and low; darker and lower ones move
        down, and what was a note of its chord is one again; the last note stays on its degree.

    Returns
    -------
    Given
        Their rhythm.
    Kept
        Their steps: of bars that stay, and, for a variation, of the bars that are written.
    """
    fixed, written = np.zeros((2, frame.slots), dtype=bool)
    for measure, free in zip(frame.measures, passage.free, strict=True):
        fixed[measure.start : measure.end] = not free or rhythm
        written[measure.start : measure.end] = free
    onsets = np.zeros(frame.slots, dtype=bool)
    stays = np.full(frame.slots, -1, dtype=np.int16)
    model: list[_Placed] = []
    for note in passage.tune:
        slot = passage.slot(note.start)
        if not 0 <= slot < frame.slots:
            continue
        chord = frame.harmony[slot]
        step = int(np.argmin(np.abs(frame.pitches[chord] - note.pitch)))
        if passage.rewrites(note):
            model.append(_Placed(slot, step, bool(frame.tones[chord, step])))
        else:
            stays[slot], onsets[slot] = step, True
    model = model if rhythm else _thinned(model, frame, change)
    onsets[[each.slot for each in model]] = True
    if passage.doing != "vary":
        nothing = np.full((1, frame.slots), -1, dtype=np.int16)
        return Given(fixed, onsets), Kept(stays, nothing, 0.0, written)
    faith = _FAITH if change == "none" else _CHANGED_FAITH
    given = Given(fixed, onsets, _RHYTHM_FAITH.get(change, 1.0))
    return given, Kept(stays, _models(model, frame, change), faith, written)


def _thinned(model: list[_Placed], frame: Frame, change: str) -> list[_Placed]:
    """Leave out notes off the beat, or off every other beat; one a bar stays in any case."""
    if change not in {"simpler", "calmer"}:
        return model
    found: list[_Placed] = []
    for bar in frame.measures:
        here = [each for each in model if bar.start <= each.slot < bar.end]
        edges = np.cumsum((bar.start, *bar.groups))[:-1]
        beats = edges if change == "simpler" else edges[::2]
        found += [each for each in here if each.slot in beats] or here[:1]
    return found


def _models(model: Sequence[_Placed], frame: Frame, change: str) -> NDArray[np.int16]:
    """Lay out what tunes may follow, (models, slots)."""
    steps = [each.step for each in model]
    if change in _MOVED:
        lines = [[step + move for step in steps] for move in _MOVED[change]]
    elif change == "simpler":
        lines = [_smooth(steps, most) for most in _SMOOTH]
    elif change == "calmer":
        middle = float(np.median(steps)) if steps else 0.0
        lines = [[round(middle + share * (step - middle)) for step in steps] for share in _NARROW]
    else:
        lines = [steps]
    table = np.full((len(lines), frame.slots), -1, dtype=np.int16)
    for row, line in zip(table, lines, strict=True):
        for each, step in zip(model, line, strict=True):
            free = change == "simpler" and frame.strength[each.slot] < _DOWNBEAT
            fitted = replace(each, fits=each.fits and not free)
            row[each.slot] = _moved(fitted, step - each.step, frame, last=each is model[-1])
    if change == "darker":
        _borrow(table[-1], model, frame)
    return table


def _borrow(row: NDArray[np.int16], model: Sequence[_Placed], frame: Frame) -> None:
    """Lead passing notes over what is borrowed, where that is a step away."""
    for each in model[:-1]:
        pitches = frame.pitches[frame.harmony[each.slot]]
        own = np.isin(pitches % 12, [*frame.key.pitch_classes])
        foreign = np.flatnonzero(~own & ~frame.tones[frame.harmony[each.slot]])
        near = foreign[np.abs(foreign - row[each.slot]) <= 1]
        if near.size and not each.fits:
            row[each.slot] = near[0]


def _smooth(steps: Sequence[int], most: int) -> list[int]:
    """Follow a line by steps that are not wide, and come back to it where it turns."""
    line = list(steps[:1])
    for step in steps[1:]:
        line.append(line[-1] + max(-most, min(most, step - line[-1])))
    return line


def _moved(each: _Placed, move: int, frame: Frame, *, last: bool) -> int:
    """Move a note; what was of its chord goes to the nearest note of it that lies that way."""
    wanted = min(max(0, each.step + move), frame.steps - 1)
    if not move or not (each.fits or last):
        return wanted
    if last:
        places = np.flatnonzero(frame.degrees == frame.degrees[each.step])
    else:
        places = np.flatnonzero(frame.tones[frame.harmony[each.slot]])
        that_way = places[(places - each.step) * move > 0]
        places = that_way if that_way.size else places
    return int(places[np.argmin(np.abs(places - wanted))]) if places.size else wanted
