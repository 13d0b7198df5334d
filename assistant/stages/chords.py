"""Chord ideas: new ones, or what your song calls for; voice-led, and explained."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil, exp, floor
from types import NoneType
from typing import get_args

import numpy as np

from assistant.contract import Bars, Context, Progress, Quantity, Suggestion, setting
from assistant.errors import SettingError
from assistant.hearing import hear_song
from assistant.material import Audio, Material, Score, Track, note_name
from assistant.models import opening
from assistant.models.carrying import carry
from assistant.models.next_chord import NextChord
from assistant.theory.ear.heard import Heard
from assistant.theory.harmony.change import CHANGES, Change
from assistant.theory.harmony.customs import with_customs
from assistant.theory.harmony.form import Ending, ending_of
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.nashville import nashville
from assistant.theory.harmony.voicing import MIN_SPAN
from assistant.theory.ideas.answering import Answerer, Path
from assistant.theory.ideas.arrange import Arrangement, arrange, with_drums
from assistant.theory.ideas.contradictions import check_key, check_mode, check_typed
from assistant.theory.ideas.finding import PLAIN_STYLE, Finder
from assistant.theory.ideas.idea import Idea
from assistant.theory.ideas.library import Library, open_library
from assistant.theory.ideas.performance import INSTRUMENTS, Instrument, Player, performance
from assistant.theory.ideas.plan import METERS, Plan, make_plan
from assistant.theory.ideas.sheet import hand_of, sheet_of
from assistant.theory.ideas.song import Song, song_of
from assistant.theory.ideas.timing import length_of
from assistant.theory.ideas.ways import KEEPS, WAYS, Way, way_of
from assistant.theory.ideas.wording import Evidence, strays_said, title_of, why_of
from assistant.theory.page.leadsheet import unwritable

__all__ = ["Settings", "shows", "suggest", "takes"]

takes = (NoneType, Score, Audio)
shows = 8

ENDINGS: tuple[Ending, ...] = get_args(Ending)
_MOST = 32  # suggestions
_SONGS = {"pop": "pop songs", "rock": "rock, soul and pop songs"}


@dataclass(frozen=True)
class Settings:
    """What a musician may ask of chord ideas."""

    prompt: str = setting("", about="mood, scene and style in plain words: wistful, jazzy, rainy")
    key: str = setting(
        "", about="key, such as A minor, F# dorian, Bb; where empty, as in the song or by dice"
    )
    bars: int | None = setting(
        None, "bars", low=1, high=64, kind="whole",
        about="length of an idea; else 8, or as a named form lasts",
    )  # fmt: skip
    tempo: float | None = setting(
        None, "BPM", low=30, high=300, about="quarter notes a minute; else by song, mood and style"
    )
    meter: str | None = setting(None, choices=METERS, about="metre; else by song, prompt and style")
    style: str = setting("", about="a style from the shelf, such as jazz; else by prompt and mood")
    surprise: float = setting(
        0.3, low=0.0, high=1.0, about="how rare the steps are; above 0.5 chords are substituted"
    )
    density: float | None = setting(
        None, low=0.0, high=1.0,
        about="how often chords change: 0 in every other bar, 0.5 once a bar, 1 twice; else as the"
        " style or the song does",
    )  # fmt: skip
    complexity: float | None = setting(
        None, low=0.0, high=1.0,
        about="how rich chords are: 0 plain triads, 1 sevenths and ninths; else as the style has"
        " them",
    )  # fmt: skip
    ending: Ending = setting(
        "auto",
        choices=ENDINGS,
        about="loop leads back to the start, close rests on the tonic, auto does either",
    )
    chords: str = setting(
        "",
        high=2000,
        about="chords you have, such as 'Am F | C G' or 'i VI III VII', instead of a file",
    )
    do: Way = setting(
        "auto",
        choices=WAYS,
        about="continue the chords you have, vary them, replace bars of them, voice them as they"
        " are, harmonise a melody, or make new ones; auto does what your song calls for",
    )
    within: Bars | None = setting(
        None, kind="range", about="bars to write anew, such as 3-4; the others stay as they are"
    )
    keep_bars: Bars | None = setting(
        None,
        kind="range",
        about="bars of the song that must stay, such as 3-4; the others are written anew",
    )
    keep: tuple[str, ...] = setting(
        (), choices=KEEPS, about="what of the song must stay; its rhythm is when its chords change"
    )
    change: Change = setting("none", choices=CHANGES, about="how the chords should differ")
    instrument: Instrument = setting("keys", choices=INSTRUMENTS, about="who plays the chords")
    tuning: str = setting(
        "standard",
        about="of the guitar: standard, drop D, DADGAD, or its notes such as D A D F# A D",
    )
    capo: int | None = setting(
        None, "frets", low=0, high=9, kind="whole",
        about="capo of the guitar; else where it spares most barres",
    )  # fmt: skip
    low: float = setting(52.0, kind="note", low=36, high=96, about="lowest note of the keys")
    high: float = setting(76.0, kind="note", low=48, high=108, about="highest note of the keys")
    render: bool = setting(False, about="whether to make a sound file to listen to as well")


@dataclass(frozen=True, eq=False)
class _Task:
    """What all suggestions of one request share."""

    plan: Plan
    song: Song | None
    way: Way
    library: Library
    settings: Settings
    context: Context

    @property
    def learned(self) -> str:
        """Name of the songs that the model of the style was learned from."""
        style = self.plan.wish.style or self.plan.feel or PLAIN_STYLE
        return self.library.styles[style].learned

    @property
    def model(self) -> NextChord:
        """What was learned of the style."""
        return opening.next_chord(self.context, self.learned)

    @property
    def kept(self) -> Song | None:
        """The song whose bars, and whose tempos unless others are asked for, are kept."""
        if self.song is None or self.way in {"new", "continue"}:
            return None
        asked = self.settings.tempo is not None or self.plan.reading.bpm is not None
        return replace(self.song, tempos=()) if asked else self.song


def suggest(
    material: Score | Audio | None, settings: Settings, context: Context, /
) -> Iterator[Progress | Suggestion]:
    """Suggest chords.

    Parameters
    ----------
    material : Score or Audio, optional
        The song so far. Key, tempo, metre, chords and melody are heard in it where the settings
        do not say; its chords are continued, a melody without chords is harmonised.
    settings : Settings
        What is asked for.
    context : Context
        Suggestion n depends on the seed and on n, not on how many are asked for.

    Yields
    ------
    Progress or Suggestion
        Up to 32 suggestions that differ from each other. ``main`` is a Score with the tracks
        ``chords`` and ``bass``, ``leadsheet`` the same as MusicXML; ``audio`` is there where
        `render` is on.

    Raises
    ------
    SettingError
        Where settings contradict each other, the prompt or the song.
    UnknownName
        Where there is no such style.
    MaterialError
        Where the song has nothing to follow: silence, no notes, or drums only.
    """
    _check_range(settings)
    yield Progress(0.0, "listening" if material else "reading what is asked for")
    heard = yield from hear_song(material, settings.tempo, settings.meter)
    dice = context.rng(0)
    task = _task(heard, settings, context, dice)
    made = 0
    seen: set[object] = set()
    for idea in _finder(task).ideas(dice):
        sounding = idea.key, idea.bars, idea.style if task.way == "voice" else ""
        if sounding in seen:
            continue
        seen.add(sounding)
        made += 1
        yield Progress(min(1.0, 0.5 + made / context.count / 2), f"writing idea {made}")
        yield _suggestion(idea, task, context.rng(made))
        if made == _MOST:
            return
    if not made:
        raise SettingError(_nothing_found(settings, task.way))


def _task(
    heard: Heard | None, settings: Settings, context: Context, dice: np.random.Generator
) -> _Task:
    """Bring together what is asked for and what there is; refuse what cannot be both."""
    library = open_library(context.shelf)
    heard = heard.within(settings.within) if heard and settings.within else heard
    plan = make_plan(settings, library, heard, dice)
    plan = replace(plan, wish=replace(plan.wish, density=settings.density))
    settings = replace(settings, bars=length_of(settings.bars, plan.reading))
    song = song_of(settings.chords, plan.key, heard)
    if song and plan.key is None:
        plan = replace(plan, key=song.key)
    check_key(settings.keep, plan.key, heard.key if heard else None)
    way = way_of(settings, song)
    check_typed(settings.chords, way)
    if song and way != "new":
        own = heard.key if heard and heard.key_heard else song.key
        check_mode(settings.key, plan, own, new="do new")
    song = song.ending() if song and way == "continue" else song
    song = song and song.begun(settings.within or (settings.keep_bars and Bars(1, 1)))
    if song and song.grid and heard and way not in {"new", "continue"}:
        _check_meter(plan, heard)
    return _Task(plan, song, way, library, settings, context)


def _check_meter(plan: Plan, heard: Heard) -> None:
    """Refuse another metre where the bars of the song are kept."""
    asked, seen = plan.meter, heard.meter.signature
    if asked and asked.signature != seen:
        raise SettingError(
            f"the bars of your song are kept, in {seen}, but {asked.signature} is asked for; leave"
            " the metre, or do new."
        )


def _nothing_found(settings: Settings, way: Way) -> str:
    if way == "vary" and settings.change != "none":
        return f"change is {settings.change!r}, but nothing in your chords can become so."
    asked = [f"ending {settings.ending}"] if settings.ending != "auto" else []
    asked += [f"keep {', '.join(settings.keep)}"] if settings.keep else []
    with_these = f" with {' and '.join(asked)}" if asked else ""
    return f"Nothing was found{with_these} that differs from your chords; ask for less, or for new."


def _check_range(settings: Settings) -> None:
    low, high = _range(settings)
    if high - low < MIN_SPAN:
        seen = f"{note_name(settings.low)} to {note_name(settings.high)}"
        raise SettingError(f"low and high leave {seen}; chords need an octave or more.")


def _range(settings: Settings) -> tuple[int, int]:
    return ceil(settings.low), floor(settings.high)


def _finder(task: _Task) -> Finder:
    def answerer(key: Key) -> Answerer:
        style, songs = task.plan.feel or PLAIN_STYLE, _SONGS[task.learned]
        return Answerer(key, task.model, style, songs, task.library.mood_of, task.plan.wish)

    def harmonise(song: Song, rng: np.random.Generator) -> list[Path]:
        return list(carry(task.context, song, _MOST, task.plan.wish.surprise, rng))

    return Finder(
        task.plan, task.song, task.way, task.library, task.settings, answerer, harmonise,
        task.context.rng,
    )  # fmt: skip


def _suggestion(idea: Idea, task: _Task, rng: np.random.Generator) -> Suggestion:
    """Play an idea, write it down and say why."""
    kept = task.kept
    if kept and kept.silent:
        idea, kept = replace(idea, bars=idea.bars[kept.silent :]), kept.sounding()
    plan = replace(task.plan, feel=idea.style) if task.way == "voice" else task.plan
    playing = performance(idea, _player(task.settings), plan, task.library, kept, rng)
    made = arrange(idea.bars, idea.key, playing, rng)
    feel = plan.feel or idea.style
    songs = _SONGS[task.library.styles[feel].learned]
    marks = with_customs(made.marks, made.numerals, idea.key, task.model, songs)
    made = replace(made, marks=marks, score=_with_melody(made.score, task))
    bits, novelty = _novelty(idea, made, task)
    moved = ("the hand moves", "frets") if made.capo else ("voices move", "semitones")
    material: dict[str, Material | str] = {"main": made.score}
    sound = ""
    if task.settings.render:
        from assistant.dsp.audition import audition

        heard = with_drums(made.score, playing, len(idea.bars))
        material["audio"], sound = audition(heard, task.context)
    evidence = Evidence(
        idea,
        marks,
        tuple(nashville(numeral, idea.key) for numeral in made.numerals),
        end=ending_of(made.numerals, idea.key.family),
        novelty=novelty,
        movement=f"{moved[0]} {made.movement:.1f} {moved[1]} a change",
        bpm=playing.bpm,
        meter=playing.meter,
        feel=feel,
        hand=hand_of(made),
        sound=sound,
    )
    title = title_of(evidence)
    if not (unwritten := unwritable(made.score.meters)):
        material["leadsheet"] = sheet_of(title, made, idea.key, playing.swing)
    return Suggestion(
        title,
        f"{why_of(evidence, task.plan)}{_strays(task)}{_lost(task, unwritten)}",
        material,
        chords=marks,
        measured={
            "novelty": Quantity(None, bits, "bits a chord"),
            "movement": Quantity(None, made.movement, f"{moved[1]} a change"),
        },
        confidence=_confidence(idea, task),
    )


def _player(settings: Settings) -> Player:
    low, high = _range(settings)
    return Player(settings.instrument, low, high, settings.tuning, settings.capo)


def _novelty(idea: Idea, made: Arrangement, task: _Task) -> tuple[float, str]:
    """Measure how unexpected an idea is, and say so."""
    if idea.bits is not None:
        return idea.bits, f"{idea.bits:.1f} bits a chord beside {_SONGS[task.learned]}"
    bits = task.library.steps.bits(made.numerals, idea.key.family)
    common = round(100.0 * float((task.library.bits < bits).mean()))
    return bits, f"{bits:.1f} bits a chord, rarer than {common} % of the shelf"


def _with_melody(score: Score, task: _Task) -> Score:
    """Put the melody that was harmonised beside its chords, and its empty bars before both."""
    score = task.kept.sounding().led(score) if task.kept else score
    if task.way != "harmonise" or task.song is None:
        return score
    tune = Track("melody", task.song.melody)
    return Score((*score.tracks, tune), score.tempos, score.meters)


def _strays(task: _Task) -> str:
    """Say which notes of the song speak against the key: of its melody, or of typed chords."""
    song = task.song
    if song is None:
        return ""
    said = strays_said(song.key, song.tune, song.struck())
    return f" {said}." if said else ""


def _lost(task: _Task, unwritten: str) -> str:
    """Say what of the song is not followed, and what could not be written down."""
    crowded = task.song.left_out if task.song else ""
    return "".join(f" {said}." for said in (crowded, unwritten) if said)


def _confidence(idea: Idea, task: _Task) -> float:
    """Rate how well an idea meets what was asked: its mood, the words and the song understood."""
    anything = 0.6 if task.way == "new" else 1.0  # what follows a song is measured by the song
    closeness = exp(-idea.distance) if task.plan.reading.place else anything
    return closeness * task.plan.certainty * idea.fit
