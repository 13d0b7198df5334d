"""An idea in the making: chords by bar, and where they come from."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.theory.harmony.key import Key
from assistant.theory.harmony.progression import Bar

__all__ = ["Idea"]


@dataclass(frozen=True)
class Idea:
    """Chords, before they are played.

    Parameters
    ----------
    bars : tuple of Bar
        Numerals in `key`.
    key : Key
        The key.
    style : str
        Where it is at home.
    title : str
        What it goes by in its title: its name, or what was done.
    source : str
        Where it comes from, in words that follow the chords: ``"as in jazz, known as ii-V-I"``.
    moods : tuple of str
        What it tends to sound like; empty where nobody tagged it.
    place : tuple of (float, float)
        Its valence and arousal.
    distance : float
        From the mood that is wanted; 0.0 where none is.
    form : str
        How it was made to last; ``""`` where nothing was done.
    changes : tuple of str
        What was changed, such as ``"a suspension in bar 3"``.
    fit : float
        How well it does what was asked, before mood and words are looked at, 0.0 to 1.0.
    bits : float or None
        How unexpected it is to the songs of a style, bits a chord; None where the shelf tells.
    fresh : tuple of bool
        Which bars are new; empty where all are.
    """

    bars: tuple[Bar, ...]
    key: Key
    style: str
    title: str
    source: str
    moods: tuple[str, ...] = ()
    place: tuple[float, float] = (0.0, 0.0)
    distance: float = 0.0
    form: str = ""
    changes: tuple[str, ...] = ()
    fit: float = 1.0
    bits: float | None = None
    fresh: tuple[bool, ...] = ()

    def is_fresh(self, place: int) -> bool:
        """Tell whether the bar at a place, counted from 0, is new."""
        return not self.fresh or self.fresh[place]
