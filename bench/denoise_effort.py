"""What denoising costs from file to file: CPU time and memory, in processes of its own."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import soundfile

from assistant.material import Audio, Samples
from bench.denoise_cases import Case
from bench.denoise_own import STAGE
from bench.denoise_tables import Effort
from bench.report import process_cost, table

__all__ = ["effort_table", "efforts"]

SECONDS = 600
LONG_SECONDS = 3_600
LEFT_OUT = (  # menders, and what is as another
    "grooveclean", "ffmpeg adeclick", "ffmpeg adeclick, tuned", "ffmpeg adeclip",
    "ffmpeg afftdn, sampled", "noisereduce, non-stationary",
)  # fmt: skip


def efforts(cases: Sequence[Case], peers: Sequence[str], *, own: bool, long: bool) -> list[Effort]:
    """Run the tools over ten minutes of stereo.

    What a peer costs does not depend on the material, so it is run over the first alone.

    Parameters
    ----------
    cases : sequence of Case
        What is repeated: of each kind of material one, with a print.
    peers : sequence of str
        Names of those of `bench.denoise_peers` that are here.
    own : bool
        Whether the stage is there.
    long : bool
        Whether it also does an hour.

    Returns
    -------
    list of Effort
        One for each tool, material and length.
    """
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for n, case in enumerate(cases):
            assert case.print is not None
            against = () if n else peers
            take, alone = Path(folder) / "take.wav", Path(folder) / "print.wav"
            _write(_stereo(case.print), case.print.rate, alone, case.print.seconds)
            for seconds in (SECONDS, LONG_SECONDS) if long and own else (SECONDS,):
                _write(_stereo(case.noisy), case.noisy.rate, take, seconds)
                for name, words in _commands(take, alone, folder, against, own=own).items():
                    if seconds > SECONDS and name != STAGE:
                        continue
                    spent, megabytes = process_cost([sys.executable, "-m", *words], folder)
                    found.append(Effort(name, case.kind, seconds, seconds / spent, megabytes))
    return found


def effort_table(found: Sequence[Effort]) -> str:
    """Draw times real time and memory."""
    rows = [
        [one.tool, one.kind, f"{one.seconds // 60} min", f"{one.speed:.1f}", round(one.megabytes)]
        for one in found
    ]
    return table(["", "material", "stereo", "x real time", "MB"], rows)


def _commands(
    take: Path, alone: Path, folder: str, peers: Sequence[str], *, own: bool
) -> Mapping[str, Sequence[str]]:
    """Write the words of every tool, behind ``python -m``."""
    ours = ["bridge", "denoise", str(take), "--print", str(alone), "--count", "1"]
    words = {STAGE: [*ours, "--out", folder, "--quiet"]} if own else {}
    made = f"{folder}/made.wav"
    return words | {
        name: ["bench.denoise_peers", name, str(take), made, str(alone)]
        for name in peers
        if name not in LEFT_OUT
    }


def _stereo(audio: Audio) -> Samples:
    return np.resize(audio.samples, (2, audio.frames))


def _write(samples: Samples, rate: int, file: Path, seconds: float) -> None:
    """Repeat a sound until it lasts long enough."""
    frames = round(seconds * rate)
    with soundfile.SoundFile(file, "w", rate, 2, subtype="PCM_24") as long:
        while long.tell() < frames:
            long.write(samples.T[: frames - long.tell()])
