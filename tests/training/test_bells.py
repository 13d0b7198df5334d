"""Lessons hold what they say, tracks are the same for the same seed, and bells can be learned."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from assistant.dsp.bells import NATS, QUANTILES
from assistant.dsp.spectral_views import STEPS_HZ
from assistant.material import Samples, Score
from bridge.places import shelf
from bridge.tools.synth import find
from tests.assistant.dsp.test_bells import RATE, pink
from training.bells import NAME, heard, learn, tracks
from training.bells_lessons import Track, lessons
from training.bells_sounds import RMS_DB, Sounds, grooves

CORPORA = Path(os.environ.get("BANDMATE_TEST_DATA", "")) / "corpora"
needs_corpus = pytest.mark.skipif(
    not (CORPORA / "groove-midi.tar.gz").exists(), reason="BANDMATE_TEST_DATA is not set"
)
needs_soundfont = pytest.mark.skipif(find() is None, reason="no soundfont of a free licence")


def noise() -> Track:
    track = heard(pink().samples.astype(np.float64), RATE)
    assert track is not None
    return track


def test_lessons_are_the_same_for_the_same_dice() -> None:
    one, other = (lessons([noise()], 6, np.random.default_rng(4)) for _ in range(2))
    assert one.nats.shape == (6, NATS, len(STEPS_HZ))
    assert one.quantiles_db.shape == (6, 2 * QUANTILES, len(STEPS_HZ))
    assert one.nats.tobytes() == other.nats.tobytes()
    assert one.bells == other.bells


def test_bells_that_are_put_in_are_where_views_become_smoother_without() -> None:
    made = lessons([noise()], 60, np.random.default_rng(5))
    smoother = made.nats.max(axis=1)
    with_one = [
        n for n, bells in enumerate(made.bells) if len(bells) == 1 and bells[0][1].gain_db > 6
    ]
    assert len(with_one) > 10
    near = [abs(int(np.argmax(smoother[n])) - made.bells[n][0][0]) <= 3 for n in with_one]
    assert np.mean(near) > 0.8
    without = [smoother[n].max() for n, bells in enumerate(made.bells) if not bells]
    assert np.median(without) < np.median([smoother[n].max() for n in with_one])


def test_what_is_too_short_teaches_nothing() -> None:
    assert heard(np.full((1, RATE // 2), 0.1), RATE) is None
    assert heard(np.zeros((2, 5 * RATE)), RATE) is None


def test_what_filters_leave_too_little_of_is_passed_over() -> None:
    faint = Track(*(np.full((20, len(STEPS_HZ)), -199.0, np.float16) for _ in range(2)))
    made = lessons([faint, noise()], 30, np.random.default_rng(7))
    assert len(made.bells) == 30


def test_a_network_learns() -> None:
    pytest.importorskip("torch")
    import torch

    from training.bells_net import Network, loss

    lesson = lessons([noise()], 32, np.random.default_rng(6))
    before, after = Network().eval(), learn([noise()], 60)[0]
    with torch.no_grad():
        wrong = [float(loss(network, lesson).sum()) for network in (before, after)]
    assert wrong[1] < 0.8 * wrong[0]


def beeps(score: Score, rate: int) -> Samples:
    """Play the first pitch of a score, all the while."""
    times = np.arange(2 * rate) / rate
    hertz = 440.0 * 2.0 ** ((score.tracks[0].notes[0].pitch - 69) / 12.0)
    return np.stack([np.sin(2.0 * np.pi * hertz * times)] * 2).astype(np.float32)


@needs_corpus
@pytest.mark.data
def test_sounds_are_the_same_for_the_same_seed_and_of_no_mean_level() -> None:
    sounds = Sounds([beeps], ("017",), grooves(CORPORA / "groove-midi.tar.gz", "valid"))
    one, other, another = (list(islice(sounds(seed), 6)) for seed in (1, 1, 2))
    assert [sound.tobytes() for sound in one] == [sound.tobytes() for sound in other]
    assert one[0].tobytes() != another[0].tobytes()
    for sound in one:
        assert sound.ndim == 2
        assert np.isfinite(sound).all()
        rms_db = 10.0 * np.log10(np.mean(np.square(sound[np.abs(sound) > 1e-5])))
        assert RMS_DB[0] - 12.0 < rms_db < RMS_DB[1] + 3.0


@needs_corpus
@needs_soundfont
@pytest.mark.data
@pytest.mark.slow
def test_tracks_are_the_same_for_the_same_pack() -> None:
    one, other = (tracks(CORPORA, 0)[:3] for _ in range(2))
    assert [track.short.tobytes() for track in one] == [track.short.tobytes() for track in other]


def test_the_card_says_what_it_was_learned_from() -> None:
    card = (shelf() / "models" / f"{NAME}.toml").read_text(encoding="utf-8")
    assert all(word in card for word in ("POP909", "Groove MIDI", "licence", "seed", "[valid]"))
