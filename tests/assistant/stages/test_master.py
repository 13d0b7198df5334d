from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import resample_poly

from assistant import engine
from assistant.contract import Context, Progress, Request, Suggestion
from assistant.dsp.drive import Drive
from assistant.dsp.loudness import measure
from assistant.errors import MaterialError, TargetError
from assistant.material import Audio, Samples

RATE = 44_100
FINISHED = ("karissa_hobbs-lets_go_fishin.ogg", "kevin_macleod-vibe_ace.ogg")


def ask(audio: Audio, count: int = 3, **asked: float) -> list[Suggestion]:
    request = Request("master", audio, asked, Context(count=count))
    return [one for one in engine.run(request) if isinstance(one, Suggestion)]


def main(suggestion: Suggestion) -> Audio:
    audio = suggestion.material["main"]
    assert isinstance(audio, Audio)
    return audio


def after(suggestion: Suggestion, name: str) -> float:
    value = suggestion.measured[name].after
    assert value is not None
    return value


def peak_16(samples: Samples) -> float:
    """Return the highest true peak in dBTP, found by SciPy at sixteen times the rate."""
    highest, block, margin = 0.0, 1 << 18, 20
    for row in samples:
        padded = np.pad(row, margin)
        for start in range(0, row.size, block):
            part = resample_poly(padded[start : start + block + 2 * margin], 16, 1)
            highest = max(highest, float(np.abs(part[16 * margin : -16 * margin]).max()))
    return 20.0 * math.log10(highest)


def song(seconds: float = 8.0, channels: int = 2, rate: int = RATE, level: float = 0.3) -> Audio:
    """Make drums, a bass and a chord that swells."""
    dice = np.random.default_rng(channels)
    time = np.arange(int(seconds * rate)) / rate
    drums = np.exp(-(time % 0.5) / 0.04) * dice.standard_normal((channels, time.size))
    bass = np.sin(2.0 * np.pi * 55.0 * time)
    chord = sum(np.sin(2.0 * np.pi * f * time) for f in (220.0, 277.2, 329.6))
    swell = 0.2 + 0.1 * np.sin(2.0 * np.pi * 0.25 * time)
    return Audio((level * (0.5 * drums + 0.3 * bass + swell * chord)).astype(np.float32), rate)


@pytest.fixture(scope="module")
def mixes() -> Callable[[Path, str], Audio]:
    def read(data: Path, name: str) -> Audio:
        if name != "stems":
            samples, rate = soundfile.read(data / "music" / name, dtype="float32")
            return Audio(np.ascontiguousarray(samples.T), rate)
        stems = sorted((data / "stems" / "potassium").glob("*.flac"))
        both = [soundfile.read(stem, dtype="float32") for stem in stems]
        total = np.sum([samples for samples, _ in both], axis=0)
        return Audio(np.ascontiguousarray(total.T), both[0][1])

    return read


def test_a_gain_is_enough_where_the_peaks_stay_under_the_ceiling() -> None:
    audio = song(level=0.3)
    (only,) = ask(audio, loudness=-30.0)
    gain = np.float32(10.0 ** (after(only, "gain") / 20.0))
    np.testing.assert_allclose(main(only).samples, audio.samples * gain, rtol=1e-6)
    assert "nothing is limited" in only.why
    assert after(only, "limiting") == 0.0
    assert [(move.parameter, move.mode) for move in only.moves] == [("gain_db", "change")]


def test_limiting_is_told_in_numbers_and_has_an_answer_without() -> None:
    target, kept = ask(song(), loudness=-12.0)
    assert target.title == "-12.0 LUFS"
    assert f"{after(target, 'limiting'):.1f} dB at most" in target.why
    assert 0.0 < after(target, "limiting") <= 8.0
    assert [(move.parameter, move.group) for move in target.moves] == [
        ("limiter.gain_db", "limiter"),
        ("limiter.ceiling_db", "limiter"),
    ]
    assert kept.title == "Dynamics kept"
    assert after(kept, "limiting") == 0.0
    assert after(kept, "peak_to_loudness") == pytest.approx(
        kept.measured["peak_to_loudness"].before
    )
    assert after(kept, "integrated") < after(target, "integrated")


def test_over_8_db_warns_and_adds_the_nearest_sensible_target() -> None:
    target, _, less = ask(song(), loudness=-8.0)
    assert after(target, "limiting") > 8.0
    assert after(target, "integrated") == pytest.approx(-8.0, abs=0.05)
    assert f"nearest sensible target is {after(less, 'integrated'):.1f} LUFS" in target.why
    assert 7.5 < after(less, "limiting") <= 8.0
    assert target.confidence < 0.6


def test_what_is_out_of_reach_is_refused_with_what_is_not() -> None:
    dice = np.random.default_rng(0)
    hum = np.sin(2.0 * np.pi * 25.0 * np.arange(3 * RATE) / RATE)
    audio = Audio((0.5 * hum + dice.normal(0.0, 0.01, (2, hum.size))).astype(np.float32), RATE)
    with pytest.raises(TargetError) as refused:
        ask(audio, loudness=-9.0)
    told = str(refused.value)
    assert "100 % of its energy lies below 100 Hz" in told
    assert "3.0 s" in told
    nearest = float(told.rpartition("nearest sensible target is ")[2].removesuffix(" LUFS."))
    (first, *_) = ask(audio, loudness=nearest)
    assert after(first, "limiting") <= 8.0
    assert after(first, "integrated") == pytest.approx(nearest, abs=0.05)


@pytest.mark.parametrize("channels", [1, 2, 6, 8])
@pytest.mark.parametrize("rate", [8_000, 48_000, 192_000])
def test_every_rate_and_channel_count_comes_to_the_target(channels: int, rate: int) -> None:
    (first, *_) = ask(song(2.0, channels, rate), loudness=-16.0)
    assert main(first).samples.shape == (channels, 2 * rate)
    assert measure(main(first)).integrated == pytest.approx(-16.0, abs=0.05)
    assert peak_16(main(first).samples) <= -1.0


def test_a_limited_master_can_be_mastered_again() -> None:
    (first, *_) = ask(song(), loudness=-11.0)
    (again, *_) = ask(main(first), loudness=-10.0)
    assert after(again, "integrated") == pytest.approx(-10.0, abs=0.05)
    assert peak_16(main(again).samples) <= -1.0


def test_the_target_it_already_has_leaves_a_mix_as_it_is() -> None:
    audio = song()
    (first, *_) = ask(audio, loudness=measure(audio).integrated, ceiling=0.0)
    np.testing.assert_allclose(main(first).samples, audio.samples, rtol=1e-5)


def test_an_offset_changes_nothing() -> None:
    audio = song()
    (first, *_) = ask(Audio(audio.samples + np.float32(0.05), RATE), loudness=-14.0)
    assert after(first, "integrated") == pytest.approx(-14.0, abs=0.05)
    assert peak_16(main(first).samples) <= -1.0


@settings(max_examples=15)
@given(st.floats(-30.0, -10.0), st.floats(-6.0, 0.0), st.floats(1.0, 100.0))
def test_the_amount_is_the_way_in_lu_and_the_ceiling_always_holds(
    loudness: float, ceiling: float, amount: float
) -> None:
    audio = song(3.0)
    (first,) = ask(audio, 1, loudness=loudness, ceiling=ceiling, amount=amount)
    before = measure(audio).integrated
    wanted = before + amount / 100.0 * (loudness - before)
    assert measure(main(first)).integrated == pytest.approx(wanted, abs=0.05)
    assert peak_16(main(first).samples) <= ceiling


def test_amount_0_is_the_mix() -> None:
    audio = song()
    (only,) = ask(audio, amount=0.0)
    assert main(only).samples.tobytes() == audio.samples.tobytes()
    assert only.moves == ()


@pytest.mark.parametrize(
    ("samples", "told"),
    [
        (np.zeros((2, RATE)), "silent"),
        (np.full((1, 17_000), 0.1), "lasts 0.385 s"),
        (np.random.default_rng(0).normal(0.0, 1e-6, (2, RATE)), "nowhere louder than -70 LUFS"),
    ],
)
def test_what_has_no_loudness_is_refused_by_name(samples: Samples, told: str) -> None:
    with pytest.raises(MaterialError, match=told):
        ask(Audio(samples.astype(np.float32), RATE))


def test_a_very_quiet_mix_is_brought_up_and_its_moves_stay_in_range() -> None:
    (first, *_) = ask(song(level=1e-3), loudness=-12.0)
    assert after(first, "gain") > 36.0
    gains = [move.value for move in first.moves if move.parameter.endswith("gain_db")]
    assert sum(gains) == pytest.approx(after(first, "gain"), abs=0.02)


def test_progress_is_told_before_each_wait() -> None:
    request = Request("master", song(), {"loudness": -8.0}, Context(count=4))
    answers = list(engine.run(request))
    told = [answer.doing for answer in answers if isinstance(answer, Progress)]
    assert told[:3] == ["measuring", "following the peaks", "finding the gain"]
    assert told[-1] == "done"


@pytest.mark.data
@pytest.mark.parametrize("loudness", [-14.0, -9.0])
@pytest.mark.parametrize("name", [*FINISHED, "stems"])
def test_real_mixes_come_to_the_target_under_the_ceiling(
    data: Path, mixes: Callable[[Path, str], Audio], name: str, loudness: float
) -> None:
    (first,) = ask(mixes(data, name), 1, loudness=loudness, ceiling=-1.0)
    assert measure(main(first)).integrated == pytest.approx(loudness, abs=0.05)
    assert peak_16(main(first).samples) <= -1.0


@pytest.mark.data
@pytest.mark.parametrize("ceiling", [-1.0, -6.0])
def test_rounding_to_16_bits_does_not_take_it_over_the_ceiling(
    data: Path, mixes: Callable[[Path, str], Audio], ceiling: float
) -> None:
    (first,) = ask(mixes(data, "stems"), 1, loudness=-13.0 + ceiling, ceiling=ceiling)
    assert after(first, "limiting") > 0.0
    step = np.float32(1.0 / 32_768.0)
    rounded = np.round(main(first).samples / step) * step
    assert peak_16(rounded) <= ceiling


@pytest.mark.data
@pytest.mark.parametrize("name", [*FINISHED, "stems"])
def test_what_8_db_can_do_is_never_refused_nor_warned_of(
    data: Path, mixes: Callable[[Path, str], Audio], name: str
) -> None:
    mix = mixes(data, name)
    drive = Drive(mix, -1.0, Context().scratch)
    (first,) = ask(mix, 1, loudness=drive.loudness_at(drive.headroom_db + 7.9))
    assert after(first, "limiting") == pytest.approx(7.9, abs=0.1)
    assert "sensible" not in first.why
