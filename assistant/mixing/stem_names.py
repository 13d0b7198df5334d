"""Names of stems as moves can say them: none is taken for the sum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assistant.material import Session
from assistant.mixing.console import MIX

__all__ = ["apart_from_the_mix"]


def apart_from_the_mix(session: Session) -> tuple[Session, Mapping[str, str]]:
    """Rename a stem that is called as the sum is, such as a print of the mix beside its stems.

    Parameters
    ----------
    session : Session
        As it came.

    Returns
    -------
    tuple of (Session, mapping of str to str)
        The same stems, none of them called ``"mix"``; and what each is called now, by the name that
        it came with.
    """
    taken = {stem.name for stem in session.stems}
    called = {name: _track(taken) if name == MIX else name for name in sorted(taken)}
    stems = tuple(replace(stem, name=called[stem.name]) for stem in session.stems)
    return (Session(stems) if MIX in taken else session), called


def _track(taken: set[str]) -> str:
    """Find a name for it that no other stem has."""
    name = f"{MIX} (track)"
    while name in taken:
        name += "\N{PRIME}"
    return name
