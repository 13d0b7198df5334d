"""What can be done with the chords and the melody of a song, and what of it must stay."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, Protocol, get_args

from assistant.errors import SettingError
from assistant.settings import Bars
from assistant.theory.harmony.change import Change
from assistant.theory.harmony.form import Ending, leads_to
from assistant.theory.ideas.song import Song

__all__ = ["KEEPS", "WAYS", "Asked", "Way", "gaps_of", "way_of"]

Way = Literal["auto", "new", "continue", "harmonise", "replace", "vary", "voice"]

WAYS: tuple[Way, ...] = get_args(Way)

KEEPS = ("key", "chords", "rhythm", "melody")
"""What of a song may be kept; the rhythm of chords is when they change."""

_KEEPING: dict[str, tuple[Way, ...]] = {
    "chords": ("continue", "replace", "voice"),
    "rhythm": ("vary", "replace", "voice"),
    "melody": ("harmonise",),
}


class Named(Protocol):
    """The settings that name bars."""

    @property
    def within(self) -> Bars | None:
        """Bars to write anew."""

    @property
    def keep_bars(self) -> Bars | None:
        """Bars that must stay; the others are written anew."""


class Asked(Named, Protocol):
    """The settings that say what to do with a song."""

    @property
    def do(self) -> Way:
        """One of `WAYS`."""

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
    _check_bars(asked)
    way = _called_for(asked, chords, melody) if asked.do == "auto" else asked.do
    if way in {"continue", "vary", "replace", "voice"} and not chords:
        raise SettingError(
            f"do is {way!r}, but no chords are known; give a file that holds some, or type them"
            " as chords, such as 'Am F C G'."
        )
    if way == "harmonise" and not melody:
        raise SettingError("do is 'harmonise', but there is no melody; give a file that holds one.")
    if way == "replace":
        _check_range(asked, song)
    _check_keep(asked, way, song)
    return way


def _called_for(asked: Asked, chords: bool, melody: bool) -> Way:
    if asked.within is not None or asked.keep_bars is not None:
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


def gaps_of(asked: Named, count: int) -> tuple[Bars, ...]:
    """List the bars of a song that are written anew.

    Parameters
    ----------
    asked : Named
        The settings that name bars.
    count : int
        How many bars the song has.

    Returns
    -------
    tuple of Bars
        Those within, or those before and those after the ones that stay.
    """
    if asked.within is not None:
        return (asked.within,)
    if asked.keep_bars is None:
        return ()
    first, last = asked.keep_bars
    around = Bars(1, first - 1), Bars(last + 1, count)
    return tuple(gap for gap in around if gap.first <= gap.last)


def _check_bars(asked: Asked) -> None:
    """Refuse bars that contradict what is to be done, or each other."""
    named = {"within": asked.within, "keep_bars": asked.keep_bars}
    said = [name for name, bars in named.items() if bars is not None]
    if len(said) > 1:
        raise SettingError(
            "within names the bars to write anew and keep_bars those that stay; say one of them."
        )
    if said and asked.do not in {"auto", "replace"}:
        raise SettingError(f"do is {asked.do!r}, but {said[0]} names bars; say one of them.")


def _check_range(asked: Asked, song: Song | None) -> None:
    count = len(song.bars) if song else 0
    named = asked.within or asked.keep_bars
    if named is None:
        raise SettingError("do is 'replace'; say which bars, such as within 3-4.")
    if named.last > count:
        what = "within" if asked.within else "keep_bars"
        raise SettingError(
            f"{what} is {named.first}-{named.last}, but the chords end with bar {count}."
        )
    gaps = gaps_of(asked, count)
    if not gaps:
        raise SettingError(
            f"keep_bars is {named.first}-{named.last}, which is the whole song; nothing is left to"
            " write anew."
        )
    if song and asked.ending != "auto" and gaps[-1].last < count and not _ends(asked.ending, song):
        raise SettingError(
            f"ending is {asked.ending}, but bar {count}, where your song ends, is to stay; say one"
            " of them."
        )


def _ends(ending: Ending, song: Song) -> bool:
    """Tell whether the chords of a song end in some way."""
    first, last = song.bars[0][0], song.bars[-1][-1]
    rests = last.degree == 1 and last.accidental == 0
    return rests if ending == "close" else last != first and leads_to(last, first, song.key.family)


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
