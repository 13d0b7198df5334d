"""How much loudness a compressor takes from a track, so that make-up gives back just that.

Power is not loudness: the beginning of a stroke, which a compressor lets through, is brighter than
what follows and counts for more. So part of the track is compressed and measured.
"""

from __future__ import annotations

import numpy as np

from assistant.dsp.compressor import Compressor, Reduction
from assistant.dsp.decibels import amplitude
from assistant.dsp.kweighting import energies, hops
from assistant.dsp.peak_hold import PeakHold
from assistant.dsp.stereo import front_pair
from assistant.mixing.excerpts import excerpt
from assistant.mixing.heard import SILENT_LUFS
from assistant.mixing.track import Track

__all__ = ["loudness_taken"]

SECONDS = 16.0


def loudness_taken(
    track: Track, compressor: Compressor, shift_db: float = 0.0, key: Track | None = None
) -> float:
    """Tell by how much a compressor makes a track less loud, its make-up left out.

    Parameters
    ----------
    track : Track
        A quarter of a minute of it is read.
    compressor : Compressor
        What it is set to.
    shift_db : float
        By how much what the compressor goes by is louder there than as it is.
    key : Track, optional
        What it goes by, instead of the track itself; at the same rate.

    Returns
    -------
    float
        In LU, 0.0 or more.
    """
    over = np.where(track.heard.active, track.heard.momentary - SILENT_LUFS, 0.0)
    part = excerpt(track.audio, over, SECONDS, typical=True)
    heard, rules = part.audio, part.audio.samples
    if key is not None:
        rules = part.meanwhile(key.audio, track.stem.start - key.stem.start)
    levels = PeakHold(heard.rate).run(front_pair(rules) * amplitude(shift_db), 0)
    gains = Reduction(compressor, heard.rate).gains(levels) / amplitude(compressor.makeup_db)
    before = float(energies(heard.samples, heard.rate).sum())
    made = hops(heard.samples, heard.rate, gains.astype(np.float32))
    after = float(sum(one.sum() for one in made))
    if not (before > 0.0 and after > 0.0):
        return 0.0
    return max(0.0, 10.0 * float(np.log10(before / after)))
