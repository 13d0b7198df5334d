"""ffmpeg and SoX for the denoise bench: sound in and out by pipes and files, nothing rounded."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from assistant.material import Samples

__all__ = ["filter_file", "filtered", "noisered", "noisered_file"]

FFMPEG = ("ffmpeg", "-v", "error", "-threads", "1", "-filter_threads", "1")
SOX = ("sox", "-V1")
ENDING_FRAMES = 8_192


def filtered(samples: Samples, rate: int, words: str, late: int = 0) -> Samples:
    """Send a sound through ffmpeg's filters.

    Parameters
    ----------
    samples : ndarray of float32, shape (channels, frames)
        The sound.
    rate : int
        Frames a second.
    words : str
        As after ``-af``.
    late : int
        By how many frames the filters delay without saying so.

    Returns
    -------
    ndarray of float32, shape (channels, frames)
        As long as what came in.
    """
    channels, frames = samples.shape
    form = ["-f", "f32le", "-ar", str(rate), "-ac", str(channels)]
    fed = np.pad(samples, ((0, 0), (0, late + ENDING_FRAMES)))
    raw = np.ascontiguousarray(fed.T, dtype="<f4").tobytes()
    command = [*FFMPEG, *form, "-i", "-", "-af", words, *form, "-"]
    made = subprocess.run(command, input=raw, check=True, capture_output=True).stdout
    return np.frombuffer(made, dtype="<f4").reshape(-1, channels).T[:, late : late + frames]


def filter_file(given: str, made: str, words: str) -> None:
    """Send a file through ffmpeg's filters, by ffmpeg alone."""
    subprocess.run([*FFMPEG, "-y", "-i", given, "-af", words, made], check=True)


def noisered(row: Samples, alone: Samples, rate: int, amount: float) -> Samples:
    """Send one channel through SoX's noisered.

    Parameters
    ----------
    row, alone : ndarray of float32, shape (frames,)
        The sound, and its noise. Of several at once it fails now and then.
    rate : int
        Frames a second.
    amount : float
        0 to 1.

    Returns
    -------
    ndarray of float32, shape (frames,)
        As long as what came in.
    """
    with tempfile.TemporaryDirectory() as folder:
        take, noise, made = (str(Path(folder) / name) for name in ("in.wav", "n.wav", "out.wav"))
        ended = np.pad(row, (0, ENDING_FRAMES))  # it keeps the last of its window
        soundfile.write(take, ended, rate, subtype="FLOAT")
        soundfile.write(noise, alone, rate, subtype="FLOAT")
        noisered_file(take, made, noise, amount)
        sound: Samples = soundfile.read(made, dtype="float32")[0]
        return sound[: row.size]


def noisered_file(given: str, made: str, noise: str, amount: float) -> None:
    """Send a file through SoX's noisered, by SoX alone."""
    with tempfile.TemporaryDirectory() as folder:
        profile = str(Path(folder) / "profile")
        subprocess.run([*SOX, noise, "-n", "noiseprof", profile], check=True)
        effect = ["noisered", profile, f"{amount}"]
        subprocess.run([*SOX, given, "-b", "32", "-e", "float", made, *effect], check=True)
