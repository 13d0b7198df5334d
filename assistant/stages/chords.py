"""Chord ideas: progressions for a mood, a style or a song, voice-led and explained."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, exp, floor
from types import NoneType
from typing import get_args

import numpy as np

from assistant.contract import Context, Progress, Quantity, Suggestion, setting
from assistant.errors import SettingError
from assistant.material import Audio, Material, Score, note_name
from assistant.theory.arrange import Playing, arrange, with_drums
from assistant.theory.choice import Choice, choose
from assistant.theory.chord import Chord
from assistant.theory.form import Ending, ending_of
from assistant.theory.hearing import hear
from assistant.theory.idea import Idea
from assistant.theory.invention import invent
from assistant.theory.library import Library, open_library
from assistant.theory.plan import Plan, make_plan
from assistant.theory.rhythm import pattern_for
from assistant.theory.roman import realise
from assistant.theory.voicing import MIN_SPAN
from assistant.theory.wording import Evidence, title_of, why_of

__all__ = ["Settings", "suggest", "takes"]

takes = (NoneType, Score)

ENDINGS: tuple[Ending, ...] = get_args(Ending)
METERS = ("4/4", "3/4", "2/4", "6/8", "12/8", "5/4", "7/8")
PREVIEW_RATE_HZ = 44_100
_MOST = 32  # suggestions


@dataclass(frozen=True)
class Settings:
    """What a musician may ask of chord ideas."""

    prompt: str = setting("", about="mood, scene and style in plain words: wistful, jazzy, rainy")
    key: str = setting(
        "", about="key, such as A minor, F# dorian, Bb; where empty, as in the song or by dice"
    )
    bars: int = setting(8, "bars", low=1, high=64, about="length of an idea")
    tempo: float | None = setting(
        None, "BPM", low=30, high=300, about="quarter notes a minute; else by song, mood and style"
    )
    meter: str | None = setting(None, choices=METERS, about="metre; else by song, prompt and style")
    style: str = setting("", about="a style from the shelf, such as jazz; else by prompt and mood")
    surprise: float = setting(
        0.3, low=0.0, high=1.0, about="how rare the steps are; above 0.5 chords are substituted"
    )
    ending: Ending = setting(
        "auto",
        choices=ENDINGS,
        about="loop leads back to the start, close rests on the tonic, auto does either",
    )
    low: float = setting(52.0, kind="note", low=36, high=96, about="lowest note of the chords")
    high: float = setting(76.0, kind="note", low=48, high=108, about="highest note of the chords")
    render: bool = setting(False, about="whether to make a sound file to listen to as well")


@dataclass(frozen=True, eq=False)
class _Task:
    """What all suggestions of one request share."""

    plan: Plan
    library: Library
    settings: Settings
    context: Context


def suggest(
    score: Score | None, settings: Settings, context: Context, /
) -> Iterator[Progress | Suggestion]:
    """Suggest progressions.

    Parameters
    ----------
    score : Score, optional
        The song so far: key, tempo and metre are taken from it where the settings do not say.
    settings : Settings
        What is asked for.
    context : Context
        Suggestion n depends on the seed and on n, not on how many are asked for.

    Yields
    ------
    Progress or Suggestion
        Up to 32 suggestions that differ from each other. ``main`` is a Score with the tracks
        ``chords`` and ``bass``; ``audio`` is there where `render` is on.

    Raises
    ------
    SettingError
        Where settings contradict each other or the prompt.
    UnknownName
        Where there is no such style.
    MaterialError
        Where the score has no key to follow: no notes, or drums only.
    """
    _check_range(settings)
    yield Progress(0.0, "reading what is asked for")
    library = open_library(context.shelf)
    dice = context.rng(0)
    plan = make_plan(settings, library, hear(score) if score else None, dice)
    task = _Task(plan, library, settings, context)
    choices = choose(library, plan.wish, dice)
    seen: set[tuple[tuple[Chord, ...], ...]] = set()
    for n in range(1, _MOST + 1):
        yield Progress(min(1.0, n / context.count), f"writing idea {n}")
        rng = context.rng(n)
        idea = _next(choices, task, rng, seen)
        if idea is None:
            return
        yield _suggestion(idea, task, rng)


def _check_range(settings: Settings) -> None:
    low, high = _range(settings)
    if high - low < MIN_SPAN:
        seen = f"{note_name(settings.low)} to {note_name(settings.high)}"
        raise SettingError(f"low and high leave {seen}; chords need an octave or more.")


def _range(settings: Settings) -> tuple[int, int]:
    return ceil(settings.low), floor(settings.high)


def _next(
    choices: Iterator[Choice],
    task: _Task,
    rng: np.random.Generator,
    seen: set[tuple[tuple[Chord, ...], ...]],
) -> Idea | None:
    """Make an idea of the next choice that sounds like none before it."""
    form = (task.settings.bars, task.settings.ending)
    for choice in choices:
        idea = invent(choice, task.plan, task.library, form, rng)
        sounding = tuple(tuple(realise(chord, idea.key) for chord in bar) for bar in idea.bars)
        if sounding not in seen:
            seen.add(sounding)
            return idea
    return None


def _suggestion(idea: Idea, task: _Task, rng: np.random.Generator) -> Suggestion:
    """Play an idea and say why."""
    feel = task.plan.feel or idea.style
    playing = _playing(feel, idea, task)
    made = arrange(idea.bars, idea.key, playing, rng)
    material: dict[str, Material] = {"main": made.score}
    sound = ""
    if task.settings.render:
        audio, sound = _preview(made.score, playing, task)
        material["audio"] = audio
    bits = task.library.steps.bits(made.numerals, idea.key.family)
    common = round(100.0 * float((task.library.bits < bits).mean()))
    evidence = Evidence(
        idea,
        made.marks,
        end=ending_of(made.numerals, idea.key.family),
        novelty=f"{bits:.1f} bits a chord, rarer than {common} % of the shelf",
        movement=made.movement,
        bpm=playing.bpm,
        meter=playing.meter,
        feel=feel,
        sound=sound,
    )
    measured = {
        "novelty": Quantity(None, bits, "bits a chord"),
        "movement": Quantity(None, made.movement, "semitones a voice"),
    }
    return Suggestion(
        title_of(evidence),
        why_of(evidence, task.plan),
        material,
        chords=made.marks,
        measured=measured,
        confidence=_confidence(idea, task.plan),
    )


def _playing(feel: str, idea: Idea, task: _Task) -> Playing:
    plan, library = task.plan, task.library
    style = library.styles[feel]
    meter = plan.meter_for(style)
    arousal = (plan.reading.place or idea.place)[1]
    low, high = _range(task.settings)
    return Playing(
        pattern_for(library.patterns, feel, meter),
        meter,
        plan.bpm_for(style, arousal),
        style.swing,
        style.program,
        style.bass,
        low,
        high,
    )


def _preview(score: Score, playing: Playing, task: _Task) -> tuple[Audio, str]:
    """Play an idea, with drums, by the synth that was found or else by the built-in voices."""
    heard = with_drums(score, playing, task.settings.bars)
    synth = task.context.synth
    if synth is not None:
        return Audio(synth(heard, PREVIEW_RATE_HZ), PREVIEW_RATE_HZ), f"played by {synth.name}"
    from assistant.dsp.voices import render

    samples = render(heard, PREVIEW_RATE_HZ, task.context.scratch)
    return Audio(samples, PREVIEW_RATE_HZ), "played by the built-in voices"


def _confidence(idea: Idea, plan: Plan) -> float:
    """Rate how well an idea meets what was asked: its mood, the words and the song understood."""
    reading = plan.reading
    closeness = exp(-idea.distance) if reading.place else 0.6
    words = len(reading.understood) + len(reading.unknown)
    understood = len(reading.understood) / words if words else 1.0
    followed = plan.heard.confidence if plan.heard and plan.key == plan.heard.key else 1.0
    return closeness * (0.5 + 0.5 * understood) * (0.5 + 0.5 * followed) * idea.fit
