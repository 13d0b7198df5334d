"""Mastering beside its peers: loudness reached, overs, what limiting costs, speed, memory.

``python -m bench.master [--write]``; the music is found where ``BANDMATE_TEST_DATA`` says. The
times of the limiter (`assistant.dsp.limiter.NOTE_MS` and others) were chosen on sounds of the kind
of `development`; what is reported on are the finished mixes and the summed stems.
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import correlate, lfilter, resample_poly

from assistant.dsp.drive import Drive
from assistant.dsp.loudness import energies, integrated
from assistant.material import Audio, Samples
from bench.limiters import PEERS, Limiter, bandmate, loudnorm, missing
from bench.meter import music
from bench.report import publish, table

CEILING_DB = -1.0
TARGETS = (-14.0, -9.0)
EXCERPT_SECONDS = (20.0, 40.0)
MOST_LIMITING_DB = 20.0
LONG_SECONDS = 600
LONG_GAIN_DB = 6.0
DRIVEN_TO = (-12.0, -9.0)
DEVELOPMENT_LIMITING_DB = 6.0
REACHED_LU = 0.02
LOUDNORM_MOST = -5.0

# A small process in between, for a child begins with the peak memory of what started it.
OBSERVER = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
DEVELOPMENT_RATE = 44_100


def excerpts(folder: Path) -> dict[str, Audio]:
    """Cut twenty seconds out of each finished mix; the stems are short enough."""
    cut = {}
    for name, audio in music(folder).items():
        first, last = (int(audio.rate * second) for second in EXCERPT_SECONDS)
        if name == "clipped noise":
            continue
        samples = audio.samples[:, first:last] if audio.seconds > 60.0 else audio.samples
        cut[name] = Audio(np.ascontiguousarray(samples), audio.rate)
    return cut


def development(folder: Path) -> dict[str, Audio]:
    """Make sounds like those the limiter was developed on, and read the instruments it was."""
    sounds = {f"band {seed}": _band(seed) for seed in range(4)}
    for file in sorted(folder.glob("instruments/*.flac")):
        samples, rate = soundfile.read(file, dtype="float32", always_2d=True)
        sounds[file.stem] = Audio(np.ascontiguousarray(samples.T), rate)
    return sounds


def _band(seed: int, seconds: float = 10.0) -> Audio:
    """Make drums, a bass and a chord in a tempo and a key of their own."""
    dice = np.random.default_rng(seed)
    time = np.arange(int(seconds * DEVELOPMENT_RATE)) / DEVELOPMENT_RATE
    beat, root = dice.uniform(0.33, 0.7), dice.uniform(40.0, 65.0)
    kick = np.sin(2.0 * np.pi * 50.0 * (time % beat)) * np.exp(-(time % beat) / 0.15)
    snare = dice.standard_normal((2, time.size)) * np.exp(-((time + beat / 2) % beat) / 0.06)
    pulse = np.sign(np.sin(2.0 * np.pi * root * time)) + 0.2
    bass = lfilter([0.05], [1.0, -0.95], pulse) * (0.6 + 0.4 * np.cos(2.0 * np.pi * time / 4.0))
    ratios = (2.0, 2.5198, 2.9966, 4.0, 5.0397)
    chord = sum(np.sin(2.0 * np.pi * root * r * time + i) for i, r in enumerate(ratios))
    shares = dice.uniform(0.1, 0.4, 4)
    mix = shares[0] * kick + shares[1] * snare + shares[2] * bass + 0.3 * shares[3] * chord
    return Audio(np.asarray(0.5 * mix / np.abs(mix).max(), dtype=np.float32), DEVELOPMENT_RATE)


def loudness(samples: Samples, rate: int) -> float:
    """Measure integrated loudness."""
    return integrated(energies(samples, rate))


def asked(limiter: Limiter, audio: Audio, target: float) -> float:
    """Return what to ask a limiter for: the loudness itself, or the gain that leads to it."""
    if limiter is loudnorm:
        return target
    if limiter is bandmate:
        drive = Drive(audio, CEILING_DB, lambda shape: np.zeros(shape, np.float32))
        return drive.gain_for(target, MOST_LIMITING_DB) or math.nan
    return target - loudness(audio.samples, audio.rate)


def at_loudness(limiter: Limiter, audio: Audio, target: float) -> Samples | None:
    """Drive a limiter until the meter reads the target; None where it does not get there."""
    value = asked(limiter, audio, target)
    last_value, last_reading = value, math.nan
    for _ in range(10):
        made = limiter(
            audio, min(value, LOUDNORM_MOST) if limiter is loudnorm else value, CEILING_DB
        )
        reading = loudness(made, audio.rate)
        if abs(target - reading) < REACHED_LU:
            return made
        moved = value - last_value
        slope = (reading - last_reading) / moved if moved else 1.0
        last_value, last_reading = value, reading
        value += float(np.clip((target - reading) / max(slope, 0.3), -3.0, 3.0))
    return None


def residual_sdr(audio: Audio, made: Samples) -> float:
    """Compare the sound with its input at the scale that fits best, in dB; delays are made up."""
    first, second = audio.samples[0].astype(np.float64), made[0].astype(np.float64)
    lags = np.abs(correlate(second, first, mode="full", method="fft"))
    late = int(np.argmax(lags)) - (first.size - 1)
    frames = min(audio.frames, made.shape[1]) - abs(late)
    kept = made[:, max(late, 0) :][:, :frames].astype(np.float64)
    given = audio.samples[:, max(-late, 0) :][:, :frames].astype(np.float64)
    fitted = given * (np.sum(given * kept) / np.sum(given**2))
    return float(10.0 * np.log10(np.sum(fitted**2) / np.sum((kept - fitted) ** 2)))


def peak_16(samples: Samples) -> float:
    """Return the true peak in dBTP at sixteen times the rate, by an interpolator not ours."""
    points = (np.abs(resample_poly(row.astype(np.float64), 16, 1)).max() for row in samples)
    return 20.0 * math.log10(max(points))


def thd_n(limiter: Limiter) -> float:
    """Tell how far all but the tone lies below a 997 Hz tone that was 6 dB over, in dB."""
    rate, over = 48_000, 10.0 ** (5.0 / 20.0)
    time = np.arange(6 * rate) / rate
    tone = Audio(np.tile(0.5 * np.sin(2.0 * np.pi * 997.0 * time), (2, 1)).astype("f4"), rate)
    gain_db = 20.0 * math.log10(over / 0.5)
    made = limiter(tone, gain_db, CEILING_DB)[0, 2 * rate : 4 * rate].astype(np.float64)
    turns = 2.0 * np.pi * 997.0 * np.arange(made.size) / rate
    basis = np.stack([np.sin(turns), np.cos(turns)], axis=1)
    fitted = basis @ np.linalg.lstsq(basis, made, rcond=None)[0]
    return 20.0 * math.log10(np.std(made - fitted) / np.std(fitted))


def quality(limiter: Limiter, sounds: Mapping[str, Audio]) -> list[object]:
    """Measure how near the targets it comes, its highest true peak, and its noise."""
    errors, peaks = [], []
    for target in TARGETS:
        made = [
            (limiter(audio, asked(limiter, audio, target), CEILING_DB), audio.rate)
            for audio in sounds.values()
        ]
        errors.append(round(max(abs(loudness(*one) - target) for one in made), 2))
        peaks += [peak_16(samples) for samples, _ in made]
    noise = "-" if limiter is loudnorm else round(thd_n(limiter), 1)
    return [*errors, round(max(peaks), 2), noise]


def costs(limiter: Limiter, sounds: Mapping[str, Audio]) -> list[object]:
    """Measure what limiting costs each sound at each of the targets."""
    found: list[object] = []
    for target in DRIVEN_TO:
        for audio in sounds.values():
            made = at_loudness(limiter, audio, target)
            found.append("not reached" if made is None else round(residual_sdr(audio, made), 2))
    return found


def development_costs(limiter: Limiter, sounds: Mapping[str, Audio]) -> list[object]:
    """Measure the mean and the lowest cost, at the loudness that 6 dB of our limiting give."""
    found = []
    for audio in sounds.values():
        drive = Drive(audio, CEILING_DB, lambda shape: np.zeros(shape, np.float32))
        target = drive.loudness_at(drive.headroom_db + DEVELOPMENT_LIMITING_DB)
        made = at_loudness(limiter, audio, target)
        if made is not None:
            found.append(residual_sdr(audio, made))
    reached = f"{len(found)} of {len(sounds)}"
    return [round(float(np.mean(found)), 2), round(min(found), 2), reached] if found else ["-"] * 3


def effort(name: str, limiter: Limiter, file: Path) -> list[object]:
    """Run over a long file, reading and writing and all, in processes of its own.

    Returns
    -------
    list
        Times real time by CPU time, and MB resident at most.
    """
    with tempfile.TemporaryDirectory() as folder:
        value = TARGETS[1] if limiter is loudnorm else LONG_GAIN_DB
        words = [
            "bench.limiters",
            name,
            str(file),
            f"{folder}/out.wav",
            f"{value}",
            f"{CEILING_DB}",
        ]
        if limiter is bandmate:
            words = ["bridge", "master", str(file), "--loudness", f"{TARGETS[1]}", "--count", "1"]
            words += ["--out", folder, "--quiet"]
        home = os.environ | {"BANDMATE_HOME": folder}
        command = [sys.executable, "-c", OBSERVER, sys.executable, "-m", *words]
        told = subprocess.run(command, env=home, check=True, capture_output=True, text=True).stdout
    seconds, kilobytes = told.split()
    return [round(LONG_SECONDS / float(seconds)), round(float(kilobytes) / 1024)]


def write_long(audio: Audio, file: Path) -> None:
    """Repeat a sound until it lasts ten minutes."""
    with soundfile.SoundFile(file, "w", audio.rate, audio.channels, subtype="FLOAT") as long:
        for _ in range(math.ceil(LONG_SECONDS / audio.seconds)):
            long.write(audio.samples.T[: LONG_SECONDS * audio.rate - long.tell()])


def main() -> None:
    """Run and publish."""
    if "BANDMATE_TEST_DATA" not in os.environ:
        sys.exit("BANDMATE_TEST_DATA should name the folder that holds the music")
    folder = Path(os.environ["BANDMATE_TEST_DATA"])
    tools = {"bandmate": bandmate} | {n: peer for n, peer in PEERS.items() if not missing(peer)}
    absent = ", ".join(name for name in PEERS if name not in tools) or "none"
    sounds, others = excerpts(folder), development(folder)
    with tempfile.TemporaryDirectory() as scratch:
        long = Path(scratch) / "long.wav"
        write_long(next(iter(sounds.values())), long)
        rows = [
            [name, *quality(tool, sounds), *effort(name, tool, long)]
            for name, tool in tools.items()
        ]
    spoiled = [[name, *costs(tool, sounds)] for name, tool in tools.items()]
    tried = [[name, *development_costs(tool, others)] for name, tool in tools.items()]
    head = ["error at -14", "at -9", "true peak", "THD+N", "x real time", "MB"]
    driven = [f"{name}, {target:g}" for target in DRIVEN_TO for name in sounds]
    publish(
        "Mastering",
        f"Twenty seconds of each finished mix, and the summed stems, under {CEILING_DB:g} dBTP."
        " Error: largest in LU, the limiters driven by the gain that leads there without limiting."
        " True peak: highest in dBTP at 16 x (SciPy). THD+N: 997 Hz, 6 dB over, in dB. Speed (CPU"
        " time) and memory: ten minutes of stereo from file to file in a fresh process."
        f" Not installed: {absent}.\n\n{table(['', *head], rows)}\n\n"
        "What limiting costs: input over residual in dB, every tool driven until the meter reads"
        f" the same LUFS.\n\n{table(['', *driven], spoiled)}\n\n"
        "The same on the development sounds, at the loudness that they have with"
        f" {DEVELOPMENT_LIMITING_DB:g} dB of our limiting.\n\n"
        f"{table(['', 'mean', 'lowest', 'reached'], tried)}",
    )


if __name__ == "__main__":
    main()
