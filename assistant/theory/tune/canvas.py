"""What tunes are written on: the frame over some chords, and rhythms that suit it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from assistant.theory.tune.frame import darkened, make_frame, measures
from assistant.theory.tune.harmony import Harmony
from assistant.theory.tune.laying import lay_notes
from assistant.theory.tune.lyrics import rhythms_of_words
from assistant.theory.tune.manner import Asked as Manners
from assistant.theory.tune.manner import compass
from assistant.theory.tune.passage import Passage
from assistant.theory.tune.phrasing import Form, forms, phrases
from assistant.theory.tune.proposals import Proposals
from assistant.theory.tune.rhythm import Manner, make_rhythms
from assistant.theory.tune.score import stretches
from assistant.theory.tune.search import Best, Canvas
from assistant.theory.verse.declamation import Declamation

__all__ = ["Asked", "canvas_of", "written_form"]

_RHYTHMS = 256
_WHOLE, _NEW_END = 0.45, 0.35  # share of answers that take up all; all but the last phrase


class Asked(Manners, Protocol):
    """The settings that say what the canvas is like."""

    @property
    def keep(self) -> tuple[str, ...]:
        """What of the song stays as it is."""


def canvas_of(
    asked: Asked,
    passage: Passage,
    harmony: Harmony,
    manner: Manner,
    words: Sequence[Declamation],
    proposals: Proposals,
    rng: np.random.Generator,
    span: tuple[float, float] | None = None,
) -> Canvas:
    """Lay out what tunes are written on.

    Parameters
    ----------
    asked : Asked
        The settings.
    passage : Passage
        Where to write.
    harmony : Harmony
        Over which chords.
    manner : Manner
        How notes are spread.
    words : sequence of Declamation
        Words in several rhythms; empty where there are none.
    proposals : Proposals
        The tables.
    rng : numpy.random.Generator
        The dice for rhythms.
    span : tuple of (float, float), optional
        The range, MIDI numbers; else as asked for or around the song.

    Returns
    -------
    Canvas
        Frame, phrases, rhythms and the notes that are there.
    """
    low, high = span or compass(asked, passage.tune)
    over = stretches(harmony.bars, passage.bars, harmony.key)
    frame = make_frame(measures(passage.bars), harmony.key, over, low, high)
    frame = darkened(frame) if asked.change == "darker" else frame
    breaths = phrases(frame.measures)
    found = _forms(passage, len(breaths))
    given, kept = lay_notes(passage, frame, rhythm="rhythm" in asked.keep, change=asked.change)
    if words:
        ground = (given, passage.span)
        rhythms = rhythms_of_words(frame, breaths, found, words, ground, manner.closing, rng)
    else:
        cell, manner = proposals.cell, _closing(manner, asked, passage, harmony)
        rhythms = make_rhythms(frame, breaths, found, manner, given, cell, _RHYTHMS, rng)
    return Canvas(frame, breaths, found, rhythms, kept, manner.bpm)


def _closing(manner: Manner, asked: Asked, passage: Passage, harmony: Harmony) -> Manner:
    """Let a variation of a tune that comes home come home, where nothing else is asked."""
    home = passage.tune and round(passage.tune[-1].pitch) % 12 == harmony.key.root
    if passage.doing == "vary" and asked.ending == "auto" and home:
        return replace(manner, closing=1.0)
    return manner


def _forms(passage: Passage, count: int) -> tuple[Form, ...]:
    """Choose what phrases may repeat: an answer takes up its question, a variation its model."""
    if passage.doing == "vary":
        return (Form("".join(chr(97 + place % 26) for place in range(count)), (-1,) * count, 1.0),)
    half = count // 2
    if passage.doing == "answer" and half and count % 2 == 0:
        return tuple(_answers(half))
    return forms(count)


def _answers(half: int) -> Iterator[Form]:
    """List the forms of an answer: it takes up all phrases, all but the last, or only the first."""
    asked, new = (-1,) * half, chr(97 + half)
    letters = [chr(97 + place) for place in range(half)]
    yield _form(letters, letters, (*asked, *range(half)), _WHOLE if half > 1 else 1.0)
    if half > 1:
        sources = (*asked, *range(half - 1), -1)
        yield _form(letters, [*letters[:-1], new], sources, _NEW_END)
        yield _form(letters, ["a"] * half, (*asked, *[0] * half), 1.0 - _WHOLE - _NEW_END)


def _form(asked: list[str], answer: list[str], sources: tuple[int, ...], weight: float) -> Form:
    return Form("".join((*asked, *answer)), sources, weight)


def written_form(best: Best, row: int, passage: Passage) -> str:
    """Name the phrases that were written, from a on: ``"aaba"``.

    Parameters
    ----------
    best : Best
        Tunes on one canvas.
    row : int
        Which of them.
    passage : Passage
        Where it was written.

    Returns
    -------
    str
        A letter a phrase.
    """
    canvas = best.canvas
    form = canvas.forms[int(canvas.rhythms.form[best.tunes.rhythm[row]])]
    bars = canvas.frame.measures
    letters = [
        letter
        for letter, breath in zip(form.letters, canvas.breaths, strict=True)
        if any(
            free and breath.start <= bar.start < breath.end
            for free, bar in zip(passage.free, bars, strict=True)
        )
    ]
    named = {letter: chr(97 + place % 26) for place, letter in enumerate(dict.fromkeys(letters))}
    return "".join(named[letter] for letter in letters)
