"""The table of steps is counted as its card says, and is what lies on the shelf."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from bridge.presets import weights
from training.corpora import Song
from training.melody_steps import bits_a_step, count_steps, train

CORPORA = Path(os.environ.get("BANDMATE_TEST_DATA", "")) / "corpora"
needs_corpus = pytest.mark.skipif(
    not (CORPORA / "pop909-train-valid.json.gz").exists(), reason="BANDMATE_TEST_DATA is not set"
)


def song(mode: str = "maj") -> Song:
    line = ((62, 4), (66, 4), (0, 4), (69, 4), (62, 4)) * 40
    return Song("one", 2, mode, (), (), line, {})


def test_steps_are_counted_from_the_tonic_over_rests() -> None:
    steps = count_steps([song(), song("min")])
    assert steps.shape == (2, 12, 25)
    assert np.allclose(steps.sum(axis=2), 1.0, atol=1e-5)
    assert steps[0, 4, 12 + 3] > 0.98  # from F# in D on to A
    assert np.allclose(steps[0], steps[1], atol=1e-6)


def test_what_was_learned_is_less_unexpected() -> None:
    steps = count_steps([song()])
    assert bits_a_step([song()], steps) < bits_a_step([song()], None) - 0.5


@needs_corpus
@pytest.mark.data
def test_the_table_on_the_shelf_is_what_training_makes(tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    train(CORPORA, tmp_path)
    made = load_file(tmp_path / "melody-steps-pop.safetensors")["steps"]
    assert made.tobytes() == weights("melody-steps-pop")["steps"].tobytes()
    assert "bits_a_step" in (tmp_path / "melody-steps-pop.toml").read_text()
