from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from assistant.errors import SettingError, UnknownName
from bridge import presets
from bridge.order import MAX_PRESETS, Order, place, with_paths


def test_one_preset_gives_its_settings_and_what_is_asked_wins() -> None:
    one = place("master", "mix.wav", {"preset": "apple-music", "ceiling": "-2"})
    assert one.settings["loudness"] == -16.0
    assert one.settings["ceiling"] == "-2"
    assert one.presets == {}
    assert one.count == 3


def test_several_presets_give_one_request_each() -> None:
    words = " spotify,apple-music, ebu-r128,spotify"
    several = place("master", "mix.wav", {"preset": words, "ceiling": "-3"})
    assert list(several.presets) == ["Spotify", "Apple Music", "EBU R 128"]
    loudness = [settings["loudness"] for settings in several.presets.values()]
    assert loudness == [-14.0, -16.0, -23.0]
    assert {settings["ceiling"] for settings in several.presets.values()} == {"-3"}
    assert several.count == 1
    assert place("master", "mix.wav", {"preset": words, "count": 2}).count == 2


@pytest.mark.parametrize(
    ("name", "said", "meant"), [("bits", 16, "16"), ("rate", 48_000.0, "48000"), ("bits", 20, 20)]
)
def test_a_choice_of_a_number_may_be_said_as_one(name: str, said: float, meant: object) -> None:
    asked = {name: said}
    if said == meant:
        with pytest.raises(SettingError, match="bits is 20; it takes"):
            place("master", "mix.wav", asked)
    else:
        assert place("master", "mix.wav", asked).settings == {name: meant}


@pytest.mark.parametrize("said", [10**400, float("inf"), float("nan")])
def test_a_number_beyond_all_bounds_is_refused_by_name(said: float) -> None:
    for name in ("seed", "rate"):
        with pytest.raises(SettingError, match=f"^{name} ") as refused:
            place("master", "mix.wav", {name: said})
        assert len(str(refused.value)) < 200


def test_a_comma_alone_names_nothing_more() -> None:
    assert place("master", "mix.wav", {"preset": "spotify,"}).presets == {}
    assert place("master", "mix.wav", {"preset": " , "}).settings == {}


def test_an_unknown_preset_among_several_is_refused_before_anything_is_read() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'youtube'"):
        place("master", "there is no such file.wav", {"preset": "spotify,yuotube"})


def test_each_presets_settings_are_checked(home: Path) -> None:
    folder = home / "presets" / "master"
    folder.mkdir(parents=True)
    head = 'title = "Spotify"\nsource = "my ears"\nchecked = 2026-01-02\n[settings]\n'
    (folder / "mine.toml").write_text(f"{head}loudness = -12.0\n")
    (folder / "wrong.toml").write_text(f"{head}loudness = 12.0\n")
    with pytest.raises(SettingError, match="loudness is 12"):
        place("master", "mix.wav", {"preset": "spotify,wrong"})
    same = place("master", "mix.wav", {"preset": "spotify,mine"})
    assert list(same.presets) == ["Spotify", "Spotify (mine)"]


def test_a_codec_that_is_none_is_refused_before_anything_is_read() -> None:
    with pytest.raises(SettingError, match="Did you mean 'opus'"):
        place("master", "mix.wav", {"codecs": "opsu 128"})


def test_too_many_presets_are_refused() -> None:
    names = ",".join(presets.names("master")[: MAX_PRESETS + 1])
    with pytest.raises(SettingError, match=f"{MAX_PRESETS} at most"):
        place("master", "mix.wav", {"preset": names})


def test_an_order_crosses_the_pipe_as_it_is() -> None:
    several = place("master", "mix.wav", {"preset": "spotify,tidal"})
    assert Order(**asdict(several)) == several


def test_paths_are_changed_in_every_request() -> None:
    guide = {"score": "guide.mid"}
    order = Order("pitch", "take.wav", guide, out="made", presets={"A": guide, "B": {}})
    changed = with_paths(order, lambda path: f"/whole/{path}")
    assert changed.presets == {"A": {"score": "/whole/guide.mid"}, "B": {}}
    assert changed.settings == {"score": "/whole/guide.mid"}
    assert (changed.path, changed.out) == ("/whole/take.wav", "/whole/made")


@pytest.mark.parametrize("asked", [{"cut": "1-2"}, {"right": "r.wav"}])
@pytest.mark.parametrize(
    ("stage", "path", "holds"),
    [
        ("chords", "a song.MID", "'a song.MID' holds notes"),
        ("pitch", "/x/song.midi", "'song.midi' holds notes"),
        ("pitch", "song.dawproject", "'song.dawproject' holds a whole song"),
    ],
)
def test_only_sound_has_a_part_and_a_right_channel(
    stage: str, path: str, holds: str, asked: dict[str, str]
) -> None:
    with pytest.raises(SettingError, match=f"{next(iter(asked))} is of a sound file; {holds}"):
        place(stage, path, asked)


def test_the_right_channel_is_sound() -> None:
    with pytest.raises(SettingError, match=r"right is of a sound file; 'r.mid' holds notes"):
        place("pitch", "take.wav", {"right": "r.mid"})
