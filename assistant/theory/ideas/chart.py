"""Chords as a musician types them: ``"Am F | C G"``, ``"i VI | III VII"`` or ``"6m 4 | 1 5"``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from assistant.errors import SettingError
from assistant.material import Note
from assistant.theory.ear.hearing import key_of
from assistant.theory.harmony.chord import Chord, read_chord
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.nashville import read_nashville
from assistant.theory.harmony.progression import MAX_CHORDS_A_BAR, Bar
from assistant.theory.harmony.roman import Numeral, numeral_of, read_numeral

__all__ = ["Chart", "read_chart", "read_played"]

MAX_BARS = 64
_BAR_LINE = re.compile(r"[:|\n]*[|\n][:|\n]*")  # signs of repeat are read as bar lines
_BETWEEN = re.compile(r"[\s,;–—]+|(?<=\s)-(?=\s)")  # noqa: RUF001 - dashes are typed between chords
_SAME = frozenset({"%", "/", "."})  # the chord before goes on
_NONE = frozenset({"n.c.", "n.c", "nc", "n"})  # no chord sounds
_REST = re.compile(r"\s*[-–—]+\s*")  # noqa: RUF001 - a bar of its own: the same

Played: TypeAlias = tuple[tuple[Numeral | None, ...], ...]
"""The chords of each bar in order; None where none sounds."""


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
        Symbols, numerals or Nashville numbers. Where there are bar lines (``|``) a bar holds one or
        two of them, else each has a bar; ``%`` is the chord before.
    key : Key or None
        What numerals and numbers count from; needed where there are such.

    Returns
    -------
    Chart
        At most 64 bars.

    Raises
    ------
    SettingError
        Where a word is no chord, a bar holds more than two, or numerals have no key.
    """
    played, key, sure = _read(text, key)
    if any(numeral is None for bar in played for numeral in bar):
        raise SettingError(
            f"chords is {text[:80]!r}, with bars of no chord; say what sounds there."
        )
    bars = (tuple(dict.fromkeys(each for each in bar if each)) for bar in played)
    return Chart(tuple(bars), key, sure)


def read_played(text: str, key: Key | None) -> tuple[Played, Key]:
    """Read chords that may pause: ``"Am | N.C. | F G | -"``.

    Parameters
    ----------
    text : str
        As for `read_chart`; ``N.C.``, ``NC`` and a dash for a bar say that no chord sounds.
    key : Key or None
        What numerals and numbers count from; needed where there are such.

    Returns
    -------
    tuple of tuple of (Numeral or None)
        One or two each bar, at most 64 bars.
    Key
        As it was said, else as the chords tell it.

    Raises
    ------
    SettingError
        As for `read_chart`.
    """
    played, key, _ = _read(text, key)
    return played, key


def _read(text: str, key: Key | None) -> tuple[Played, Key, float]:
    """Read chords, and how sure their key is."""
    rows = _rows(text)
    words = [word for row in rows for word in row if word not in _SAME and not _silent(word)]
    if not words or rows[0][0] in _SAME:
        raise SettingError(
            f"chords is {text[:80]!r}; it takes chords, such as 'Am F C G' or 'i VI III VII'."
        )
    if len(rows) > MAX_BARS:
        raise SettingError(f"chords has {len(rows)} bars; it takes {MAX_BARS}.")
    symbols = {word: _symbol(word, key) for word in words}
    sure = 1.0
    if key is None:
        chords = [chord for word in words if (chord := symbols[word])]
        if len(chords) < len(words):
            raise SettingError("chords holds numerals or numbers; say the key they count from.")
        key, _, sure = key_of(_struck(chords))
    return _played(rows, symbols, key), key, sure


def _silent(word: str) -> bool:
    return word.casefold() in _NONE


def _rows(text: str) -> list[list[str]]:
    rows = [
        ["N.C."]
        if _REST.fullmatch(row)
        else [word for part in _BETWEEN.split(row) if part for word in _apart(part)]
        for row in _BAR_LINE.split(text)
    ]
    rows = [row for row in rows if row]
    if len(rows) == 1:
        rows = [[word] for word in rows[0]]
    for place, row in enumerate(rows, 1):
        if len(row) > MAX_CHORDS_A_BAR:
            raise SettingError(f"chords has {len(row)} in bar {place}; a bar holds one or two.")
    return rows


def _apart(word: str) -> list[str]:
    """Take chords apart that are joined by dashes: C-G-Am, but not C-7."""
    parts = [part for part in word.split("-") if part]
    joined = len(parts) > 1 and not _reads(read_chord, word)
    return parts if joined and all(part[:1].isalpha() for part in parts) else [word]


def _reads(read: Callable[[str], object], word: str) -> bool:
    try:
        read(word)
    except ValueError:
        return False
    return True


def _symbol(word: str, key: Key | None) -> Chord | None:
    """Read a lead-sheet symbol or a Nashville number; None where the word needs a key to count."""
    if _reads(read_chord, word):
        return read_chord(word)
    counted = key or Key(0)
    if _reads(lambda each: read_nashville(each, counted), word):
        return read_nashville(word, key) if key else None
    if _reads(read_numeral, word):
        return None
    raise SettingError(
        f"chords has {word[:20]!r}, which is no chord; it takes such as Am, F#m7, Bb/D, vi, V7."
    )


def _struck(chords: Sequence[Chord]) -> list[Note]:
    """Play each chord for four beats, root lowest, to hear the key."""
    return [
        Note(48.0 + (pitch_class if place else pitch_class - 12), 4.0 * at, 4.0)
        for at, chord in enumerate(chords)
        for place, pitch_class in enumerate(chord.pitch_classes)
    ]


def _played(rows: list[list[str]], symbols: dict[str, Chord | None], key: Key) -> Played:
    bars: list[tuple[Numeral | None, ...]] = []
    said: list[Numeral | None] = []
    for row in rows:
        first = len(said)
        for word in row:
            chord = symbols.get(word)
            if word in _SAME:
                said.append(said[-1])
            elif _silent(word):
                said.append(None)
            else:
                said.append(numeral_of(chord, key) if chord else read_numeral(word))
        bars.append(tuple(said[first:]))
    return tuple(bars)
