"""Repairs in their order, each only where its fault was found: declip, declick, dehum."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeAlias

from assistant.contract import Progress, telling
from assistant.denoising.findings import Finding
from assistant.denoising.sums import toward
from assistant.material import Audio, Scratch

__all__ = ["Mended", "Repair", "mend"]

_LOOKING = 0.4  # of the time that a repair takes

Find: TypeAlias = Callable[[Audio], Generator[float, None, Any]]
"""Looks for a fault; returns what its treatment needs to know, None where there is none."""
Treat: TypeAlias = Callable[[Audio, Any, Scratch], Generator[float, None, Audio]]
"""Takes a fault out in full."""
Tell: TypeAlias = Callable[[Audio, Any], Finding]
"""Tells a fault."""


@dataclass(frozen=True)
class Repair:
    """One kind of repair.

    Parameters
    ----------
    looking, doing : str
        What is told while it looks for the fault, and while it treats it.
    find, treat, tell : callable
        Its parts.
    amount : float
        How much of it is wanted, 0.0 to 1.0; at 0.0 it is not even looked for.
    cost : float
        Of all repairs, how much time it takes.
    """

    looking: str
    doing: str
    find: Find
    treat: Treat
    tell: Tell
    amount: float
    cost: float


@dataclass(frozen=True, eq=False)
class Mended:
    """A take with its repairs done: the take itself where there was nothing to repair."""

    audio: Audio
    findings: tuple[Finding, ...]


def mend(
    take: Audio, repairs: tuple[Repair, ...], begun: float, share: float, scratch: Scratch
) -> Generator[Progress, None, Mended]:
    """Do what is needed of some repairs, one after the other.

    Parameters
    ----------
    take : Audio
        Finite. May be memory-mapped.
    repairs : tuple of Repair
        In order.
    begun, share : float
        What of the whole work was done before, and what of it this is.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    Progress
        Of the whole work.

    Returns
    -------
    Mended
        What came of it.
    """
    audio, findings = take, list[Finding]()
    costs = sum(one.cost for one in repairs)
    for repair in repairs:
        each = share * repair.cost / costs
        looks = _LOOKING * each
        if repair.amount > 0.0:
            found = yield from telling(repair.find(audio), repair.looking, begun, looks)
            if found is not None:
                findings.append(repair.tell(audio, found))
                work = repair.treat(audio, found, scratch)
                treated = yield from telling(work, repair.doing, begun + looks, each - looks)
                audio = toward(audio, treated, repair.amount, scratch)
        begun += each
    return Mended(audio, tuple(findings))
