"""What is asked for against what the song is: what cannot be both is refused by name."""

from __future__ import annotations

from collections.abc import Collection

from assistant.errors import SettingError
from assistant.settings import unsaid
from assistant.theory.ear.hearing import Heard
from assistant.theory.harmony.key import Key, spelled_key
from assistant.theory.ideas.plan import Plan

__all__ = ["check_key", "check_meter", "check_mode", "check_typed"]

_RELATIVE = 3  # fifths from a major tonic to that of the relative minor
_LIKE_MINOR = frozenset({"minor", "harmonic minor", "melodic minor"})


def check_key(keep: Collection[str], key: Key | None, heard: Key | None) -> None:
    """Refuse another key where that of the song is to be kept.

    Parameters
    ----------
    keep : collection of str
        What of the song is kept.
    key : Key or None
        The key that is asked for.
    heard : Key or None
        The key of the song.

    Raises
    ------
    SettingError
        Where they are not the same: the relative key is another one. How a minor key is spelled,
        and whether its sixth and seventh are raised, is all one.
    """
    if "key" in keep and key and heard and not _same(key, heard):
        raise SettingError(
            f"keep names the key, heard as {heard}, but key is '{key}'; say one of them."
        )


def _same(one: Key, other: Key) -> bool:
    modes = {one.mode, other.mode}
    return one.root == other.root and (len(modes) == 1 or modes <= _LIKE_MINOR)


def check_mode(said: str, plan: Plan, key: Key, *, new: str = "") -> None:
    """Refuse a mode of the prompt that the song, whose notes are followed, is not in.

    Parameters
    ----------
    said : str
        The key that a setting names, ``""`` where none does: a named key is obeyed, and notes that
        speak against it are reported.
    plan : Plan
        What is asked for.
    key : Key
        The key of the song, as it was heard or as its chords tell.
    new : str
        What would write in that mode, in words that follow "or": ``"do new"``.

    Raises
    ------
    SettingError
        Where major is asked for and the song is in minor, or the other way round.
    """
    mode = plan.reading.mode
    if mode is None or not unsaid(said):
        return
    asked = Key(0, mode)
    if asked.family == key.family:
        return
    relative = Key(key.tonic + (_RELATIVE if key.family == "major" else -_RELATIVE), asked.family)
    same_tonic = spelled_key(key.root, mode)
    hint = f", or {new}" if new else ""
    raise SettingError(
        f"the song is in {key}, but prompt says {mode!r}; say the key, '{relative}' or"
        f" '{same_tonic}'{hint}."
    )


def check_meter(asked: str | None, plan: Plan, heard: Heard | None) -> None:
    """Refuse another metre where one is written into the bars of a song.

    Parameters
    ----------
    asked : str or None
        As a setting says.
    plan : Plan
        What is asked for.
    heard : Heard or None
        The song.

    Raises
    ------
    SettingError
        Where a setting or the prompt names another metre than that of the song.
    """
    said = asked or plan.reading.meter
    if heard is None or said is None:
        return
    seen = heard.meter.signature
    if said != seen:
        what = f"meter is {said}" if asked else f"prompt asks for {said}"
        raise SettingError(f"{what}, but the song is in {seen}; say one of them.")


def check_typed(chords: str, way: str) -> None:
    """Refuse chords that are typed where new ones are to be found for the melody.

    Parameters
    ----------
    chords : str
        As typed; ``""`` where none are.
    way : str
        What is done with the song.

    Raises
    ------
    SettingError
        Where both are asked for.
    """
    if way == "harmonise" and chords.strip():
        raise SettingError(
            "do is 'harmonise', which finds chords for the melody, but chords are typed; say one"
            " of them, or do voice."
        )
