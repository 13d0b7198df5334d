"""What is wished of a song: what to do, where, and for how many bars, where nobody says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.errors import SettingError
from assistant.material import Note
from assistant.settings import Bars

__all__ = ["Asked", "Wish", "wish_of"]

_BARS = 8
_WITH_WORDS = frozenset({"auto", "new", "continue", "fill", "replace"})


class Asked(Protocol):
    """The settings that say what is wished."""

    @property
    def do(self) -> str:
        """What to do with the song."""

    @property
    def bars(self) -> int | None:
        """For how many bars."""

    @property
    def within(self) -> Bars | None:
        """Bars of the song to write in."""

    @property
    def keep_bars(self) -> Bars | None:
        """Bars of the song that stay; the others are written anew."""

    @property
    def keep(self) -> tuple[str, ...]:
        """What of the song stays as it is."""

    @property
    def change(self) -> str:
        """How it should become, ``"none"`` where as it is."""

    @property
    def lyrics(self) -> str:
        """Words to be sung, or ``""``."""


@dataclass(frozen=True)
class Wish:
    """What to do, for how many bars, in which bars or not in which, what to keep, how to change."""

    do: str
    bars: int
    within: Bars | None
    keep_bars: Bars | None
    keep: tuple[str, ...]
    change: str


def wish_of(asked: Asked, tune: Sequence[Note]) -> Wish:
    """Fill in what nobody says.

    Parameters
    ----------
    asked : Asked
        The settings.
    tune : sequence of Note
        The melody of the song, if it has one.

    Returns
    -------
    Wish
        Words continue a melody rather than fill its gaps, for they want bars of their own.

    Raises
    ------
    SettingError
        Where there are words, and what is to be done has a rhythm of its own.
    """
    bars = _BARS if asked.bars is None else asked.bars
    doing, within = _doing(asked, tune), asked.within
    return Wish(doing, bars, within, asked.keep_bars, asked.keep, asked.change)


def _doing(asked: Asked, tune: Sequence[Note]) -> str:
    if not asked.lyrics.strip():
        return asked.do
    if asked.do not in _WITH_WORDS:
        raise SettingError(f"do is {asked.do!r}, but lyrics set a rhythm of their own.")
    named = asked.within is not None or asked.keep_bars is not None
    told = named or asked.change != "none" or "rhythm" in asked.keep
    if asked.do != "auto" or told:
        return asked.do
    return "continue" if tune else "new"
