"""All that is heard of a mix before anything is done to it: its tracks, its sum, what is wrong."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.contract import Progress, telling
from assistant.errors import MaterialError
from assistant.material import Scratch, Session
from assistant.mixing.balance import Balance
from assistant.mixing.fault import Fault
from assistant.mixing.finding import Ground, find
from assistant.mixing.heard import Heard, hear
from assistant.mixing.masked import measure_masking
from assistant.mixing.rendering import Bounce, plain_sum
from assistant.mixing.role_names import Role, RoleNames
from assistant.mixing.roles import RoleGuess, guess_role
from assistant.mixing.sums import sums_of
from assistant.mixing.track import Track
from assistant.models.bell_net import BellNet
from assistant.steps import part

__all__ = ["Listened", "listen", "recognised"]

_HEARD, _SUMMED, _COVERED = 0.55, 0.7, 0.85  # of it: what is done by then
_EACH = 0.95  # of hearing the tracks: each by itself, before they are held against each other


@dataclass(frozen=True, eq=False)
class Listened:
    """What is known of a mix.

    Parameters
    ----------
    session : Session
        As it came.
    ground : Ground
        Its tracks, its sum, and what they are held against.
    faults : tuple of Fault
        What was found, in no order.
    """

    session: Session
    ground: Ground
    faults: tuple[Fault, ...]

    @property
    def tracks(self) -> tuple[Track, ...]:
        """In the order of the session."""
        return self.ground.tracks


def listen(
    session: Session,
    names: RoleNames,
    said: Mapping[str, Role],
    balance: Balance,
    bells: BellNet,
    share: float,
    scratch: Scratch,
) -> Generator[Progress, None, Listened]:
    """Listen to a mix.

    Parameters
    ----------
    session : Session
        At one rate, finite. May be memory-mapped.
    names : RoleNames
        Reads what tracks are called.
    said : mapping of str to Role
        What tracks play, by name, where the musician says so.
    balance : Balance
        Where roles stand.
    bells : BellNet
        Tells bells of filters from the sound of instruments.
    share : float
        What of the whole work this is; it is the first.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    Progress
        Of the whole work.

    Returns
    -------
    Listened
        The same for the same session.

    Raises
    ------
    MaterialError
        Where nothing is to be heard in any of the stems, or there are none.
    """
    tracks = yield from telling(
        recognised(session, names, said), "listening to each track", 0.0, _HEARD * share
    )
    if all(track.heard.silent for track in tracks):
        raise MaterialError(_nothing_heard(tracks))
    work = plain_sum(session, scratch)
    doing, begun, half = "listening to the mix", _HEARD * share, (_SUMMED - _HEARD) / 2 * share
    plain = yield from telling(work, doing, begun, half)
    mix = yield from telling(hear(plain.audio), doing, begun + half, half)
    masking = yield from telling(
        measure_masking(tracks),
        "listening to what covers what",
        _SUMMED * share,
        (_COVERED - _SUMMED) * share,
    )
    ground = Ground(tracks, plain, _as_it_came(mix, plain), masking, balance, bells)
    faults = yield from telling(
        find(ground), "looking for faults", _COVERED * share, (1.0 - _COVERED) * share
    )
    return Listened(session, ground, faults)


def recognised(
    session: Session, names: RoleNames, said: Mapping[str, Role]
) -> Generator[float, None, tuple[Track, ...]]:
    """Listen to the tracks of a session, and tell what each plays.

    Parameters
    ----------
    session, names, said
        As for `listen`.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    tuple of Track
        In the order of the session.
    """
    heard: list[Heard] = []
    count = len(session.stems)
    for n, stem in enumerate(session.stems):
        each = _EACH / count
        heard.append((yield from part(hear(stem.audio), n * each, each)))
    sums = yield from part(sums_of(session.stems, heard), _EACH, 1.0 - _EACH)
    tracks = []
    for stem, one, parts in zip(session.stems, heard, sums, strict=True):
        summed = tuple(session.stems[m].name for m in parts)
        guess = guess_role(one, names.read(stem.name), len(parts))
        if stem.name in said:
            guess = _as_said(said[stem.name], guess)
        tracks.append(Track(stem, one, guess, summed))
    return tuple(tracks)


def _as_it_came(mix: Heard, plain: Bounce) -> Heard:
    """Tell levels of a sum as they were before it was turned down to be kept."""
    up_db = -plain.gain_db
    return replace(
        mix,
        loudness=mix.loudness + up_db,
        peak_db=mix.peak_db + up_db,
        true_peak_db=mix.true_peak_db + up_db,
        level_db=mix.level_db + up_db,
    )


def _as_said(role: Role, guess: RoleGuess) -> RoleGuess:
    why = f"you said so ({guess.role.words} by ear and name)"
    return RoleGuess(role, 1.0, why, guess.by_name, guess.by_sound, guess.agrees)


def _nothing_heard(tracks: Sequence[Track]) -> str:
    if not tracks:
        return "There are no stems to mix."
    what = "The only stem is" if len(tracks) == 1 else f"All {len(tracks)} stems are"
    return f"{what} silent: were the tracks muted when they were exported?"
