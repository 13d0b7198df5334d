"""Whole ways through the house: a real mix mastered over OSC, MIDI out and in again."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyebur128
import pytest
import soundfile

from bench.pitch_cases import DEVELOPMENT, take
from bridge.osc.thin import Said
from tests.assistant.mastering.songs import peak_16
from tests.bridge.daw import daemon, daw
from tests.bridge.jack import Jackd

JACK_PERIOD = 2048  # long ones: a client that is late on a busy machine loses what it sends


def loudness(path: Path) -> float:
    """Measure with libebur128, not with our own meter."""
    samples, rate = soundfile.read(path, always_2d=True)
    state = pyebur128.R128State(samples.shape[1], rate, pyebur128.MeasurementMode.MODE_I)
    state.add_frames(samples.ravel(), samples.shape[0])
    return float(pyebur128.get_loudness_global(state))


@pytest.mark.data
@pytest.mark.parametrize(
    "name",
    [
        "kevin_macleod-vibe_ace.ogg",
        pytest.param("karissa_hobbs-lets_go_fishin.ogg", marks=pytest.mark.slow),
    ],
)
def test_a_real_mix_is_mastered_over_osc(data: Path, tmp_path: Path, name: str) -> None:
    mix = tmp_path / name
    shutil.copy(data / "music" / name, mix)
    with daemon(root=tmp_path) as running, daw(running.port) as here:
        heard = here.ask("master", "mix", str(mix), "preset", "spotify", "count", "1")
    (path,) = [Path(str(said[4])) for word, said in heard if word == "suggestion"]
    (told,) = [said[3:] for word, said in heard if word == "measured" and said[2] == "integrated"]
    assert path == mix.with_name(f"{mix.stem}.master-1.wav")
    assert told[1] == pytest.approx(-14.0, abs=0.1)
    assert loudness(path) == pytest.approx(-14.0, abs=0.1)
    made = soundfile.info(path)
    assert (made.samplerate, made.channels) == (44_100, 2)
    assert made.subtype == "PCM_24"
    assert made.frames == soundfile.info(mix).frames
    assert peak_16(soundfile.read(path)[0].T) <= -1.0


@pytest.mark.jack
def test_what_is_played_out_is_captured_and_becomes_context(
    jack_server: Jackd, tmp_path: Path
) -> None:
    options = ("--midi", "--root", str(tmp_path), "--root", os.environ["BANDMATE_HOME"])
    with daemon(*options) as running, daw(running.port) as here:
        bars = ("bars", "4", "ending", "close")  # rests on D: not in B minor as well
        here.ask("chords", "c", "", *bars, "key", "D", "tempo", "240", "count", "1")
        # answered when the ports are open: to look for them before would be a client that comes
        # while ours begin, which jackd 1.9.21 now and then answers by never waking ours again
        assert here.one("capture", "take", "start") == ("captured", ["take", 0])
        names = jack_server.ports()
        (out,) = [name for name in names if name.endswith(":bandmate out")]
        (into,) = [name for name in names if name.endswith(":bandmate in")]
        subprocess.run(["jack_connect", "-s", jack_server.name, out, into], check=True)
        assert here.one("play", "c", 1) == ("playing", ["c", 1])
        length = 4.0 + 2.0  # four bars of 4/4 at 240 BPM, and time to spare
        with pytest.raises(TimeoutError):
            here.hear(lambda *_: True, seconds=length)
        assert here.one("stop", "c") == ("stopped", ["c"])
        here.say("capture", "take", "stop")
        heard = here.hear(lambda word, _: word in {"captured", "error"})
        assert heard[-1][0] == "captured"
        asked = [said for word, said in here.heard if word == "note"]
        assert heard[-1][1][1] == len(asked)
        (path,) = [str(said[3]) for word, said in heard if word == "file"]
        answer = here.ask("chords", "more", path, "count", "1")
        assert answer[-1][0] == "done"
        assert "D major" in _why(answer)


def _why(heard: list[tuple[str, list[Said]]]) -> str:
    return next(str(said[3]) for word, said in heard if word == "suggestion")


def test_the_demo_runs_and_says_where_everything_lies(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "bridge", "demo", "--out", str(tmp_path / "demo")],
        capture_output=True,
        text=True,
        timeout=170,
        check=True,
        cwd=Path(__file__).parents[2],
    ).stdout
    files = [Path(path) for path in re.findall(r"(?:main|audio): (\S+)", told)]
    assert len(files) >= 7
    assert all(path.exists() for path in files)
    assert loudness(files[-1]) == pytest.approx(-14.0, abs=0.1)


def test_the_demo_masters_a_track_of_ones_own(tmp_path: Path) -> None:
    track = tmp_path / "song.wav"
    soundfile.write(track, np.random.default_rng(4).normal(0, 0.05, (88_200, 2)), 44_100)
    kept = track.read_bytes()
    words = ["demo", str(track), "--out", str(tmp_path / "demo")]
    told = subprocess.run(
        [sys.executable, "-m", "bridge", *words],
        capture_output=True,
        text=True,
        timeout=170,
        check=True,
        cwd=Path(__file__).parents[2],
    ).stdout
    assert str(tmp_path / "demo" / "song.master-1.wav") in told
    assert track.read_bytes() == kept


@pytest.mark.slow
@pytest.mark.parametrize(("minutes", "most_mb"), [(10, 300), (60, 300)])
def test_memory_stays_flat_however_long_the_mix(tmp_path: Path, minutes: int, most_mb: int) -> None:
    path = tmp_path / "long.wav"
    dice = np.random.default_rng(5)
    minute = dice.normal(0.0, 0.05, (44_100 * 60, 2)) * np.tile(np.hanning(44_100), 60)[:, None]
    with soundfile.SoundFile(path, "w", 44_100, 2, "PCM_16") as file:
        for _ in range(minutes):
            file.write(minute)
    command = [sys.executable, "-m", "bridge", "master", str(path), "--count", "1", "--json"]
    assert peak_mb(command) < most_mb


@pytest.mark.slow
def test_memory_hardly_grows_with_the_length_of_a_take(tmp_path: Path) -> None:
    phrase = take("good", DEVELOPMENT[3], notes=20).audio
    peaks = []
    for minutes in (4, 24):
        path = tmp_path / f"{minutes}.wav"
        with soundfile.SoundFile(path, "w", phrase.rate, 1, "PCM_16") as file:
            for _ in range(round(60 * minutes / phrase.seconds)):
                file.write(phrase.samples[0])
        command = [sys.executable, "-m", "bridge", "pitch", str(path), "--key", "C major"]
        peaks.append(peak_mb([*command, "--count", "1", "--json"]))
    assert peaks[1] < 1.2 * peaks[0]


@pytest.mark.slow
def test_memory_stays_flat_however_long_a_take_is_cleaned(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    dice, at = np.random.default_rng(6), np.arange(44_100) / 44_100
    bar = np.zeros((4 * 44_100, 2))  # three notes that ring out, and a pause
    for n, hertz in enumerate((220.0, 277.2, 329.6)):
        note = 0.3 * np.sin(2.0 * np.pi * hertz * at) * np.exp(-6.0 * at)
        bar[n * 44_100 : (n + 1) * 44_100] = note[:, None]
    peaks = []
    for minutes in (2, 10):
        with soundfile.SoundFile(path, "w", 44_100, 2, "PCM_16") as file:
            for _ in range(15 * minutes):
                file.write(bar + dice.normal(0.0, 0.004, bar.shape))
        command = [sys.executable, "-m", "bridge", "denoise", str(path), "--json"]
        peaks.append(peak_mb(command))
    assert peaks[1] < min(400.0, 1.2 * peaks[0])


def peak_mb(command: list[str]) -> float:
    """Run a command; return the most memory it took.

    A small process runs it, for a child begins with the peak memory of what started it.
    """
    observer = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    told = subprocess.run(
        [sys.executable, "-c", observer, *command],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    return int(told.stdout.splitlines()[-1]) / 1024
