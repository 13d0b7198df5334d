"""What can be done with the chords and the melody of a song, and what of it must stay."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, Protocol, get_args

from assistant.errors import SettingError
from assistant.settings import Bars
from assistant.theory.harmony.change import Change
from assistant.theory.harmony.form import Ending
from assistant.theory.harmony.key import Key
from assistant.theory.ideas.song import Song

__all__ = ["KEEPS", "WAYS", "Asked", "Way", "check_key", "way_of"]

Way = Literal["auto", "new", "continue", "harmonise", "replace", "vary", "voice"]

WAYS: tuple[Way, ...] = get_args(Way)

KEEPS = ("key", "chords", "rhythm", "melody")
"""What of a song may be kept: its rhythm is when its chords change."""

_KEEPING: dict[str, tuple[Way, ...]] = {
    "chords": ("continue", "replace", "voice"),
    "rhythm": ("vary", "replace", "voice"),
    "melody": ("harmonise",),
}


class Asked(Protocol):
    """The settings that say what to do with a song."""

    @property
    def do(self) -> Way:
        """One of `WAYS`."""

    @property
    def within(self) -> Bars | None:
        """Bars to write anew."""

    @property
    def change(self) -> Change:
        """How the chords should differ."""

    @property
    def ending(self) -> Ending:
        """How they should end."""

    @property
    def complexity(self) -> float | None:
        """How many notes they should have, 0.0 to 1.0."""

    @property
    def keep(self) -> Collection[str]:
        """Some of `KEEPS`."""


def way_of(asked: Asked, song: Song | None) -> Way:
    """Decide what to do.

    Parameters
    ----------
    asked : Asked
        The settings.
    song : Song or None
        What there is.

    Returns
    -------
    str
        Any of `WAYS` but ``"auto"``.

    Raises
    ------
    SettingError
        Where the song has not what is needed, or settings contradict each other.
    """
    chords, melody = bool(song and song.bars), bool(song and song.melody)
    if asked.within is not None and asked.do not in {"auto", "replace"}:
        raise SettingError(f"do is {asked.do!r}, but within names bars; say one of them.")
    way = _called_for(asked, chords, melody) if asked.do == "auto" else asked.do
    if way in {"continue", "vary", "replace", "voice"} and not chords:
        raise SettingError(
            f"do is {way!r}, but no chords are known; give a file that holds some, or type them"
            " as chords, such as 'Am F C G'."
        )
    if way == "harmonise" and not melody:
        raise SettingError("do is 'harmonise', but there is no melody; give a file that holds one.")
    if way == "replace":
        _check_range(asked.within, len(song.bars) if song else 0)
    _check_keep(asked, way, song)
    return way


def _called_for(asked: Asked, chords: bool, melody: bool) -> Way:
    if asked.within is not None:
        return "replace"
    if "melody" in asked.keep and melody:
        return "harmonise"
    if chords:
        return _with_chords(asked)
    return "harmonise" if melody else "new"


def _with_chords(asked: Asked) -> Way:
    changed = asked.change != "none" or asked.ending != "auto" or "rhythm" in asked.keep
    if "chords" in asked.keep:
        return "voice"
    return "vary" if changed else "continue"


def _check_range(within: Bars | None, count: int) -> None:
    if within is None:
        raise SettingError("do is 'replace'; say which bars, such as within 3-4.")
    if within.last > count:
        raise SettingError(
            f"within is {within.first}-{within.last}, but the chords end with bar {count}."
        )


def _check_keep(asked: Asked, way: Way, song: Song | None) -> None:
    if asked.keep and song is None:
        raise SettingError(
            f"keep is {', '.join(asked.keep)}, but there is no song to keep it from."
        )
    if "melody" in asked.keep and not (song and song.melody):
        raise SettingError("keep names the melody, but none was heard.")
    for what, ways in _KEEPING.items():
        if what in asked.keep and way not in ways:
            raise SettingError(
                f"keep names the {what}, but {way!r} does not keep it; do {' or '.join(ways)} does."
            )
    if way == "voice":
        _check_untouched(asked)


def _check_untouched(asked: Asked) -> None:
    """Refuse what would change chords that are only to be voiced."""
    changing = {
        "change": asked.change if asked.change != "none" else None,
        "ending": asked.ending if asked.ending != "auto" else None,
        "complexity": asked.complexity,
    }
    for name, value in changing.items():
        if value is not None:
            raise SettingError(
                f"the chords are kept as they are, but {name} is {value}, which would change them;"
                " say one of them."
            )


def check_key(keep: Collection[str], key: Key | None, heard: Key | None) -> None:
    """Refuse another key where that of the song is to be kept.

    Parameters
    ----------
    keep : collection of str
        Some of `KEEPS`.
    key : Key or None
        The key that is asked for.
    heard : Key or None
        The key of the song.

    Raises
    ------
    SettingError
        Where they have not the same notes.
    """
    if "key" in keep and key and heard and key.pitch_classes != heard.pitch_classes:
        raise SettingError(
            f"keep names the key, heard as {heard}, but key is '{key}'; say one of them."
        )
