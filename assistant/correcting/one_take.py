"""One take: listened to, corrected in one manner, and measured again in what was made of it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from assistant.correcting.hearing_again import hear_again, moved_in, sung_in
from assistant.correcting.in_time import Timing, put_in_time
from assistant.errors import MaterialError, SettingError
from assistant.material import Audio, Samples
from assistant.steps import part
from assistant.theory.intonation.curve import correction
from assistant.theory.intonation.edits import Edit, apply_edits
from assistant.theory.intonation.intent import Intent, Outcome, outcome_of
from assistant.theory.intonation.manner import Manner
from assistant.theory.intonation.notes import find_take_notes
from assistant.theory.intonation.take import TakeNote
from assistant.theory.intonation.vocal_range import range_hz_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from assistant.dsp.f0 import F0Track
    from assistant.dsp.take_listening import TakeHeard

__all__ = ["SEVERAL", "Asked", "Corrected", "correct", "listen", "notes_of"]

SEVERAL = "several voices"
_FARTHEST = 24.0  # semitones that a note can be moved
_RETUNED = 0.7  # of the work
_BLOCK = 1 << 18  # frames
_EDGE_SECONDS = 0.01  # within the range that is asked for, nothing is moved so near its ends
_SEEN = {
    SEVERAL: "more than one voice",
    "speech": "speech",
    "drums or noise": "drums or noise",
    "silent": "silence",
    "too short": "too short to hear a note in",
}
_NOT_TIMED = (
    "Timing moved nothing: between start and end no whole note lies between two breaks of the"
    " voice; let them begin and end in a breath."
)
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
    timing : Timing, optional
        Where its notes are to begin; else when they do.
    sure : float, optional
        Notes that were left alone in doubt are moved too from so sure on, 0.0 to 1.0.
    """

    manner: Manner
    edits: tuple[Edit, ...] = ()
    formants: float = 0.0
    start: float = 0.0
    end: float = np.inf
    timing: Timing | None = None
    sure: float | None = None


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
    cents : ndarray of float32
        How far its pitch was moved, at each frame of its fine track.
    late_ms : tuple of (float, float), optional
        How far its notes begin from their places on average, before and after.
    """

    audio: Audio
    intent: Intent
    outcome: Outcome
    untouched: float
    cents: NDArray[np.float32]
    late_ms: tuple[float, float] | None = None


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
    from assistant.dsp import retuning  # noqa: F401  compiled even where nothing will be moved
    from assistant.dsp.take_listening import listen_to_take

    low_hz, high_hz = range_hz_of(voice) or (None, None)
    return (yield from listen_to_take(audio, low_hz, high_hz))


def notes_of(
    heard: TakeHeard, *, trusted: bool = False, finest: float = np.inf
) -> Generator[float, None, tuple[TakeNote, ...]]:
    """Find the notes of a take.

    Parameters
    ----------
    heard : TakeHeard
        What was heard.
    trusted : bool
        Whether it is taken for one voice, whatever it seems to be.
    finest : float
        The smallest step of its scale, semitones, where that is known.

    Yields
    ------
    float
        Share of the work that is done, rising to at most 1.0.

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
        open_to_advice = verdict.kind in _ADVICE and not trusted
        advice = "; say one_voice if it is one" if open_to_advice else ""
        raise MaterialError(f"This is {_SEEN[verdict.kind]}: {verdict.words}{advice}.")
    notes = yield from find_take_notes(heard.coarse, heard.onsets, heard.fine, finest=finest)
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
        Where an edit speaks of a note that is not there, or moves one too far.
    """
    from assistant.dsp.retuning import retune

    intent = intent.content_with(asked.sure)
    notes, targets, manners = apply_edits(
        asked.edits, intent.notes, intent.targets, asked.manner, heard.fine
    )
    edited = replace(intent, notes=notes, targets=targets)
    _check_reach(asked.edits, edited)
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
    made = yield from part(work, 0.0, _RETUNED)
    after = yield from part(hear_again(made.audio, heard, cents), _RETUNED, 0.9 - _RETUNED)
    moved = moved_in(made.audio, audio, heard.fine, cents, notes)
    outcome = outcome_of(edited, sung_in(after, heard.fine, notes), moved)
    if asked.timing is None:
        yield 1.0
        return Corrected(made.audio, edited, outcome, made.untouched, cents)
    timing = put_in_time(made.audio, after, notes, asked.timing, scratch, (asked.start, asked.end))
    timed, late_ms = yield from part(timing, 0.9, 0.1)
    if late_ms is None:
        edited = replace(edited, remarks=(*edited.remarks, _NOT_TIMED))
    return Corrected(timed, edited, outcome, _alike(audio, timed), cents, late_ms)


def _check_reach(edits: Sequence[Edit], intent: Intent) -> None:
    """Refuse edits that would take a note where no voice can be taken."""
    for edit in edits:
        note = intent.notes[edit.number - 1]
        if edit.what == "pitch" and abs(edit.value - note.centre) > _FARTHEST:
            raise SettingError(
                f"edits put note {edit.number} at {edit.name}; it was sung at"
                f" {intent.called(note.centre)} and can be moved by {_FARTHEST:g} semitones."
            )


def _alike(one: Audio, other: Audio) -> float:
    """Return the share of frames that are bit for bit the same."""
    same = 0
    for (_, mine), (_, theirs) in zip(one.blocks(_BLOCK), other.blocks(_BLOCK), strict=True):
        same += int((mine == theirs).all(axis=0).sum())
    return same / max(1, one.frames)


def _inside(fine: F0Track, asked: Asked) -> F0Track:
    """Call unvoiced what lies outside the range, so that its formants stay."""
    inside = (fine.times >= asked.start) & (fine.times <= asked.end)
    return replace(fine, confidence=np.where(inside, fine.confidence, 0.0))


def _curve(
    fine: F0Track, intent: Intent, manners: Sequence[Manner], asked: Asked
) -> NDArray[np.float32]:
    """Draw the correction, within the range that is asked for."""
    cents = correction(fine, intent.notes, intent.targets, manners, intent.ladder)
    cents[fine.times < asked.start + _EDGE_SECONDS] = 0.0
    cents[fine.times > asked.end - _EDGE_SECONDS] = 0.0
    return np.clip(cents, -100.0 * _FARTHEST, 100.0 * _FARTHEST)
