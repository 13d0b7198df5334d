"""One take: listened to, corrected in one manner, and measured again in what was made of it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from assistant.errors import MaterialError
from assistant.material import Audio, Samples
from assistant.theory.intonation.curve import correction, lanes
from assistant.theory.intonation.edits import Edit, apply_edits
from assistant.theory.intonation.intent import Intent, Outcome, outcome_of
from assistant.theory.intonation.manner import Manner
from assistant.theory.intonation.notes import measure_note, take_notes
from assistant.theory.intonation.take import Lanes, TakeNote
from assistant.theory.intonation.vocal_range import range_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from assistant.dsp.f0 import F0Track
    from assistant.dsp.retuning import Retuned
    from assistant.dsp.take_listening import TakeHeard

__all__ = ["Asked", "Corrected", "correct", "listen", "notes_of"]

SEVERAL = "several voices"
_RETUNED = 0.7  # of the work
_EDGE_SECONDS = 0.01  # within the range that is asked for, nothing is moved so near its ends
_SEEN = {
    SEVERAL: "more than one voice",
    "speech": "speech",
    "drums or noise": "drums or noise",
    "silent": "silence",
    "too short": "too short to hear a note in",
}
_ADVICE = {"speech", "drums or noise", SEVERAL}


@dataclass(frozen=True, slots=True)
class Asked:
    """How a take is to be corrected.

    Parameters
    ----------
    manner : Manner
        How its notes are moved.
    edits : tuple of Edit
        What is said about single notes.
    formants : float
        How far to move the formants, cents.
    start, end : float
        Seconds; nothing before and after is touched.
    """

    manner: Manner
    edits: tuple[Edit, ...] = ()
    formants: float = 0.0
    start: float = 0.0
    end: float = np.inf


@dataclass(frozen=True, eq=False)
class Corrected:
    """A take that was corrected.

    Parameters
    ----------
    audio : Audio
        As long as it was.
    intent : Intent
        Where its notes were to be, those that were edited among them.
    outcome : Outcome
        What became of them.
    untouched : float
        Share of its frames that are bit for bit as they were, 0.0 to 1.0.
    lanes : Lanes
        Its pitch before and after.
    """

    audio: Audio
    intent: Intent
    outcome: Outcome
    untouched: float
    lanes: Lanes


def listen(audio: Audio, voice: str) -> Generator[float, None, TakeHeard]:
    """Listen to a take.

    Parameters
    ----------
    audio : Audio
        One voice, as is hoped.
    voice : str
        What sings: see `assistant.theory.intonation.vocal_range`.

    Yields
    ------
    float
        Share of the work that is done, rising to 1.0.

    Returns
    -------
    TakeHeard
        Its pitch, and what it is.
    """
    from assistant.dsp.take_listening import listen_to_take

    span = range_of(voice)
    if span is None:
        return (yield from listen_to_take(audio))
    low_hz, high_hz = (440.0 * 2.0 ** ((each - 69.0) / 12.0) for each in span)
    return (yield from listen_to_take(audio, low_hz, high_hz))


def notes_of(heard: TakeHeard, *, trusted: bool = False) -> tuple[TakeNote, ...]:
    """Find the notes of a take.

    Parameters
    ----------
    heard : TakeHeard
        What was heard.
    trusted : bool
        Whether it is taken for one voice, whatever it seems to be.

    Returns
    -------
    tuple of TakeNote
        One or more.

    Raises
    ------
    MaterialError
        Where it is not one voice, or holds no note.
    """
    verdict = heard.verdict
    if verdict.kind != "one voice" and not (trusted and heard.fine.voiced.any()):
        advice = "; say one_voice if it is one" if verdict.kind in _ADVICE else ""
        raise MaterialError(f"This is {_SEEN[verdict.kind]}: {verdict.words}{advice}.")
    notes = take_notes(heard.coarse, heard.onsets, heard.fine)
    if not notes:
        raise MaterialError("There is no note in the take: nothing rests on a pitch.")
    return notes


def correct(
    audio: Audio,
    heard: TakeHeard,
    intent: Intent,
    asked: Asked,
    scratch: Callable[[tuple[int, ...]], Samples],
) -> Generator[float, None, Corrected]:
    """Correct a take, and measure what came of it.

    Parameters
    ----------
    audio : Audio
        The take.
    heard : TakeHeard
        What was heard in it.
    intent : Intent
        Where its notes are to be.
    asked : Asked
        How.
    scratch : callable
        Makes the array that the sound is written to.

    Yields
    ------
    float
        Share of the work that is done, rising to 1.0.

    Returns
    -------
    Corrected
        Where edits changed nothing, bit for bit what it is without them.

    Raises
    ------
    SettingError
        Where an edit speaks of a note that is not there.
    """
    from assistant.dsp.retuning import retune

    notes, targets, manners = apply_edits(
        asked.edits, intent.notes, intent.targets, asked.manner, heard.fine
    )
    edited = replace(intent, notes=notes, targets=targets)
    base = _curve(heard.fine, intent, [asked.manner] * len(intent.notes), asked)
    cents = _curve(heard.fine, edited, manners, asked) if asked.edits else base
    work = retune(
        audio,
        _inside(heard.fine, asked) if asked.formants else heard.fine,
        cents,
        formant_cents=asked.formants,
        base_cents=base if asked.edits else None,
        scratch=scratch,
    )
    made = yield from _part(work, _RETUNED)
    sung = _sung(made.audio, heard, cents, notes)
    yield 1.0
    outcome = outcome_of(edited, sung, _moved(heard.fine, cents, notes))
    return Corrected(made.audio, edited, outcome, made.untouched, lanes(heard.fine, cents))


def _part(work: Generator[float, None, Retuned], share: float) -> Generator[float, None, Retuned]:
    """Do a piece of work that is a share of the whole."""
    while True:
        try:
            yield share * next(work)
        except StopIteration as done:
            made: Retuned = done.value
            return made


def _inside(fine: F0Track, asked: Asked) -> F0Track:
    """Call unvoiced what lies outside the range, so that its formants stay."""
    inside = (fine.times >= asked.start) & (fine.times <= asked.end)
    return replace(fine, confidence=np.where(inside, fine.confidence, 0.0))


def _curve(
    fine: F0Track, intent: Intent, manners: Sequence[Manner], asked: Asked
) -> NDArray[np.float32]:
    """Draw the correction, within the range that is asked for."""
    cents = correction(fine, intent.notes, intent.targets, manners)
    cents[fine.times < asked.start + _EDGE_SECONDS] = 0.0
    cents[fine.times > asked.end - _EDGE_SECONDS] = 0.0
    return cents


def _sung(
    made: Audio, heard: TakeHeard, cents: NDArray[np.float32], notes: Sequence[TakeNote]
) -> list[TakeNote]:
    """Measure the notes in what was made; where they should be is only where the search begins."""
    from assistant.dsp.f0_fine import sharpen

    coarse, fine = heard.coarse, heard.fine
    ratio = 2.0 ** (np.interp(coarse.times, fine.times, cents) / 1200.0)
    work = sharpen(made, replace(coarse, hz=coarse.hz * ratio))
    while True:
        try:
            next(work)
        except StopIteration as done:
            after: F0Track = done.value
            return [measure_note(after, note.start, note.end) for note in notes]


def _moved(
    fine: F0Track, cents: NDArray[np.float32], notes: Sequence[TakeNote]
) -> NDArray[np.bool_]:
    """Tell which notes the curve moves where they are held."""
    held = np.array([note.held for note in notes])
    firsts, lasts = (np.searchsorted(fine.times, side) for side in held.T)
    pairs = zip(firsts.tolist(), lasts.tolist(), strict=True)
    return np.array([bool(np.any(cents[first : max(last, first + 1)])) for first, last in pairs])
