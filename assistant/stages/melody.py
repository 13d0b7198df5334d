"""Melody ideas: thousands written, checked and ranked, and a few that differ are shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import islice
from types import NoneType
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from assistant.contract import Bars, Context, Progress, Suggestion, setting
from assistant.errors import SettingError
from assistant.hearing import hear_song
from assistant.material import Audio, Material, Note, Score, Tempo
from assistant.models import opening
from assistant.models.carrying import carry
from assistant.models.copying import Runs
from assistant.models.melodies import Melodies
from assistant.models.melody import MelodyNet
from assistant.models.paths import Path
from assistant.models.tune_checks import copied, longest_copy, novelty
from assistant.theory.ear.heard import Heard
from assistant.theory.ideas.contradictions import check_meter
from assistant.theory.ideas.library import Library, open_library
from assistant.theory.ideas.plan import METERS, Plan, make_plan
from assistant.theory.ideas.sheet import sheet_of
from assistant.theory.ideas.song import Song
from assistant.theory.ideas.timing import length_of
from assistant.theory.ideas.ways import KEEPS
from assistant.theory.page.leadsheet import unwritable
from assistant.theory.tune.band import accompany, chord_fit, whole_score, with_song
from assistant.theory.tune.canvas import canvas_of, written_form
from assistant.theory.tune.choosing import Choice, choose
from assistant.theory.tune.harmony import Harmonist, Harmony, harmonies, strays_of
from assistant.theory.tune.instruments import instrument_of
from assistant.theory.tune.lyrics import Verse, said_of, sung_score, words_set
from assistant.theory.tune.manner import CHANGES, Change, compass, manner_of, taste_of
from assistant.theory.tune.passage import DOINGS, Passage, find_passage
from assistant.theory.tune.proposals import Proposals
from assistant.theory.tune.retiming import rows_of, written_notes
from assistant.theory.tune.search import Best, Wanted, search
from assistant.theory.tune.wish import wish_of
from assistant.theory.tune.wording import Evidence, confidence, measured, title_of, why_of
from assistant.theory.verse.lyrics import Lyrics, read_lyrics
from assistant.theory.verse.sung import check_sung, sing
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
_NO_OTHER = "no other of those written is 15 % unlike all that are offered"


@dataclass(frozen=True)
class Settings:
    """What a musician may ask of melody ideas."""

    prompt: str = setting("", about="mood, scene and style in plain words: wistful, jazzy, rainy")
    key: str = setting(
        "", about="key, such as A minor, F# dorian, Bb; where empty, as in the song or by dice"
    )
    bars: int | None = setting(
        None, "bars", low=1, high=64, kind="whole",
        about="length of what is written; else 8, or as words want",
    )  # fmt: skip
    tempo: float | None = setting(
        None, "BPM", low=30, high=300, about="quarter notes a minute; else by song, mood and style"
    )
    meter: str | None = setting(None, choices=METERS, about="metre; else by song, prompt and style")
    style: str = setting("", about="a style from the shelf, such as jazz; else by prompt and mood")
    chords: str = setting(
        "", high=2000, about="chords to write over: Am F C G, or i VI III VII; else as heard"
    )
    lyrics: str = setting(
        "", high=2000, about="words to be sung, a / between lines; they set the rhythm"
    )
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
    keep_bars: Bars | None = setting(
        None, kind="range", about="bars of the song that must stay; the others are written anew"
    )
    keep: tuple[str, ...] = setting((), choices=KEEPS, about="what of the song must stay as it is")
    change: Change = setting(
        "none", choices=CHANGES, about="how it should become; varies the melody of the song"
    )
    render: bool = setting(False, about="whether to make a sound file to listen to as well")


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
    words: Verse
    learned: _Learned


@dataclass(frozen=True, eq=False)
class _Learned:
    """The models: tables, network (where it is there) and what must not be copied."""

    proposals: Proposals
    net: MelodyNet
    runs: Runs


def suggest(
    material: Score | Audio | None, settings: Settings, context: Context, /
) -> Iterator[Progress | Suggestion]:
    """Suggest melodies.

    Parameters
    ----------
    material : Score or Audio, optional
        The song so far: its melody is continued, answered, filled, varied or given words over its
        chords; a recording of one voice is a melody, any other tells chords.
    settings : Settings
        What is asked for.
    context : Context
        Suggestion n depends on the seed and on n, not on how many are asked for.

    Yields
    ------
    Progress or Suggestion
        Up to 32 suggestions that differ from each other. ``main`` is a Score with the track
        ``melody`` and, where chords were not heard in the song, ``chords`` and ``bass``;
        ``leadsheet`` has its words and the chords that were heard; ``audio`` sounds them where
        `render` is on. There are fewer where no other differs enough; the last one says so.

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
    heard = yield from hear_song(material, settings.tempo, settings.meter)
    if settings.do == "sing":
        yield _sung(heard, settings, context)
        return
    task = _task(heard, settings, context)
    yield Progress(0.5, "writing some thousand tunes")
    dice = context.rng(0)
    found = [_search(task, harmony, dice) for harmony in task.harmonies]
    yield Progress(0.6, "judging the best of them")
    for n, (idea, last) in enumerate(islice(_chosen(task, found), _MOST), 1):
        yield Progress(min(1.0, 0.6 + 0.4 * n / context.count), f"writing idea {n}")
        yield _suggestion(idea, last, task, context.rng(n))


def _words(settings: Settings, context: Context) -> Lyrics:
    """Read the words to be sung."""
    known = read_orthographies(context.shelf("words/syllables"))
    return read_lyrics(settings.lyrics, known, settings.language, context.speech)


def _sung(heard: Heard | None, settings: Settings, context: Context) -> Suggestion:
    """Lay words under the melody that is there."""
    check_sung(settings)
    idea = sing(heard, _words(settings, context))
    score = idea.material["main"]
    if not settings.render or not isinstance(score, Score):
        return idea
    from assistant.dsp.audition import audition

    audio, sound = audition(score, context)
    material = {**idea.material, "audio": audio}
    return replace(idea, material=material, why=f"{idea.why} {sound[:1].upper()}{sound[1:]}.")


def _task(heard: Heard | None, settings: Settings, context: Context) -> _Task:
    library = open_library(context.shelf)
    dice = context.rng(0)
    plan = make_plan(settings, library, heard, dice)
    settings = replace(settings, bars=length_of(settings.bars, plan.reading))
    style = plan.feel or plan.wish.style or _PLAIN
    meter = plan.meter_for(library.styles[style])
    arousal = plan.reading.place[1] if plan.reading.place else 0.0
    bpm = plan.bpm_for(library.styles[style], arousal)
    wish = wish_of(settings, heard.melody if heard else ())
    check_meter(settings.meter, plan, heard)
    passage, words = find_passage(wish, heard, meter), Verse()
    if settings.lyrics.strip():
        words = words_set(settings, _words(settings, context), passage, bpm, dice)
        passage = find_passage(replace(wish, bars=words.bars), heard, meter)
    follows = heard is not None and settings.tempo is None and plan.reading.bpm is None
    tempos = heard.tempos if heard and follows and heard.tempos else (Tempo(0.0, bpm),)
    harmonist = _harmonist(context, plan.wish.surprise)
    over = harmonies(settings, plan, library, passage, dice, harmonist)
    learned = _learned(cast("Any", context.weights))
    return _Task(plan, library, settings, context, passage, over, style, tempos, words, learned)


def _harmonist(context: Context, surprise: float) -> Harmonist:
    """Open what was learned of chords, when it is needed."""

    def carried(song: Song, rng: np.random.Generator) -> list[Path]:
        return carry(context, song, 1, surprise, rng)

    return Harmonist(carried, lambda: opening.next_chord(context, _PLAIN))


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
    span, answering = _span(task), passage.doing == "answer"
    words = task.words.settings
    canvas = canvas_of(settings, passage, harmony, manner, words, tables, dice, span)
    notes = int(canvas.rhythms.counts.mean()) + 1
    share = len(task.harmonies)
    count = min(MANY, max(512, _NOTES_AT_MOST // notes)) // share
    taste = taste_of(settings, task.plan, passage.tune, span, answering=answering)
    wanted = Wanted(taste, task.plan.wish.surprise, count, _FEW // share)
    copies = partial(copied, task.learned.runs)
    return search(canvas, wanted, tables, dice, copies)


def _span(task: _Task) -> tuple[float, float]:
    """Find the range, as asked for in settings and words, or by the song."""
    return compass(task.settings, task.passage.tune, task.plan.reading)


def _chosen(task: _Task, found: list[Best]) -> Iterator[tuple[Choice, bool]]:
    """Walk through the tunes to show, and say which is the last that differs from all before."""
    bits = [_bits(task, best) for best in found]
    ideas = choose(found, bits, _usual(task), task.plan.wish.surprise)
    dice, swing = np.random.default_rng(0), _swing(task)
    played = ((idea, written_notes(idea, task.passage, swing, dice)) for idea in ideas)
    own = (idea for idea, notes in played if not _longest_copy(notes, task))
    before = next(own, None)
    if before is None:
        raise SettingError(
            "every tune that was written would share eight notes in a row with a melody that was"
            " learned from; another seed, fewer notes that stay or more surprise leads elsewhere."
        )
    for idea in own:
        yield before, False
        before = idea
    yield before, True


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
    return novelty(task.learned.net, melodies, best.tunes.there, best.new)


def _swing(task: _Task) -> float:
    """Tell where the second eighth of a beat falls: as in the song, else as in the style."""
    if task.passage.tune:
        return task.passage.timing.swing
    return task.library.styles[task.style].swing if task.plan.feel else 0.5


def _suggestion(idea: Choice, last: bool, task: _Task, rng: np.random.Generator) -> Suggestion:
    """Write a tune out and say why it is offered."""
    harmony, best, passage = task.harmonies[idea.place], idea.best, task.passage
    swing = _swing(task)
    notes = written_notes(idea, passage, swing, rng)
    feel, heard = (task.style, swing), task.plan.heard
    arrangement = accompany(harmony, passage, task.library, feel, task.tempos, rng)
    program = instrument_of(task.plan.reading.instruments).program
    score = whole_score(notes, arrangement, passage, task.tempos, heard, program)
    declaimed = task.words.setting(int(best.tunes.rhythm[idea.row]))
    score = sung_score(score, declaimed, notes)
    material: dict[str, Material | str] = {"main": score}
    whole = replace(arrangement, score=score)
    whole = with_song(whole, harmony, passage, heard, task.library, feel, rng)
    sound = ""
    if task.settings.render:
        from assistant.dsp.audition import audition

        material["audio"], sound = audition(whole.score, task.context)
    fit = chord_fit(notes, harmony, passage)
    shared = _longest_copy(notes, task)
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
        shared,
        task.tempos[0].bpm,
        passage.bars[0],
        said_of(declaimed),
        sound,
        task.settings.change,
        _NO_OTHER if last else "",
    )
    title = title_of(evidence)
    if not (unwritten := unwritable(whole.score.meters)):
        words = score.tracks[0].lyrics
        material["leadsheet"] = sheet_of(title, whole, harmony.key, swing, words)
    more = (*strays_of(task.settings, harmony, passage), *task.words.said)
    more = (*more, f"{unwritten}.") if unwritten else more
    return Suggestion(
        title,
        " ".join((why_of(evidence, task.plan), *more)),
        material,
        chords=arrangement.marks,
        measured=measured(evidence),
        confidence=confidence(idea.rating, task.plan, fit) * task.words.certainty,
    )


def _longest_copy(notes: tuple[Note, ...], task: _Task) -> int:
    """Measure the longest stretch with a new note that a melody learned from has, in notes."""
    return longest_copy(task.learned.runs, *rows_of(task.passage.kept_notes(), notes))
