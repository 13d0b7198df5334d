"""What is too sharp, bursts, or is the room, in a voice: told, and what to take of it."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import NamedTuple

from assistant.denoising.findings import Finding
from assistant.denoising.material_class import Class
from assistant.denoising.sums import difference, toward
from assistant.denoising.telling import ROOM_SECONDS, tell_plosives, tell_room, tell_sibilance
from assistant.dsp.dereverb import without_reverb
from assistant.dsp.plosives import find_plosives, without_plosives
from assistant.dsp.reverberation import decay_seconds
from assistant.dsp.sibilance import find_sibilance, without_sibilance
from assistant.material import Audio, Scratch
from assistant.steps import part

__all__ = ["Shaped", "shape"]


class Shaped(NamedTuple):
    """What of a voice is too much, as long as the take; None where nothing is."""

    taken: Audio | None
    findings: tuple[Finding, ...]


def shape(
    take: Audio,
    noise: Audio | None,
    class_: Class,
    shares: Mapping[str, float],
    scratch: Scratch,
) -> Generator[float, None, Shaped]:
    """Look for what is too sharp or bursts in a voice, and for its room.

    Parameters
    ----------
    take : Audio
        Finite. May be memory-mapped.
    noise : Audio, optional
        What of it is noise: it is not looked at.
    class_ : str
        What is on it; other than voices are left alone, as a hi-hat is no worse than an s.
    shares : mapping of str to float
        How much of ``deess``, ``deplosive`` and ``dereverb`` is wanted.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Shaped
        What to take of it.
    """
    if class_ not in ("speech", "singing"):
        yield 1.0
        return Shaped(None, ())
    quiet = take if noise is None else difference(take, noise, scratch)
    voice, findings = quiet, list[Finding]()
    room = yield from part(decay_seconds(voice), 0.0, 0.1)
    if room is not None and room > ROOM_SECONDS:
        findings.append(tell_room(room))
        if shares["dereverb"] > 0.0:
            dry = yield from part(without_reverb(voice, scratch), 0.1, 0.4)
            voice = toward(voice, dry, shares["dereverb"], scratch)
    if shares["deplosive"] > 0.0:
        bursts = yield from part(find_plosives(voice), 0.5, 0.1)
        findings += [tell_plosives(voice, bursts)] if bursts else []
        work = without_plosives(voice, bursts, shares["deplosive"], scratch)
        voice = yield from part(work, 0.6, 0.1)
    if shares["deess"] > 0.0:
        sharp = yield from part(find_sibilance(voice), 0.7, 0.1)
        findings += [tell_sibilance(voice, sharp)] if sharp else []
        work = without_sibilance(voice, sharp, shares["deess"], scratch)
        voice = yield from part(work, 0.8, 0.1)
    taken = None if voice is quiet else difference(quiet, voice, scratch)
    yield 1.0
    return Shaped(taken, tuple(findings))
