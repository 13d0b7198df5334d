"""Rhythms of tunes from words: a note a syllable, heavy ones on the beats, lines with a breath."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from assistant.errors import SettingError
from assistant.material import Meter, Note, Score
from assistant.theory.tune.frame import Frame
from assistant.theory.tune.passage import Passage
from assistant.theory.tune.phrasing import Form, Phrase
from assistant.theory.tune.rhythm import Given
from assistant.theory.tune.rows import CLOSE, OPEN, Rhythms, gather
from assistant.theory.verse.declamation import Declamation, set_lyrics
from assistant.theory.verse.lyrics import Lyrics, check_sayable
from assistant.theory.verse.pacing import Pace
from assistant.theory.verse.rubs import counted

__all__ = [
    "Asked",
    "Verse",
    "rhythms_of_words",
    "said_of",
    "sung_score",
    "under",
    "upbeat_bars",
    "words_set",
]

_SETTINGS = 24  # rhythms that words are set to
_FORMS_EACH = 8
_DENSITY = 0.4
_GIVEN = frozenset({"fill", "replace"})  # of bars that are there
_ROOMY = frozenset(
    {"new", "continue", "fill", "replace"}
)  # what is done with a song that words may rule


class Asked(Protocol):
    """The settings that matter where there are words."""

    @property
    def bars(self) -> float | None:
        """For how many bars."""

    @property
    def within(self) -> object:
        """Bars of the song to write in, None where nobody says."""

    @property
    def keep(self) -> tuple[str, ...]:
        """What of the song stays as it is."""

    @property
    def density(self) -> float | None:
        """0.0 to 1.0."""


@dataclass(frozen=True)
class Verse:
    """Words that were set, or none.

    Parameters
    ----------
    settings : tuple of Declamation
        The words in several rhythms, all of as many bars.
    said : tuple of str
        What was taken for granted of the words, in sentences.
    certainty : float
        How sure their syllables and their language are, 0.0 to 1.0.
    """

    settings: tuple[Declamation, ...] = ()
    said: tuple[str, ...] = ()
    certainty: float = 1.0

    @property
    def bars(self) -> int:
        """How many bars they take, a bar for an upbeat included."""
        return self.settings[0].bars + upbeat_bars(self.settings) if self.settings else 0

    def setting(self, rhythm: int) -> Declamation | None:
        """Return the setting that a rhythm of `rhythms_of_words` was made from, if there is one."""
        return self.settings[rhythm % len(self.settings)] if self.settings else None


def words_set(
    asked: Asked, lyrics: Lyrics, passage: Passage, bpm: float, rng: np.random.Generator
) -> Verse:
    """Set words to several rhythms, each for the same bars.

    Parameters
    ----------
    asked : Asked
        The settings.
    lyrics : Lyrics
        The words.
    passage : Passage
        Where to write. Bars that are there are as many as they are; else words take as many as
        they want, or as are asked for.
    bpm : float
        Quarter notes a minute.
    rng : numpy.random.Generator
        The dice.

    Returns
    -------
    Verse
        With one setting at least.

    Raises
    ------
    SettingError
        Where nobody knows how a word is said, the words do not fit, or something is to be done
        that has a rhythm of its own.
    """
    check_sayable(lyrics)
    if passage.doing not in _ROOMY:
        raise SettingError(f"do is {passage.doing!r}, but lyrics set a rhythm of their own.")
    if "rhythm" in asked.keep:
        raise SettingError("keep names the rhythm, but lyrics set one of their own.")
    meter = _meter(passage)
    pace = Pace(bpm, _DENSITY if asked.density is None else asked.density)
    bars = 0 if asked.bars is None else int(asked.bars)
    if asked.within is not None or passage.doing in _GIVEN:
        bars = sum(passage.free)
    plain = set_lyrics(lyrics, meter, pace, bars)[0]
    settings = set_lyrics(lyrics, meter, pace, plain.bars, _SETTINGS, rng)
    return Verse(tuple(settings), lyrics.said, lyrics.certainty)


def _meter(passage: Passage) -> Meter:
    """Return the metre of the bars that are written, which must be one."""
    start, end = passage.span
    bars = {(bar.numerator, bar.denominator) for bar in passage.bars[start:end]}
    if len(bars) > 1 or not all(passage.free[start:end]):
        raise SettingError(
            f"lyrics want bars of one metre, one after the other, which {passage.said} are not;"
            " say within which bars."
        )
    return Meter(0.0, *bars.pop())


def said_of(setting: Declamation | None) -> str:
    """Say how words are set; ``""`` where there are none."""
    if setting is None:
        return ""
    told = counted(len(setting.syllables), "syllable")
    if setting.stressed:
        told += f", {100 * setting.on_beat:.0f} % of the stressed on a beat"
    return "; ".join((told, *(said.rstrip(".").lower() for said in setting.said)))


def under(
    setting: Declamation | None, melody: Sequence[Note], written: Sequence[Note]
) -> tuple[str, ...]:
    """Lay the words under what was written: a syllable a note, nothing under the rest of the song.

    Parameters
    ----------
    setting : Declamation or None
        The words, if there are any.
    melody : sequence of Note
        The whole melody.
    written : sequence of Note
        Those of its notes that were written to the words.

    Returns
    -------
    tuple of str
        One for each note of the melody; empty where there are no words.

    Raises
    ------
    ValueError
        Where there are not as many notes as syllables.
    """
    if setting is None:
        return ()
    if len(setting.texts) != len(written):
        raise ValueError(f"{len(setting.texts)} syllables were set to {len(written)} notes")
    texts = iter(setting.texts)
    own = set(written)
    return tuple(next(texts) if note in own else "" for note in melody)


def sung_score(score: Score, setting: Declamation | None, written: Sequence[Note]) -> Score:
    """Put the words into a score, under its first track.

    Parameters
    ----------
    score : Score
        The melody is its first track.
    setting, written
        As for `under`.

    Returns
    -------
    Score
        The same where there are no words.
    """
    melody, *others = score.tracks
    lyrics = under(setting, melody.notes, written)
    return replace(score, tracks=(replace(melody, lyrics=lyrics), *others))


def upbeat_bars(set_: Sequence[Declamation]) -> int:
    """Count the bars before the first bar line of the words: 1 where any has an upbeat."""
    return int(any(one.syllables[0].start < 0 for one in set_))


def rhythms_of_words(
    frame: Frame,
    breaths: Sequence[Phrase],
    found: Sequence[Form],
    set_: Sequence[Declamation],
    ground: tuple[Given, tuple[int, int]],
    closing: float,
    rng: np.random.Generator,
) -> Rhythms:
    """Turn words that were set to rhythms into rhythms of tunes.

    Parameters
    ----------
    frame : Frame
        The grid, with a bar for the upbeat where there is one.
    breaths : sequence of Phrase
        Its phrases.
    found : sequence of Form
        What the phrases may repeat.
    set_ : sequence of Declamation
        The words in several rhythms.
    ground : tuple of (Given, tuple of int)
        The onsets that are there, and the first bar that is written and the one after the last.
    closing : float
        How likely the last phrase ends at rest.
    rng : numpy.random.Generator
        The dice for forms.

    Returns
    -------
    Rhythms
        Each setting with several forms.
    """
    given, (first, end) = ground
    shift = frame.measures[first + upbeat_bars(set_)].start
    closing = closing if end == len(frame.measures) else 0.0
    count = len(set_) * _FORMS_EACH
    grid = np.tile(given.onsets & given.fixed, (count, 1))
    ends = np.tile([phrase.end - 1 for phrase in breaths], (count, 1))
    kinds = np.zeros((count, len(breaths)), dtype=np.int64)
    begins = [phrase.start for phrase in breaths]
    for row in range(count):
        for syllable in set_[row % len(set_)].syllables:
            slot = syllable.start + shift
            grid[row, slot] = True
            if syllable.ends_line:
                place = int(np.searchsorted(begins, slot, side="right")) - 1
                ends[row, place], kinds[row, place] = slot, OPEN
        last = np.flatnonzero(kinds[row])[-1]
        kinds[row, last] = CLOSE if rng.random() < closing else OPEN
    form = rng.choice(len(found), size=count, p=[each.weight for each in found])
    sources = np.array([each.sources for each in found], dtype=np.int16)[form]
    pickup = np.zeros(count, dtype=np.int64)
    echoed = rng.random((count, len(breaths))) < 0.5
    return gather(grid, breaths, sources, pickup, (ends, kinds, form), echoed)
