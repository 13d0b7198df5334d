"""What the pitch stage costs from file to file: CPU time and memory, in processes of its own."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from bench.pitch_cases import REPORTED, take
from bench.report import process_cost, table

__all__ = ["long_rows"]

LENGTHS_SECONDS = (60, 600, 3_600)


def long_rows() -> str:
    """Draw the table: times real time and memory for a minute, ten minutes and an hour."""
    made = take("good", REPORTED[0])
    rows = []
    for seconds in LENGTHS_SECONDS:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "take.wav"
            _write(made.audio.samples[0], made.audio.rate, file, seconds)
            words = ["bridge", "pitch", str(file), "--key", made.key, "--count", "1"]
            words += ["--out", folder, "--quiet"]
            spent, megabytes = process_cost([sys.executable, "-m", *words], folder)
        rows.append([f"{seconds / 60:g} min", round(seconds / spent), round(megabytes)])
    return "From file to file, one suggestion, in a process of its own.\n\n" + table(
        ["", "x real time", "MB"], rows
    )


def _write(sound: np.ndarray, rate: int, file: Path, seconds: int) -> None:
    """Repeat a take until it lasts long enough."""
    with soundfile.SoundFile(file, "w", rate, 1, subtype="PCM_24") as long:
        while long.tell() < seconds * rate:
            long.write(sound[: seconds * rate - long.tell()])
