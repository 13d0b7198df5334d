"""Compressor settings: what is promised is what the rendering does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.dsp.compressor import Compressing, Reduction
from assistant.dsp.peak_hold import PeakHold
from assistant.dsp.stereo import front_pair
from assistant.errors import MaterialError
from assistant.material import Session
from assistant.mixing.compression import compression_for
from assistant.mixing.console import strip_settings
from assistant.mixing.rendering import render
from assistant.mixing.role_names import Role
from assistant.mixing.track import Track
from assistant.steps import result
from tests.assistant.mixing.played import RATE, notes, settings_for, strokes, track, zeros


def shown_db(one: Track, wanted_db: float) -> float:
    """Run the compressor that is suggested over all of a track, and read its meter."""
    moves = settings_for(one, wanted_db)
    (strip,) = strip_settings(moves, [one.name], ()).values()
    (keyed,) = strip.compressors
    held = PeakHold(one.audio.rate).run(np.ascontiguousarray(front_pair(one.audio.samples)), 0)
    gains = Reduction(keyed.compressor, one.audio.rate).gains(held)
    down = keyed.compressor.makeup_db - 20.0 * np.log10(gains)
    width = round(0.4 * one.audio.rate)
    shown = [down[n : n + width].max() for n in range(0, down.size - width, width)]
    return float(np.percentile(shown, 75))


@pytest.mark.parametrize("wanted_db", [1.0, 4.0, 10.0])
@pytest.mark.parametrize("role", [Role.LEAD_VOCAL, Role.KICK, Role.PAD])
def test_it_takes_what_was_asked_for(wanted_db: float, role: Role) -> None:
    one = track(strokes(8.0) if role is Role.KICK else notes(8.0, 0.2), role)
    assert shown_db(one, wanted_db) == pytest.approx(wanted_db, rel=0.1, abs=0.2)


def test_a_quiet_track_gets_a_lower_threshold_and_all_else_alike() -> None:
    sound = notes(8.0, 0.2)
    loud, soft = (compression_for(track(gain * sound, Role.KEYS), 4.0) for gain in (1.0, 0.1))
    assert loud is not None
    assert soft is not None
    assert soft.compressor.threshold_db == pytest.approx(
        loud.compressor.threshold_db - 20.0, abs=0.15
    )
    assert soft.compressor.attack_ms == pytest.approx(loud.compressor.attack_ms, abs=1.0)
    assert soft.compressor.ratio == loud.compressor.ratio


def test_strokes_come_through_and_the_gain_is_back_before_the_next() -> None:
    slow, fast = (
        compression_for(track(notes(8.0, 0.05, gap=gap), Role.KEYS), 4.0) for gap in (1.0, 0.25)
    )
    assert slow is not None
    assert fast is not None
    assert slow.compressor.release_ms > 2.0 * fast.compressor.release_ms
    assert fast.compressor.release_ms <= 250.0 / 3.0 + 5.0
    assert slow.compressor.attack_ms == pytest.approx(slow.stroke_ms, abs=1.0)


def test_make_up_keeps_it_as_loud_as_it_was() -> None:
    one = track(np.stack([notes(8.0, 0.2)] * 2), Role.KEYS)
    made = result(render(Session((one.stem,)), settings_for(one, 6.0), zeros, tracks=True))
    before, after = one.audio.samples, made.tracks[0].audio.samples
    assert 10.0 * np.log10(np.square(after).mean() / np.square(before).mean()) == pytest.approx(
        made.mix.gain_db, abs=0.7
    )


@pytest.mark.parametrize("wanted_db", [1.0, 2.0, 3.0])
def test_what_is_loud_comes_nearer_to_what_is_soft_and_loudness_stays(wanted_db: float) -> None:
    time = np.arange(8 * RATE) / RATE
    level = np.where(time % 1.0 < 0.5, 0.5, 0.125)
    one = track(level * np.sin(2.0 * np.pi * 220.0 * time), Role.BUS)
    found = compression_for(one, wanted_db)
    assert found is not None
    assert found.loud_db == pytest.approx(wanted_db, abs=0.1)
    pair = np.repeat(one.audio.samples, 2, axis=0).astype(np.float64)
    Compressing(found.compressor, RATE).run(pair, 0)
    after = track(pair[0], Role.BUS)
    assert after.heard.loudness == pytest.approx(one.heard.loudness, abs=0.2)
    loud, soft = (
        np.abs(pair[0, round(t * RATE) : round((t + 0.1) * RATE)]).max() for t in (1.4, 1.9)
    )
    assert 20.0 * np.log10(loud / soft) < 12.0 - 0.5 * wanted_db


@pytest.mark.parametrize("shift_db", [-9.0, 6.0])
def test_of_a_track_turned_before_it_the_threshold_alone_is_another(shift_db: float) -> None:
    one = track(notes(8.0, 0.2), Role.KEYS)
    plain, turned = (compression_for(one, 4.0, shift_db=db) for db in (0.0, shift_db))
    assert plain is not None
    assert turned is not None
    there_db = plain.compressor.threshold_db + shift_db
    assert turned.compressor.threshold_db == pytest.approx(there_db, abs=0.15)
    alike = replace(turned.compressor, threshold_db=plain.compressor.threshold_db)
    assert alike.makeup_db == pytest.approx(plain.compressor.makeup_db, abs=0.11)
    assert replace(alike, makeup_db=plain.compressor.makeup_db) == plain.compressor


def test_each_move_says_what_it_is_for() -> None:
    moves = settings_for(track(strokes(8.0), Role.KICK, "bd"), 4.0, ratio=6.0, group="glue")
    assert [move.parameter for move in moves] == [
        "comp.threshold_db", "comp.ratio", "comp.attack_ms", "comp.release_ms", "comp.makeup_db",
    ]  # fmt: skip
    assert {(move.target, move.group) for move in moves} == {("bd", "glue")}
    assert moves[1].value == 6.0
    assert "4.0 dB off its loud passages" in moves[0].why
    assert len({move.why for move in moves}) == 5


def test_silence_is_not_compressed_and_nonsense_is_refused() -> None:
    silent = track(np.zeros(RATE), Role.BASS)
    assert compression_for(silent, 4.0) is None
    for wanted_db, ratio in ((0.0, None), (4.0, 1.0)):
        with pytest.raises(MaterialError, match="takes more than 0 dB"):
            compression_for(silent, wanted_db, ratio=ratio)


def test_the_same_track_gets_the_same_settings() -> None:
    one = track(notes(8.0, 0.2), Role.GUITAR)
    assert settings_for(one, 3.0) == settings_for(one, 3.0)
