from __future__ import annotations

from collections.abc import Mapping
from math import log2
from typing import Any

import numpy as np
import pytest

from assistant.errors import SettingError
from assistant.theory.intonation.scale_reading import read_scale, scale_names
from bridge.presets import data

TRADITIONS: Mapping[str, Any] = data("traditions/scales")["scales"]


@pytest.mark.parametrize(
    ("text", "name", "tonic", "steps"),
    [
        ("A minor", "A minor", 9, (0, 2, 3, 5, 7, 8, 10)),
        ("d dorian", "D dorian", 2, (0, 2, 3, 5, 7, 9, 10)),
        ("h-moll", "B minor", 11, (0, 2, 3, 5, 7, 8, 10)),
        ("Bb", "Bb major", 10, (0, 2, 4, 5, 7, 9, 11)),
        ("E blues", "E blues", 4, (0, 3, 5, 6, 7, 10)),
        ("F# pentatonic", "F# major pentatonic", 6, (0, 2, 4, 7, 9)),
        ("C chromatic", "C chromatic", 0, tuple(range(12))),
        ("chromatic", "C chromatic", 0, tuple(range(12))),
        ("notes A C D E G", "notes A C D E G", 9, (0, 3, 5, 7, 10)),
        ("Bb, D, F", "notes Bb D F", 10, (0, 4, 7)),
        ("D rast", "D maqam rast", 2, (0, 2, 3.5, 5, 7, 9, 10.5)),
        ("maqam sikah", "maqam sikah", 3.5, (0, 1.5, 3.5, 5.5, 7, 8.5, 10.5)),
    ],
)
def test_scales_are_read(text: str, name: str, tonic: float, steps: tuple[float, ...]) -> None:
    scale = read_scale(text, TRADITIONS)
    assert (scale.name, scale.tonic) == (name, tonic)
    assert scale.steps == pytest.approx(steps)


def test_notes_are_spelled_as_the_scale_is() -> None:
    assert read_scale("F# pentatonic").note_name(70.0) == "A#4"
    assert read_scale("Eb minor pentatonic").note_name(70.0) == "Bb4"


def test_only_a_mask_is_strict() -> None:
    assert read_scale("E blues").outside
    assert not read_scale("notes E G A").outside


def test_an_octave_in_equal_parts() -> None:
    scale = read_scale("D 31-edo")
    assert len(scale.steps) == 31
    assert np.allclose(np.diff(scale.steps), 12.0 / 31.0)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("D bayatti", "Did you mean 'D maqam bayati'"),
        ("E blus", "Did you mean 'E blues'"),
        ("blues", "Did you mean 'C blues'"),
        ("A mnior", "Did you mean 'A minor'"),
        ("", "it takes"),
        ("C 99-edo", "it takes"),
    ],
)
def test_what_is_no_scale_is_refused_with_what_was_meant(text: str, hint: str) -> None:
    with pytest.raises(SettingError, match=hint):
        read_scale(text, TRADITIONS)


def test_a_mask_of_what_is_no_note_is_refused() -> None:
    with pytest.raises(SettingError, match="key holds 'H', which is no note"):
        read_scale("notes A H")


@pytest.mark.parametrize("name", TRADITIONS)
def test_every_scale_of_the_shelf_ascends_within_an_octave_and_says_whence_it_is(
    name: str,
) -> None:
    scale = read_scale(name, TRADITIONS)
    assert scale.name == name
    assert scale.period == pytest.approx(12.0)
    assert scale.steps[0] == 0.0
    assert all(0.6 < gap < 4.0 for gap in np.diff([*scale.steps, scale.period]))
    assert len(TRADITIONS[name]["source"]) > 8
    assert name in scale_names(TRADITIONS)


def test_ratios_and_commas_become_cents() -> None:
    assert read_scale("just major", TRADITIONS).steps[2] == pytest.approx(12.0 * log2(5 / 4))
    assert read_scale("makam hicaz", TRADITIONS).steps[1] == pytest.approx(60.0 / 53.0)
