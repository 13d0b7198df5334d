"""The moves that make one thing on a channel strip: a band of EQ, or a compressor."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.dsp.compressor import Compressor
from assistant.dsp.equaliser import Band
from assistant.mixing.console import SHAPES
from assistant.moves import Move

__all__ = ["compressor_moves", "eq_moves"]


def eq_moves(target: str, band: Band, group: str, why: str) -> list[Move]:
    """Say a band of EQ as moves.

    Parameters
    ----------
    target : str
        The track.
    band : Band
        Its shape is left out where it is a bell, which is what a band is by default.
    group : str
        The name of the band.
    why : str
        What it is for.

    Returns
    -------
    list of Move
        Frequency, gain, Q, and the shape.
    """
    words = {"eq.freq_hz": band.freq_hz, "eq.gain_db": band.gain_db, "eq.q": band.q}
    if band.shape != "bell":
        words["eq.shape"] = float(SHAPES.index(band.shape))
    return [Move(target, word, round(value, 2), why, group=group) for word, value in words.items()]


def compressor_moves(
    target: str, one: Compressor, group: str, why: str | Mapping[str, str]
) -> list[Move]:
    """Say a compressor as moves.

    Parameters
    ----------
    target : str
        The track.
    one : Compressor
        Its make-up is left out where there is none.
    group : str
        The name of the compressor: a track may have several.
    why : str or mapping of str to str
        What it is for: all of it, or each knob by its name.

    Returns
    -------
    list of Move
        Threshold, ratio, attack, release, and make-up.
    """
    knobs = ["threshold_db", "ratio", "attack_ms", "release_ms"]
    if one.makeup_db:
        knobs.append("makeup_db")
    whys = dict.fromkeys(knobs, why) if isinstance(why, str) else why
    return [
        Move(target, f"comp.{knob}", getattr(one, knob), whys[knob], group=group) for knob in knobs
    ]
