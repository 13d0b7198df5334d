"""The peers of the limiter: each takes a sound and a gain, and holds the ceiling its own way.

``python -m bench.limiters NAME IN.wav OUT.wav GAIN_DB CEILING_DB`` limits a file with one of them,
so that its time and memory can be measured from outside.
"""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
import soundfile

from assistant.material import Audio, Samples

Limiter: TypeAlias = Callable[[Audio, float, float], Samples]

OVERSAMPLED = 4
HELD_ROUNDS = 3
HELD_STEP_DB = 0.02
LOUDNORM = "loudnorm=I={target}:TP={ceiling}:LRA=11"


def bandmate(audio: Audio, gain_db: float, ceiling_db: float) -> Samples:
    """Limit as the stage does."""
    from assistant.dsp.drive import follow
    from assistant.steps import result

    drive = result(follow(audio, ceiling_db, lambda shape: np.zeros(shape, np.float32)))
    return result(drive.master(gain_db)).audio.samples


def alimiter(audio: Audio, gain_db: float, ceiling_db: float) -> Samples:
    """Limit with ffmpeg's alimiter, oversampled around it; it makes up for its own delay."""
    return _piped(audio, alimiter_filter(audio.rate, gain_db, ceiling_db))


def alimiter_filter(rate: int, gain_db: float, ceiling_db: float) -> str:
    """Write the filter of `alimiter`."""
    limit = 10.0 ** (ceiling_db / 20.0)
    return (
        f"volume={gain_db}dB:precision=double,aresample={OVERSAMPLED * rate},"
        f"alimiter=limit={limit}:level=false:latency=1,aresample={rate}"
    )


def brickwall(audio: Audio, gain_db: float, ceiling_db: float) -> Samples:
    """Limit with pedalboard, which finds peaks between the samples where asked to."""
    import pedalboard

    chain = pedalboard.Pedalboard(
        [
            pedalboard.Gain(gain_db),
            pedalboard.BrickwallLimiter(ceiling_db=ceiling_db, true_peak=True),
        ]
    )
    return np.asarray(chain(audio.samples, audio.rate), dtype=np.float32)


def libsonare(audio: Audio, gain_db: float, ceiling_db: float) -> Samples:
    """Limit with libsonare's true-peak limiter, as it comes."""
    import libsonare as sonare

    left, right = audio.samples[0], audio.samples[-1]
    gain = np.float32(10.0 ** (gain_db / 20.0))
    made = sonare.mastering_process_stereo(
        "maximizer.truePeakLimiter",
        left * gain,
        right * gain,
        audio.rate,
        {"ceilingDb": ceiling_db},
    )
    sides = np.array([made.left, made.right], dtype=np.float32)
    return np.asarray(sides[: audio.channels, made.latency_samples :])


def matchering(audio: Audio, gain_db: float, ceiling_db: float) -> Samples:
    """Limit with matchering's Hyrax, as it comes: it looks at samples, not between them."""
    from matchering import Config
    from matchering.limiter import limit

    scaled = audio.samples.T * 10.0 ** (gain_db / 20.0)
    threshold = 10.0 ** (ceiling_db / 20.0)
    config = Config(internal_sample_rate=audio.rate, threshold=threshold)
    return np.ascontiguousarray(limit(scaled, config).T, dtype=np.float32)


def matchering_held(audio: Audio, gain_db: float, ceiling_db: float) -> Samples:
    """Limit with matchering's Hyrax, its ceiling lowered until the true peak is under ours."""
    from bench.master_measures import peak_by_soxr

    lowered_db = ceiling_db
    for _ in range(HELD_ROUNDS):
        made = matchering(audio, gain_db, lowered_db)
        over_db = peak_by_soxr(made) - ceiling_db
        if over_db <= 0.0:
            return made
        lowered_db -= over_db + HELD_STEP_DB
    return np.asarray(made * 10.0 ** (-over_db / 20.0), dtype=np.float32)


def sox(audio: Audio, gain_db: float, ceiling_db: float) -> Samples:
    """Limit with the limiter in sox's gain, which stops at full scale, and turn that down."""
    plain = ["-t", "f32", "-r", str(audio.rate), "-c", str(audio.channels), "-"]
    sound = np.ascontiguousarray(audio.samples.T).tobytes()
    command = ["sox", *plain, *plain, *sox_effects(gain_db, ceiling_db)]
    told = subprocess.run(command, input=sound, check=True, capture_output=True).stdout
    return _planar(told, audio.channels)


def sox_effects(gain_db: float, ceiling_db: float) -> list[str]:
    """Write the effects of `sox`."""
    return ["gain", "-l", f"{gain_db - ceiling_db:.6f}", "gain", f"{ceiling_db:.6f}"]


def loudnorm(audio: Audio, target: float, ceiling_db: float) -> Samples:
    """Run ffmpeg's loudnorm twice; it takes a loudness in LUFS where the others take a gain."""
    first = LOUDNORM.format(target=target, ceiling=ceiling_db)
    told = _pipe(audio, f"{first}:print_format=json").stderr.decode()
    return _piped(audio, loudnorm_filter(first, told, audio.rate))


def loudnorm_filter(first: str, told: str, rate: int) -> str:
    """Write the filter of the second pass from what the first one told."""
    measured = json.loads(re.findall(r"\{[^{}]*\}", told)[-1])
    names = {"I": "i", "TP": "tp", "LRA": "lra", "thresh": "thresh"}
    known = ":".join(f"measured_{a}={measured[f'input_{b}']}" for a, b in names.items())
    return f"{first}:{known}:offset={measured['target_offset']}:linear=true,aresample={rate}"


def _piped(audio: Audio, filters: str) -> Samples:
    return _planar(_pipe(audio, filters).stdout, audio.channels)


def _planar(told: bytes, channels: int) -> Samples:
    return np.ascontiguousarray(np.frombuffer(told, dtype="<f4").reshape(-1, channels).T)


def _pipe(audio: Audio, filters: str) -> subprocess.CompletedProcess[bytes]:
    raw = ["-f", "f32le", "-ar", str(audio.rate), "-ac", str(audio.channels)]
    command = ["ffmpeg", "-nostats", *raw, "-i", "-", "-af", filters, *raw, "-"]
    sound = np.ascontiguousarray(audio.samples.T).tobytes()
    return subprocess.run(command, input=sound, check=True, capture_output=True)


PEERS: Mapping[str, Limiter] = {
    "ffmpeg alimiter, 4 x oversampled": alimiter,
    "pedalboard BrickwallLimiter": brickwall,
    "libsonare true-peak limiter": libsonare,
    "matchering limiter": matchering,
    "matchering limiter, trimmed to the ceiling": matchering_held,
    "sox gain -l": sox,
    "ffmpeg loudnorm, 2-pass": loudnorm,
}


def missing(peer: Limiter) -> bool:
    """Tell whether a peer is not installed here."""
    packages = {
        brickwall: "pedalboard",
        libsonare: "libsonare",
        matchering: "matchering",
        matchering_held: "matchering",
    }
    if peer in packages:
        return importlib.util.find_spec(packages[peer]) is None
    return shutil.which("sox" if peer is sox else "ffmpeg") is None


def main() -> None:
    """Limit a file; ffmpeg and sox read and write it themselves."""
    if len(sys.argv) == 1:
        print(__doc__)
        return
    name, source, goal, value, ceiling = sys.argv[1:]
    peer, told = PEERS[name], soundfile.info(source)
    rate, layout = told.samplerate, ["-ac", str(told.channels)]
    command = ["ffmpeg", "-nostats", "-y", "-i", source, "-af"]
    if peer is alimiter:
        filters = alimiter_filter(rate, float(value), float(ceiling))
        subprocess.run([*command, filters, *layout, goal], check=True, capture_output=True)
    elif peer is loudnorm:
        first = LOUDNORM.format(target=value, ceiling=ceiling)
        measuring = [*command, f"{first}:print_format=json", "-f", "null", "-"]
        said = subprocess.run(measuring, check=True, capture_output=True, text=True).stderr
        filters = loudnorm_filter(first, said, rate)
        subprocess.run([*command, filters, *layout, goal], check=True, capture_output=True)
    elif peer is sox:
        effects = sox_effects(float(value), float(ceiling))
        subprocess.run(["sox", source, goal, *effects], check=True, capture_output=True)
    else:
        samples, rate = soundfile.read(source, dtype="float32", always_2d=True)
        audio = Audio(np.ascontiguousarray(samples.T), rate)
        made = peer(audio, float(value), float(ceiling))
        soundfile.write(goal, made.T, rate, subtype="FLOAT")


if __name__ == "__main__":
    main()
