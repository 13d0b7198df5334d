from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.dsp.f0 import F0Track
from assistant.dsp.other_voices import ALONE, Others, other_voices
from tests.assistant.dsp.sung import as_audio, sung, tracked

RATE = 22_050
SECONDS = 9.0
Array = NDArray[np.float64]


def melody(seed: int, middle_hz: float = 200.0) -> Array:
    """Sing notes of half a second, with slides and vibrato."""
    rng = np.random.default_rng(seed)
    steps = np.repeat(rng.integers(-5, 6, round(2.0 * SECONDS)), RATE // 2).astype(np.float64)
    even = np.hanning(RATE // 10)
    slid = np.convolve(np.pad(steps, RATE, "edge"), even / even.sum(), "same")[RATE:-RATE]
    swung = 0.3 * np.sin(2.0 * np.pi * 5.5 * np.arange(slid.size) / RATE + seed)
    return np.asarray(middle_hz * 2.0 ** ((slid + swung) / 12.0))


def strayed(hz: Array, rng: np.random.Generator) -> Array:
    """Sing the same again, some cents off from note to note."""
    cents = np.repeat(rng.normal(0.0, 15.0, round(2.0 * SECONDS)), RATE // 2)
    return np.asarray(hz * 2.0 ** (cents / 1200.0))


def found(sound: Array, hz: Array) -> Others:
    return other_voices(as_audio(sound, RATE), tracked(hz, RATE), np.ones(1, np.float32))


def mixed(level_db: float) -> tuple[Array, Array]:
    hz = melody(1)
    return sung(hz, RATE) + 10.0 ** (level_db / 20.0) * sung(melody(2, 260.0), RATE), hz


def test_nothing_is_found_beside_one_voice() -> None:
    hz = melody(1)
    one = found(sung(hz, RATE), hz)
    assert one.second < 0.05
    assert 0.0 < one.wavering_hz < 0.5


@pytest.mark.parametrize("snr_db", [20.0, 10.0])
def test_breath_and_noise_are_no_voice(snr_db: float) -> None:
    hz = melody(3)
    voice = sung(hz, RATE)
    noise = np.random.default_rng(4).normal(0.0, voice.std() * 10.0 ** (-snr_db / 20.0), hz.size)
    one = found(voice + noise, hz)
    assert one.second < 0.05
    assert one.wavering_hz < 2.0


@pytest.mark.parametrize("level_db", [0.0, -6.0, -12.0])
def test_another_melody_is_found_with_its_level(level_db: float) -> None:
    sound, hz = mixed(level_db)
    both = found(sound, hz)
    assert both.second > 0.3
    whole_db = -10.0 * np.log10(1.0 + 10.0 ** (-level_db / 10.0))
    assert both.second_db == pytest.approx(whole_db, abs=3.0)


def test_faint_bleed_is_let_through() -> None:
    assert found(*mixed(-24.0)).second < 0.1


def test_singers_in_unison_do_not_keep_step() -> None:
    hz, rng = melody(5), np.random.default_rng(6)
    choir = sum((sung(strayed(hz, rng), RATE) for _ in range(5)), start=sung(hz, RATE))
    assert found(np.asarray(choir), hz).wavering_hz > 3.0


def test_an_echo_is_the_voice_itself() -> None:
    hz = melody(1)
    late = round(0.3 * RATE)
    voice = sung(hz, RATE)
    echoed = voice.copy()
    echoed[late:] += 0.4 * voice[:-late]
    stranger = voice + 0.4 * sung(melody(2), RATE)
    assert found(echoed, hz).second < 0.15
    assert found(stranger, hz).second > 0.3


def test_silence_and_what_is_short_are_alone() -> None:
    hz = np.full(RATE // 5, 200.0)
    assert found(sung(hz, RATE), hz) == ALONE
    long = np.full(2 * RATE, 200.0)
    unvoiced = tracked(long, RATE, (5.0, 6.0))
    assert other_voices(as_audio(0.0 * long, RATE), unvoiced, np.ones(1, np.float32)) == ALONE


def test_a_voice_up_to_both_ends_of_its_sound_is_heard() -> None:
    hz = melody(7)[: 2 * RATE]
    assert found(sung(hz, RATE), hz).second < 0.05


def test_channels_are_mixed_as_told() -> None:
    sound, hz = mixed(-3.0)
    track: F0Track = tracked(hz, RATE)
    both = as_audio(np.stack((sound, -sound)), RATE)
    left = np.array([1.0, 0.0], dtype=np.float32)
    assert other_voices(both, track, left) == found(sound, hz)


def test_a_long_take_is_looked_at_in_few_places(monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.dsp import other_voices as module

    looked: list[int] = []
    whole = module._Stretches

    class Counted(whole):  # type: ignore[misc, valid-type]
        def __init__(self, audio: object, fine: object, weights: object, frames: Array) -> None:
            looked.append(frames.size)
            super().__init__(audio, fine, weights, frames)

    monkeypatch.setattr(module, "_Stretches", Counted)
    hz = np.tile(melody(1), 8)
    found(sung(hz, RATE), hz)
    assert 100 < sum(looked) <= 150
    assert max(looked) <= 32
