from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.truepeak import sample_peak
from assistant.mastering import cleaning
from assistant.mastering.cleaning import (
    clean,
    clean_album,
    offsets,
    without_offset,
    without_rumble,
)
from assistant.material import Audio, Session, Stem
from assistant.steps import result
from tests.assistant.dsp.test_rumble import SECONDS, decibels, over, rumbling
from tests.assistant.mastering.songs import RATE, record, song, zeros


def off(*by: float) -> Audio:
    return Audio(song(2.0).samples + np.array(by, np.float32)[:, None], RATE)


def test_an_offset_is_taken_out_of_each_channel_and_said() -> None:
    made, told = result(without_offset(off(0.2, -0.05), 1.0, zeros))
    assert result(offsets(made)) == pytest.approx([0.0, 0.0], abs=1e-6)
    assert "offset" in told
    plain = song(2.0).samples
    np.testing.assert_allclose(made.samples, plain - plain.mean(axis=1, keepdims=True), atol=1e-6)


def test_half_the_amount_takes_half_of_it() -> None:
    made, _ = result(without_offset(off(0.2, 0.2), 0.5, zeros))
    assert result(offsets(made)) == pytest.approx([0.1, 0.1], abs=1e-3)


@pytest.mark.parametrize(("by", "amount"), [(0.0, 1.0), (0.2, 0.0)])
def test_what_has_none_or_is_not_to_be_changed_stays_the_same_array(
    by: float, amount: float
) -> None:
    audio = off(by, by)
    made, told = result(without_offset(audio, amount, zeros))
    assert made is audio
    assert told == ""


def test_silence_has_none() -> None:
    audio = Audio(zeros((2, 1000)), RATE)
    assert result(without_offset(audio, 1.0, zeros)) == (audio, "")


def test_blocks_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, _ = result(without_offset(off(0.2, 0.1), 1.0, zeros))
    monkeypatch.setattr(cleaning, "_BLOCK_FRAMES", 777)
    parts, _ = result(without_offset(off(0.2, 0.1), 1.0, zeros))
    np.testing.assert_allclose(parts.samples, whole.samples, atol=1e-7)


@pytest.mark.parametrize("level", [0.06, 0.12])
def test_rumble_that_costs_headroom_is_taken_out_and_said(level: float) -> None:
    music = record(SECONDS)
    audio = over(music, rumbling(level))
    made, told = result(without_rumble(audio, 1.0, zeros))
    assert np.std(made.samples - music.samples) < 0.1 * level
    took_db = decibels(sample_peak(audio.samples) / sample_peak(made.samples))
    assert took_db > 0.2
    assert f"took {took_db:.1f} dB of headroom" in told
    assert "the bass" in told


def test_half_the_amount_takes_half_of_the_rumble(monkeypatch: pytest.MonkeyPatch) -> None:
    music = record(SECONDS)
    audio = over(music, rumbling(0.12))
    made, _ = result(without_rumble(audio, 0.5, zeros))
    assert np.std(made.samples - music.samples) == pytest.approx(0.06, rel=0.05)
    monkeypatch.setattr(cleaning, "_BLOCK_FRAMES", 777)
    np.testing.assert_array_equal(
        result(without_rumble(audio, 0.5, zeros))[0].samples, made.samples
    )


@pytest.mark.parametrize(
    ("level", "amount"), [(0.0, 1.0), (0.12, 0.0), (0.008, 1.0)], ids=["none", "off", "too little"]
)
def test_where_rumble_costs_nothing_the_sound_is_the_same_array(
    level: float, amount: float
) -> None:
    audio = over(record(SECONDS), rumbling(level or 1.0) * (level > 0.0))
    assert result(without_rumble(audio, amount, zeros)) == (audio, "")


def test_an_album_is_cleaned_of_both_track_by_track() -> None:
    shaken = over(record(SECONDS), rumbling(0.12) + 0.2)
    plain = record(SECONDS)
    album = Session((Stem("one", plain), Stem("two", shaken)))
    made, told = result(clean_album(album, 1.0, zeros))
    assert made.stems[0].audio is plain
    alone, said = result(clean(shaken, 1.0, zeros))
    np.testing.assert_array_equal(made.stems[1].audio.samples, alone.samples)
    assert told == f"two: {said}"
    assert "offset" in said
    assert "umble" in said
