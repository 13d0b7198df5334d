"""A reference listened to: a finished mix, or its stems."""

from __future__ import annotations

from collections.abc import Generator

from assistant.errors import MaterialError
from assistant.material import Audio, Scratch, Session
from assistant.mixing.heard import hear
from assistant.mixing.listening import recognised
from assistant.mixing.reference import ReferenceHeard
from assistant.mixing.rendering import plain_sum
from assistant.mixing.role_names import RoleNames
from assistant.steps import part

__all__ = ["hear_reference"]


def hear_reference(
    reference: Audio | Session, names: RoleNames, scratch: Scratch
) -> Generator[float, None, ReferenceHeard]:
    """Listen to a reference.

    Parameters
    ----------
    reference : Audio or Session
        A finished mix, or its stems. May be memory-mapped.
    names : RoleNames
        Reads what its stems are called.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    ReferenceHeard
        With its tracks, where it came as stems.

    Raises
    ------
    MaterialError
        Where nothing can be learned from it: samples that are no numbers, silence, too little
        sound, no stems. It says that the reference is meant.
    """
    try:
        if isinstance(reference, Audio):
            return ReferenceHeard((yield from hear(reference)))
        tracks = yield from part(recognised(reference, names, {}), 0.0, 0.7)
        plain = yield from part(plain_sum(reference, scratch), 0.7, 0.15)
        mix = yield from part(hear(plain.audio), 0.85, 0.15)
    except MaterialError as flaw:
        told = str(flaw)
        raise MaterialError(told if "reference" in told else f"Of the reference: {told}") from None
    return ReferenceHeard(mix, tracks)
