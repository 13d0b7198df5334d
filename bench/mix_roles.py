"""How often the mix stage knows what a stem plays: by its name, by its sound, and with a rumble."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.mixing.listening import recognised
from assistant.mixing.role_names import Role
from assistant.mixing.roles import guess_role
from assistant.mixing.track import Track
from assistant.steps import result
from bench.mix_cases import Case
from bench.mix_material import Song
from bench.mix_own import role_names
from bench.report import table

__all__ = ["Recognised", "heard_roles", "role_table", "rumbling_roles"]

LOW = {Role.KICK.value, Role.BASS.value}


@dataclass(frozen=True)
class Recognised:
    """A stem, and what it was taken for.

    Parameters
    ----------
    song, stem : str
        Names.
    truth : str
        Its role.
    by_name, by_sound, by_both : str
        The role that each says; ``""`` where the name says none.
    """

    song: str
    stem: str
    truth: str
    by_name: str
    by_sound: str
    by_both: str


def heard_roles(songs: Iterable[Song]) -> Iterator[Recognised]:
    """Recognise all stems of songs."""
    for song in songs:
        for track in result(recognised(song.session, role_names(), {})):
            yield _recognised(song, track)


def rumbling_roles(cases: Iterable[Case]) -> Iterator[Recognised]:
    """Recognise the stems that a fault was put into.

    Parameters
    ----------
    cases : iterable of Case
        Of rumble.

    Yields
    ------
    Recognised
        One a case: all that is wrong with it is the rumble.
    """
    for case in cases:
        tracks = result(recognised(case.session, role_names(), {}))
        yield _recognised(case.song, next(one for one in tracks if one.name == case.truth.stem))


def role_table(clean: Sequence[Recognised], rumbling: Sequence[Recognised]) -> str:
    """Draw how many are right.

    Parameters
    ----------
    clean, rumbling : sequence of Recognised
        Stems as they are, and with a rumble.

    Returns
    -------
    str
        Markdown.
    """
    rows = []
    for about, found in (("as it is", clean), ("with a rumble", rumbling)):
        for what in ("by_both", "by_name", "by_sound"):
            right = sum(getattr(one, what) == one.truth for one in found)
            low = sum(getattr(one, what) in LOW and one.truth not in LOW for one in found)
            share = f"{100.0 * right / len(found):.0f}" if found else ""
            words = {"by_both": "by name and sound"}.get(what, f"{what.replace('_', ' ')} alone")
            rows.append([f"{about}, {words}", len(found), share, low])
    return table(["a stem", "stems", "right %", "wrongly kick or bass"], rows)


def _recognised(song: Song, track: Track) -> Recognised:
    named = track.guess.by_name
    by_sound = guess_role(track.heard, None, len(track.sum_of)).role
    return Recognised(
        song.name,
        track.name,
        song.roles[track.name],
        named.role.value if named else "",
        by_sound.value,
        track.role.value,
    )
