"""What a musician asks of a mix, checked against the tracks there are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.errors import SettingError, UnknownName
from assistant.material import Audio, Session
from assistant.mixing.role_names import Role

__all__ = ["STYLES", "Asked", "roles_said"]

STYLES = ("natural", "punchy", "vocal-forward")


@dataclass(frozen=True, eq=False)
class Asked:
    """What is asked.

    Parameters
    ----------
    amount : float
        How much of every move, 0.0 to 1.0.
    styles : tuple of str
        Starting mixes that are wanted, by the names of their files on the shelf.
    reference : Audio or Session, optional
        A finished mix, or its stems, to come nearer to.
    roles : tuple of str
        What tracks play, where the musician says so: ``"Track 3=bass"``.
    most_tastes : int
        How many matters of taste are told.
    stems : bool
        Whether each track is wanted by itself.
    compare : bool
        Whether the stems as they are, as loud as the preview, are wanted too.
    """

    amount: float = 1.0
    styles: tuple[str, ...] = ()
    reference: Audio | Session | None = None
    roles: tuple[str, ...] = ()
    most_tastes: int = 12
    stems: bool = False
    compare: bool = True

    @property
    def ways(self) -> int:
        """How many suggestions there are at most."""
        return 1 + len(self.styles) + (self.reference is not None)


def roles_said(said: Sequence[str], names: Sequence[str]) -> Mapping[str, Role]:
    """Read what the musician says that tracks play.

    Parameters
    ----------
    said : sequence of str
        Each a track and a role: ``"Track 3=bass"``, ``"Oohs = backing vocal"``. Capitals do not
        count.
    names : sequence of str
        Of the tracks there are.

    Returns
    -------
    mapping of str to Role
        By name of the track.

    Raises
    ------
    SettingError
        Where there is no ``=``, or a track is said to play two things.
    UnknownName
        Where there is no such track, or no such role.
    """
    tracks = {name.casefold(): name for name in names}
    known = {role.value: role for role in Role}
    found: dict[str, Role] = {}
    for one in _whole(said, tracks):
        track, is_said, role = one.rpartition("=")
        if not is_said:
            raise SettingError(f"roles has {one!r}; it takes a track and a role: Track 3=bass.")
        name = track.strip().casefold()
        word = role.strip().casefold().replace(" ", "_").replace("-", "_")
        if name not in tracks:
            raise UnknownName("track", track.strip(), names)
        if word not in known:
            raise UnknownName("role", role.strip(), [one.words for one in Role])
        _check_said_once(tracks[name], found.get(tracks[name]), known[word])
        found[tracks[name]] = known[word]
    return found


def _whole(said: Sequence[str], tracks: Collection[str]) -> Iterator[str]:
    """Put together what was cut at a comma in the name of a track."""
    pieces: list[str] = []
    for one in said:
        pieces.append(one)
        if "=" in one:
            whole = ", ".join(pieces)
            is_track = whole.rpartition("=")[0].strip().casefold() in tracks
            yield from [whole] if is_track else pieces
            pieces = []
    yield from pieces


def _check_said_once(track: str, before: Role | None, role: Role) -> None:
    if before is not None and before is not role:
        raise SettingError(f"roles has {track!r} twice: as {before.words} and as {role.words}.")
