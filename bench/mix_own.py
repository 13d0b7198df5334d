"""Bandmate in the mix bench: what it says of a session, as findings.

A case differs from its song in one stem, so what was heard of a stem is kept as long as the stem
is: that changes nothing of what is said, and most of the time it takes.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from unittest.mock import patch
from weakref import WeakKeyDictionary

import numpy as np

from assistant.material import Audio, Samples, Session
from assistant.mixing import listening
from assistant.mixing.asked import Asked
from assistant.mixing.balance import load_balance
from assistant.mixing.fault import Fault
from assistant.mixing.heard import Heard, hear
from assistant.mixing.listening import Listened, listen
from assistant.mixing.plan import eq_bands, planned
from assistant.mixing.role_names import RoleNames
from assistant.models.bell_net import BellNet
from bench.mix_judging import Finding, Findings
from bridge import presets

__all__ = ["all_heard", "finding_of", "listened", "remembering", "role_names", "told"]

BALANCE = "natural"

_Made = TypeVar("_Made")


def told(session: Session) -> Findings:
    """Say what the musician is told: the faults, and those matters of taste that gain most."""
    plan = planned(listened(session).faults, Asked().most_tastes)
    return findings(plan.told)


def all_heard(session: Session) -> Findings:
    """Say all that is found, before it is ranked and its moves are made to go together."""
    return findings(listened(session).faults)


def findings(faults: Iterable[Fault]) -> Findings:
    """Bring faults into the form in which all tools are judged."""
    return [finding for fault in faults for finding in finding_of(fault)]


def finding_of(fault: Fault) -> Iterator[Finding]:
    """Bring a fault into the form in which all tools are judged.

    Parameters
    ----------
    fault : Fault
        With the moves that would cure it.

    Yields
    ------
    Finding
        One for each EQ band, at its frequency and with its gain; one of the first target, with
        what the fader does there, where there is no band.
    """
    bands = list(eq_bands(fault.moves))
    for target, freq_hz, gain_db in bands:
        yield Finding(fault.kind, target, fault.value, fault.unit, freq_hz, gain_db, fault.is_taste)
    if not bands:
        first = fault.targets[0]
        faders = [one for one in fault.moves if (one.target, one.parameter) == (first, "gain_db")]
        turned_db = sum(one.value for one in faders) if faders else None
        yield Finding(fault.kind, first, fault.value, fault.unit, None, turned_db, fault.is_taste)


def listened(session: Session) -> Listened:
    """Listen to a session as the stage does."""
    balance = load_balance(presets.data, BALANCE)
    bells = BellNet(presets.weights("bells"))
    return _made(listen(session, role_names(), {}, balance, bells, 1.0, _zeros))


def role_names() -> RoleNames:
    """Return what reads the names of tracks."""
    return RoleNames(presets.data("roles/names"))


@contextmanager
def remembering() -> Iterator[None]:
    """Let a stem that was heard before cost nothing, as long as it is the same object."""
    known: WeakKeyDictionary[Audio, Heard] = WeakKeyDictionary()

    def remembered(audio: Audio) -> Generator[float, None, Heard]:
        if audio not in known:
            known[audio] = yield from hear(audio)
        return known[audio]

    with patch.object(listening, "hear", remembered):
        yield


def _made(work: Generator[Any, None, _Made]) -> _Made:
    while True:
        try:
            next(work)
        except StopIteration as done:
            made: _Made = done.value
            return made


def _zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, dtype=np.float32)
