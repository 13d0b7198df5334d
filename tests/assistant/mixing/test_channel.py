from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.dsp.loudness import measure
from assistant.material import Audio, Session, Stem
from assistant.mixing.channel import channel, low_corner
from assistant.mixing.channel_moves import channel_moves
from assistant.mixing.console import strip_settings
from assistant.mixing.heard import hear
from assistant.mixing.rendering import render
from assistant.mixing.roles import Role
from assistant.mixing.sends import SENDS
from assistant.mixing.styles import load_style
from assistant.steps import result
from bridge import presets
from tests.assistant.mixing.played import RATE, notes, strokes, track, zeros

PUNCHY = load_style(presets.data, "punchy")


def _rumble(seconds: float) -> np.ndarray:
    lines = np.fft.rfft(np.random.default_rng(2).standard_normal(round(seconds * RATE)))
    hertz = np.fft.rfftfreq(round(seconds * RATE), 1 / RATE)
    return 0.02 * np.fft.irfft(lines * (hertz > 20) * (hertz < 45)) * 20


def test_a_high_pass_takes_what_rumbles_and_nothing_that_is_played() -> None:
    guitar = notes(5.0, 0.3)
    heard = track(guitar + _rumble(5.0), Role.GUITAR).heard
    assert low_corner(heard, 80.0) == 80.0
    low = track(strokes(5.0), Role.KICK).heard  # of 90 Hz
    assert low_corner(low, 200.0) < 90.0
    assert low_corner(track(guitar, Role.GUITAR).heard, 0.0) == 0.0


def test_where_nothing_lies_under_it_no_high_pass_is_needed() -> None:
    high = 0.1 * np.sin(2 * np.pi * 3000 * np.arange(2 * RATE) / RATE)
    assert low_corner(track(high, Role.KEYS).heard, 80.0) == 0.0


def test_the_loudness_that_eq_takes_is_known() -> None:
    one = track(notes(6.0, 0.3), Role.DRUMS)
    made = channel(one, PUNCHY)
    assert made.turns
    moves = [
        move
        for move in channel_moves(made, "punchy", None)
        if move.parameter.startswith(("eq.", "hpf"))
    ]
    render_ = result(render(Session((one.stem,)), moves, zeros))
    shift_db = measure(render_.mix.audio).integrated - measure(render_.plain.audio).integrated
    assert made.loudness_shift_db == pytest.approx(shift_db, abs=0.3)


def test_what_is_lively_is_squeezed_as_far_as_the_style_has_it() -> None:
    lively = channel(track(strokes(6.0), Role.KICK), PUNCHY).compression
    assert lively is not None
    assert lively.loud_db == pytest.approx(PUNCHY.of(Role.KICK).squeeze_db, abs=0.3)
    steady = 0.1 * np.sin(2 * np.pi * 60 * np.arange(4 * RATE) / RATE)
    assert channel(track(steady, Role.KICK), PUNCHY).compression is None


def test_the_more_even_it_is_the_less_it_is_squeezed() -> None:
    one = track(strokes(6.0), Role.KICK)
    asked = PUNCHY.of(Role.KICK).squeeze_db
    for lively, share in ((20.0, 1.0), (14.0, 1.0), (11.0, 0.5)):
        heard = replace(one.heard, true_peak_db=one.heard.loudness + lively)
        found = channel(replace(one, heard=heard), PUNCHY).compression
        assert found is not None
        assert found.loud_db == pytest.approx(share * asked, abs=0.3)
    even = replace(one.heard, true_peak_db=one.heard.loudness + 8.0)
    assert channel(replace(one, heard=even), PUNCHY).compression is None


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.BUS])
@pytest.mark.parametrize("rate", [8_000, 44_100])
def test_a_strip_can_do_all_that_is_said(role: Role, rate: int) -> None:
    one = track(notes(4.0, 0.2), role, rate=rate)
    made = channel(one, PUNCHY)
    assert len(made.bands) <= 4
    moves = channel_moves(made, "punchy", None)
    strip_settings(moves, ["track"], SENDS)
    result(render(Session((one.stem,)), moves, zeros))
    assert all(move.why for move in moves)


def test_what_was_recorded_in_a_room_gets_no_more_of_it() -> None:
    dice = np.random.default_rng(4)
    wide = 0.1 * dice.standard_normal((2, 3 * RATE)).astype(np.float32)
    audio = Audio(wide, RATE)
    one = track(wide[0], Role.DRUMS)
    stereo = type(one)(Stem("drums", audio), result(hear(audio)), one.guess)
    for drums, wanted in ((one, True), (stereo, False)):
        moves = channel_moves(channel(drums, PUNCHY), "punchy", None)
        assert any(move.parameter == "send_db" for move in moves) is wanted
