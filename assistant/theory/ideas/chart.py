"""Chords as a musician types them: ``"Am F | C G"`` or ``"i VI | III VII"``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.errors import SettingError
from assistant.material import Note
from assistant.theory.ear.hearing import key_of
from assistant.theory.harmony.chord import Chord, read_chord
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.progression import MAX_CHORDS_A_BAR, Bar
from assistant.theory.harmony.roman import Numeral, numeral_of, read_numeral

__all__ = ["Chart", "read_chart"]

MAX_BARS = 64
_BAR_LINE = re.compile(r"[|\n]+")
_BETWEEN = re.compile(r"[\s,;–—]+|(?<=\s)-(?=\s)")  # noqa: RUF001 - dashes are typed between chords
_SAME = frozenset({"%", "/", "."})  # the chord before goes on


@dataclass(frozen=True)
class Chart:
    """Chords that were typed.

    Parameters
    ----------
    bars : tuple of Bar
        One or two numerals a bar, in `key`.
    key : Key
        As it was said, else as the chords tell it.
    confidence : float
        How sure the key is, 0.0 to 1.0; 1.0 where it was said.
    """

    bars: tuple[Bar, ...]
    key: Key
    confidence: float


def read_chart(text: str, key: Key | None) -> Chart:
    """Read chords.

    Parameters
    ----------
    text : str
        Symbols or numerals. Where there are bar lines (``|``) a bar holds one or two of them,
        else each has a bar; ``%`` is the chord before.
    key : Key or None
        What numerals count from; needed where all are numerals.

    Returns
    -------
    Chart
        At most 64 bars.

    Raises
    ------
    SettingError
        Where a word is no chord, a bar holds more than two, or numerals have no key.
    """
    rows = _rows(text)
    words = [word for row in rows for word in row if word not in _SAME]
    if not words or rows[0][0] in _SAME:
        raise SettingError(
            f"chords is {text[:80]!r}; it takes chords, such as 'Am F C G' or 'i VI III VII'."
        )
    if len(rows) > MAX_BARS:
        raise SettingError(f"chords has {len(rows)} bars; it takes {MAX_BARS}.")
    symbols = {word: _symbol(word) for word in words}
    sure = 1.0
    if key is None:
        chords = [chord for word in words if (chord := symbols[word])]
        if len(chords) < len(words):
            raise SettingError("chords holds numerals; say the key they count from.")
        key, _, sure = key_of(_struck(chords))
    return Chart(_bars(rows, symbols, key), key, sure)


def _rows(text: str) -> list[list[str]]:
    rows = [[word for word in _BETWEEN.split(row) if word] for row in _BAR_LINE.split(text)]
    rows = [row for row in rows if row]
    if len(rows) == 1:
        rows = [[word] for word in rows[0]]
    for place, row in enumerate(rows, 1):
        if len(row) > MAX_CHORDS_A_BAR:
            raise SettingError(f"chords has {len(row)} in bar {place}; a bar holds one or two.")
    return rows


def _symbol(word: str) -> Chord | None:
    """Read a lead-sheet symbol; None where the word is a numeral."""
    try:
        return read_chord(word)
    except ValueError:
        pass
    try:
        read_numeral(word)
    except ValueError:
        raise SettingError(
            f"chords has {word[:20]!r}, which is no chord; it takes such as Am, F#m7, Bb/D, vi, V7."
        ) from None
    return None


def _struck(chords: Sequence[Chord]) -> list[Note]:
    """Play each chord for four beats, root lowest, to hear the key."""
    return [
        Note(48.0 + (pitch_class if place else pitch_class - 12), 4.0 * at, 4.0)
        for at, chord in enumerate(chords)
        for place, pitch_class in enumerate(chord.pitch_classes)
    ]


def _bars(rows: list[list[str]], symbols: dict[str, Chord | None], key: Key) -> tuple[Bar, ...]:
    bars: list[Bar] = []
    said: list[Numeral] = []
    for row in rows:
        first = len(said)
        for word in row:
            chord = symbols.get(word)
            if word in _SAME:
                said.append(said[-1])
            else:
                said.append(numeral_of(chord, key) if chord else read_numeral(word))
        bars.append(tuple(dict.fromkeys(said[first:])))
    return tuple(bars)
