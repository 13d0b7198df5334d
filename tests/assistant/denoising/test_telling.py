"""What was found in a take is told in a musician's words."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.denoising.findings import MAX_SPANS
from assistant.denoising.telling import (
    tell_clicks,
    tell_clipping,
    tell_hum,
    tell_noise,
    tell_plosives,
    tell_sibilance,
)
from assistant.dsp.clicks import Clicks
from assistant.dsp.hum import Hum, HumStretch
from assistant.dsp.mouth import Burst
from assistant.dsp.noise_print import Print
from assistant.dsp.plosives import Plosives
from assistant.dsp.sibilance import Sibilance
from assistant.dsp.walls import Wall, Walls, find_walls
from assistant.material import Audio
from assistant.steps import result

TEN_SECONDS = Audio(np.zeros((1, 441_000), np.float32), 44_100)


def test_crackle_is_told() -> None:
    finding = tell_clicks(TEN_SECONDS, Clicks(50, 30, 1.2, ((1.0, 1.001),)))
    assert finding.kind == "clicks"
    assert finding.spans == ((1.0, 1.001),)
    assert (finding.strength, finding.unit) == (300.0, "a minute")
    assert finding.confidence > 0.95
    assert finding.why.startswith("50 clicks ")


def test_one_click_is_told_with_less_confidence() -> None:
    finding = tell_clicks(TEN_SECONDS, Clicks(1, 1, 2.0, ((1.0, 1.001),)))
    assert finding.why.startswith("One click ")
    assert 0.4 < finding.confidence < 0.6


RATE = 44_100
SILENCE = Audio(np.zeros((1, 10 * RATE), np.float32), RATE)


def test_what_was_found_is_told() -> None:
    time = np.arange(RATE) / RATE
    cut = np.clip(
        np.sin(2.0 * np.pi * 220.3 * time) + np.sin(2.0 * np.pi * 311.7 * time), -1.0, 1.0
    )
    audio = Audio(cut[None].astype(np.float32), RATE)
    walls = result(find_walls(audio))
    assert walls is not None
    finding = tell_clipping(audio, walls)
    assert finding.kind == "clipping"
    assert finding.spans == walls.places
    assert finding.strength == pytest.approx(100.0 * np.mean(np.abs(cut) > 1.0 - 1e-4))
    assert finding.confidence > 0.95
    assert "at -0.0 dBFS" in finding.why
    assert f"{finding.strength:.2g} % of the sound" in finding.why


def test_one_cut_is_told_with_less_confidence() -> None:
    walls = Walls((Wall(0, 1, 0.5, 1, 0, 5),), ((1.0, 1.05),))
    finding = tell_clipping(SILENCE, walls)
    assert finding.why == "Once a peak was cut off flat at -6.0 dBFS: under 0.01 % of the sound."
    assert finding.confidence == 0.5


def test_what_often_stands_still_is_told_with_less_confidence() -> None:
    sure = tell_clipping(SILENCE, Walls((Wall(0, 1, 0.5, 20, 0, 80),), ()))
    unsure = tell_clipping(SILENCE, Walls((Wall(0, 1, 0.5, 20, 30, 80),), ()))
    assert unsure.confidence < 0.5 < sure.confidence


HUMMING = Audio(np.zeros((1, 60_000), dtype=np.float32), 1_000 * 8)


def hum(*stretches: tuple[int, int], under_db: float = 18.0) -> Hum:
    spans = tuple(HumStretch(start, stop, 50.02, (1, 3)) for start, stop in stretches)
    return Hum(spans, 50.02, 12, -42.4, under_db, 0.9)


def test_it_is_told_with_its_numbers() -> None:
    found = tell_hum(HUMMING, hum((0, 60_000)))
    assert (found.kind, found.strength, found.unit, found.confidence) == ("hum", -42.4, "dBFS", 0.9)
    assert found.why == (
        "12 harmonics of the mains at 50.02 Hz stand in the quiet moments and go on through the"
        " notes, at -42 dBFS, 18 dB under all that sounds."
    )


def test_hum_that_is_most_of_it_is_told_so() -> None:
    found = tell_hum(HUMMING, hum((0, 60_000), under_db=0.2))
    assert "as loud as all else together" in found.why


def test_all_through_has_no_spans() -> None:
    found = tell_hum(HUMMING, hum((0, 40_000), (20_000, 60_000)))
    assert found.spans == ()


def test_stretches_that_touch_are_one_span() -> None:
    found = tell_hum(HUMMING, hum((0, 16_000), (8_000, 24_000), (40_000, 60_000)))
    assert found.spans == ((0.0, 3.0), (5.0, 7.5))


TAKE = Audio(np.zeros((1, 8_000), dtype=np.float32), 8_000)
PLACES = (Burst(800, 1_600, 3.0), Burst(4_000, 4_800, 1.0))


def test_sibilance_is_told_with_its_numbers() -> None:
    found = tell_sibilance(TAKE, Sibilance(PLACES, 4_200.0, -1.6, 0.7))
    assert (found.kind, found.strength, found.unit, found.confidence) == (
        "sibilance",
        -1.6,
        "dB",
        0.7,
    )
    assert found.spans == ((0.1, 0.2), (0.5, 0.6))
    assert found.why == (
        '2 times an "s" is sharp: 2 dB under the loud vowels, most of it above 4.2 kHz.'
    )


def test_plosives_are_told_with_their_numbers() -> None:
    found = tell_plosives(TAKE, Plosives(PLACES[:1], 3.2, 0.5))
    assert (found.kind, found.strength, found.unit, found.confidence) == (
        "plosives",
        3.2,
        "dB",
        0.5,
    )
    assert found.spans == ((0.1, 0.2),)
    assert found.why == (
        'Once air hits the microphone, as with a "p": 3 dB over the loud vowels at its loudest,'
        " under all notes."
    )


def test_as_loud_as_the_vowels_is_told_so() -> None:
    found = tell_plosives(TAKE, Plosives(PLACES, 0.3, 0.5))
    assert "2 times air hits" in found.why
    assert "as loud as the loud vowels" in found.why


def test_spans_are_bounded() -> None:
    many = tuple(Burst(n, n + 1, 1.0) for n in range(MAX_SPANS + 5))
    found = tell_sibilance(TAKE, Sibilance(many, 4_200.0, 1.0, 0.7))
    assert len(found.spans) == MAX_SPANS


@pytest.mark.parametrize(
    ("swell", "which"), [(1.1, "Steady noise"), (4.0, "Noise that comes and goes")]
)
def test_noise_is_told_by_its_level_and_whether_it_stays(swell: float, which: str) -> None:
    noise = Print(np.full((1, 9), 1e-4), 8000, 1.2, "pauses", 0.8, np.full(9, swell))
    told = tell_noise(noise, 25.0)
    assert told.why == f"{which} at -40 dBFS, 25 dB under the loud parts, by 1.2 s of pauses."
    assert told.strength == pytest.approx(-40.0)
    assert (told.unit, told.confidence) == ("dBFS", 0.8)
