"""Pitch correction of a recorded take: it chooses the note that was meant, and leaves the rest."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.contract import Context, Progress, Quantity, Suggestion, setting, telling
from assistant.correcting.guide import Guide, chords_said, habits_of, scale_said
from assistant.correcting.in_time import Timing
from assistant.correcting.measuring import measured_in
from assistant.correcting.one_take import SEVERAL, Asked, Corrected, correct, listen, notes_of
from assistant.correcting.together import Singer, decide_together
from assistant.correcting.whole import move_whole
from assistant.errors import MaterialError, SettingError
from assistant.hearing import hear_song
from assistant.material import Audio, Material, Score, Session, Stem, Temperament
from assistant.theory.ear.heard import Heard
from assistant.theory.ideas.plan import METERS
from assistant.theory.ideas.timing import read_meter
from assistant.theory.intonation.chord_spans import ChordSpan, spans_heard
from assistant.theory.intonation.curve import lanes
from assistant.theory.intonation.edits import read_edits
from assistant.theory.intonation.intent import Intent
from assistant.theory.intonation.manner import Manner
from assistant.theory.intonation.report import TakeReport, page
from assistant.theory.intonation.scales import scale_of_key
from assistant.theory.intonation.sung_score import sung_score
from assistant.theory.intonation.timing import GRIDS, Grid, InTime
from assistant.theory.intonation.vocal_range import VOICES
from assistant.theory.intonation.ways import Way, ways_of
from assistant.theory.intonation.wording import why_of

__all__ = ["Settings", "draws", "shows", "suggest", "takes"]

takes = (Audio, Session)
shows = 4
draws = True

_HEARD, _NOTED, _LISTENED = 0.1, 0.42, 0.45  # of the work: the song, the take, its notes
_LONGEST_EDITS = 20_000  # characters
_SONG_SURE = 0.5  # of the key of the song, to go by it
_NO_BEAT = "timing needs to know where the beat is: say tempo, or a score that the take runs with."


@dataclass(frozen=True)
class Settings:
    """What a musician may ask of a correction."""

    key: str = setting(
        "", about="key or scale: A minor, E blues, D bayati, or notes A C D E G; else as heard"
    )
    scl: Temperament | None = setting(
        None, accepts=(Temperament,), about="tuning from a Scala file, on the note that key says"
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
    confidence: float | None = setting(
        None, "%", low=0.0, high=100.0,
        about="how sure it must be what a note was meant to be, to move it; else as is safe",
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
        None, "BPM", low=30.0, high=300.0,
        about="quarter notes a minute, for chords, timing and the .mid",
    )  # fmt: skip
    meter: str = setting("4/4", choices=METERS, about="metre, for chords")
    timing: float = setting(
        0.0, "%", low=0.0, high=100.0, about="how far notes go to the grid, or to the score"
    )
    grid: str = setting("1/8", choices=tuple(GRIDS), about="where notes may begin, for timing")
    lead: str = setting("", about="of a folder of takes the one that the others go by")
    one_voice: bool = setting(False, about="take it for one voice, whatever is heard")

    @property
    def manner(self) -> Manner:
        """How notes are moved."""
        return Manner(
            self.strength, self.speed, self.humanize, self.flex, self.vibrato, self.drift,
            self.scoops,
        )  # fmt: skip

    @property
    def changes(self) -> bool:
        """Whether anything is to be changed at all."""
        return bool(self.strength or self.edits.strip(" ,;") or self.formants or self.timing)

    def asked(self, way: Way, singer: Singer, edits: str) -> Asked:
        """How a take is corrected in one of the ways; it may begin later than the song."""
        start, end = (side - singer.late for side in self.span)
        timing = self.in_time(singer.intent, singer.stem.audio.seconds, self.begins + singer.late)
        return Asked(
            way.manner, read_edits(edits, self.a4), self.formants, start, end, timing, way.sure
        )

    @property
    def span(self) -> tuple[float, float]:
        """From when to when anything may be touched, seconds."""
        return self.start or 0.0, np.inf if self.end is None else self.end

    def in_time(self, intent: Intent, seconds: float, begins: float) -> Timing | None:
        """Where notes are to begin, if anywhere: where the score has them, else on the grid."""
        if self.timing == 0.0:
            return None
        how = InTime(self.timing)
        if len(intent.guide) > 1:
            return Timing(np.array(intent.guide), how)
        if self.tempo is None:
            raise SettingError(_NO_BEAT)
        beat = 60.0 / self.tempo
        grid = Grid(self.tempo, GRIDS[self.grid], first=-begins % beat)
        return Timing(grid.places(seconds), how)


def suggest(
    material: Audio | Session, settings: Settings, context: Context, /
) -> Iterator[Progress | Suggestion]:
    """Propose corrections of a take, or of several takes of one song together.

    Parameters
    ----------
    material : Audio or Session
        A recording of one voice, or a folder of them.
    settings : Settings
        What is known of the song, and how to correct.
    context : Context
        Shelf, weights, scratch.

    Yields
    ------
    Progress or Suggestion
        The correction as asked for, a tight one, one as an effect, and the melody as notes. Of
        several voices in one recording only this: all of it moved to concert pitch.

    Raises
    ------
    MaterialError
        Where a take is not one voice, with what it is instead.
    """
    _check(settings, material)
    yield Progress(0.0, "listening")
    if not settings.changes:
        yield _untouched(material)
        return
    guide = yield from _guided(settings, context, _seconds(material))
    remarks: tuple[str, ...] = ()
    trusted = settings.one_voice
    if isinstance(material, Session):
        work = decide_together(
            material, settings.voice, settings.lead, guide, trusted=trusted,
            edits=read_edits(settings.edits, settings.a4),
        )  # fmt: skip
        singers, remarks = yield from telling(work, "listening", _HEARD, _LISTENED - _HEARD)
    else:
        listening = listen(material, settings.voice)
        heard = yield from telling(listening, "listening", _HEARD, _NOTED - _HEARD)
        if heard.verdict.kind == SEVERAL and not trusted:
            yield from _as_a_whole(material, heard.verdict.words, settings, context)
            return
        finding = notes_of(heard, trusted=trusted, finest=guide.finest)
        notes = yield from telling(finding, "finding the notes", _NOTED, _LISTENED - _NOTED)
        yield Progress(_LISTENED, "deciding what was meant")
        singers = (Singer(Stem("", material), heard, guide.decide(notes, heard.fine), "lead"),)
    yield from _corrected(singers, remarks, settings, context)
    yield _written(singers, settings)
    yield Progress(1.0, "done")


def _seconds(material: Audio | Session) -> float:
    ends = (stem.start / stem.audio.rate + stem.audio.seconds for stem in _stems(material))
    return max(ends, default=0.0)


def _check(settings: Settings, material: Audio | Session) -> None:
    """Refuse what cannot be, before anything is listened to."""
    read_edits(settings.edits, settings.a4)
    start, end, seconds = settings.start or 0.0, settings.end, _seconds(material)
    if start >= seconds:
        raise SettingError(f"start is {start:g} s; the take lasts {seconds:.2f} s.")
    if end is not None and end <= start:
        raise SettingError(f"end is {end:g} s, but start is {start:g} s; end comes after start.")
    if settings.chords and settings.tempo is None:
        raise SettingError("chords need tempo, to know when each of them sounds.")
    if settings.timing and settings.tempo is None and settings.score is None:
        raise SettingError(_NO_BEAT)


def _guided(
    settings: Settings, context: Context, seconds: float
) -> Generator[Progress, None, Guide]:
    """Put together what is known of the song."""
    scale = scale_said(settings.key, settings.scl, context.shelf)
    chords: tuple[ChordSpan, ...] = ()
    if settings.song is not None:
        song = yield from _song(settings.song, settings)
        chords = spans_heard(song, settings.begins)
        if scale is None and song.confidence >= _SONG_SURE:
            scale = scale_of_key(song.key)
    if settings.chords:
        bar_seconds = read_meter(settings.meter).bar_beats * 60.0 / (settings.tempo or 120.0)
        chords = chords_said(settings.chords, scale, bar_seconds, settings.begins, seconds)
    return Guide(
        scale, settings.score, chords, habits_of(context.weights), settings.a4,
        None if settings.confidence is None else settings.confidence / 100.0,
        settings.tuning == "take",
    )  # fmt: skip


def _song(material: Score | Audio, settings: Settings) -> Generator[Progress, None, Heard]:
    """Hear the song."""
    work = hear_song(material, settings.tempo, None)
    while True:
        try:
            yield Progress(_HEARD * next(work).fraction, "listening to the song")
        except StopIteration as done:
            heard: Heard = done.value
            return heard


def _untouched(material: Audio | Session) -> Suggestion:
    why = "The strength is 0 %, so the take stays as it is, sample for sample."
    measured = {"untouched": Quantity(None, 100.0, "%")}
    made = {_role(stem): stem.audio for stem in _stems(material)}
    return Suggestion("Untouched", why, made, measured=measured, confidence=1.0)


def _stems(material: Audio | Session) -> tuple[Stem, ...]:
    return material.stems if isinstance(material, Session) else (Stem("", material),)


def _role(stem: Stem) -> str:
    return f"stem.{stem.name}" if stem.name else "main"


def _as_a_whole(
    audio: Audio, words: str, settings: Settings, context: Context
) -> Iterator[Progress | Suggestion]:
    """Move several voices together to concert pitch, where they are off it."""
    several = f"There is more than one voice: {words}. Their notes cannot be moved one by one"
    if settings.tuning == "take":
        raise MaterialError(f"{several}, and their tuning is to be kept, so nothing is left to do.")
    work = move_whole(audio, settings.a4, settings.strength, context.scratch, settings.span)
    try:
        made = yield from telling(work, "moving all of it", _LISTENED, 1.0 - _LISTENED)
    except MaterialError as error:
        raise MaterialError(
            f"{several}, and {error}. Give each voice by itself, or say one_voice if it is one."
        ) from None
    measured = {
        "pitch_error": Quantity(abs(made.before), abs(made.after), "cents"),
        "untouched": Quantity(None, 100.0 * made.untouched, "%"),
    }
    why = f"{several}, but {made.words(settings.a4)}"
    title = f"All of it {made.cents:+.0f} cents"
    yield Suggestion(
        title, why, {"main": made.audio}, measured=measured, confidence=made.confidence
    )


def _corrected(
    singers: Sequence[Singer], remarks: Sequence[str], settings: Settings, context: Context
) -> Iterator[Progress | Suggestion]:
    """Correct all takes in each of the ways."""
    ways = ways_of(settings.manner, settings.confidence)
    share = (1.0 - _LISTENED) / len(ways) / len(singers)
    begun = _LISTENED
    for way in ways:
        made: list[Corrected] = []
        for singer in singers:
            edits = settings.edits if singer is singers[0] else ""
            asked = settings.asked(way, singer, edits)
            work = correct(singer.stem.audio, singer.heard, singer.intent, asked, context.scratch)
            made.append((yield from telling(work, f"correcting: {way.title}", begun, share)))
            begun += share
        yield _suggestion(way, singers, made, remarks, settings.formants, report=context.report)


def _suggestion(
    way: Way,
    singers: Sequence[Singer],
    made: Sequence[Corrected],
    remarks: Sequence[str],
    formants: float,
    *,
    report: bool,
) -> Suggestion:
    """Say what was corrected, with the evidence."""
    material: dict[str, Material | str] = {}
    said: list[str] = []
    for singer, one in zip(singers, made, strict=True):
        why = why_of(
            one.intent, one.outcome, way.words, one.untouched, formants=formants,
            late_ms=one.late_ms,
        )  # fmt: skip
        said.append(f"{singer.stem.name}: {why}" if singer.stem.name else why)
        material[_role(singer.stem)] = one.audio
        if report:
            role = "report" if singer is singers[0] else f"report.{singer.stem.name}"
            material[role] = _page(way, singer, one, why)
    measured = measured_in(made)
    targets = [target for one in made for target in one.intent.targets if target.moves]
    confidence = float(np.mean([each.confidence for each in targets])) if targets else 0.2
    told = " ".join([*said, *remarks])
    return Suggestion(way.title, told, material, measured=measured, confidence=confidence)


def _page(way: Way, singer: Singer, made: Corrected, why: str) -> str:
    intent, drawn = made.intent, lanes(singer.heard.fine, made.cents)
    return page(
        TakeReport(
            way.title, why, drawn, intent.notes, intent.targets, made.outcome.after.tolist(),
            measured_in([made]), {"judged by": intent.by}, intent.name,
            concert=intent.concert, follows=singer.kind != "lead",
        )
    )  # fmt: skip


def _written(singers: Sequence[Singer], settings: Settings) -> Suggestion:
    """Write the melodies down as they were sung."""
    scores = [
        sung_score(each.intent.notes, each.heard.fine, settings.tempo, each.stem.name or "melody")
        for each in singers
    ]
    score = replace(scores[0], tracks=tuple(track for each in scores for track in each.tracks))
    notes = [note for each in singers for note in each.intent.notes]
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
