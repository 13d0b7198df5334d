"""A master in moves: what a DAW's own equaliser, compressor and limiter would be set to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.dsp.drive import Master
from assistant.dsp.equaliser import Band
from assistant.dsp.multiband import Compressor
from assistant.moves import PARAMETERS, Move

__all__ = ["moves_of"]

TARGET = "mix"
SHAPES = {"bell": 0.0, "low shelf": 1.0, "high shelf": 2.0}


def moves_of(
    bands: Sequence[Band],
    compressors: Sequence[Compressor],
    master: Master,
    ceiling_db: float,
    why: str,
) -> tuple[Move, ...]:
    """Say a master to a DAW.

    Parameters
    ----------
    bands : sequence of Band
        Of the equaliser.
    compressors : sequence of Compressor
        What was compressed; of these a DAW is told the one over all bands.
    master : Master
        What the limiter did.
    ceiling_db : float
        Highest true peak let through, in dBTP.
    why : str
        Of the suggestion.

    Returns
    -------
    tuple of Move
        Its fader where that is enough, its limiter where it is not.
    """
    every = [move for number, band in enumerate(bands, 1) for move in _band(number, band, why)]
    every += [move for one in compressors if one.band is None for move in _compressor(one, why)]
    return (*every, *_loudness(master, ceiling_db, why))


def _band(number: int, band: Band, why: str) -> Iterator[Move]:
    group = f"eq {number}"
    if band.shape == "high pass":
        yield Move(TARGET, "hpf_hz", band.freq_hz, why, group=group)
        return
    yield Move(TARGET, "eq.freq_hz", band.freq_hz, why, group=group)
    yield Move(TARGET, "eq.gain_db", band.gain_db, why, group=group)
    yield Move(TARGET, "eq.q", band.q, why, group=group)
    yield Move(TARGET, "eq.shape", SHAPES[band.shape], why, group=group)


def _compressor(one: Compressor, why: str) -> Iterator[Move]:
    yield Move(TARGET, "comp.threshold_db", round(one.threshold_db, 1), why, group="compressor")
    yield Move(TARGET, "comp.ratio", round(one.ratio, 2), why, group="compressor")


def _loudness(master: Master, ceiling_db: float, why: str) -> tuple[Move, ...]:
    if master.limiting_db == 0.0:
        return (Move(TARGET, "gain_db", round(master.gain_db, 2), why, "change"),)
    known = PARAMETERS["limiter.gain_db"]
    into = min(max(master.gain_db, known.low), known.high)
    moves = (
        Move(TARGET, "limiter.gain_db", round(into, 2), why, group="limiter"),
        Move(TARGET, "limiter.ceiling_db", ceiling_db, why, group="limiter"),
    )
    if into == master.gain_db:
        return moves
    rest = round(master.gain_db - into, 2)
    return (Move(TARGET, "gain_db", rest, why, "change", "limiter"), *moves)
