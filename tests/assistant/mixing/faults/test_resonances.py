"""What rings in a track, and what the band that is advised makes of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from assistant.dsp.equaliser import Band, equalise
from assistant.material import Audio, Session
from assistant.mixing.fault import Fault
from assistant.mixing.faults.resonances import find_resonances
from assistant.mixing.rendering import render
from assistant.mixing.role_names import Role
from assistant.mixing.track import Track
from assistant.models.bell_net import BellNet
from assistant.steps import result
from bridge.presets import weights
from tests.assistant.mixing.played import RATE, track, zeros

SECONDS = 9.0
NET = BellNet(weights("bells"))


def played(*bands: Band, channels: int = 1) -> Track:
    """Play a noise that falls by 3 dB an octave, through an equaliser."""
    frames = round(SECONDS * RATE)
    lines = np.fft.rfft(np.random.default_rng(4).standard_normal((channels, frames)))
    lines /= np.sqrt(np.maximum(np.fft.rfftfreq(frames, 1.0 / RATE), 20.0))
    noise = np.fft.irfft(lines, frames)
    sound = Audio((0.05 * noise / noise.std()).astype(np.float32), RATE)
    made = result(equalise(sound, bands, zeros))
    return track(made.samples.astype(np.float64), Role.GUITAR, "guitar")


def find(*tracks: Track) -> tuple[Fault, ...]:
    return result(find_resonances(tracks, NET))


def advised(fault: Fault) -> dict[str, float]:
    assert len({move.group for move in fault.moves}) == 1
    return {move.parameter: move.value for move in fault.moves}


def cured(one: Track, faults: Sequence[Fault]) -> Track:
    moves = [move for fault in faults for move in fault.moves]
    made = result(render(Session((one.stem,)), moves, zeros, tracks=True))
    return track(made.tracks[0].audio.samples.astype(np.float64), Role.GUITAR, "guitar")


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize(("hertz", "gain"), [(300.0, 6.0), (1200.0, 9.0), (5000.0, 12.0)])
def test_what_rings_is_cut_by_as_much(hertz: float, gain: float, channels: int) -> None:
    (fault,) = find(played(Band("bell", hertz, gain, 4.0), channels=channels))
    band = advised(fault)
    assert fault.kind == "resonance"
    assert abs(np.log2(band["eq.freq_hz"] / hertz)) < 1.0 / 6.0
    assert band["eq.gain_db"] == pytest.approx(-gain, abs=1.5)


@pytest.mark.parametrize(("kind", "hertz"), [("harshness", 3000.0), ("boxiness", 400.0)])
def test_broad_bells_are_told_by_their_names(kind: str, hertz: float) -> None:
    (fault,) = find(played(Band("bell", hertz, 8.0, 0.7)))
    band = advised(fault)
    assert (fault.kind, fault.is_taste) == (kind, True)
    assert abs(np.log2(band["eq.freq_hz"] / hertz)) < 0.5
    assert band["eq.gain_db"] == pytest.approx(-8.0, abs=2.0)


def test_only_what_is_high_narrow_and_sure_is_a_fault() -> None:
    tastes = [find(played(Band("bell", 1200.0, gain, 5.0)))[0].is_taste for gain in (5.0, 14.0)]
    assert tastes == [True, False]


def test_what_is_even_has_none_and_what_was_cured_neither() -> None:
    assert find(played()) == ()
    one = played(Band("bell", 800.0, 10.0, 4.0), Band("bell", 4000.0, 9.0, 5.0))
    faults = find(one)
    assert len(faults) == 2
    assert find(cured(one, faults)) == ()


def test_the_numbers_stand_in_the_sentence() -> None:
    (fault,) = find(played(Band("bell", 1200.0, 9.0, 4.0)))
    assert f"{fault.value:.1f} dB" in fault.why
    assert "kHz" in fault.why
    assert fault.evidence["over what lies around"].value == fault.value


@pytest.mark.parametrize("frames", [10, 4_000, 40_000])
def test_silence_and_what_is_short_have_none(frames: int) -> None:
    silent = track(np.zeros((1, frames)), Role.GUITAR, "guitar")
    short = track(played().audio.samples[:, :frames].astype(np.float64), Role.GUITAR, "guitar")
    assert find(silent, short) == ()


def test_the_share_done_rises_to_all() -> None:
    shares = list(find_resonances([played(), played()], NET))
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)
