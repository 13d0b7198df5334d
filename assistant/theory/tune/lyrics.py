"""Rhythms of tunes from words: a note a syllable, heavy ones on the beats, lines with a breath."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from assistant.contract import Speech
from assistant.errors import SettingError
from assistant.material import Meter, Note
from assistant.theory.tune.frame import Frame
from assistant.theory.tune.phrasing import Form, Phrase
from assistant.theory.tune.rows import CLOSE, OPEN, Rhythms, gather
from assistant.theory.verse.declamation import Declamation, set_lyrics
from assistant.theory.verse.lyrics import read_lyrics
from assistant.theory.verse.pacing import Pace
from assistant.theory.verse.syllables import Orthography

__all__ = ["Asked", "rhythms_of_words", "said_of", "under", "upbeat_bars", "words_set"]

_SETTINGS = 24  # rhythms that words are set to
_FORMS_EACH = 8
_DENSITY = 0.4


class Asked(Protocol):
    """The settings that are about words."""

    @property
    def lyrics(self) -> str:
        """The words, or ``""``."""

    @property
    def language(self) -> str:
        """Of the words, or ``""``."""

    @property
    def bars(self) -> float | None:
        """For how many bars."""

    @property
    def density(self) -> float | None:
        """0.0 to 1.0."""

    @property
    def do(self) -> str:
        """What to do with the song."""


def words_set(
    asked: Asked,
    known: Mapping[str, Orthography],
    speech: Speech | None,
    meter: Meter,
    bpm: float,
    rng: np.random.Generator,
) -> tuple[Declamation, ...]:
    """Set the words that are asked for to several rhythms.

    Parameters
    ----------
    asked : Asked
        The settings.
    known : mapping of str to Orthography
        Spelling rules by language.
    speech : Speech, optional
        A program that knows how words are said.
    meter : Meter
        The metre.
    bpm : float
        Quarter notes a minute.
    rng : numpy.random.Generator
        The dice.

    Returns
    -------
    tuple of Declamation
        Empty where there are no words.

    Raises
    ------
    SettingError
        Where the words do not fit, or something is to be done that has a rhythm of its own.
    """
    if not asked.lyrics.strip():
        return ()
    if asked.do not in {"auto", "new", "continue"}:
        raise SettingError(f"do is {asked.do!r}, but lyrics set a rhythm of their own.")
    lyrics = read_lyrics(asked.lyrics, known, asked.language, speech)
    pace = Pace(bpm, _DENSITY if asked.density is None else asked.density)
    bars = 0 if asked.bars is None else int(asked.bars)
    return tuple(set_lyrics(lyrics, meter, pace, bars, _SETTINGS, rng))


def said_of(set_: Sequence[Declamation]) -> str:
    """Say how words are set; ``""`` where there are none."""
    if not set_:
        return ""
    plain = set_[0]
    count, held = len(plain.syllables), 100 * plain.on_beat
    told = f"{count} syllables, {held:.0f} % of the stressed on a beat"
    return "; ".join((told, *(said.rstrip(".") for said in plain.said)))


def under(
    set_: Sequence[Declamation], melody: Sequence[Note], written: Sequence[Note]
) -> tuple[str, ...]:
    """Lay the words under what was written: a syllable a note, nothing under the rest of the song.

    Parameters
    ----------
    set_ : sequence of Declamation
        The words; empty where there are none.
    melody : sequence of Note
        The whole melody.
    written : sequence of Note
        Those of its notes that were written to the words.

    Returns
    -------
    tuple of str
        One for each note of the melody; empty where there are no words, or not a note for each.
    """
    if not set_ or len(set_[0].texts) != len(written):
        return ()
    texts = iter(set_[0].texts)
    own = set(written)
    return tuple(next(texts) if note in own else "" for note in melody)


def upbeat_bars(set_: Sequence[Declamation]) -> int:
    """Tell how many bars come before the first bar line of the words: 1 where any has an upbeat."""
    return int(any(one.syllables[0].start < 0 for one in set_))


def rhythms_of_words(
    frame: Frame,
    breaths: Sequence[Phrase],
    found: Sequence[Form],
    set_: Sequence[Declamation],
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
    closing : float
        How likely the last phrase ends at rest.
    rng : numpy.random.Generator
        The dice for forms.

    Returns
    -------
    Rhythms
        Each setting with several forms.
    """
    shift = frame.measures[0].end * upbeat_bars(set_)
    count = len(set_) * _FORMS_EACH
    grid = np.zeros((count, frame.slots), dtype=bool)
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
