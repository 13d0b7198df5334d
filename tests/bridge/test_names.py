from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.names import fitted, folded, listed, next_free, plain

TEXT = st.text(st.characters(codec="utf-8"), max_size=400)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("report", "report"),
        ("stem.Lead Vox", "stem.Lead Vox"),
        ("stem.Lead/Vox", "stem.Lead_Vox"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\x", "C__x"),
        ("a\nb\0c", "a_b_c"),
        ("...", "_"),
        ("", "_"),
        ("Ünïcode 音", "Ünïcode 音"),
    ],
)
def test_a_part_of_a_name_is_made_of_any_text(text: str, expected: str) -> None:
    assert plain(text) == expected


@given(TEXT)
def test_a_part_is_short_and_safe_whatever_the_text(text: str) -> None:
    part = plain(text)
    assert 1 <= len(os.fsencode(part)) <= 80
    assert not set(part) & set('/\\\0:*?"<>|\n')
    assert part not in {".", ".."}
    assert plain(part) == part


@pytest.mark.parametrize(
    ("name", "limit", "expected"),
    [
        ("mix.master", 200, "mix.master"),
        ("my.mix.v2.master", 200, "my.mix.v2.master"),
        ("a/b.master", 200, "a_b.master"),
        ("x" * 300 + ".master", 20, "x" * 13 + ".master"),
        ("é" * 300 + ".master", 20, "é" * 6 + ".master"),
        ("mix", 200, "mix"),
        ("mix", 2, "mi"),
    ],
)
def test_a_name_is_shortened_before_its_stage(name: str, limit: int, expected: str) -> None:
    assert fitted(name, limit) == expected


def test_an_accent_stays_with_its_letter_or_goes_with_it() -> None:
    name = unicodedata.normalize("NFD", "éé") + ".master"
    assert fitted(name, 6 + len(".master")) == name
    assert fitted(name, 5 + len(".master")) == unicodedata.normalize("NFD", "é") + ".master"


@given(TEXT, st.integers(20, 250))
def test_a_name_fits_whatever_it_is(text: str, limit: int) -> None:
    name = fitted(f"{text}.master", limit)
    assert len(os.fsencode(name)) <= limit
    assert name.endswith(".master")
    assert len(name) > len(".master")
    assert "/" not in name


def test_the_next_number_is_one_that_no_file_of_that_name_has(tmp_path: Path) -> None:
    assert next_free(tmp_path, "mix.master", 1) == 1
    for name in ("mix.master-1.wav", "mix.master-2.report.html", "mix.master-4.mid"):
        (tmp_path / name).touch()
    (tmp_path / "mix.master-3").touch()
    (tmp_path / "mix.master-x.wav").touch()
    (tmp_path / "remix.master-3.wav").touch()
    assert next_free(tmp_path, "mix.master", 1) == 3
    assert next_free(tmp_path, "mix.master", 4) == 5
    assert next_free(tmp_path, "mix.chords", 1) == 1
    assert next_free(tmp_path / "nowhere", "mix.master", 7) == 7


def test_names_that_some_system_takes_for_one_share_their_numbers(tmp_path: Path) -> None:
    composed, decomposed = (unicodedata.normalize(form, "Café") for form in ("NFC", "NFD"))
    assert composed != decomposed
    assert folded(composed) == folded(decomposed) == folded("CAFÉ")
    (tmp_path / f"{decomposed}.master-1.wav").touch()
    assert next_free(tmp_path, f"{composed}.master", 1) == 2


def test_a_list_of_many_is_cut_and_counted() -> None:
    assert listed(["a", "b"]) == "a, b"
    assert listed(list("abcde")) == "a, b, c and 2 more"
    assert listed([]) == ""
