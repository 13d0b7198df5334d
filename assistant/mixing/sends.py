"""The effects that tracks may send to, by the names that the moves use."""

from __future__ import annotations

from typing import Protocol

from assistant.dsp.biquads import Pair
from assistant.dsp.echo import Echo, Echoing
from assistant.dsp.reverb import Reverb, Reverberation

__all__ = ["SENDS", "Effect", "begin", "tail_seconds"]

SENDS: dict[str, Reverb | Echo] = {
    "room": Reverb(decay_seconds=0.5, treble_seconds=0.3),
    "plate": Reverb(decay_seconds=1.4, treble_seconds=0.9, before_seconds=0.01),
    "hall": Reverb(decay_seconds=2.4, treble_seconds=1.1, before_seconds=0.025),
    "slap": Echo(seconds=0.11),
    "echo": Echo(seconds=0.375, feedback_db=-9.0, lowpass_hz=4000.0),
}


class Effect(Protocol):
    """An effect at work: it turns what is sent into what comes back, in place."""

    def run(self, pair: Pair, first: int) -> None:
        """Take a block that begins at a frame of the song."""
        ...


def begin(name: str, rate: int) -> Effect:
    """Set up an effect, from silence.

    Parameters
    ----------
    name : str
        One of `SENDS`.
    rate : int
        In Hz.

    Returns
    -------
    Effect
        All wet.
    """
    wanted = SENDS[name]
    if isinstance(wanted, Reverb):
        return Reverberation(wanted, rate)
    return Echoing(wanted, rate)


def tail_seconds(names: set[str]) -> float:
    """Tell how long effects are heard after all has ended; 0 where there are none."""
    return max((SENDS[name].tail_seconds for name in names), default=0.0)
