from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import FileError, OutsideRoots
from bridge import roots as module
from bridge.roots import Roots


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "music"
    (folder / "song").mkdir(parents=True)
    (folder / "song" / "mix.wav").write_bytes(b"RIFF")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_bytes(b"s")
    return folder


@pytest.mark.parametrize(
    "inside", ["", "song", "song/mix.wav", "song/new/deep/out.wav", "song/../song/mix.wav", "."]
)
def test_what_lies_inside_is_allowed_there_or_not(music: Path, inside: str) -> None:
    path = music / inside
    assert Roots([music]).check(path) == path.resolve()
    assert Roots([music]).check(str(path)) == path.resolve()


@pytest.mark.parametrize(
    "outside", ["..", "../secret/key", "song/../../secret/key", "../music-2/mix.wav", "/", "/etc"]
)
def test_what_lies_outside_is_refused_with_how_to_allow_it(music: Path, outside: str) -> None:
    with pytest.raises(OutsideRoots, match="lies outside the folders bandmate may touch") as told:
        Roots([music]).check(music / outside)
    assert "bandmate allow /" in str(told.value)
    assert str(music) in str(told.value)
    assert told.value.code == "root"


def test_the_folder_to_allow_is_that_of_the_file_in_words_for_a_shell(music: Path) -> None:
    other = music.parent / "other songs"
    other.mkdir()
    for path in (other, other / "mix.wav", other / "not there" / ".." / "mix.wav"):
        with pytest.raises(OutsideRoots) as told:
            Roots([music]).check(path)
        assert str(told.value).endswith(f"bandmate allow {shlex.quote(str(other))}")


def test_a_link_that_leads_out_is_refused_and_one_that_stays_is_followed(music: Path) -> None:
    (music / "out").symlink_to(music.parent / "secret")
    (music / "out.wav").symlink_to(music.parent / "secret" / "key")
    (music / "nowhere.wav").symlink_to(music.parent / "secret" / "new")
    (music / "in.wav").symlink_to(music / "song" / "mix.wav")
    roots = Roots([music])
    for name in ("out", "out/key", "out/new.wav", "out.wav", "nowhere.wav"):
        with pytest.raises(OutsideRoots, match="leads to"):
            roots.check(music / name)
    assert roots.check(music / "in.wav") == music / "song" / "mix.wav"


def test_a_root_may_be_a_link_itself(music: Path) -> None:
    alias = music.parent / "alias"
    alias.symlink_to(music)
    assert Roots([alias]).check(alias / "song" / "mix.wav") == music / "song" / "mix.wav"
    assert Roots([alias]).check(music / "song") == music / "song"


def test_links_in_a_circle_are_refused(music: Path) -> None:
    (music / "a").symlink_to(music / "b")
    (music / "b").symlink_to(music / "a")
    with pytest.raises(FileError, match=r"The links of '.*a' lead in a circle"):
        Roots([music]).check(music / "a")


def test_a_nul_is_no_path(music: Path) -> None:
    with pytest.raises(FileError, match="NUL"):
        Roots([music]).check(f"{music}/mix\0.wav")


def test_a_path_too_long_for_the_system_is_still_judged(music: Path) -> None:
    assert Roots([music]).check(music / ("x" * 5000)) == music / ("x" * 5000)
    with pytest.raises(OutsideRoots):
        Roots([music]).check("/" + "x" * 5000)


def test_home_is_the_root_where_nobody_said(monkeypatch: pytest.MonkeyPatch, music: Path) -> None:
    monkeypatch.setattr(Path, "home", lambda: music)
    roots = Roots()
    assert roots.folders == (music,)
    assert roots.check(music / "song") == music / "song"
    with pytest.raises(OutsideRoots):
        roots.check(music.parent / "secret")


def test_several_roots_hold_together(music: Path) -> None:
    secret = music.parent / "secret"
    roots = Roots([music, secret, music])
    assert roots.folders == (music, secret)
    assert roots.check(secret / "key") == secret / "key"


def test_one_folder_under_two_spellings_is_one(
    music: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shouted = Path(str(music).upper())
    with pytest.raises(OutsideRoots):
        Roots([music]).check(shouted / "SONG")
    real = module._identity

    def blind_to_case(folder: Path) -> tuple[int, int] | None:
        return real(folder) or real(Path(str(folder).lower()))

    lower = Path(str(music).lower())
    lower.mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr(module, "_identity", blind_to_case)
    assert Roots([lower]).check(Path(str(lower).upper()) / "MIX.WAV").name == "MIX.WAV"


@given(st.lists(st.sampled_from(["..", "song", "out", "in", ".", "x", "key"]), max_size=8))
def test_no_walk_leads_out(tmp_path_factory: pytest.TempPathFactory, steps: list[str]) -> None:
    base = tmp_path_factory.mktemp("walk").resolve()
    music = base / "music"
    (music / "song").mkdir(parents=True)
    (base / "secret").mkdir()
    (music / "out").symlink_to(base / "secret")
    (music / "in").symlink_to(music / "song")
    walk = os.path.join(music, *steps)  # noqa: PTH118  pathlib would tidy the dots away
    truth = os.path.realpath(walk)
    inside = Path(truth) == music or music in Path(truth).parents
    try:
        checked = Roots([music]).check(walk)
    except OutsideRoots:
        assert not inside
    else:
        assert inside
        assert checked == Path(truth)


def test_what_no_file_system_can_name_is_no_path(music: Path) -> None:
    with pytest.raises(FileError, match="no path"):
        Roots((music,)).check(f"{music}/\ud800.wav")
