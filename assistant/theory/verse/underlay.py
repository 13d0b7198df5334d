"""Words laid under a melody that is there: which syllable falls on which note, and where it rubs.

Syllables and notes are aligned by dynamic programming: a syllable may be held over several notes
(a melisma), a note may be divided for several syllables, an optional vowel may go unsung. What
that costs in stress, crowding and broken words is said bar by bar. The words are taken as they
are: nothing is translated or changed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.errors import MaterialError
from assistant.material import Meter, Note
from assistant.theory.ear.grid import bar_starts
from assistant.theory.verse.accents import weight_at
from assistant.theory.verse.alignment import Spot, Step, SungSyllable, align
from assistant.theory.verse.lyrics import Lyrics
from assistant.theory.verse.rubs import Place, places_of

__all__ = ["Fit", "Place", "fit_lyrics"]

MAX_NOTES = 2_000
_REST = 0.45  # beats: a gap in which a phrase ends
_STRETCHED = 2.0  # notes a syllable, beyond which a melody is not filled with words
_VOWELS = frozenset("aeiouáàâéèêíìóòôúùyh")


@dataclass(frozen=True, slots=True)
class Fit:
    """Words under a melody.

    Parameters
    ----------
    notes : tuple of Note
        The melody, with those notes divided that have several syllables to carry.
    texts : tuple of str
        What is sung on each of `notes`: a syllable, with ``-`` at its end where its word goes on;
        ``_`` where the syllable before is held; ``""`` for nothing. Two words that share a note
        are joined by ``‿``.
    places : tuple of Place
        Where it rubs, in order.
    score : float
        1.0 for words that might have been written for the melody, down to 0.0.
    syllables : int
        How many there are to be sung.
    """

    notes: tuple[Note, ...]
    texts: tuple[str, ...]
    places: tuple[Place, ...]
    score: float
    syllables: int


def fit_lyrics(
    notes: Sequence[Note], meters: Sequence[Meter], lyrics: Lyrics, bpm: float = 100.0
) -> Fit:
    """Lay words under a melody.

    Parameters
    ----------
    notes : sequence of Note
        One voice, in order of start.
    meters : sequence of Meter
        The metre map, the first at beat 0.
    lyrics : Lyrics
        The words.
    bpm : float
        Quarter notes a minute.

    Returns
    -------
    Fit
        The same for the same words and notes.

    Raises
    ------
    MaterialError
        Where there are no notes, too many, or several at a time.
    """
    if not 0 < len(notes) <= MAX_NOTES:
        raise MaterialError(f"Words go under 1 to {MAX_NOTES} notes, not under {len(notes)}.")
    if any(two.start <= one.start for one, two in pairwise(notes)):
        raise MaterialError("Words go under a melody of one note at a time; this has several.")
    sung = _syllables(lyrics)
    spots = _spots(notes, meters)
    steps, cost = align(sung, spots, bpm)
    made, texts = _written(steps, sung, spots)
    places = sorted(places_of(steps, sung, spots), key=lambda one: (one.bar, one.beat))
    filled = min(1.0, _STRETCHED * len(sung) / len(spots))
    score = filled * max(0.0, 1.0 - cost / max(len(sung), len(spots)))
    return Fit(tuple(made), tuple(texts), tuple(places), round(score, 3), len(sung))


def _syllables(lyrics: Lyrics) -> list[SungSyllable]:
    made: list[SungSyllable] = []
    for line in lyrics.lines:
        joining = False
        for at, word in enumerate(line.words):
            last = len(word.parts) - 1
            joined = joining and word.parts[0][:1].lower() in _VOWELS
            for index, (part, stress) in enumerate(zip(word.parts, word.stress, strict=True)):
                optional = (word.mute and index == last) or (joined and index == 0)
                first = at == 0 and index == 0
                one = SungSyllable(part, word.text, stress, index == 0, index == last, first,
                                last == 0, optional)  # fmt: skip
                made.append(one)
            joining = word.joins and not word.breath
    return made


def _spots(notes: Sequence[Note], meters: Sequence[Meter]) -> list[Spot]:
    bars = bar_starts(meters, max(note.end for note in notes))
    lines = [bar.beat for bar in bars]
    found: list[Spot] = []
    ended = 0.0
    for index, note in enumerate(notes):
        at = max(0, bisect_right(lines, note.start + 1e-6) - 1)
        bar, place = bars[at], note.start - lines[at]
        opens = index == 0 or note.start - ended >= _REST
        beat = round(place * bar.denominator / 4.0 + 1.0, 2)
        weight = weight_at(Meter(0.0, bar.numerator, bar.denominator), place)
        found.append(Spot(note, weight, opens, at + 1, beat))
        ended = note.end
    return found


def _written(
    steps: Sequence[Step], sung: Sequence[SungSyllable], spots: Sequence[Spot]
) -> tuple[list[Note], list[str]]:
    """Write the syllables below the notes, dividing notes where that is wanted."""
    notes: list[Note] = []
    texts: list[str] = []
    for step in steps:
        taken = sung[step.first : step.first + step.taken]
        if step.held == 0:
            if texts and taken[0].optional:
                _share(texts, taken[0])
        elif step.taken == 0:
            notes.append(spots[step.note].note)
            texts.append("")
        elif step.taken == 1:
            notes += [spot.note for spot in spots[step.note : step.note + step.held]]
            texts += [_text(taken[0]), *("_" for _ in range(step.held - 1))]
        else:
            notes += _divided(spots[step.note].note, step.taken)
            texts += [_text(one) for one in taken]
    return notes, texts


def _text(one: SungSyllable) -> str:
    text = one.text.rstrip("-")
    return text if one.ends else f"{text}-"


def _share(texts: list[str], one: SungSyllable) -> None:
    """Put a syllable on the note of the one before it."""
    at = max((index for index, text in enumerate(texts) if text not in {"", "_"}), default=None)
    if at is not None:
        joint = "‿" if one.begins else ""
        texts[at] = f"{texts[at].removesuffix('-')}{joint}{_text(one)}"


def _divided(note: Note, count: int) -> list[Note]:
    """Divide a note evenly, on sixteenths where it is long enough."""
    step = note.length / count
    if step >= 0.25:
        step = int(step * 4) / 4
    notes = [
        replace(note, start=note.start + index * step, length=step) for index in range(count - 1)
    ]
    start = note.start + (count - 1) * step
    return [*notes, replace(note, start=start, length=note.end - start)]
