"""What can be asked about a song that is there, and what of the answer is new."""

from typing import Any

import pytest

from tests.bridge.daws.lua_run import RUNTIMES, shared, to_python


@pytest.fixture(params=sorted(RUNTIMES), scope="module")
def lua(request: pytest.FixtureRequest) -> tuple[Any, Any]:
    made, table = shared(request.param, "ideas")
    return made, table


def notes(*told: tuple[float, float], track: str = "melody") -> list[dict[str, Any]]:
    return [
        {"pitch": 60, "start": start, "length": length, "track": track} for start, length in told
    ]


def table(lua: tuple[Any, Any], value: Any) -> Any:
    return lua[0].table_from(value, recursive=True)


def new(lua: tuple[Any, Any], told: list[Any], begin: float, **asked: Any) -> tuple[Any, float]:
    """Return starts and tracks of what is new, and where it lands."""
    found, at = lua[1].new_notes(table(lua, told), table(lua, {"begin": begin}), table(lua, asked))
    return [(note["start"], note["track"]) for note in to_python(found) or []], at


def test_a_line_is_a_melody_even_where_some_notes_overlap(lua: tuple[Any, Any]) -> None:
    line = notes((0.0, 1.1), (1.0, 1.2), (2.0, 2.0), (3.9, 1.0), (4.0, 1.0))
    assert lua[1].kind(table(lua, line)) == "melody"
    assert lua[1].kind(table(lua, notes((0.0, 4.0)))) == "melody"


def test_notes_together_are_chords_in_whatever_order_they_are_told(lua: tuple[Any, Any]) -> None:
    triads = notes((4.0, 4.0), (0.0, 4.0), (4.0, 4.0), (0.0, 4.0), (0.0, 4.0), (4.0, 4.0))
    assert lua[1].kind(table(lua, triads)) == "chords"


@pytest.mark.parametrize(
    ("told", "end"),
    [
        (notes((0.0, 4.0), (12.0, 4.0)), 15.0),  # the bar line after it is at 16
        (notes((12.0, 4.9)), 15.9),  # that it hangs over makes the song no longer
        (notes((12.0, 5.5)), 16.5),
        (notes((16.0, 0.5)), 16.0 + 1 / 960),  # nor does one that begins there hang over
    ],
)
def test_a_song_ends_where_its_last_bar_does(
    lua: tuple[Any, Any], told: list[Any], end: float
) -> None:
    assert lua[1].end_of(table(lua, told)) == pytest.approx(end)


@pytest.mark.parametrize("stage", ["chords", "melody"])
@pytest.mark.parametrize("kind", ["chords", "melody", "recording"])
def test_every_way_has_a_title_of_its_own(lua: tuple[Any, Any], stage: str, kind: str) -> None:
    ways = to_python(lua[1].ways(stage, kind))
    assert len({way["title"] for way in ways}) == len({way["way"] for way in ways}) == 3


def test_of_what_is_unknown_there_is_no_way(lua: tuple[Any, Any]) -> None:
    assert to_python(lua[1].ways("pitch", "melody")) == {}
    assert to_python(lua[1].ways("chords", "opera")) == {}


def test_a_tune_that_goes_on_is_told_in_the_songs_time(lua: tuple[Any, Any]) -> None:
    told = [*notes((0.0, 4.0), (15.9999999, 1.0), (18.0, 1.0)), *notes((16.0, 4.0), track="bass")]
    found, at = new(lua, told, 16.0, stage="melody", way="continue", length=24.0)
    assert (found, at) == ([(0.0, "melody"), (2.0, "melody"), (0.0, "bass")], 16.0)


def test_chords_that_go_on_are_told_alone(lua: tuple[Any, Any]) -> None:
    found, at = new(
        lua, notes((0.0, 4.0), track="chords"), 0.0, stage="chords", way="continue", length=24.0
    )
    assert (found, at) == ([(0.0, "chords")], 24.0)


@pytest.mark.parametrize("way", ["vary", "new"])
def test_what_takes_the_place_of_the_song_stays_whole(lua: tuple[Any, Any], way: str) -> None:
    told = notes((0.0, 4.0), (4.0, 4.0))
    found, at = new(lua, told, 4.0, stage="melody", way=way, length=8.0)
    assert (found, at) == ([(0.0, "melody"), (4.0, "melody")], 0.0)


def test_the_melody_that_chords_were_found_for_is_there_already(lua: tuple[Any, Any]) -> None:
    told = [*notes((8.0, 4.0)), *notes((8.0, 4.0), track="chords")]
    found, at = new(lua, told, 8.0, stage="chords", way="harmonise", length=16.0)
    assert (found, at) == ([(8.0, "chords")], 0.0)


def test_out_of_nothing_everything_is_new(lua: tuple[Any, Any]) -> None:
    found, at = new(lua, notes((0.0, 4.0), (4.0, 4.0)), 0.0, stage="melody")
    assert (found, at) == ([(0.0, "melody"), (4.0, "melody")], 0.0)


def test_the_suggestion_itself_is_not_changed(lua: tuple[Any, Any]) -> None:
    told = table(lua, notes((8.0, 4.0)))
    asked = table(lua, {"stage": "melody", "way": "continue", "length": 8.0})
    lua[1].new_notes(told, table(lua, {"begin": 8.0}), asked)
    assert told[1].start == 8.0
