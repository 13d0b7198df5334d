"""One way to mix: what is proposed as one suggestion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.contract import Quantity
from assistant.mixing.fault import Fault
from assistant.moves import Move

__all__ = ["Way"]


@dataclass(frozen=True, eq=False)
class Way:
    """What is to be done, and why.

    Parameters
    ----------
    title : str
        A few words to pick it by.
    why : str
        Sentences with the evidence.
    moves : tuple of Move
        In the order in which they are done.
    told : tuple of Fault
        What was found that it does something about, best first; and what no move can mend.
    confidence : float
        How sure it is, 0.0 to 1.0.
    measured : mapping of str to Quantity
        What is known of it before it is rendered.
    is_mending : bool
        Whether its cure is to be proved: it does nothing but what was found.
    """

    title: str
    why: str
    moves: tuple[Move, ...] = ()
    told: tuple[Fault, ...] = ()
    confidence: float = 0.5
    measured: Mapping[str, Quantity] = field(default_factory=dict)
    is_mending: bool = False
