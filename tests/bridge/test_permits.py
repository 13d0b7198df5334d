from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import FileError, OutsideRoots
from bridge import places
from bridge.order import Order
from bridge.permits import permitted, whole
from bridge.roots import Roots


def test_a_path_is_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert whole("~/a.wav") == str(tmp_path / "a.wav")
    assert whole(str(tmp_path)) == str(tmp_path)
    for path in ("a.wav", "./a.wav", "../a.wav"):
        with pytest.raises(FileError, match="not a whole path"):
            whole(path)


def test_the_home_of_nobody_is_no_path() -> None:
    with pytest.raises(FileError, match=r"'~no-such-person/a\.wav' is not a whole path"):
        whole("~no-such-person/a.wav")


def test_every_path_of_an_order_is_looked_at(tmp_path: Path) -> None:
    inside, roots = str(tmp_path / "a.wav"), Roots((tmp_path,))
    order = Order("master", inside, {"reference": inside}, out=str(tmp_path / "out"))
    assert permitted(order, roots) == order
    for wrong in (
        Order("master", "/etc/hosts"),
        Order("master", inside, {"reference": "/etc/hosts"}),
        Order("master", inside, out="/etc"),
        Order("master", inside, presets={"A": {"reference": "/etc/hosts"}}),
    ):
        with pytest.raises(OutsideRoots):
            permitted(wrong, roots)


def test_what_is_made_beside_a_root_needs_a_place_to_go(tmp_path: Path) -> None:
    stems = tmp_path / "stems"
    roots = Roots((stems,))
    with pytest.raises(OutsideRoots):
        permitted(Order("master", str(stems)), roots)
    order = Order("master", str(stems), out=str(stems / "out"))
    assert permitted(order, roots) == order


def test_a_print_that_was_kept_may_be_used_wherever_the_roots_are(tmp_path: Path) -> None:
    inside = str(tmp_path / "a.wav")
    places.prints().mkdir(parents=True)
    order = Order("denoise", inside, {"print": str(places.prints() / "booth.wav")})
    assert permitted(order, Roots((tmp_path,))) == order
    (places.prints() / "hosts.wav").symlink_to("/etc/hosts")
    for wrong in ("hosts.wav", "../other.wav"):
        with pytest.raises(OutsideRoots):
            permitted(
                Order("denoise", inside, {"print": str(places.prints() / wrong)}),
                Roots((tmp_path,)),
            )
