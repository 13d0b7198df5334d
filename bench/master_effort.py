"""What mastering costs from file to file: CPU time and memory, in processes of its own."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import soundfile

from assistant.material import Audio
from bench.master_chains import CHAINS, MATCHERS
from bench.master_tables import Column, Compared
from bench.report import process_cost

__all__ = ["compared"]

LENGTHS_SECONDS = (60, 600)
LONG_SECONDS = 3600
TARGET = -9.0
GAIN_DB = 6.0
CEILING_DB = -1.0
ALONE = ("--dynamics", "0", "--balance", "0", "--width", "0")
EQUALISER = "libsonare match.applyMatchEq"
LOUDNORM = "ffmpeg loudnorm, 2-pass"


def compared(audio: Audio, limiters: Sequence[str], *, long: bool) -> Compared:
    """Run every tool over a minute and ten minutes of the same excerpt.

    Parameters
    ----------
    audio : Audio
        What is repeated.
    limiters : sequence of str
        Names of those of `bench.limiters` that are here.
    long : bool
        Whether ours also does an hour.

    Returns
    -------
    Compared
        Times real time by CPU time, and MB resident at most.
    """
    lengths = (*LENGTHS_SECONDS, LONG_SECONDS) if long else LENGTHS_SECONDS
    columns = [
        Column(f"{seconds // 60} min, {what}")
        for seconds in lengths
        for what in ("x real time", "MB")
    ]
    rows: dict[str, list[float | None]] = {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "long.wav"
        for seconds in lengths:
            _write(audio, file, seconds)
            for name, words in _commands(file, folder, limiters).items():
                if seconds > max(LENGTHS_SECONDS) and not name.startswith("bandmate"):
                    rows[name] += [None, None]
                    continue
                spent, megabytes = process_cost([sys.executable, "-m", *words], folder)
                rows.setdefault(name, []).extend([round(seconds / spent), round(megabytes)])
    return Compared(columns, rows)


def _commands(file: Path, folder: str, limiters: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Write the words of every tool, behind ``python -m``."""
    made = f"{folder}/out.wav"
    ours = ["bridge", "master", str(file), "--loudness", f"{TARGET}", "--count", "1"]
    ours += ["--out", folder, "--quiet"]
    words: dict[str, Sequence[str]] = {
        "bandmate, the whole chain": ours,
        "bandmate, loudness and limiter alone": [*ours, *ALONE],
    }
    for name in limiters:
        asked = TARGET if name == LOUDNORM else GAIN_DB
        words[name] = ["bench.limiters", name, str(file), made, f"{asked}", f"{CEILING_DB}"]
    for name in (*CHAINS, *MATCHERS):
        if name not in {"bandmate", LOUDNORM, EQUALISER}:
            words[name] = ["bench.master_chains", name, str(file), made, f"{TARGET}"]
    return words


def _write(audio: Audio, file: Path, seconds: int) -> None:
    """Repeat a sound until it lasts long enough."""
    frames = seconds * audio.rate
    with soundfile.SoundFile(file, "w", audio.rate, audio.channels, subtype="PCM_24") as long:
        while long.tell() < frames:
            long.write(audio.samples.T[: frames - long.tell()])
