"""`playback`: gain, loudness and peak as each platform's own rules have them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import MaterialError
from assistant.mastering.playback import Album, Played, as_measured, load_platforms, play
from bridge import presets

PLATFORMS = {one.name: one for one in load_platforms(presets.data)}
ENTRY = {
    "title": "X",
    "target": -14.0,
    "turns_up": "yes",
    "headroom": 1.0,
    "album": "no",
    "source": "somebody (3)",
}


def at(name: str, integrated: float, true_peak: float, album: Album | None = None) -> Played:
    (one,) = play([PLATFORMS[name]], integrated, true_peak, album)
    return one


@pytest.mark.parametrize("name", PLATFORMS)
def test_each_agrees_with_the_preset_of_its_name(name: str) -> None:
    platform, preset = PLATFORMS[name], presets.load("master", name)
    assert platform.title == preset.title
    assert platform.target == preset.settings["loudness"]
    assert platform.source == preset.source
    assert platform.source.endswith(("(1)", "(3)"))
    assert presets.data("platforms/playback")[name]["checked"] == preset.checked


@pytest.mark.parametrize("name", PLATFORMS)
def test_who_keeps_headroom_keeps_what_its_preset_asks_for(name: str) -> None:
    ceiling = presets.load("master", name).settings["ceiling"]
    assert PLATFORMS[name].headroom in {0.0, -float(str(ceiling))}


def test_the_example_that_spotify_gives_comes_out_as_it_says() -> None:
    one = at("spotify", -20.0, -5.0)
    assert (one.gain_db, one.loudness, one.true_peak) == (4.0, -16.0, -1.0)
    assert one.why.startswith("Turned up by 4.0 dB, where the highest peak comes to -1 dBTP.")


@pytest.mark.parametrize("name", PLATFORMS)
def test_what_is_louder_is_turned_down_to_the_target(name: str) -> None:
    one = at(name, -8.0, -0.2)
    assert one.loudness == pytest.approx(one.platform.target)
    assert one.gain_db == one.most_gain_db == pytest.approx(one.platform.target + 8.0)
    assert one.true_peak == pytest.approx(-0.2 + one.gain_db)
    assert f"Turned down by {-one.gain_db:.1f} dB." in one.why


def test_quiet_music_is_turned_up_by_some_and_not_by_others() -> None:
    assert at("spotify", -16.0, -6.0).gain_db == pytest.approx(2.0)
    assert at("tidal", -16.0, -6.0).gain_db == 0.0
    assert "Left 2.0 dB under the target, for quiet music" in at("tidal", -16.0, -6.0).why
    unsure = at("youtube", -16.0, -6.0)
    assert unsure.gain_db == 0.0
    assert unsure.most_gain_db == pytest.approx(2.0)
    assert (
        unsure.why
        == "Played as it is. It may be turned up by 2.0 dB; sources disagree or say nothing."
    )


def test_a_peak_over_the_headroom_is_not_turned_down_for_it() -> None:
    one = at("spotify", -16.0, -0.5)
    assert (one.gain_db, one.true_peak) == (0.0, -0.5)
    assert "for the highest peak leaves no room" in one.why


def test_spotify_loud_goes_all_the_way_through_a_limiter() -> None:
    one = at("spotify-loud", -16.0, -2.0)
    assert (one.gain_db, one.loudness, one.true_peak) == (5.0, -11.0, -1.0)
    assert "Its limiter takes 4.0 dB off the highest peak." in one.why
    free = at("spotify-loud", -12.0, -4.0)
    assert free.true_peak == -3.0
    assert "limiter takes" not in free.why


def test_an_album_goes_as_one_where_the_platform_keeps_it_together() -> None:
    album = Album(integrated=-12.0, loudest=-10.0, true_peak=-1.0)
    quiet = {name: at(name, -18.0, -8.0, album) for name in PLATFORMS}
    assert quiet["spotify"].gain_db == pytest.approx(-2.0)
    assert quiet["tidal"].gain_db == pytest.approx(-4.0)
    assert quiet["youtube"].most_gain_db == pytest.approx(4.0)
    assert quiet["deezer"].why.endswith("told is the track alone.")
    assert "The album as a whole is brought to the target." in quiet["spotify"].why


def test_the_highest_peak_of_the_album_decides_what_room_there_is() -> None:
    album = Album(integrated=-18.0, loudest=-17.0, true_peak=-2.5)
    assert at("spotify", -20.0, -8.0, album).gain_db == pytest.approx(1.5)


@given(st.floats(-60.0, 0.0), st.floats(-40.0, 3.0))
def test_nothing_is_played_over_the_target_nor_turned_into_the_headroom(
    integrated: float, true_peak: float
) -> None:
    for one in play(PLATFORMS.values(), integrated, true_peak):
        assert one.loudness <= one.platform.target + 1e-9
        assert one.gain_db <= one.most_gain_db + 1e-9
        assert one.loudness == pytest.approx(integrated + one.gain_db)
        if one.gain_db > 0.0:
            assert one.true_peak <= -one.platform.headroom + 1e-9


def test_they_are_named_as_measured() -> None:
    named = as_measured(play(PLATFORMS.values(), -9.0, -1.0))
    assert len(named) == 3 * len(PLATFORMS)
    assert (named["spotify_loud_gain"].after, named["spotify_loud_gain"].unit) == (-2.0, "dB")
    assert named["spotify_loudness"].after == -14.0
    assert named["tidal_true_peak"].after == -6.0
    assert all(one.before is None for one in named.values())


@pytest.mark.parametrize(
    "wrong",
    [
        {"turns_up": "often"},
        {"album": 3},
        {"target": "loud"},
        {"headroom": -1.0},
        {"target": float("nan")},
    ],
)
def test_an_entry_that_is_not_right_is_named(wrong: dict[str, Any]) -> None:
    with pytest.raises(MaterialError, match="'mine'"):
        load_platforms(lambda _: {"mine": ENTRY | wrong})


@pytest.mark.parametrize("missing", ENTRY)
def test_an_entry_that_lacks_something_is_named(missing: str) -> None:
    lacking = {key: value for key, value in ENTRY.items() if key != missing}
    with pytest.raises(MaterialError, match=missing):
        load_platforms(lambda _: {"mine": lacking})
