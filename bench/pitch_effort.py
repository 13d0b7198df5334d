"""What the pitch stage costs from file to file: CPU time and memory, in processes of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from bench.master import OBSERVER
from bench.pitch_cases import REPORTED, take
from bench.report import table

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
            home = os.environ | {"BANDMATE_HOME": folder}
            command = [sys.executable, "-c", OBSERVER, sys.executable, "-m", *words]
            told = subprocess.run(command, env=home, check=True, capture_output=True, text=True)
        spent, kilobytes = map(float, told.stdout.split())
        rows.append([f"{seconds / 60:g} min", round(seconds / spent), round(kilobytes / 1024)])
    return "From file to file, one suggestion, in a process of its own.\n\n" + table(
        ["", "x real time", "MB"], rows
    )


def _write(sound: np.ndarray, rate: int, file: Path, seconds: int) -> None:
    """Repeat a take until it lasts long enough."""
    with soundfile.SoundFile(file, "w", rate, 1, subtype="PCM_24") as long:
        while long.tell() < seconds * rate:
            long.write(sound[: seconds * rate - long.tell()])
