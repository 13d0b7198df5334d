"""Pitch correction of a recorded take: it chooses the note that was meant, and leaves the rest."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from assistant.contract import Context, Progress, Quantity, Suggestion, setting
from assistant.correcting import SEVERAL, Asked, Corrected, correct, listen, notes_of
from assistant.errors import MaterialError, SettingError
from assistant.material import Audio, Material, Score, Temperament
from assistant.theory.harmony.key import read_key
from assistant.theory.intonation import deciding
from assistant.theory.intonation.edits import read_edits
from assistant.theory.intonation.intent import Intent
from assistant.theory.intonation.manner import Manner
from assistant.theory.intonation.report import TakeReport, page
from assistant.theory.intonation.scales import scale_of_key
from assistant.theory.intonation.sung_score import sung_score
from assistant.theory.intonation.take import TakeNote
from assistant.theory.intonation.vocal_range import VOICES
from assistant.theory.intonation.ways import Way, ways_of
from assistant.theory.intonation.wording import why_of

if TYPE_CHECKING:
    from assistant.dsp.take_listening import TakeHeard

__all__ = ["Settings", "draws", "shows", "suggest", "takes"]

takes = (Audio,)
shows = 4
draws = True

_LISTENED, _DECIDED = 0.4, 0.45  # of the work
_LONGEST_EDITS = 20_000  # characters
_IN_TUNE_CENTS = 5.0  # nearer to concert pitch than this nobody hears a choir move
_TUNING_SURE = 0.3

_Made = TypeVar("_Made")


@dataclass(frozen=True)
class Settings:
    """What a musician may ask of a correction."""

    key: str = setting("", about="key or scale, such as A minor, D dorian, E blues; else as heard")
    scale: str = setting(
        "", about="scale on the tonic of the key, or the notes allowed, such as A C D E G"
    )
    scl: Temperament | None = setting(
        None, accepts=(Temperament,), about="tuning from a Scala file, on the tonic of the key"
    )
    score: Score | None = setting(
        None, accepts=(Score,), about="melody as it was meant; it need not be in time"
    )
    song: Score | Audio | None = setting(
        None, accepts=(Score, Audio), about="the song, whose key and chords help to decide"
    )
    chords: str = setting("", about="chords of the song, a bar each, such as Am F C G; with tempo")
    begins: float = setting(
        0.0, "s", low=0.0, high=36_000.0, about="where in the song the take begins"
    )
    strength: float = setting(
        100.0, "%", low=0.0, high=100.0, about="how much of the way to its target a note is moved"
    )
    speed: float = setting(
        40.0, "ms", low=0.0, high=400.0, about="how long a correction takes to take hold"
    )
    humanize: float = setting(
        0.0, "%", low=0.0, high=100.0, about="how much of their own life long notes keep besides"
    )
    flex: float = setting(
        5.0, "cents", low=0.0, high=100.0, about="notes nearer to their target are left alone"
    )
    vibrato: float = setting(
        100.0, "%", low=0.0, high=200.0, about="how much of its vibrato a note keeps"
    )
    drift: float = setting(
        60.0, "%", low=0.0, high=100.0, about="how much of its slow movement a note keeps"
    )
    scoops: float = setting(
        100.0, "%", low=0.0, high=100.0, about="how much of the slides into and out of notes stays"
    )
    formants: float = setting(
        0.0, "cents", low=-1200.0, high=1200.0, about="how far to move the formants: throat size"
    )
    confidence: float = setting(
        deciding.THRESHOLD_PERCENT, "%", low=0.0, high=100.0,
        about="how sure it must be what a note was meant to be, to move it",
    )  # fmt: skip
    voice: str = setting("auto", choices=VOICES, about="how low and how high to listen")
    a4: float = setting(440.0, "Hz", low=380.0, high=500.0, about="concert pitch of the song")
    tuning: str = setting(
        "concert", choices=("concert", "take"), about="tune to concert pitch, or to the take's own"
    )
    edits: str = setting(
        "", high=_LONGEST_EDITS, about="single notes, such as 7=A4, 9=leave, 12.vibrato=0"
    )
    start: float | None = setting(
        None, "s", low=0.0, high=36_000.0, about="where to begin; nothing before it is touched"
    )
    end: float | None = setting(
        None, "s", low=0.0, high=36_000.0, about="where to stop; nothing after it is touched"
    )
    tempo: float | None = setting(
        None, "BPM", low=30.0, high=300.0, about="quarter notes a minute, for chords and the .mid"
    )
    one_voice: bool = setting(False, about="take it for one voice, whatever is heard")

    @property
    def manner(self) -> Manner:
        """How notes are moved."""
        return Manner(
            self.strength, self.speed, self.humanize, self.flex, self.vibrato, self.drift,
            self.scoops,
        )  # fmt: skip

    def asked(self, way: Way) -> Asked:
        """How a take is corrected in one of the ways."""
        edits = read_edits(self.edits)
        end = np.inf if self.end is None else self.end
        return Asked(way.manner, edits, self.formants, self.start or 0.0, end)


def suggest(
    audio: Audio, settings: Settings, context: Context, /
) -> Iterator[Progress | Suggestion]:
    """Propose corrections of a take.

    Parameters
    ----------
    audio : Audio
        A recording of one voice.
    settings : Settings
        What is known of the song, and how to correct.
    context : Context
        Shelf, weights, scratch.

    Yields
    ------
    Progress or Suggestion
        The correction as asked for, a tight one, one as an effect, and the melody as notes.

    Raises
    ------
    MaterialError
        Where the take is not one voice, with what it is instead.
    """
    from assistant.dsp import retuning  # noqa: F401  compiled before the first take needs it

    _check(settings, audio)
    yield Progress(0.0, "listening")
    if settings.strength == 0.0 and not settings.edits and settings.formants == 0.0:
        yield _untouched(audio)
        return
    heard = yield from _progress(listen(audio, settings.voice), "listening", 0.0, _LISTENED)
    if heard.verdict.kind == SEVERAL and not settings.one_voice:
        yield from _as_a_whole(audio, heard.verdict.words, settings, context)
        return
    notes = notes_of(heard, trusted=settings.one_voice)
    yield Progress(_LISTENED, "deciding what was meant")
    intent = _decided(notes, heard, settings)
    ways = ways_of(settings.manner)
    step = (1.0 - _DECIDED) / len(ways)
    for place, way in enumerate(ways):
        work = correct(audio, heard, intent, settings.asked(way), context.scratch)
        done = _DECIDED + step * place
        made = yield from _progress(work, f"correcting: {way.title.lower()}", done, step)
        yield _suggestion(way, made, report=context.report)
    yield _written(intent, heard, settings)
    yield Progress(1.0, "done")


def _progress(
    work: Generator[float, None, _Made], doing: str, begun: float, share: float
) -> Generator[Progress, None, _Made]:
    """Do a piece of work, and say how far all of it is."""
    while True:
        try:
            yield Progress(begun + share * next(work), doing)
        except StopIteration as done:
            made: _Made = done.value
            return made


def _check(settings: Settings, audio: Audio) -> None:
    """Refuse what cannot be, before anything is listened to."""
    read_edits(settings.edits)
    start, end = settings.start or 0.0, settings.end
    if start >= audio.seconds:
        raise SettingError(f"start is {start:g} s; the take lasts {audio.seconds:.2f} s.")
    if end is not None and end <= start:
        raise SettingError(f"end is {end:g} s, but start is {start:g} s; end comes after start.")


def _untouched(audio: Audio) -> Suggestion:
    why = "The strength is 0 %, so the take stays as it is, sample for sample."
    measured = {"untouched": Quantity(None, 100.0, "%")}
    return Suggestion("Untouched", why, {"main": audio}, measured=measured, confidence=1.0)


def _decided(notes: Sequence[TakeNote], heard: TakeHeard, settings: Settings) -> Intent:
    """Decide where the notes are to be: by the score, else by the key."""
    threshold = settings.confidence / 100.0
    if settings.score is not None:
        return deciding.by_score(
            notes, settings.score, heard.fine, a4_hz=settings.a4, threshold=threshold
        )
    scale = scale_of_key(read_key(settings.key)) if settings.key else None
    return deciding.by_scale(
        notes, scale, habits=None, chords=(), a4_hz=settings.a4, threshold=threshold,
        keep_tuning=settings.tuning == "take",
    )  # fmt: skip


def _as_a_whole(
    audio: Audio, words: str, settings: Settings, context: Context
) -> Iterator[Progress | Suggestion]:
    """Move several voices together to concert pitch, where they are off it."""
    from assistant.dsp.concert_pitch import off_concert_pitch
    from assistant.dsp.stretching import transpose, transposer

    found = off_concert_pitch(audio)
    cents, sure = yield from _progress(found, "listening for its tuning", _LISTENED, 0.1)
    concert = 1200.0 * float(np.log2(settings.a4 / 440.0))
    cents -= concert
    cents -= 100.0 * np.round(cents / 100.0)
    if abs(cents) < _IN_TUNE_CENTS or sure < _TUNING_SURE:
        told = (
            f"in tune to {abs(cents):.0f} cents" if sure >= _TUNING_SURE else "of no clear tuning"
        )
        raise MaterialError(
            f"This is more than one voice: {words}. Its notes cannot be moved one by one, and as a"
            f" whole it is {told}. Give each voice by itself, or say one_voice if it is one."
        )
    move = -cents * settings.strength / 100.0
    work = transpose(audio, move, context.scratch)
    made = yield from _progress(work, "moving all of it", 0.5, 0.4)
    after, _ = yield from _progress(off_concert_pitch(made), "measuring", 0.9, 0.1)
    why = (
        f"More than one voice: {words}. Notes cannot be moved one by one, but all of it lies"
        f" {abs(cents):.0f} cents {'above' if cents > 0.0 else 'below'} A4 = {settings.a4:g} Hz, so"
        f" all of it is moved, by {transposer()}."
    )
    measured = {
        "pitch_error": Quantity(abs(cents), abs(after - concert), "cents"),
        "untouched": Quantity(None, 0.0, "%"),
    }
    title = f"All of it {move:+.0f} cents"
    yield Suggestion(title, why, {"main": made}, measured=measured, confidence=sure)


def _suggestion(way: Way, made: Corrected, *, report: bool) -> Suggestion:
    """Say what was corrected, with the evidence."""
    intent, outcome = made.intent, made.outcome
    why = why_of(intent, outcome, way.words, made.untouched)
    before, after = outcome.before, outcome.after
    measured = {
        "pitch_error": Quantity(outcome.error(before), outcome.error(after), "cents"),
        "in_tune": Quantity(outcome.near(before), outcome.near(after), "%"),
        "untouched": Quantity(None, 100.0 * made.untouched, "%"),
        "notes": Quantity(None, float(len(intent.notes)), ""),
        "moved": Quantity(None, float(outcome.moved.sum()), "notes"),
        "left_alone": Quantity(None, float(outcome.alone.sum()), "notes"),
    }
    material: dict[str, Material | str] = {"main": made.audio}
    if report:
        material["report"] = page(
            TakeReport(
                way.title, why, made.lanes, intent.notes, intent.targets, after.tolist(),
                measured, {"judged by": intent.by}, intent.name,
            )
        )  # fmt: skip
    sure = [target.confidence for target in intent.targets if target.moves]
    confidence = float(np.mean(sure)) if sure else 0.2
    return Suggestion(way.title, why, material, measured=measured, confidence=confidence)


def _written(intent: Intent, heard: TakeHeard, settings: Settings) -> Suggestion:
    """Write the melody down as it was sung."""
    notes = intent.notes
    score = sung_score(notes, heard.fine, settings.tempo, "melody as sung")
    why = (
        f"{len(notes)} notes as they were sung, with their bends, at {score.tempos[0].bpm:g} BPM so"
        " that they lie where the take has them; play a synth with them, or mend them and give"
        " them back as score."
    )
    measured = {"notes": Quantity(None, float(len(notes)), "")}
    confidence = float(np.mean([note.confidence for note in notes]))
    return Suggestion(
        "Melody as notes", why, {"main": score}, measured=measured, confidence=confidence
    )
