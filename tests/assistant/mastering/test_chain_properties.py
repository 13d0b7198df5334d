"""What every step of a master promises, whatever it does to the sound."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.dsp import dither, resampling
from assistant.dsp.band_levels import listen
from assistant.dsp.dither import quantise
from assistant.dsp.multiband import Compressor, compress
from assistant.dsp.resampling import resample
from assistant.mastering import space
from assistant.mastering.space import WidthMove
from assistant.material import Audio, Samples
from tests.assistant.dsp.sounds import nasty_sounds

Work: TypeAlias = Generator[float, None, Audio]
Step: TypeAlias = Callable[[Audio], Work]

COMPRESSORS = (Compressor(0, -30.0, 2.0, 0.2), Compressor(None, -20.0, 2.0, 0.03))
MOVES = (WidthMove(20.0, 120.0, -24.0, ""), WidthMove(2000.0, 3500.0, 2.0, ""))


def scratch(shape: tuple[int, ...]) -> Samples:
    """Hand out what nobody has cleaned up, so that what is not written shows."""
    return np.full(shape, np.nan, dtype=np.float32)


def compressed(audio: Audio) -> Work:
    levels = yield from listen(audio, scratch)
    return (yield from compress(audio, levels, COMPRESSORS, scratch))


def widened(audio: Audio) -> Work:
    return space.apply(audio, MOVES, lambda shape: np.zeros(shape, np.float32))


STEPS: dict[str, Step] = {
    "resample": lambda audio: resample(audio, 48_000, scratch),
    "round": lambda audio: quantise(audio, 16, "none", 1, scratch),
    "dither": lambda audio: quantise(audio, 16, "tpdf", 1, scratch),
    "shape": lambda audio: quantise(audio, 16, "shaped", 1, scratch),
    "compress": compressed,
    "width": widened,
}
NOISELESS = ("resample", "compress", "width")
SAME_RATE = tuple(name for name in STEPS if name != "resample")


def made(name: str, samples: Samples, rate: int = 44_100) -> Samples:
    work = STEPS[name](Audio(np.ascontiguousarray(samples), rate))
    while True:
        try:
            next(work)
        except StopIteration as end:
            out: Any = end.value
            return np.asarray(out.samples)


def burst(at: int, frames: int = 44_100) -> Samples:
    """Make a click that any of the steps lets through, on both sides, one louder."""
    made_ = np.zeros((2, frames), np.float32)
    made_[:, at : at + 8] = [[0.5], [0.3]]
    return made_


@pytest.mark.parametrize("name", STEPS)
@settings(max_examples=30)
@given(nasty_sounds())
def test_every_sample_is_written_and_is_a_number(name: str, sound: tuple[Samples, int]) -> None:
    assert np.isfinite(made(name, *sound)).all()


@pytest.mark.parametrize("name", STEPS)
@settings(max_examples=20)
@given(nasty_sounds())
def test_the_same_in_is_the_same_out(name: str, sound: tuple[Samples, int]) -> None:
    np.testing.assert_array_equal(made(name, *sound), made(name, *sound))


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_silence_stays_silent(name: str, channels: int) -> None:
    assert not made(name, np.zeros((channels, 30_000), np.float32)).any()


@pytest.mark.parametrize("name", STEPS)
def test_the_input_is_left_as_it_was(name: str) -> None:
    samples = np.random.default_rng(1).standard_normal((2, 20_000)).astype(np.float32)
    kept = samples.copy()
    made(name, samples)
    np.testing.assert_array_equal(samples, kept)


@pytest.mark.parametrize("name", STEPS)
@given(st.integers(2000, 40_000))
@settings(max_examples=10)
def test_what_comes_first_comes_first(name: str, at: int) -> None:
    out = np.abs(made(name, burst(at))[0])
    ratio = out.size / 44_100
    centre = float(np.sum(out**2 * np.arange(out.size)) / np.sum(out**2))
    assert centre == pytest.approx((at + 3.5) * ratio, abs=1.0)


@pytest.mark.parametrize("name", NOISELESS)
@settings(max_examples=20)
@given(nasty_sounds())
def test_swapped_in_is_swapped_out(name: str, sound: tuple[Samples, int]) -> None:
    samples, rate = sound
    both = np.ascontiguousarray(samples[[0, -1]])
    swapped = made(name, np.ascontiguousarray(both[::-1]), rate)
    np.testing.assert_array_equal(swapped[::-1], made(name, both, rate))


@pytest.mark.parametrize("name", NOISELESS)
@settings(max_examples=20)
@given(nasty_sounds())
def test_upside_down_in_is_upside_down_out(name: str, sound: tuple[Samples, int]) -> None:
    samples, rate = sound
    np.testing.assert_array_equal(made(name, -samples, rate), -made(name, samples, rate))


@pytest.mark.parametrize("name", SAME_RATE)
@pytest.mark.parametrize("frames", [0, 1, 2, 100])
def test_the_length_stays(name: str, frames: int) -> None:
    assert made(name, np.full((2, frames), 0.1, np.float32)).shape == (2, frames)


@pytest.mark.parametrize(
    ("name", "module"),
    [("resample", resampling), ("round", dither), ("shape", dither), ("width", space)],
)
def test_blocks_do_not_show(name: str, module: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    samples = np.random.default_rng(2).standard_normal((2, 50_000)).astype(np.float32)
    whole = made(name, samples)
    monkeypatch.setattr(module, "BLOCK_FRAMES", 777)
    np.testing.assert_array_equal(made(name, samples), whole)


def test_the_blocks_of_the_bands_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = np.random.default_rng(2).standard_normal((2, 50_000)).astype(np.float32)
    whole = made("compress", samples)
    monkeypatch.setattr("assistant.dsp.crossover.BLOCK_SECONDS", 0.1)
    # Transforms of another length round otherwise; what they are rounded to is -120 dB.
    np.testing.assert_allclose(made("compress", samples), whole, atol=4e-6)
