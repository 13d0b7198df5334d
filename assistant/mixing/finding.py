"""All finders of faults, one after the other, over one mix."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from assistant.mixing.balance import Balance
from assistant.mixing.fault import Fault, FaultKind
from assistant.mixing.faults.buses import find_buses
from assistant.mixing.faults.channels import find_channel_faults, mix_mono_loss
from assistant.mixing.faults.clipping import find_clipping
from assistant.mixing.faults.dynamics import find_dynamics
from assistant.mixing.faults.gain import find_gains
from assistant.mixing.faults.headroom import find_headroom
from assistant.mixing.faults.hum import find_hums
from assistant.mixing.faults.masking import find_masking
from assistant.mixing.faults.noise_floor import find_noise_floors
from assistant.mixing.faults.offsets import find_offsets
from assistant.mixing.faults.relations import find_relations
from assistant.mixing.faults.resonances import find_resonances
from assistant.mixing.faults.rumble import find_rumble
from assistant.mixing.faults.sibilance import find_sibilance
from assistant.mixing.heard import Heard
from assistant.mixing.masked import MixMasking, clarity
from assistant.mixing.rendering import Bounce
from assistant.mixing.track import Track
from assistant.models.bell_net import BellNet
from assistant.steps import part

__all__ = ["FINDERS", "Finder", "Ground", "find"]

Found: TypeAlias = Generator[float, None, tuple[Fault, ...]]


@dataclass(frozen=True, eq=False)
class Ground:
    """What faults are found by.

    Parameters
    ----------
    tracks : tuple of Track
        In the order of the session.
    plain : Bounce
        The sum of their stems.
    mix : Heard
        What was heard of that sum.
    masking : MixMasking
        What the tracks take from each other.
    balance : Balance
        Where roles stand.
    bells : BellNet
        Tells bells of filters from the sound of instruments.
    """

    tracks: tuple[Track, ...]
    plain: Bounce
    mix: Heard
    masking: MixMasking
    balance: Balance
    bells: BellNet

    @cached_property
    def clarity(self) -> Mapping[str, float]:
        """How much of its loudness is heard of each track, 0.0 to 1.0 by name."""
        return clarity(self.masking)


@dataclass(frozen=True)
class Finder:
    """One way to find faults.

    Parameters
    ----------
    kinds : frozenset of str
        What it finds.
    cost : float
        About how long it takes, against the others.
    find : callable
        Takes the ground; yields the share that is done, and returns the faults.
    """

    kinds: frozenset[FaultKind]
    cost: float
    find: Callable[[Ground], Found]


def find(ground: Ground, only: Collection[FaultKind] | None = None) -> Found:
    """Find what is wrong in a mix.

    Parameters
    ----------
    ground : Ground
        What is known of it.
    only : collection of str, optional
        Kinds that matter: who finds none of them is not asked.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    tuple of Fault
        In no order.
    """
    asked = [one for one in FINDERS if only is None or one.kinds & set(only)]
    whole = sum(one.cost for one in asked) or 1.0
    found: list[Fault] = []
    begun = 0.0
    for one in asked:
        found += yield from part(one.find(ground), begun / whole, one.cost / whole)
        begun += one.cost
    yield 1.0
    return tuple(one for one in found if only is None or one.kind in only)


def _at_once(finder: Callable[[Ground], tuple[Fault, ...]]) -> Callable[[Ground], Found]:
    """Make a piece of work of what takes no time."""

    def work(ground: Ground) -> Found:
        found = finder(ground)
        yield 1.0
        return found

    return work


def _channels(ground: Ground) -> tuple[Fault, ...]:
    tracks = ground.tracks
    of_tracks = find_channel_faults([one.name for one in tracks], [one.heard for one in tracks])
    of_mix = mix_mono_loss(ground.mix)
    return of_tracks if of_mix is None else (*of_tracks, of_mix)


def _relations(ground: Ground) -> Found:
    return find_relations([one.stem for one in ground.tracks], [one.heard for one in ground.tracks])


FINDERS = (
    Finder(frozenset({"dead", "polarity", "imbalance", "mono_loss"}), 0.1, _at_once(_channels)),
    Finder(frozenset({"dc"}), 0.1, _at_once(lambda here: find_offsets(here.tracks))),
    Finder(frozenset({"polarity", "delay", "duplicate"}), 0.5, _relations),
    Finder(frozenset({"duplicate"}), 0.1, _at_once(lambda here: find_buses(here.tracks))),
    Finder(frozenset({"gain"}), 0.1, _at_once(lambda here: find_gains(here.tracks, here.balance))),
    Finder(
        frozenset({"headroom"}), 0.1, _at_once(lambda here: find_headroom(here.tracks, here.mix))
    ),
    Finder(frozenset({"clipping"}), 1.0, lambda here: find_clipping(here.tracks)),
    Finder(frozenset({"rumble"}), 0.1, _at_once(lambda here: find_rumble(here.tracks))),
    Finder(frozenset({"hum"}), 1.0, lambda here: find_hums(here.tracks)),
    Finder(frozenset({"noise_floor"}), 0.1, _at_once(lambda here: find_noise_floors(here.tracks))),
    Finder(
        frozenset({"over_compression", "under_compression"}),
        1.0,
        lambda here: find_dynamics(here.tracks),
    ),
    Finder(
        frozenset({"resonance", "harshness", "boxiness"}),
        1.0,
        lambda here: find_resonances(here.tracks, here.bells),
    ),
    Finder(frozenset({"sibilance"}), 1.0, lambda here: find_sibilance(here.tracks)),
    Finder(frozenset({"masking"}), 1.0, lambda here: find_masking(here.masking, here.tracks)),
)
"""In the order in which they are asked."""
