"""A channel strip at work, block by block.

In order: high and low pass, gate, EQ, de-esser, compressors, polarity, width, fader, pan. The fader
comes after the compressors, so that to balance a mix does not change how hard they work. Nothing
looks ahead and nothing comes late: filters are of minimum phase. A strip set to nothing gives what
it is given, bit for bit.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from assistant.dsp.biquads import Biquads, Pair, low_pass, sections
from assistant.dsp.compressor import Compressing
from assistant.dsp.decibels import amplitude
from assistant.dsp.deesser import DeEsser
from assistant.dsp.equaliser import Band
from assistant.dsp.gate import Gate
from assistant.dsp.panning import place, placing
from assistant.mixing.console import StripSettings

__all__ = ["Strip"]


class Strip:
    """A channel strip.

    Parameters
    ----------
    wanted : StripSettings
        What it is set to; its delay and its sends are no matter of the strip.
    rate : int
        In Hz.

    Raises
    ------
    MaterialError
        Where a high pass or a de-esser lies at or above half the rate.
    """

    def __init__(self, wanted: StripSettings, rate: int) -> None:
        rows = [sections([Band("high pass", wanted.hpf_hz)] if wanted.hpf_hz else [], rate)]
        rows += [low_pass(wanted.lpf_hz, rate)] if wanted.lpf_hz else []
        self._passes = Biquads(np.concatenate(rows))
        self._gate = None if wanted.gate_db is None else Gate(wanted.gate_db, rate)
        self._equaliser = Biquads(sections(wanted.bands, rate))
        self._deesser = DeEsser(*wanted.deesser, rate) if wanted.deesser else None
        self._compressors = [
            (Compressing(one.compressor, rate), one.key) for one in wanted.compressors
        ]
        level = 0.0 if wanted.mute else amplitude(wanted.gain_db)
        self._matrix = placing(wanted.pan, wanted.width) * level * np.array(wanted.polarity)

    def run(self, pair: Pair, first: int, keys: Mapping[str, Pair]) -> None:
        """Send a block through, in place.

        Parameters
        ----------
        pair : ndarray of float64, shape (2, frames)
            What follows the block before.
        first : int
            The frame of the song at which it begins.
        keys : mapping of str to ndarray of float64, shape (2, frames)
            The tracks by whose level compressors go, in the same frames.
        """
        self._passes.run(pair, first)
        if self._gate is not None:
            self._gate.run(pair, first)
        self._equaliser.run(pair, first)
        if self._deesser is not None:
            self._deesser.run(pair, first)
        for compressor, key in self._compressors:
            compressor.run(pair, first, None if key is None else keys[key])
        place(pair, self._matrix)
