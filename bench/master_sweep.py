"""The loudness reached, and the limiting it takes, from the quietest target to the loudest."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from assistant.dsp.drive import follow
from assistant.material import Audio
from assistant.steps import result
from bench.master_measures import loudness
from bench.report import table

__all__ = ["ABOUT_SWEEP", "SWEPT", "sweep"]

SWEPT = (-23.0, -20.0, -18.0, -16.0, -14.0, -12.0, -11.0, -10.0, -9.0)
MOST_LIMITING_DB = 20.0

ABOUT_SWEEP = (
    "Each target by our limiter: the error in LU, and behind it the limiting that it takes, in dB."
)


def sweep(sounds: Mapping[str, Audio], ceiling_db: float) -> str:
    """Draw a table of errors and limiting, a sound a row.

    Parameters
    ----------
    sounds : mapping of str to Audio
        By name.
    ceiling_db : float
        In dBTP.

    Returns
    -------
    str
        The table.
    """
    rows = [[name, *_swept(audio, ceiling_db)] for name, audio in sounds.items()]
    return table(["", *(f"{target:g}" for target in SWEPT)], rows)


def _swept(audio: Audio, ceiling_db: float) -> list[str]:
    drive = result(follow(audio, ceiling_db, lambda shape: np.zeros(shape, np.float32)))
    cells = []
    for target in SWEPT:
        made = result(drive.master_at(target, MOST_LIMITING_DB))
        if made is None:
            cells.append("refused")
            continue
        error = abs(loudness(made.audio.samples, audio.rate) - target)
        cells.append(f"{error:.2f} ({made.limiting_db:.1f})")
    return cells
