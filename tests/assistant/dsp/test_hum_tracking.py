from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.hum_lines import lines_of
from assistant.dsp.hum_tracking import Track, follow, sharpened
from tests.assistant.dsp.hums import RATE, Signal, audio, hum, tune

ORDERS = tuple(range(1, 31))
SECONDS = 12.0


def followed(sound: Signal, hertz: float = 50.0, orders: tuple[int, ...] = ORDERS) -> Track:
    return follow(lines_of(audio(sound).samples, RATE, hertz), orders)


def wandered(track: Track) -> Signal:
    """Return the frequency, hop by hop."""
    return track.lines.hertz + np.diff(track.turned) / (2.0 * np.pi * track.lines.hop_seconds)


def test_the_frequency_is_followed_through_notes() -> None:
    track = followed(tune(SECONDS) + hum(SECONDS, wander_hz=0.04))
    hops = np.arange(track.turned.size - 1) + 0.5
    time = (track.lines.middle + hops * track.lines.hop) / RATE
    true = 50.013 + 0.04 * np.sin(2.0 * np.pi * time / 11.0)
    assert np.abs(wandered(track) - true).max() < 0.01
    assert track.hertz == pytest.approx(float(np.mean(true)), abs=1e-3)


def test_it_is_followed_backwards_from_a_rest_at_the_end() -> None:
    backwards = tune(SECONDS)[::-1] + hum(SECONDS, wander_hz=0.04)
    track = followed(backwards)
    alone = followed(hum(SECONDS, wander_hz=0.04))
    ahead = track.turned - alone.turned
    assert np.abs(ahead - ahead[-1]).max() < 0.05


def test_lines_are_carried_through_notes_on_them() -> None:
    note = np.zeros(round(SECONDS * RATE))
    time = np.arange(note.size) / RATE
    on = (time > 4.0) & (time < 7.0)
    note[on] = 0.2 * np.sin(2.0 * np.pi * 150.6 * time[on])
    alone, both = (followed(hum(SECONDS) + more).made for more in (0.0 * note, note))
    assert np.abs(both[0, 2] - alone[0, 2]).max() < 0.2 * np.abs(alone[0, 2]).max()


def test_the_doubt_is_greater_where_more_sounds() -> None:
    hiss = 0.1 * np.random.default_rng(1).standard_normal(round(SECONDS * RATE))
    hiss[: hiss.size // 2] *= 1e-3
    track = followed(hum(SECONDS) + hiss)
    assert track.doubt[0, :, -50:].mean() > 100.0 * track.doubt[0, :, 20:70].mean()


@pytest.mark.parametrize("hertz", [49.85, 50.1, 50.25])
def test_a_frequency_is_sharpened(hertz: float) -> None:
    sound = audio(tune() + hum(hertz=50.0, wander_hz=0.0))
    near = sharpened(lines_of(sound.samples, RATE, hertz), ORDERS)
    assert near == pytest.approx(50.0, abs=0.02)


def test_a_channel_without_sound_does_no_harm() -> None:
    sound = audio(tune() + hum(), np.zeros(hum().size))
    track = follow(lines_of(sound.samples, RATE, 50.0), ORDERS)
    assert np.isfinite(track.made).all()
    assert not track.made[1].any()


def test_silence_is_borne() -> None:
    track = followed(np.zeros(3 * RATE))
    assert np.isfinite(track.turned).all()
    assert not track.made.any()
