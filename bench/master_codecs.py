"""What codecs make of masters: ours with the codec in the loop, ours without, and the peers'."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np

from assistant.mastering.lossy import read
from assistant.material import Audio, Samples
from assistant.steps import result
from bench.master_chains import codecs_kept
from bench.master_measures import peak_by_soxr
from bench.master_tables import Column, Compared
from bridge.tools import codec

__all__ = ["codecs"]

Driven: TypeAlias = Callable[[Audio, float], "Samples | None"]

CODECS: Mapping[float, str] = {
    -14.0: "aac 128, mp3 192, opus 96, vorbis 192",
    -9.0: "aac 128, aac 256, mp3 192, mp3 320, opus 96, opus 128, vorbis 192",
}
PART_SECONDS = (5, 15)


def codecs(tools: Mapping[str, Driven], sounds: Mapping[str, Audio], ceiling_db: float) -> Compared:
    """Measure the highest true peak behind each codec.

    Parameters
    ----------
    tools : mapping of str to callable
        What brings a sound to a loudness; one of them is ``"bandmate"``.
    sounds : mapping of str to Audio
        Of which ten seconds are taken.
    ceiling_db : float
        That of the masters, in dBTP.

    Returns
    -------
    Compared
        In dBTP; empty where there is no ffmpeg, and None where a tool did not reach the loudness.
    """
    cases = [(target, one) for target, words in CODECS.items() for one in read(words)]
    parts = [_part(audio) for audio in sounds.values()]
    rows: dict[str, list[float | None]] = {"bandmate": []}
    for target, lossy in cases:
        word = f"{lossy.codec} {lossy.kbps}"
        ours = [Audio(codecs_kept(a, target, ceiling_db, word), a.rate) for a in parts]
        rows["bandmate"].append(_highest(ours, lossy.codec, lossy.kbps))
    for name, driven in tools.items():
        title = "bandmate, not asked for codecs" if name == "bandmate" else name
        made = {target: _all(driven, parts, target) for target in CODECS}
        rows[title] = [
            _highest(made[target], lossy.codec, lossy.kbps) if made[target] else None
            for target, lossy in cases
        ]
    columns = [Column(f"{lossy.name}, {target:g}", -1, 0.0) for target, lossy in cases]
    return Compared(columns, rows, "not reached")


def _part(audio: Audio) -> Audio:
    first, last = (second * audio.rate for second in PART_SECONDS)
    return Audio(np.ascontiguousarray(audio.samples[:, first:last]), audio.rate)


def _all(driven: Driven, parts: list[Audio], target: float) -> list[Audio]:
    """Drive all parts to a loudness; none of them counts where one does not get there."""
    made = [driven(audio, target) for audio in parts]
    reached = [
        Audio(samples, audio.rate)
        for samples, audio in zip(made, parts, strict=True)
        if samples is not None
    ]
    return reached if len(reached) == len(parts) else []


def _zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, dtype=np.float32)


def _highest(masters: list[Audio], name: str, kbps: int) -> float | None:
    tool = codec.find()
    if tool is None:
        return None
    decoded = [result(tool(audio, name, kbps, _zeros)) for audio in masters]
    peaks = [peak_by_soxr(one.samples) for one in decoded if one is not None]
    return round(max(peaks), 2) if len(peaks) == len(masters) else None
