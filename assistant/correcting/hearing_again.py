"""What became of the notes of a take: measured again in what was made of it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from assistant.material import Audio
from assistant.theory.intonation.take import TakeNote

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from assistant.dsp.f0 import F0Track
    from assistant.dsp.take_listening import TakeHeard

__all__ = ["hear_again", "moved_in", "sung_in"]

_SLIP = 1.0  # semitones
_LOOK = 1 << 14  # frames: less costs as much, for a system reads files in pieces


def hear_again(
    made: Audio, heard: TakeHeard, cents: NDArray[np.float32]
) -> Generator[float, None, F0Track]:
    """Track the pitch of what was made; where it should be is where the search begins.

    Parameters
    ----------
    made : Audio
        The take, corrected.
    heard : TakeHeard
        What was heard in it before.
    cents : ndarray of float32, shape (points of ``heard.fine``,)
        How far each point was to be moved.

    Yields
    ------
    float
        Share of the work that is done, rising to 1.0.

    Returns
    -------
    F0Track
        Its pitch now.
    """
    from assistant.dsp.f0_fine import sharpen

    coarse, fine = heard.coarse, heard.fine
    ratio = 2.0 ** (np.interp(coarse.times, fine.times, cents) / 1200.0)
    return (yield from sharpen(made, replace(coarse, hz=coarse.hz * ratio)))


def sung_in(after: F0Track, fine: F0Track, notes: Sequence[TakeNote]) -> list[TakeNote]:
    """Measure the notes in what was made: by how much their held parts are higher than before.

    Parameters
    ----------
    after, fine : F0Track
        Pitch of what was made, and of the take.
    notes : sequence of TakeNote
        As they were sung.

    Returns
    -------
    list of TakeNote
        The same with their centres as they are now.
    """
    both = after.voiced & fine.voiced
    return [
        replace(
            note, centre=note.centre + _mean(_higher(after.hz[held], fine.hz[held])[both[held]])
        )
        for note, held in zip(notes, _held(fine, notes), strict=True)
    ]


def moved_in(
    made: Audio,
    audio: Audio,
    fine: F0Track,
    cents: NDArray[np.float32],
    notes: Sequence[TakeNote],
) -> NDArray[np.bool_]:
    """Tell which notes were moved: asked to be where they are held, and not the same sound there.

    Parameters
    ----------
    made, audio : Audio
        What was made, and the take.
    fine : F0Track
        Pitch of the take.
    cents : ndarray of float32, shape (points of `fine`,)
        How far each point was to be moved.
    notes : sequence of TakeNote
        As they were sung.

    Returns
    -------
    ndarray of bool, shape (notes,)
        What does not repeat itself is copied, so not all that was asked is done.
    """
    asked = [bool(np.any(cents[held])) for held in _held(fine, notes)]
    return np.array(
        [each and _differs(made, audio, note) for each, note in zip(asked, notes, strict=True)],
        dtype=np.bool_,
    )


def _differs(made: Audio, audio: Audio, note: TakeNote) -> bool:
    """Tell whether a note is another sound now; where it is, that shows at its beginning."""
    first, last = (round(side * audio.rate) for side in note.held)
    last = max(last, first + 1)
    looks = (slice(at, min(at + _LOOK, last)) for at in range(first, last, _LOOK))
    return any(not np.array_equal(made.samples[:, look], audio.samples[:, look]) for look in looks)


def _higher(hz: NDArray[np.float64], than_hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how much higher one pitch is than another, semitones."""
    return np.asarray(12.0 * np.log2(hz / than_hz), dtype=np.float64)


def _mean(values: NDArray[np.float64]) -> float:
    """Return the mean, slips of the tracker left out."""
    if not values.size:
        return 0.0
    near = np.abs(values - np.median(values)) < _SLIP
    return float(values[near].mean())


def _held(fine: F0Track, notes: Sequence[TakeNote]) -> list[slice]:
    """Return where each note is held, in frames; one at least."""
    held = np.array([note.held for note in notes])
    firsts, lasts = (np.searchsorted(fine.times, side).tolist() for side in held.T)
    return [slice(first, max(last, first + 1)) for first, last in zip(firsts, lasts, strict=True)]
