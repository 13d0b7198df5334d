"""The loudness meter beside its peers: speed on music and on noise, error on the EBU's signals.

``python -m bench.meter [--write]``; the music is found where ``BANDMATE_TEST_DATA`` says.
"""

from __future__ import annotations

import math
import os
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pyebur128
import soundfile
from numpy.typing import NDArray

from assistant.dsp.kweighting import HOPS_PER_SECOND, energies
from assistant.dsp.loudness import integrated, loudness_range, measure, momentary, short_term
from assistant.dsp.truepeak import peak_curve, true_peak
from assistant.material import Audio
from bench.ebu import TOLERANCES, Case, cases, error
from bench.report import cpu_seconds, publish, table

Readings: TypeAlias = NDArray[np.float64]
Peer: TypeAlias = Callable[[Case, Audio], float | None]

RATES = (48_000, 96_000)
MODES = pyebur128.MeasurementMode
ALL_MODES = MODES.MODE_I | MODES.MODE_LRA | MODES.MODE_TRUE_PEAK


def music(folder: Path) -> dict[str, Audio]:
    """Read the finished mixes, sum up the stems, and make a hard case."""
    found = {}
    for file in sorted(folder.glob("music/*.ogg")):
        samples, rate = soundfile.read(file, dtype="float32", always_2d=True)
        found[file.stem.split("-")[0].replace("_", " ")] = Audio(_planar(samples), rate)
    stems = [soundfile.read(f, dtype="float32") for f in sorted(folder.glob("stems/*/*.flac"))]
    if stems:
        frames = min(len(samples) for samples, _ in stems)
        total = np.sum([samples[:frames] for samples, _ in stems], axis=0)
        found["summed stems"] = Audio(_planar(np.asarray(total)), stems[0][1])
    dense = np.random.default_rng(0).normal(0.0, 0.7, (2, 30 * 44_100)).clip(-1.0, 1.0)
    return found | {"clipped noise": Audio(dense.astype(np.float32), 44_100)}


def _planar(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.ascontiguousarray(samples.T)


def everything_bandmate(audio: Audio) -> float:
    """Time the whole meter."""
    return cpu_seconds(lambda: measure(audio))


def curve_bandmate(audio: Audio) -> float:
    """Time the true-peak curve at eight times the rate."""
    out = np.empty(audio.frames, dtype=np.float32)
    return cpu_seconds(lambda: peak_curve(audio.samples, 8, out))


def integrated_bandmate(audio: Audio) -> float:
    """Time integrated loudness alone."""
    return cpu_seconds(lambda: integrated(energies(audio.samples, audio.rate)))


def everything_pyebur128(audio: Audio) -> float:
    """Time libebur128, asked for momentary and short-term loudness every 100 ms."""
    interleaved = np.ascontiguousarray(audio.samples.T).ravel()

    def work() -> None:
        state = pyebur128.R128State(audio.channels, audio.rate, ALL_MODES)
        step = audio.rate // 10 * audio.channels
        for start in range(0, len(interleaved), step):
            block = interleaved[start : start + step]
            state.add_frames(block, len(block) // audio.channels)
            pyebur128.get_loudness_momentary(state)
            pyebur128.get_loudness_shortterm(state)
        pyebur128.get_loudness_global(state)
        pyebur128.get_loudness_range(state)

    return cpu_seconds(work)


def no_maxima_pyebur128(audio: Audio) -> float:
    """Time libebur128 where only integrated loudness, range and true peak are wanted."""
    interleaved = np.ascontiguousarray(audio.samples.T).ravel()

    def work() -> None:
        state = pyebur128.R128State(audio.channels, audio.rate, ALL_MODES)
        state.add_frames(interleaved, audio.frames)
        pyebur128.get_loudness_global(state)
        pyebur128.get_loudness_range(state)

    return cpu_seconds(work)


def everything_ffmpeg(audio: Audio) -> float:
    """Time ffmpeg's ebur128 filter, its reading of raw samples included."""
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw"
        audio.samples.T.tofile(raw)
        layout = ["-f", "f32le", "-ar", str(audio.rate), "-ac", str(audio.channels)]
        command = ["ffmpeg", "-nostats", *layout, "-i", str(raw), "-af", "ebur128=peak=true"]

        def once() -> float:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([*command, "-f", "null", "-"], check=True, capture_output=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

        return min(once() for _ in range(3))


def integrated_pyloudnorm(audio: Audio) -> float:
    """Time pyloudnorm, which has integrated loudness alone."""
    import pyloudnorm

    meter = pyloudnorm.Meter(audio.rate, filter_class="DeMan")
    samples = audio.samples.T.astype(np.float64)
    return cpu_seconds(lambda: meter.integrated_loudness(samples))


SPEED: Mapping[str, Callable[[Audio], float]] = {
    "bandmate, everything": everything_bandmate,
    "pyebur128, everything": everything_pyebur128,
    "pyebur128, without M and S": no_maxima_pyebur128,
    "ffmpeg ebur128, peak=true": everything_ffmpeg,
    "bandmate, true-peak curve 8 x": curve_bandmate,
    "bandmate, integrated alone": integrated_bandmate,
    "pyloudnorm, integrated alone": integrated_pyloudnorm,
}


def bandmate(case: Case, audio: Audio) -> float | None:
    """Ask bandmate."""
    if case.quantity == "true_peak":
        return error(case, 20.0 * math.log10(true_peak(audio.samples)), 1)
    heard = energies(audio.samples, audio.rate)
    meters: dict[str, Callable[[Readings], float | Readings]] = {
        "integrated": integrated,
        "short_term": short_term,
        "momentary": momentary,
        "loudness_range": loudness_range,
    }
    return error(case, meters[case.quantity](heard), HOPS_PER_SECOND)


def libebur128(case: Case, audio: Audio) -> float | None:
    """Ask libebur128, for short-term loudness every 50 ms, for momentary loudness every 10 ms."""
    state = pyebur128.R128State(audio.channels, audio.rate, ALL_MODES)
    if audio.channels == 6:
        kinds = pyebur128.ChannelType
        surround = (kinds.LEFT, kinds.RIGHT, kinds.CENTER, kinds.UNUSED)
        for channel, kind in enumerate((*surround, kinds.LEFT_SURROUND, kinds.RIGHT_SURROUND)):
            state.set_channel(channel, kind)
    sliding = {
        "short_term": (20, 60, pyebur128.get_loudness_shortterm),
        "momentary": (100, 40, pyebur128.get_loudness_momentary),
    }
    whole = {
        "integrated": pyebur128.get_loudness_global,
        "loudness_range": pyebur128.get_loudness_range,
        "true_peak": lambda state: 20.0 * math.log10(pyebur128.get_true_peak(state, 0)),
    }
    interleaved = np.ascontiguousarray(audio.samples.T).ravel()
    if case.quantity in whole:
        state.add_frames(interleaved, audio.frames)
        return error(case, whole[case.quantity](state), 1)
    steps_a_second, window, ask = sliding[case.quantity]
    readings = []
    for block in np.split(audio.samples.T, range(0, audio.frames, audio.rate // steps_a_second))[
        1:
    ]:
        state.add_frames(block.ravel(), len(block))
        readings.append(ask(state))
    return error(case, np.array(readings[window - 1 :]), steps_a_second)


def ffmpeg(case: Case, audio: Audio) -> float | None:
    """Ask ffmpeg's ebur128 filter, which reads momentary and short-term loudness every 100 ms."""
    key, skipped = {
        "integrated": ("I", 0),
        "loudness_range": ("LRA", 0),
        "momentary": ("M", 3),
        "short_term": ("S", 29),
        "true_peak": ("true_peak", 0),
    }[case.quantity]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "case.wav"
        soundfile.write(file, audio.samples.T, audio.rate, subtype="FLOAT")
        layout = ["-channel_layout", "5.1"] if audio.channels == 6 else []
        tell = "ebur128=peak=true:metadata=1,ametadata=print:file=-"
        command = ["ffmpeg", "-nostats", *layout, "-i", str(file), "-af", tell, "-f", "null", "-"]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    readings = np.array(re.findall(rf"lavfi\.r128\.{key}=(\S+)", said), dtype=float)[skipped:]
    readings = readings[~np.isnan(readings)]  # what it says where sound has just ended
    if case.quantity == "true_peak":
        readings = 20.0 * np.log10(readings)
    return error(case, readings if key in "MS" else float(readings[-1]), 10)


def pyloudnorm_deman(case: Case, audio: Audio) -> float | None:
    """Ask pyloudnorm for what it has."""
    import pyloudnorm

    meter = pyloudnorm.Meter(audio.rate, filter_class="DeMan")
    asks = {"integrated": meter.integrated_loudness, "loudness_range": meter.loudness_range}
    if case.quantity not in asks or audio.channels > 5:
        return None
    return error(case, asks[case.quantity](audio.samples.T.astype(np.float64)), 1)


PEERS: Mapping[str, Peer] = {
    "bandmate": bandmate,
    "pyebur128": libebur128,
    "ffmpeg": ffmpeg,
    "pyloudnorm DeMan": pyloudnorm_deman,
}


def worst(peer: Peer, rate: int) -> list[str]:
    """Say by how much a meter is off at worst, and how many signals it misses, by quantity."""
    off: dict[str, list[float | None]] = {quantity: [] for quantity in TOLERANCES}
    for case in cases():
        off[case.quantity].append(peer(case, Audio(case.make(rate), rate)))
    told = []
    for quantity, all_errors in off.items():
        errors = [e for e in all_errors if e is not None]
        low, high = TOLERANCES[quantity]
        missed = sum(not low <= e <= high for e in errors)
        most = f"{max(errors, key=abs):+.3f}" if errors else "-"
        told.append(f"{most} (misses {missed} of {len(errors)})" if missed else most)
    return told


def main() -> None:
    """Run and publish both tables."""
    if "BANDMATE_TEST_DATA" not in os.environ:
        sys.exit("BANDMATE_TEST_DATA should name the folder that holds the music")
    sounds = music(Path(os.environ["BANDMATE_TEST_DATA"]))
    speeds = [
        [name, *(round(audio.seconds / spent(audio)) for audio in sounds.values())]
        for name, spent in SPEED.items()
    ]
    errors = [[name, rate, *worst(peer, rate)] for rate in RATES for name, peer in PEERS.items()]
    quantities = ("integrated LU", "short-term LU", "momentary LU", "range LU", "true peak dB")
    publish(
        "Loudness meter",
        f"Speed in times real time, CPU time:\n\n{table(['', *sounds], speeds)}\n\n"
        "Largest error on the signals of EBU Tech 3341 and Tech 3342 (tolerance 0.1, range 1,\n"
        f"true peak +0.2 and -0.4):\n\n{table(['', 'rate', *quantities], errors)}",
    )


if __name__ == "__main__":
    main()
