from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.material import Audio, Session, Stem
from bench.mix_automix import SCATTERED_DB, mixes, scattered
from bench.mix_effort import stems_of
from bench.mix_material import Song

RATE = 22_050
SECONDS = 4


def toy() -> Song:
    """Hold a tone, a lower one, and hits of noise against each other."""
    time = np.arange(SECONDS * RATE) / RATE
    dice = np.random.default_rng(4)
    hits = dice.normal(0.0, 0.2, time.size) * np.exp(-(time % 0.5) / 0.05)
    sounds = {
        "vocal": np.sum([np.sin(2.0 * np.pi * 220.0 * n * time) / n for n in range(1, 9)], axis=0),
        "bass": np.sin(2.0 * np.pi * 55.0 * time),
        "snare": hits,
    }
    stems = tuple(
        Stem(name, Audio((0.05 * sound).astype(np.float32)[None], RATE))
        for name, sound in sounds.items()
    )
    roles = {"vocal": "lead_vocal", "bass": "bass", "snare": "snare"}
    return Song("toy", Session(stems), roles)


def test_faders_are_moved_the_same_each_time_and_nothing_else_is() -> None:
    song = toy()
    moved = []
    for before, one, other in zip(
        song.session.stems, scattered(song).stems, scattered(song).stems, strict=True
    ):
        assert np.array_equal(one.audio.samples, other.audio.samples)
        gain = np.std(one.audio.samples) / np.std(before.audio.samples)
        np.testing.assert_allclose(one.audio.samples, gain * before.audio.samples, atol=1e-5)
        moved.append(20.0 * np.log10(gain))
    assert sorted(moved) == pytest.approx([-SCATTERED_DB, 0.0, SCATTERED_DB], abs=0.01)


@pytest.mark.slow
def test_every_style_is_measured_before_and_after() -> None:
    made = list(mixes([toy()]))
    assert [one.style for one in made] == ["natural", "punchy", "vocal-forward"]
    for one in made:
        assert one.lead == "vocal"
        assert 0.0 <= one.lost_after <= 1.0
        assert one.strayed_before > 1.0
        assert one.true_peak <= -1.0 + 0.05
    assert len({one.lost_before for one in made}) == 1
    assert len({one.strayed_after for one in made}) == 3


def test_long_stems_are_stereo_as_long_as_asked_and_as_many(tmp_path: Path) -> None:
    stems_of(toy(), tmp_path / "stems", 10.0, 4)
    infos = {path.stem: soundfile.info(path) for path in (tmp_path / "stems").iterdir()}
    assert sorted(infos) == ["bass", "snare", "vocal", "vocal 2"]
    for info in infos.values():
        assert (info.channels, info.frames, info.samplerate) == (2, 10 * RATE, RATE)
