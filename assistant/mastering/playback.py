"""What platforms do to a finished master when they play it: the gain, and what comes of it.

What each does is data, ``platforms/playback`` on the shelf, with its source. Where sources disagree
on whether quiet music is turned up, it is told as if it were not, and by how much it might be.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, cast, get_args

from assistant.contract import Quantity, Shelf
from assistant.errors import MaterialError

__all__ = ["Album", "Platform", "Played", "as_measured", "load_platforms", "play"]

TurnsUp: TypeAlias = Literal["yes", "limited", "no", "unsure"]
Unit: TypeAlias = Literal["average", "loudest", "no", "unsure"]

SAME_DB = 0.05  # a gain that reads 0.0


@dataclass(frozen=True, slots=True)
class Platform:
    """How a platform plays music.

    Parameters
    ----------
    name, title : str
        As in ``presets/master``, and as shown.
    target : float
        In LUFS; what is louder is turned down to it.
    turns_up : str
        What happens to quieter music: "yes", as far as the headroom leaves; "limited", all the
        way, through a limiter; "no"; "unsure" where sources disagree or say nothing.
    headroom : float
        In dB, kept under full scale when turning up.
    album : str
        What of an album that is played through comes to the target: its "average", its "loudest"
        track, each track for itself ("no"), or "unsure".
    source : str
        Where this is from, and how strong that source is.
    about : str
        A sentence more, or ``""``.
    """

    name: str
    title: str
    target: float
    turns_up: TurnsUp
    headroom: float
    album: Unit
    source: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Album:
    """What is measured of an album as a whole.

    Parameters
    ----------
    integrated, loudest : float
        Integrated loudness of all its tracks in a row, and of its loudest track, in LUFS.
    true_peak : float
        Highest of all tracks, in dBTP.
    """

    integrated: float
    loudest: float
    true_peak: float


@dataclass(frozen=True, slots=True)
class Played:
    """A master as a platform plays it.

    Parameters
    ----------
    platform : Platform
        Which.
    gain_db : float
        What it is turned up by; below 0 where it is turned down.
    most_gain_db : float
        What it may be turned up by; more than `gain_db` only where that is not sure.
    loudness : float
        Integrated, in LUFS, at `gain_db`. Where a limiter holds, a little less may come of it.
    true_peak : float
        In dBTP, at `gain_db`, without what a codec adds.
    why : str
        In a sentence.
    """

    platform: Platform
    gain_db: float
    most_gain_db: float
    loudness: float
    true_peak: float
    why: str


def load_platforms(shelf: Shelf) -> tuple[Platform, ...]:
    """Take what is known of each platform from the shelf.

    Parameters
    ----------
    shelf : Shelf
        Where ``platforms/playback`` is.

    Returns
    -------
    tuple of Platform
        In the order of the page.

    Raises
    ------
    MaterialError
        Where an entry lacks something or holds what is not known.
    """
    return tuple(_platform(name, entry) for name, entry in shelf("platforms/playback").items())


def play(
    platforms: Iterable[Platform], integrated: float, true_peak: float, album: Album | None = None
) -> tuple[Played, ...]:
    """Tell how each platform plays a master.

    Parameters
    ----------
    platforms : iterable of Platform
        From `load_platforms`.
    integrated, true_peak : float
        Of the master, in LUFS and dBTP; finite.
    album : Album, optional
        Where the master is a track of an album that is played through.

    Returns
    -------
    tuple of Played
        One a platform, in order.
    """
    return tuple(_played(platform, integrated, true_peak, album) for platform in platforms)


def as_measured(played: Sequence[Played]) -> dict[str, Quantity]:
    """Give gain, loudness and true peak at each platform the names of what is measured.

    Parameters
    ----------
    played : sequence of Played
        From `play`.

    Returns
    -------
    dict of str to Quantity
        Such as ``spotify_gain``, ``spotify_loudness`` and ``spotify_true_peak``; as it is played,
        so with nothing before.
    """
    named: dict[str, Quantity] = {}
    for one in played:
        name = one.platform.name.replace("-", "_")
        named[f"{name}_gain"] = Quantity(None, one.gain_db, "dB")
        named[f"{name}_loudness"] = Quantity(None, one.loudness, "LUFS")
        named[f"{name}_true_peak"] = Quantity(None, one.true_peak, "dBTP")
    return named


def _platform(name: str, entry: Any) -> Platform:
    try:
        target, headroom = float(entry["target"]), float(entry["headroom"])
        turns_up = _one_of(entry, "turns_up", get_args(TurnsUp))
        unit = _one_of(entry, "album", get_args(Unit))
        title, source = str(entry["title"]), str(entry["source"])
    except (KeyError, TypeError, ValueError) as broken:
        raise MaterialError(
            f"The platform {name!r} has a title, target, turns_up, headroom, album and source; this"
            f" one is not right: {broken}."
        ) from broken
    if not (math.isfinite(target) and headroom >= 0.0):
        raise MaterialError(f"The platform {name!r} has a target in LUFS and a headroom from 0 on.")
    about = str(entry.get("about", ""))
    known = cast("TurnsUp", turns_up), cast("Unit", unit)
    return Platform(name, title, target, known[0], headroom, known[1], source, about)


def _one_of(entry: Mapping[str, Any], key: str, known: Sequence[str]) -> str:
    if entry[key] not in known:
        raise ValueError(f"{key} is {entry[key]!r}, which is none of {', '.join(known)}")
    return str(entry[key])


def _played(platform: Platform, integrated: float, true_peak: float, album: Album | None) -> Played:
    wanted, room = _wanted(platform, integrated, true_peak, album)
    most = _turned(platform, wanted, room)
    gain = min(0.0, most) if platform.turns_up == "unsure" else most
    peak = true_peak + gain
    if platform.turns_up == "limited" and gain > 0.0:
        peak = min(peak, -platform.headroom)
    why = " ".join(_sentences(platform, (gain, most, wanted), true_peak, album))
    return Played(platform, gain, most, integrated + gain, peak, why)


def _turned(platform: Platform, wanted: float, room: float) -> float:
    """Return what of the gain that is wanted a platform gives at most."""
    if wanted <= 0.0 or platform.turns_up == "limited":
        return wanted
    return 0.0 if platform.turns_up == "no" else max(0.0, min(wanted, room))


def _wanted(
    platform: Platform, integrated: float, true_peak: float, album: Album | None
) -> tuple[float, float]:
    """Return the gain that takes the track or its album to the target, and the room there is."""
    if album is None or platform.album in {"no", "unsure"}:
        return platform.target - integrated, -platform.headroom - true_peak
    loudness = album.integrated if platform.album == "average" else album.loudest
    return platform.target - loudness, -platform.headroom - album.true_peak


def _sentences(
    platform: Platform, gains: tuple[float, float, float], true_peak: float, album: Album | None
) -> Iterable[str]:
    gain, most, wanted = gains
    yield f"{_done(platform, gain, wanted)}."
    if most - gain >= SAME_DB:
        yield f"It may be turned up by {most:.1f} dB; sources disagree or say nothing."
    over = true_peak + gain + platform.headroom
    if platform.turns_up == "limited" and gain >= SAME_DB and over >= SAME_DB:
        yield f"Its limiter takes {over:.1f} dB off the highest peak."
    if album is not None:
        yield {
            "average": "The album as a whole is brought to the target.",
            "loudest": "The loudest track of the album is brought to the target.",
            "no": "Each track is brought to the target for itself.",
            "unsure": "Whether an album is kept together is not known; told is the track alone.",
        }[platform.album]
    if platform.about:
        yield platform.about


def _done(platform: Platform, gain: float, wanted: float) -> str:
    if gain <= -SAME_DB:
        return f"Turned down by {-gain:.1f} dB"
    short = wanted - gain >= SAME_DB
    if gain >= SAME_DB:
        peak = f", where the highest peak comes to {0.0 - platform.headroom:g} dBTP"
        return f"Turned up by {gain:.1f} dB{peak if short else ''}"
    if short and platform.turns_up == "yes":
        return f"Left {wanted:.1f} dB under the target, for the highest peak leaves no room"
    if short and platform.turns_up == "no":
        return f"Left {wanted:.1f} dB under the target, for quiet music is not turned up"
    return "Played as it is"
