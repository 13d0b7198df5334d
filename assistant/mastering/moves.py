"""A master in moves: what a DAW's own equaliser, compressor and limiter would be set to.

Each move carries its own evidence, and so does each line of what was done, which tells too of what
no DAW has a word for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.dsp.drive import Master
from assistant.dsp.loudness import Loudness
from assistant.mastering.balance import Advice
from assistant.mastering.dynamics import Decision
from assistant.mastering.finishing import Delivery
from assistant.mastering.wording import ALREADY, taken, way_to
from assistant.moves import PARAMETERS, Move

__all__ = ["Level", "done", "moves_of"]

TARGET = "mix"
SHAPES = {"bell": 0.0, "low shelf": 1.0, "high shelf": 2.0}
DITHERED = {"tpdf": "with TPDF dither", "shaped": "with shaped dither", "none": "without dither"}


@dataclass(frozen=True, eq=False)
class Level:
    """How a master came to its loudness.

    Parameters
    ----------
    before, after : Loudness
        Of the mix and of the master.
    master : Master
        What the limiter did.
    ceiling_db : float
        Highest true peak let through, in dBTP.
    in_loudest_db : float
        What the limiter takes in the mean of the loudest seconds.
    """

    before: Loudness
    after: Loudness
    master: Master
    ceiling_db: float
    in_loudest_db: float = 0.0

    @property
    def why(self) -> str:
        """All of it in a sentence without its stop."""
        way = way_to(self.before, self.after)
        if self.master.limiting_db == 0.0:
            return way if way.startswith(ALREADY) else f"{way}, by gain alone"
        return f"{way}: the limiter takes {taken(self.master, self.in_loudest_db)}"


def moves_of(advice: Sequence[Advice], held: Sequence[Decision], level: Level) -> tuple[Move, ...]:
    """Say a master to a DAW.

    Parameters
    ----------
    advice : sequence of Advice
        Bands of the equaliser.
    held : sequence of Decision
        What was compressed; of these a DAW is told the one over all bands.
    level : Level
        How it came to its loudness.

    Returns
    -------
    tuple of Move
        Its fader where that is enough, its limiter where it is not.
    """
    every = [move for number, one in enumerate(advice, 1) for move in _band(number, one)]
    whole = [one for one in held if one.compressor.band is None]
    every += [move for one in whole for move in _compressor(one)]
    return (*every, *_loudness(level, sum(map(_before_compressor, whole))))


def done(
    told: Sequence[str], rates: tuple[int, int], level: Level, delivery: Delivery
) -> tuple[str, ...]:
    """Tell all that was done, in order.

    Parameters
    ----------
    told : sequence of str
        Of tone, width and dynamics, each with its evidence.
    rates : tuple of int
        Of the mix and of the master, in Hz.
    level : Level
        How it came to its loudness.
    delivery : Delivery
        The file.

    Returns
    -------
    tuple of str
        One sentence a step.
    """
    every = list(told)
    if rates[0] != rates[1]:
        before, after = (f"{rate / 1000.0:g} kHz" for rate in rates)
        every.append(
            f"Converted from {before} to {after} before the limiter, so that the ceiling holds in"
            " the file"
        )
    every.append(level.why)
    if delivery.bits < 32:
        every.append(f"Rounded to {delivery.bits} bits {DITHERED[delivery.dither]}")
    return tuple(f"{each.rstrip('.')}." for each in every)


def _band(number: int, advice: Advice) -> Iterator[Move]:
    group, band, why = f"eq {number}", advice.band, advice.why
    if band.shape == "high pass":
        yield Move(TARGET, "hpf_hz", band.freq_hz, why, group=group)
        return
    yield Move(TARGET, "eq.freq_hz", band.freq_hz, why, group=group)
    yield Move(TARGET, "eq.gain_db", band.gain_db, why, group=group)
    yield Move(TARGET, "eq.q", band.q, why, group=group)
    yield Move(TARGET, "eq.shape", SHAPES[band.shape], why, group=group)


def _before_compressor(decision: Decision) -> float:
    """Return the gain in dB that brings a mix to where the threshold of a compressor can go."""
    known, threshold_db = PARAMETERS["comp.threshold_db"], decision.compressor.threshold_db
    return round(min(max(threshold_db, known.low), known.high) - threshold_db, 1)


def _compressor(decision: Decision) -> Iterator[Move]:
    one, why = decision.compressor, decision.why.rstrip(".")
    gain_db = _before_compressor(decision)
    if gain_db:
        told = "Before the compressor, whose threshold does not go there; taken back behind it"
        yield Move(TARGET, "gain_db", gain_db, told, "change", "compressor")
    threshold_db = round(one.threshold_db + gain_db, 1)
    yield Move(TARGET, "comp.threshold_db", threshold_db, why, group="compressor")
    yield Move(TARGET, "comp.ratio", round(one.ratio, 2), why, group="compressor")


def _loudness(level: Level, before_db: float = 0.0) -> tuple[Move, ...]:
    """Say the gain, less what was given before, and the limiter."""
    gain_db, ceiling_db, why = level.master.gain_db - before_db, level.ceiling_db, level.why
    if level.master.limiting_db == 0.0:
        return (Move(TARGET, "gain_db", round(gain_db, 2), why, "change"),)
    known = PARAMETERS["limiter.gain_db"]
    into = min(max(gain_db, known.low), known.high)
    kept = f"No true peak goes over {ceiling_db:z.1f} dBTP"
    moves = (
        Move(TARGET, "limiter.gain_db", round(into, 2), why, group="limiter"),
        Move(TARGET, "limiter.ceiling_db", ceiling_db, kept, group="limiter"),
    )
    if into == gain_db:
        return moves
    rest = round(gain_db - into, 2)
    told = f"What is left of {gain_db:.1f} dB of gain, of which a limiter takes {into:.1f} dB"
    return (Move(TARGET, "gain_db", rest, told, "change", "limiter"), *moves)
