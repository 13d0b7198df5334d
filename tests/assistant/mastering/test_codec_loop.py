from __future__ import annotations

import zlib
from collections.abc import Callable, Generator
from typing import TypeVar

import numpy as np
import pytest

from assistant.contract import Codec
from assistant.dsp.drive import follow
from assistant.dsp.loudness import energies, integrated
from assistant.dsp.truepeak import true_peak
from assistant.mastering import codec_loop
from assistant.mastering.codec_loop import Kept, check, keep_under
from assistant.mastering.lossy import read
from assistant.material import Audio, Samples
from bridge.tools import codec

RATE = 44_100
T = TypeVar("T")


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, dtype=np.float32)


def finished(work: Generator[float, None, T]) -> T:
    shares = []
    while True:
        try:
            shares.append(next(work))
        except StopIteration as done:
            assert shares == sorted(shares)
            assert 0.0 <= shares[0] <= shares[-1] <= 1.0
            result: T = done.value
            return result


def loud(seconds: float = 4.0) -> Audio:
    """Make a dense sound with a true peak of -1 dB, driven as loud masters are."""
    time = np.arange(int(seconds * RATE)) / RATE
    dice = np.random.default_rng(1)
    beat = np.exp(-(time % 0.5) / 0.1) * dice.standard_normal((2, time.size))
    tone = np.sin(2 * np.pi * 110.0 * time) + np.sin(2 * np.pi * 277.0 * time)
    driven = np.tanh(1.5 * (beat + 0.8 * tone))
    dull = np.stack([np.convolve(row, np.hanning(8), mode="same") for row in driven])
    samples = dull.astype(np.float32)
    return Audio(samples * np.float32(10 ** (-0.05) / true_peak(samples, 16)), RATE)


class Rough:
    """A codec that overshoots in places, a little otherwise for each sound, as real ones do."""

    name = "rough"
    version = "1"

    def __init__(self, much: float, lacks: tuple[str, ...] = ()) -> None:
        self.much = much
        self.lacks = lacks
        self.asked: list[tuple[str, int]] = []

    def encoder(self, codec: str, /) -> str:
        return "" if codec in self.lacks else codec

    def __call__(
        self, audio: Audio, codec: str, kbps: int, scratch: Callable[[tuple[int, ...]], Samples], /
    ) -> Generator[float, None, Audio | None]:
        yield 0.5
        self.asked.append((codec, kbps))
        if codec in self.lacks:
            return None
        dice = np.random.default_rng(zlib.crc32(audio.samples.tobytes()))
        places = np.arange(audio.frames) % 20_000 < 40
        overshoot = 1.0 + self.much * places * dice.uniform(0.8, 1.2, audio.frames)
        return Audio(audio.samples * overshoot.astype(np.float32), audio.rate)


class Stubborn(Rough):
    """A codec that adds a peak 2 dB above the others, each time in another place."""

    def __call__(
        self, audio: Audio, codec: str, kbps: int, scratch: Callable[[tuple[int, ...]], Samples], /
    ) -> Generator[float, None, Audio | None]:
        yield 0.5
        heard = np.array(audio.samples)
        heard[0, len(self.asked) * 997 % audio.frames] = 1.26 * np.abs(heard[:, -RATE:]).max()
        self.asked.append((codec, kbps))
        return Audio(heard, audio.rate)


class Driven:
    """A maker that drives a sound by no gain into a limiter that it stays under."""

    def __init__(self, audio: Audio) -> None:
        self._drive = finished(follow(audio, -0.9, zeros))

    def hold(self, decoded: Audio, highest_db: float, /) -> Generator[float, None, float]:
        return (yield from self._drive.hold(decoded, highest_db))

    def make(self, trim_db: float, /) -> Generator[float, None, Audio]:
        made = yield from self._drive.master(0.0)
        return Audio(made.audio.samples * np.float32(10.0 ** (-trim_db / 20.0)), RATE)


def kept(audio: Audio, words: str, tool: Codec | None) -> Kept:
    return finished(keep_under(Driven(audio), read(words), tool, zeros))


def test_what_goes_over_behind_a_codec_is_lowered_at_little_cost() -> None:
    audio = loud()
    found = kept(audio, "aac 128, opus 96", Rough(0.4))
    assert max(one.true_peak or 0.0 for one in found.before) > 0.5
    assert found.worst <= -0.05
    assert found.trim_db == 0.0
    assert 1 <= found.rounds <= 10
    assert found.checked
    loss = integrated(energies(audio.samples, RATE)) - integrated(
        energies(found.audio.samples, RATE)
    )
    assert found.cost_lu == pytest.approx(loss, abs=1e-6)
    assert 0.0 < found.cost_lu < 0.3
    assert true_peak(found.audio.samples, 16) <= 1.0005 * true_peak(audio.samples, 16)


def test_where_nothing_goes_over_the_master_is_left_alone() -> None:
    audio = loud()
    found = kept(audio, "aac 256", Rough(0.0))
    assert np.array_equal(found.audio.samples, audio.samples)
    assert (found.rounds, found.trim_db, found.cost_lu) == (0, 0.0, 0.0)
    assert found.before == found.after


def test_what_cannot_be_lowered_in_places_is_trimmed() -> None:
    found = kept(loud(), "mp3 320", Stubborn(0.0))
    assert found.worst <= -0.05
    assert found.rounds > 10
    assert 0.1 <= found.trim_db < 3.0
    assert found.trim_db - 0.05 < found.cost_lu < 3.0  # the places before cost a little too


def test_long_sounds_are_turned_down_after_fewer_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = kept(loud(), "mp3 320", Stubborn(0.0))
    monkeypatch.setattr(codec_loop, "ROUNDS_SECONDS", 4.0)  # as if these four seconds were hours
    found = kept(loud(), "mp3 320", Stubborn(0.0))
    assert found.worst <= -0.05
    assert 3 < found.rounds <= usual.rounds - 5


def test_without_a_tool_the_master_is_made_and_that_is_said() -> None:
    audio = loud()
    found = kept(audio, "aac 128, opus 96", None)
    assert np.array_equal(found.audio.samples, audio.samples)
    assert not found.checked
    assert found.worst == -np.inf
    assert [one.why for one in found.after] == ["there is no ffmpeg to make one"] * 2


def test_a_codec_that_is_missing_is_said_and_the_others_are_kept_under() -> None:
    found = kept(loud(), "mp3 320, aac 128", Rough(0.4, lacks=("mp3",)))
    mp3, aac = found.after
    assert mp3.true_peak is None
    assert mp3.why == "rough has no encoder for MP3"
    assert aac.true_peak is not None
    assert aac.true_peak <= -0.05
    assert not found.checked


def test_the_same_sound_is_kept_in_the_same_way() -> None:
    once, again = (kept(loud(), "aac 128", Rough(0.4)) for _ in range(2))
    assert np.array_equal(once.audio.samples, again.audio.samples)
    assert once.after == again.after


def test_a_check_measures_and_changes_nothing() -> None:
    audio, tool = loud(), Rough(0.0)
    heard = finished(check(audio, read("aac 128, vorbis"), tool, zeros))
    peak = 20 * np.log10(true_peak(audio.samples, 16))
    assert [one.lossy for one in heard] == list(read("aac 128, vorbis"))
    assert [one.true_peak for one in heard] == pytest.approx([peak, peak])
    assert tool.asked == [("aac", 128), ("vorbis", 192)]


@pytest.mark.parametrize("words", ["aac 128", "opus 96, vorbis 160"])
def test_real_codecs_are_kept_under_full_scale(words: str) -> None:
    tool = codec.find()
    if tool is None:
        pytest.skip("ffmpeg is not installed")
    for lossy in read(words):
        if not tool.encoder(lossy.codec):
            pytest.skip(f"this ffmpeg has no encoder for {lossy.codec}")
    found = kept(loud(), words, tool)
    assert max(one.true_peak or -9.0 for one in found.before) > 0.0
    assert found.worst <= -0.05
    assert found.cost_lu < 0.5
    for lossy in read(words):
        decoded = finished(tool(found.audio, lossy.codec, lossy.kbps, zeros))
        assert decoded is not None
        assert true_peak(decoded.samples, 16) <= 1.0
