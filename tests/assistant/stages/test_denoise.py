"""Takes cleaned, and takes left alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from assistant import engine
from assistant.contract import Context, Request, Suggestion
from assistant.errors import MaterialError, MusicianError, SettingError
from assistant.material import Audio, Samples
from bridge import presets
from tests.assistant.dsp.likeness import si_sdr_db

RATE = 44_100
RNG = np.random.default_rng


def ask(
    take: Audio, count: int = 3, *, report: bool = False, seed: int = 0, **asked: Any
) -> list[Suggestion]:
    context = Context(seed, count, presets.data, report=report)
    answers = engine.run(Request("denoise", take, asked, context))
    return [one for one in answers if isinstance(one, Suggestion)]


def main(suggestion: Suggestion, role: str = "main") -> Samples:
    audio = suggestion.material[role]
    assert isinstance(audio, Audio)
    return audio.samples


def plucked(seconds: float = 8.0, rate: int = RATE, channels: int = 1) -> Samples:
    """Make notes that ring out, with a second of rest before and after each four."""
    made = np.zeros(round(seconds * rate))
    at = np.arange(rate) / rate
    for n in range(int(seconds)):
        if n % 4 == 0:
            continue
        hertz = 220.0 * 2.0 ** ((n * 5 % 12) / 12.0)
        note = sum(np.sin(2.0 * np.pi * hertz * k * at) / k**2 for k in (1, 2, 3, 4))
        fade = np.exp(-6.0 * at) * np.minimum(1.0, at * 300.0)
        span = slice(n * rate, n * rate + rate)
        made[span] += 0.3 * (note * fade)[: made[span].size]
    return np.repeat(made[None], channels, axis=0).astype(np.float32)


def hiss(like: Samples, level: float = 0.005, seed: int = 1) -> Samples:
    return (level * RNG(seed).standard_normal(like.shape)).astype(np.float32)


def on_16_bits(samples: Samples) -> Samples:
    return (np.rint(samples * 2**15) / 2**15).astype(np.float32)


@pytest.mark.parametrize("channels", [1, 2])
def test_hiss_goes_and_the_music_stays(channels: int) -> None:
    clean = plucked(channels=channels)
    noisy = clean + hiss(clean)
    balanced, gentle, strong = ask(Audio(noisy, RATE))
    assert [one.title for one in (balanced, gentle, strong)] == ["Balanced", "Gentle", "Strong"]
    before = si_sdr_db(noisy, clean)
    assert si_sdr_db(main(balanced), clean) > before + 6.0
    assert before + 3.0 < si_sdr_db(main(gentle), clean) < si_sdr_db(main(balanced), clean)
    for one in (balanced, gentle, strong):
        loud, quiet = one.measured["loud_parts"], one.measured["quiet_parts"]
        assert loud.before == pytest.approx(loud.after, abs=0.5)
        assert quiet.before is not None
        assert quiet.after is not None
        assert quiet.after < quiet.before - 6.0
        assert "dBFS" in one.why


def test_what_is_kept_and_what_is_taken_make_up_the_take() -> None:
    clean = plucked(channels=2)
    take = Audio(on_16_bits(clean + hiss(clean)), RATE)
    for one in ask(take, residual=True):
        assert np.array_equal(main(one) + main(one, "residual"), take.samples)
        assert np.array_equal(main(one), on_16_bits(main(one)))


def test_nothing_to_remove_nothing_changed() -> None:
    clean = plucked(channels=2)
    silence = np.zeros_like(clean)
    for samples in (clean, silence):
        take = Audio(samples, RATE)
        (only,) = ask(take)
        assert only.title == "Nothing to remove"
        assert only.material["main"] is take or np.array_equal(main(only), samples)


def test_without_a_pause_noise_is_left_and_why_is_said() -> None:
    at = np.arange(6 * RATE) / RATE
    pad = sum(0.1 * np.sin(2.0 * np.pi * hertz * at) for hertz in (110.0, 220.0, 277.2, 329.6))
    samples = np.asarray(pad)[None].astype(np.float32)
    (only,) = ask(Audio(samples + hiss(samples), RATE))
    assert np.array_equal(main(only), samples + hiss(samples))
    assert "pause" in only.why


def test_a_print_can_be_given_marked_and_kept() -> None:
    clean = plucked()
    noisy = Audio(clean + hiss(clean), RATE)
    alone = Audio(hiss(clean[:, : 2 * RATE], seed=9), RATE)
    for asked in ({"print": alone}, {"pause": "0.1-0.9"}):
        first = ask(noisy, 1, **asked)[0]
        assert si_sdr_db(main(first), clean) > si_sdr_db(noisy.samples, clean) + 6.0
    first, second = ask(noisy, 2, pause="0.1-0.9", keep_print="room")
    kept = first.material["print.room"]
    assert isinstance(kept, Audio)
    assert "print.room" not in second.material
    again = ask(noisy, 1, print=kept)[0]
    assert si_sdr_db(main(again), clean) > si_sdr_db(noisy.samples, clean) + 6.0


def test_a_print_of_another_room_is_refused_in_words() -> None:
    clean = plucked()
    other = np.cumsum(hiss(clean[:, : 2 * RATE], 0.002), axis=1)  # brown, not white
    other -= other.mean()
    (only,) = ask(Audio(clean + hiss(clean), RATE), print=Audio(other, RATE))
    assert np.array_equal(main(only), clean + hiss(clean))
    assert "another noise" in only.why


@pytest.mark.parametrize("pause", ["3", "2-1", "a-b", "-", "1-1"])
def test_a_pause_that_is_none_is_refused(pause: str) -> None:
    with pytest.raises(SettingError, match=r"3\.2-4\.5"):
        ask(Audio(plucked(2.0), RATE), pause=pause)


def test_a_pause_outside_the_take_is_refused() -> None:
    with pytest.raises(MaterialError, match="noise alone"):
        ask(Audio(plucked(2.0), RATE), pause="100-101")


def test_a_pause_beside_a_print_is_refused() -> None:
    alone = Audio(hiss(plucked(1.0)), RATE)
    with pytest.raises(SettingError, match="give one of them"):
        ask(Audio(plucked(2.0), RATE), pause="0.1-0.5", print=alone)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_print_that_holds_no_numbers_is_refused(bad: float) -> None:
    alone = hiss(plucked(1.0))
    alone[0, 100] = bad
    with pytest.raises(MaterialError, match="no numbers"):
        ask(Audio(plucked(2.0), RATE), print=Audio(alone, RATE))


def test_amount_nought_keeps_the_print_that_is_asked_for() -> None:
    noisy = Audio(plucked() + hiss(plucked()), RATE)
    (only,) = ask(noisy, amount=0.0, keep_print="room")
    assert only.material["main"] is noisy
    assert "print.room" in only.material


def test_a_clean_take_is_not_told_of_noise_without_a_pause() -> None:
    assert "rests are silent" in ask(Audio(plucked(), RATE))[0].why
    assert "The take is silent." in ask(Audio(0.0 * plucked(), RATE))[0].why


def test_clipping_is_made_up_and_kept_as_floats() -> None:
    at = np.arange(4 * RATE) / RATE
    clean = (1.6 * np.sin(2 * np.pi * 220 * at) * np.exp(-at))[None].astype(np.float32)
    take = Audio(on_16_bits(np.clip(clean, -1.0, 1.0 - 2**-15)), RATE)
    (mended,) = ask(take, reduction=0.0, residual=True)
    assert mended.title == "Mended"
    assert mended.bits == 32
    assert np.abs(main(mended)).max() > 1.2
    assert np.array_equal(main(mended) + main(mended, "residual"), take.samples)
    (kept,) = ask(take, reduction=0.0, declip=0.0)
    assert np.array_equal(main(kept), take.samples)


def test_each_repair_can_be_switched_off() -> None:
    clean = plucked()
    clicks = RNG(3).integers(0, clean.shape[1], 30)
    bad = clean.copy()
    bad[0, clicks] += 0.5
    at = np.arange(clean.shape[1]) / RATE
    hum = sum(0.02 / k * np.sin(2 * np.pi * 50 * k * at + k) for k in (1, 2, 3, 5))
    take = Audio(bad + np.asarray(hum)[None].astype(np.float32), RATE)
    kinds = {"declick": "click", "dehum": "harmonics"}
    for name, word in kinds.items():
        assert word in ask(take, 1)[0].why
        off: dict[str, Any] = {name: 0.0}
        assert word not in ask(take, 1, **off)[0].why
    assert si_sdr_db(main(ask(take, 1)[0]), clean) > si_sdr_db(take.samples, clean) + 10.0


def test_amounts_scale_and_nought_changes_nothing() -> None:
    clean = plucked()
    noisy = Audio(clean + hiss(clean), RATE)
    gains = [si_sdr_db(main(ask(noisy, 1, amount=amount)[0]), clean) for amount in (0, 40, 100)]
    assert gains == sorted(gains)
    assert np.array_equal(main(ask(noisy, 1, amount=0.0)[0]), noisy.samples)
    assert np.array_equal(main(ask(noisy, 1, reduction=0.0)[0]), noisy.samples)


def test_a_dead_channel_stays_dead_and_twins_stay_twins() -> None:
    row = (plucked() + hiss(plucked()))[0]
    dead = main(ask(Audio(np.stack([row, 0 * row]), RATE), 1)[0])
    assert not dead[1].any()
    twins = main(ask(Audio(np.stack([row, row]), RATE), 1)[0])
    assert np.array_equal(twins[0], twins[1])


def test_it_is_the_same_again() -> None:
    clean = plucked(channels=2)
    noisy = Audio(clean + hiss(clean), RATE)
    one, other = ask(noisy, 2, keep_print="x"), ask(noisy, 2, keep_print="x")
    for a, b in zip(one, other, strict=True):
        assert np.array_equal(main(a), main(b))
        assert (a.title, a.why, a.measured) == (b.title, b.why, b.measured)


def test_a_report_shows_before_after_and_what_was_taken() -> None:
    clean = plucked()
    for samples, pictures in ((clean + hiss(clean), 3), (clean, 3)):
        for one in ask(Audio(samples, RATE), report=True):
            report = one.material["report"]
            assert isinstance(report, str)
            assert report.count("data:image/png") == pictures


def test_speech_is_cleaned_as_speech_and_music_behind_it_is_not(data: Path) -> None:
    voice, rate = soundfile.read(data / "speech" / "librispeech-2.ogg", dtype="float32")
    noisy = voice[None] + hiss(voice[None], 0.01)
    first = ask(Audio(noisy, rate), 1)[0]
    assert si_sdr_db(main(first), voice[None]) > si_sdr_db(noisy, voice[None]) + 4.0
    guitar, _ = soundfile.read(data / "instruments" / "guit_em9.flac", dtype="float32")
    behind = np.resize(guitar[:, 0], 3 * voice.size)[::3] * np.float32(0.3)
    both = voice + behind
    made = main(ask(Audio(both[None] + hiss(voice[None], 0.003), rate), 1)[0])[0]
    kept = float(made @ behind) / float(behind @ behind)
    assert kept > 0.8 * float(both @ behind) / float(behind @ behind)


@pytest.mark.parametrize("rate", [8000, 192_000])
def test_every_rate(rate: int) -> None:
    clean = plucked(5.0, rate)
    noisy = Audio(clean + hiss(clean), rate)
    for one in ask(noisy, 1):
        assert main(one).shape == noisy.samples.shape


def test_noise_alone_does_not_break_it() -> None:
    samples = hiss(np.zeros((2, 3 * RATE), np.float32), 0.1)
    for one in ask(Audio(samples, RATE)):
        assert main(one).shape == samples.shape
    with pytest.raises(MusicianError):
        ask(Audio(samples, RATE), print=Audio(hiss(samples)[:, :10], RATE))
