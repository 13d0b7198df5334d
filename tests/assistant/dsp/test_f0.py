from __future__ import annotations

import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from assistant.dsp import f0
from assistant.dsp.f0 import HOP, HOP_SECONDS, RATE_HZ, F0Track, Tracker, joined, track
from assistant.material import Audio


def glide(seconds: float, low_hz: float, high_hz: float, rate: int = RATE_HZ) -> np.ndarray:
    """Sing a vowel-like tone that glides from one frequency to another."""
    time = np.arange(round(seconds * rate)) / rate
    hz = low_hz * (high_hz / low_hz) ** (time / seconds)
    turns = 2.0 * np.pi * np.cumsum(hz) / rate
    tone = sum(np.sin(order * turns) / order for order in range(1, 11))
    return np.asarray(0.15 * tone, dtype=np.float32)


def tracked(audio: Audio, seconds: float | None = None) -> F0Track:
    work = track(audio, seconds)
    before = 0.0
    while True:
        try:
            done = next(work)
        except StopIteration as end:
            assert before == 1.0
            found: F0Track = end.value
            return found
        assert before <= done <= 1.0
        before = done


@pytest.fixture(params=["swift", "pyin"])
def model(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Track with the network, and with what stands in where onnxruntime is missing."""
    if request.param == "swift":
        pytest.importorskip("swift_f0")
    else:
        monkeypatch.setattr(f0, "_model", lambda: None)
    return str(request.param)


def test_a_glide_is_followed_within_cents(model: str) -> None:
    found = tracked(Audio(glide(4.0, 150.0, 600.0)[None, :], RATE_HZ))
    assert found.times.size == pytest.approx(4.0 / HOP_SECONDS, abs=2)
    np.testing.assert_allclose(np.diff(found.times), HOP_SECONDS)
    inside = slice(10, -10)
    truth = 69.0 + 12.0 * np.log2(150.0 * 4.0 ** (found.times[inside] / 4.0) / 440.0)
    assert found.voiced[inside].mean() > 0.97
    assert np.median(np.abs(found.pitch[inside] - truth)) < 0.15
    assert found.level_db[50] == pytest.approx(-16.0, abs=3.0)


def test_noise_and_silence_are_not_voiced(model: str) -> None:
    rng = np.random.default_rng(3)
    noise = np.concatenate((np.zeros(RATE_HZ), 0.1 * rng.standard_normal(2 * RATE_HZ)))
    found = tracked(Audio(noise.astype(np.float32)[None, :], RATE_HZ))
    assert found.voiced.mean() < 0.1
    assert not found.voiced[: RATE_HZ // HOP - 8].any()


def test_blocks_do_not_matter(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f0, "_PYIN_BLOCK", 150)  # one of its blocks and a rest
    sound = glide(4.5, 120.0, 400.0)
    whole, parts = Tracker(), Tracker()
    once = joined([whole.push(sound), whole.finish()])
    cut = [sound[at : at + 5_003] for at in range(0, sound.size, 5_003)]
    again = joined([*(parts.push(each) for each in cut), parts.finish()])
    np.testing.assert_array_equal(once.times, again.times)
    np.testing.assert_allclose(once.hz, again.hz, rtol=1e-3)
    np.testing.assert_allclose(once.confidence, again.confidence, atol=0.02)


def test_the_same_sound_is_tracked_the_same_bit_for_bit(model: str) -> None:
    audio = Audio(glide(3.0, 200.0, 300.0)[None, :], RATE_HZ)
    first, second = tracked(audio), tracked(audio)
    assert first.hz.tobytes() == second.hz.tobytes()
    assert first.confidence.tobytes() == second.confidence.tobytes()


@pytest.mark.parametrize("rate", [8_000, 44_100, 192_000])
def test_any_rate_and_channels(rate: int) -> None:
    sound = glide(2.0, 220.0, 220.0, rate)
    found = tracked(Audio(np.stack((sound, sound)), rate))
    assert np.median(found.hz[found.voiced]) == pytest.approx(220.0, rel=0.005)


@pytest.mark.parametrize("frames", [0, 1, HOP - 1, HOP, 3 * HOP])
def test_a_few_samples(frames: int, model: str) -> None:
    tracker = Tracker()
    found = joined([tracker.push(glide(1.0, 200.0, 200.0)[:frames]), tracker.finish()])
    assert found.times.size <= max(1, frames // HOP)


def test_only_what_is_asked_for() -> None:
    found = tracked(Audio(glide(3.0, 200.0, 200.0)[None, :], RATE_HZ), 1.0)
    assert found.times[-1] < 1.0


def test_real_singing_is_voiced(data: Path) -> None:
    import soundfile

    samples, rate = soundfile.read(data / "singing" / "singing-female.wav", dtype="float32")
    found = tracked(Audio(samples[None, :], rate))
    loud = found.level_db > found.level_db.max() - 30.0
    assert found.voiced[loud].mean() > 0.95


def test_the_module_loads_nothing_heavy() -> None:
    code = (
        "import sys; import assistant.dsp.f0;"
        "print(sorted({'onnxruntime', 'swift_f0', 'librosa', 'torch'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_the_network_leaves_nothing_behind(tmp_path: Path) -> None:
    pytest.importorskip("swift_f0")
    code = (
        "import numpy as np; from assistant.dsp.f0 import Tracker; t = Tracker();"
        "t.push(np.zeros(16000, 'f4')); t.finish()"
    )
    homes = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    subprocess.run([sys.executable, "-c", code], check=True, env=homes, cwd=Path.cwd())
    assert not [path for path in tmp_path.rglob("*") if "numba" not in str(path)]


@pytest.mark.slow
def test_memory_is_flat() -> None:
    tracker, block = Tracker(), glide(10.0, 150.0, 300.0)
    tracker.push(block)
    tracemalloc.start()
    for _ in range(60):
        tracker.push(block)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20e6
