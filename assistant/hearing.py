"""The song so far, heard in a score or in a sound: what stages that compose listen with."""

from __future__ import annotations

from collections.abc import Generator

from assistant.contract import Progress
from assistant.material import Audio, Score
from assistant.theory.ear.heard import Heard
from assistant.theory.ear.hearing import hear
from assistant.theory.ear.listening import hear_sound
from assistant.theory.ideas.timing import read_meter

__all__ = ["hear_song"]


def hear_song(
    material: Score | Audio | None, tempo: float | None, meter: str | None
) -> Generator[Progress, None, Heard | None]:
    """Hear the song so far.

    Parameters
    ----------
    material : Score or Audio, optional
        The song; a score says its tempo and metre by itself.
    tempo : float, optional
        Quarter notes a minute of a sound, where the musician says so.
    meter : str, optional
        Metre of a sound, where the musician says so: ``"3/4"``.

    Yields
    ------
    Progress
        While a sound is listened to.

    Returns
    -------
    Heard or None
        What was heard; None where there is nothing to hear.

    Raises
    ------
    MaterialError
        Where the song has nothing to follow: silence, no notes, drums only, too few beats.
    """
    if material is None:
        return None
    if isinstance(material, Score):
        return hear(material)
    from assistant.dsp.listening import listening

    bars = read_meter(meter) if meter else None
    sound = yield from listening(material, bpm=tempo, meter=bars)
    return hear_sound(sound, bpm=tempo, meter=bars)
