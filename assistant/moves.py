"""A `Move` is one thing a musician could do to a track, in words every DAW understands.

`PARAMETERS` is the only vocabulary: the bridge turns these names into what a DAW calls them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.errors import MaterialError, UnknownName

__all__ = ["PARAMETERS", "Move", "Parameter"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a parameter is measured in, and how far it goes."""

    unit: str
    low: float
    high: float
    about: str


PARAMETERS: dict[str, Parameter] = {
    "gain_db": Parameter("dB", -120.0, 24.0, "fader"),
    "pan": Parameter("", -1.0, 1.0, "-1 left, 0 centre, 1 right"),
    "polarity": Parameter("", -1.0, 1.0, "-1 flipped, 1 as recorded"),
    "mute": Parameter("", 0.0, 1.0, "1 muted"),
    "delay_ms": Parameter("ms", -1000.0, 1000.0, "later where positive"),
    "width": Parameter("", 0.0, 2.0, "side level; 0 mono, 1 as recorded"),
    "hpf_hz": Parameter("Hz", 10.0, 20_000.0, "high-pass corner"),
    "lpf_hz": Parameter("Hz", 10.0, 24_000.0, "low-pass corner"),
    "eq.freq_hz": Parameter("Hz", 10.0, 24_000.0, "centre or corner of the band"),
    "eq.gain_db": Parameter("dB", -30.0, 30.0, "gain of the band"),
    "eq.q": Parameter("", 0.05, 50.0, "centre over bandwidth"),
    "eq.shape": Parameter("", 0.0, 2.0, "0 bell, 1 low shelf, 2 high shelf"),
    "comp.threshold_db": Parameter("dB", -80.0, 0.0, "where compression begins"),
    "comp.ratio": Parameter(":1", 1.0, 100.0, "input over output above the threshold"),
    "comp.attack_ms": Parameter("ms", 0.01, 500.0, "to 63 % of the reduction"),
    "comp.release_ms": Parameter("ms", 1.0, 5000.0, "back by 63 %"),
    "comp.makeup_db": Parameter("dB", -24.0, 24.0, "gain after compression"),
    "gate.threshold_db": Parameter("dB", -120.0, 0.0, "closed below"),
    "deess.freq_hz": Parameter("Hz", 1_000.0, 16_000.0, "centre of the sibilant band"),
    "deess.threshold_db": Parameter("dB", -80.0, 0.0, "where de-essing begins"),
    "send_db": Parameter("dB", -120.0, 12.0, "level into a send; the group names the send"),
    "limiter.gain_db": Parameter("dB", -24.0, 36.0, "gain into the limiter"),
    "limiter.ceiling_db": Parameter("dBTP", -24.0, 0.0, "highest true peak let through"),
}


@dataclass(frozen=True, slots=True)
class Move:
    """One thing to do to one target.

    Parameters
    ----------
    target : str
        Name of the track, or ``"mix"`` for the sum.
    parameter : str
        A name from `PARAMETERS`.
    value : float
        In the parameter's unit.
    why : str
        The evidence, in a musician's words.
    mode : {"set", "change"}
        Whether `value` replaces what is there or is added to it.
    group : str
        Moves of one group belong together: four words make one EQ band.

    Raises
    ------
    UnknownName
        Where the parameter is not in the vocabulary.
    MaterialError
        Where a value to be set is outside the parameter's range.
    """

    target: str
    parameter: str
    value: float
    why: str
    mode: Literal["set", "change"] = "set"
    group: str = ""

    def __post_init__(self) -> None:
        """Check the word and the value against the vocabulary."""
        known = PARAMETERS.get(self.parameter)
        if known is None:
            raise UnknownName("parameter", self.parameter, PARAMETERS)
        if self.mode == "set" and not known.low <= self.value <= known.high:
            span = f"{known.low:g} to {known.high:g} {known.unit}".rstrip()
            raise MaterialError(f"{self.parameter} goes from {span}, not to {self.value:g}.")

    @property
    def unit(self) -> str:
        """Unit of the value."""
        return PARAMETERS[self.parameter].unit
