"""Melody ideas: thousands written, checked and ranked, and a few that differ are shown."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from types import NoneType
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from assistant.contract import Bars, Context, Progress, Quantity, Suggestion, setting
from assistant.errors import SettingError
from assistant.material import Audio, Material, Meter, Score, Tempo
from assistant.models.copying import Runs
from assistant.models.judging import bits_a_note
from assistant.models.melodies import Melodies
from assistant.models.melody import MelodyNet
from assistant.theory.ear.heard import Heard
from assistant.theory.ear.hearing import hear
from assistant.theory.ear.listening import hear_sound
from assistant.theory.ideas.library import Library, open_library
from assistant.theory.ideas.plan import METERS, Plan, make_plan
from assistant.theory.ideas.sheet import sheet_of
from assistant.theory.tune.band import accompany, chord_fit, whole_score
from assistant.theory.tune.canvas import canvas_of, written_form
from assistant.theory.tune.harmony import Harmony, harmonies
from assistant.theory.tune.lyrics import said_of, under, upbeat_bars, words_set
from assistant.theory.tune.manner import CHANGES, Change, compass, manner_of, taste_of
from assistant.theory.tune.passage import DOINGS, KEEPS, Passage, find_passage
from assistant.theory.tune.proposals import Proposals
from assistant.theory.tune.score import melody_notes
from assistant.theory.tune.search import Best, Wanted, only, search, wanted_bits
from assistant.theory.tune.variety import differing, distances
from assistant.theory.tune.wording import Evidence, confidence, title_of, why_of
from assistant.theory.verse.declamation import Declamation
from assistant.theory.verse.lyrics import Lyrics, read_lyrics
from assistant.theory.verse.sung import sing
from assistant.theory.verse.syllables import read_orthographies

__all__ = ["Settings", "shows", "suggest", "takes"]

takes = (NoneType, Score, Audio)
shows = 8

ENDINGS = ("auto", "open", "close")
MANY = 10_000
"""Tunes that are written for a request."""

_FEW = 512  # of which the network judges
_MOST = 32  # suggestions
_NOTES_AT_MOST = 1_000_000  # in all tunes of a request; long ones are fewer
_PLAIN = "pop"
_NET_COST = 2.0  # of a tune that the network finds as far from what is wanted as can be


@dataclass(frozen=True)
class Settings:
    """What a musician may ask of melody ideas."""

    prompt: str = setting("", about="mood, scene and style in plain words: wistful, jazzy, rainy")
    key: str = setting(
        "", about="key, such as A minor, F# dorian, Bb; where empty, as in the song or by dice"
    )
    bars: int | None = setting(
        None, "bars", low=1, high=64, whole=True,
        about="length of what is written; else 8, or as words want",
    )  # fmt: skip
    tempo: float | None = setting(
        None, "BPM", low=30, high=300, about="quarter notes a minute; else by song, mood and style"
    )
    meter: str | None = setting(None, choices=METERS, about="metre; else by song, prompt and style")
    style: str = setting("", about="a style from the shelf, such as jazz; else by prompt and mood")
    chords: str = setting(
        "", about="chords to write over: Am F C G, or i VI III VII; else as heard"
    )
    lyrics: str = setting("", about="words to be sung, a / between lines; they set the rhythm")
    language: str = setting("", about="language of the words; where empty, as they look")
    low: float | None = setting(None, kind="note", about="lowest note; else C4, or by the song")
    high: float | None = setting(None, kind="note", about="highest note; else G5, or by the song")
    density: float | None = setting(
        None, low=0.0, high=1.0, about="how many notes; else by mood, or as in the song"
    )
    complexity: float | None = setting(
        None, low=0.0, high=1.0, about="how many notes off the beat; else by mood, or by the song"
    )
    surprise: float = setting(
        0.3, low=0.0, high=1.0, about="how unexpected the next note is, measured as novelty"
    )
    ending: str = setting(
        "auto", choices=ENDINGS, about="close rests on the tonic, open does not, auto mostly rests"
    )
    do: str = setting(
        "auto",
        choices=(*DOINGS, "sing"),
        about="what to do with the song; auto fills gaps or continues it, sing lays lyrics under"
        " its melody and says where they rub",
    )
    within: Bars | None = setting(None, kind="range", about="bars of the song to write in: 3-4")
    keep: tuple[str, ...] = setting((), choices=KEEPS, about="what of the song must stay as it is")
    change: Change = setting(
        "none", choices=CHANGES, about="how it should become; varies the melody of the song"
    )
    render: bool = setting(False, about="whether to make a sound file to listen to as well")


@dataclass(frozen=True)
class _Wish:
    """What of the settings says where to write, with the number of bars filled in."""

    do: str
    bars: int
    within: Bars | None
    keep: tuple[str, ...]
    change: str


@dataclass(frozen=True, eq=False)
class _Task:
    """What all suggestions of one request share."""

    plan: Plan
    library: Library
    settings: Settings
    context: Context
    passage: Passage
    harmonies: tuple[Harmony, ...]
    style: str
    tempos: tuple[Tempo, ...]
    words: tuple[Declamation, ...]
    learned: _Learned


@dataclass(frozen=True, eq=False)
class _Learned:
    """The models: tables, network (where it is there) and what must not be copied."""

    proposals: Proposals
    net: MelodyNet
    runs: Runs


@dataclass(frozen=True, eq=False)
class _Idea:
    """A tune that was chosen: which of which, how good, how far from those before, of how many."""

    place: int
    best: Best
    row: int
    bits: float
    rating: float
    apart: float
    checked: tuple[int, int]


def suggest(
    material: Score | Audio | None, settings: Settings, context: Context, /
) -> Iterator[Progress | Suggestion]:
    """Suggest melodies.

    Parameters
    ----------
    material : Score or Audio, optional
        The song so far: its melody is continued, answered, filled, varied or given words over its
        chords; in sound only chords are heard.
    settings : Settings
        What is asked for.
    context : Context
        Suggestion n depends on the seed and on n, not on how many are asked for.

    Yields
    ------
    Progress or Suggestion
        Up to 32 suggestions that differ from each other. ``main`` is a Score with the track
        ``melody`` and, where chords were not heard in the song, ``chords`` and ``bass``;
        ``leadsheet`` the same with its words; ``audio`` is there where `render` is on.

    Raises
    ------
    SettingError
        Where settings contradict each other, the prompt or the song.
    UnknownName
        Where there is no such style.
    MaterialError
        Where the song has nothing to follow: silence, no notes, or drums only.
    """
    yield Progress(0.0, "listening" if material else "reading what is asked for")
    heard = yield from _listen(material)
    if settings.do == "sing":
        yield sing(heard, _words(settings, context))
        return
    task = _task(heard, settings, context)
    yield Progress(0.5, "writing some thousand tunes")
    dice = context.rng(0)
    found = [_search(task, harmony, dice) for harmony in task.harmonies]
    yield Progress(0.6, "judging the best of them")
    for n, idea in enumerate(islice(_chosen(task, found), _MOST), 1):
        yield Progress(min(1.0, 0.6 + 0.4 * n / context.count), f"writing idea {n}")
        yield _suggestion(idea, task, context.rng(n))


def _listen(material: Score | Audio | None) -> Generator[Progress, None, Heard | None]:
    """Hear the song so far."""
    if material is None:
        return None
    if isinstance(material, Score):
        return hear(material)
    from assistant.dsp.listening import listening

    return hear_sound((yield from listening(material)))


def _words(settings: Settings, context: Context) -> Lyrics:
    """Read the words to be sung."""
    known = read_orthographies(context.shelf("words/syllables"))
    return read_lyrics(settings.lyrics, known, settings.language, context.speech)


def _task(heard: Heard | None, settings: Settings, context: Context) -> _Task:
    library = open_library(context.shelf)
    dice = context.rng(0)
    plan = make_plan(settings, library, heard, dice)
    style = plan.feel or plan.wish.style or _PLAIN
    meter = plan.meter_for(library.styles[style])
    arousal = plan.reading.place[1] if plan.reading.place else 0.0
    bpm = plan.bpm_for(library.styles[style], arousal)
    known = read_orthographies(context.shelf("words/syllables")) if settings.lyrics else {}
    words = words_set(settings, known, context.speech, meter, bpm, dice)
    wish = _wish(settings, words)
    if heard is not None and settings.meter and wish.do != "new":
        _check_meter(settings.meter, heard.meter)
    passage = find_passage(wish, heard, meter)
    follows = heard is not None and settings.tempo is None and plan.reading.bpm is None
    tempos = heard.tempos if heard and follows and heard.tempos else (Tempo(0.0, bpm),)
    over = harmonies(settings, plan, library, passage, dice)
    learned = _learned(cast("Any", context.weights))
    return _Task(plan, library, settings, context, passage, over, style, tempos, words, learned)


def _check_meter(asked: str, heard: Meter) -> None:
    seen = f"{heard.numerator}/{heard.denominator}"
    if asked != seen:
        raise SettingError(f"meter is {asked}, but the song is in {seen}; say one of them.")


def _wish(settings: Settings, words: tuple[Declamation, ...]) -> _Wish:
    bars = 8 if settings.bars is None else settings.bars
    if words:
        bars = max(one.bars for one in words) + upbeat_bars(words)
    return _Wish(settings.do, bars, settings.within, settings.keep, settings.change)


@lru_cache(maxsize=2)
def _learned(weights: Any) -> _Learned:
    return _Learned(
        Proposals.read(weights("proposals-pop")),
        MelodyNet(weights("melody-pop")),
        Runs(weights("melody-runs-pop")),
    )


def _search(task: _Task, harmony: Harmony, dice: np.random.Generator) -> Best:
    """Write many tunes over some chords, and keep the best."""
    settings, passage, tables = task.settings, task.passage, task.learned.proposals
    manner = manner_of(settings, task.plan, passage.tune, task.tempos[0].bpm)
    canvas = canvas_of(settings, passage, harmony, manner, task.words, tables, dice)
    notes = int(canvas.rhythms.counts.mean()) + 1
    share = len(task.harmonies)
    count = min(MANY, max(512, _NOTES_AT_MOST // notes)) // share
    taste = taste_of(settings, task.plan, passage.tune, compass(settings, passage.tune))
    wanted = Wanted(taste, task.plan.wish.surprise, count, _FEW // share)
    return _uncopied(search(canvas, wanted, tables, dice), task)


def _uncopied(best: Best, task: _Task) -> Best:
    """Leave out tunes that share eight notes or more with a melody that was learned from."""
    tunes = best.tunes
    copied = task.learned.runs.copied(tunes.pitches * tunes.there, tunes.lengths, best.starts)
    clean = np.flatnonzero(~copied)
    return only(best, clean) if clean.size else best


def _chosen(task: _Task, found: list[Best]) -> Iterator[_Idea]:
    """Walk through the tunes to show: good ones, each unlike those before."""
    bits = np.concatenate([_bits(task, best) for best in found])
    costs = np.concatenate([best.costs for best in found])
    costs = (costs - costs.min()) / max(1e-9, float(np.ptp(costs)))
    mean, deviation = _usual(task)
    off = np.abs(bits - wanted_bits(mean, deviation, task.plan.wish.surprise)) / deviation
    ratings = 1.0 - (costs + _NET_COST * np.minimum(1.0, off / 2.0)) / (1.0 + _NET_COST)
    seen = tuple(np.concatenate(part) for part in zip(*(best.portraits for best in found),
                                                      strict=True))  # fmt: skip
    apart = distances((seen[0], seen[1], seen[2]))
    checked = (sum(best.written for best in found), sum(best.sung for best in found))
    owner = np.repeat(np.arange(len(found)), [len(best.costs) for best in found])
    first = np.searchsorted(owner, np.arange(len(found)))
    for at, away in differing(ratings, apart):
        place = int(owner[at])
        row = at - int(first[place])
        yield _Idea(place, found[place], row, float(bits[at]), float(ratings[at]), away, checked)


def _usual(task: _Task) -> tuple[float, float]:
    """Tell how unexpected the melodies of people are: mean and standard deviation, bits a note."""
    mean, deviation = task.learned.proposals.heard.tolist()
    return mean, deviation


def _bits(task: _Task, best: Best) -> NDArray[np.float32]:
    """Measure how unexpected tunes are, by the network."""
    frame = best.canvas.frame
    starts = np.minimum(best.starts, frame.slots - 1)
    chord = frame.harmony[starts]
    roots = np.array([one.pitch_classes[0] for one in frame.chords])
    tones = np.array([np.isin(np.arange(12), one.pitch_classes) for one in frame.chords])
    melodies = Melodies(
        best.tunes.pitches,
        np.maximum(1, best.tunes.lengths),
        starts,
        frame.key.root,
        "min" if frame.key.family == "minor" else "maj",
        roots[chord],
        tones[chord].astype(np.float32),
        frame.measures[0].end,
    )
    return bits_a_note(task.learned.net, melodies, best.tunes.there)


def _suggestion(idea: _Idea, task: _Task, rng: np.random.Generator) -> Suggestion:
    """Write a tune out and say why it is offered."""
    harmony, best, passage = task.harmonies[idea.place], idea.best, task.passage
    tunes, frame = best.tunes, best.canvas.frame
    there = tunes.there[idea.row]
    row = [side[idea.row][there].tolist() for side in (best.starts, tunes.lengths, tunes.pitches)]
    swing = task.library.styles[task.style].swing if not passage.tune and task.plan.feel else 0.5
    notes = melody_notes((row[0], row[1], row[2]), frame, passage, swing, rng)
    feel = (task.style, swing)
    arrangement = accompany(harmony, passage, task.library, feel, task.tempos, rng)
    score = whole_score(notes, arrangement, passage, task.tempos, task.plan.heard)
    material: dict[str, Material | str] = {"main": score}
    sound = ""
    if task.settings.render:
        from assistant.dsp.audition import audition

        material["audio"], sound = audition(score, task.context)
    fit = chord_fit(notes, harmony, passage)
    copied = _longest_copy(row, task)
    symbols = tuple(dict.fromkeys(mark.symbol for mark in arrangement.marks))
    evidence = Evidence(
        passage,
        harmony,
        symbols,
        written_form(best, idea.row, passage),
        notes,
        fit,
        idea.bits,
        _usual(task)[0],
        idea.apart,
        idea.checked,
        copied,
        task.tempos[0].bpm,
        passage.bars[0],
        said_of(task.words),
        sound,
    )
    title = title_of(evidence)
    whole = replace(arrangement, score=score)
    words = under(task.words, score.tracks[0].notes, notes)
    material["leadsheet"] = sheet_of(title, whole, harmony.key, swing, words)
    return Suggestion(
        title,
        why_of(evidence, task.plan),
        material,
        chords=arrangement.marks,
        measured=_measured(evidence, copied),
        confidence=confidence(idea.rating, task.plan),
    )


def _longest_copy(row: list[list[int]], task: _Task) -> int:
    """Measure the longest stretch of a tune that a melody that was learned from has, in notes."""
    starts, lengths, pitches = (np.array([side]) for side in row)
    return int(task.learned.runs.longest(pitches, lengths, starts)[0])


def _measured(evidence: Evidence, copied: int) -> dict[str, Quantity]:
    pitches = [note.pitch for note in evidence.notes]
    return {
        "novelty": Quantity(None, evidence.bits, "bits a note"),
        "chord_fit": Quantity(None, 100.0 * evidence.fit, "%"),
        "range": Quantity(None, max(pitches) - min(pitches), "semitones"),
        "notes": Quantity(None, float(len(pitches)), "notes"),
        "apart": Quantity(None, 100.0 * evidence.apart, "%"),
        "copied": Quantity(None, float(copied), "notes"),
    }
