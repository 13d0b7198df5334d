"""What is wished of a song."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from assistant.errors import SettingError
from assistant.material import Note
from assistant.settings import Bars
from assistant.theory.tune.wish import Wish, wish_of

TUNE = (Note(60.0, 0.0, 1.0),)


@dataclass(frozen=True)
class Asked:
    lyrics: str = "over the river"
    bars: int | None = None
    do: str = "auto"
    within: Bars | None = None
    keep_bars: Bars | None = None
    keep: tuple[str, ...] = ()
    change: str = "none"


def test_eight_bars_unless_said() -> None:
    assert wish_of(Asked(""), TUNE) == Wish("auto", 8, None, None, (), "none")
    assert wish_of(Asked("", bars=3, within=Bars(1, 2)), ()).bars == 3


def test_words_want_bars_of_their_own() -> None:
    assert wish_of(Asked(), TUNE).do == "continue"
    assert wish_of(Asked(), ()).do == "new"
    assert wish_of(Asked(do="new"), TUNE).do == "new"


@pytest.mark.parametrize(
    "asked",
    [Asked(" "), Asked(within=Bars(1, 2)), Asked(change="darker"), Asked(keep=("rhythm",))],
)
def test_what_tells_where_is_left_to_tell(asked: Asked) -> None:
    assert wish_of(asked, TUNE).do == "auto"


@pytest.mark.parametrize("doing", ["vary", "answer"])
def test_words_and_a_rhythm_that_is_there_are_refused(doing: str) -> None:
    with pytest.raises(SettingError, match="lyrics set a rhythm"):
        wish_of(Asked(do=doing), TUNE)
