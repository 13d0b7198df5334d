"""A mix in a real Ardour: what was suggested lands on the strips, and is taken back."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import soundfile

from tests.bridge.daws.ardour.studio import MARKS, RATE, Studio, voice

pytestmark = MARKS

UNDO = "bandmate: Undo bandmate's mix moves"


def move(
    target: str, parameter: str, value: float, mode: str = "set", group: str = ""
) -> dict[str, Any]:
    return {
        "target": target,
        "parameter": parameter,
        "value": value,
        "mode": mode,
        "group": group,
    }


def landed(studio: Studio, *moves: dict[str, Any]) -> str:
    """Suggest moves as the daemon would, and return what the script came to say."""
    answer = {"stage": "mix", "job": "m", "suggestions": [{"n": 1, "title": "t", "moves": moves}]}
    (studio.root / "answer.json").write_text(json.dumps(answer))
    studio.way(
        f'[ "$2" = taken ] || cp \'{studio.root}/answer.json\' "$last.t" && mv "$last.t" "$last"'
    )
    before = len(studio.log())
    studio.ardour.lua(
        "loadfile (ARDOUR.user_config_directory (-1) .. '/bandmate/bandmate.lua') ('mix')"
    )
    studio.ardour.until(lambda: len(studio.log()) > before + 1)
    return studio.log()[-1]


def taken_back(studio: Studio) -> str:
    before = len(studio.log())
    studio.ardour.action(UNDO)
    studio.ardour.until(lambda: len(studio.log()) > before)
    return studio.log()[-1]


def strip(studio: Studio, track: str) -> str:
    return studio.ardour.lua(f"return TEST.strip ('{track}')")


def test_faders_move_from_where_they_stand_and_go_back(studio: Studio) -> None:
    studio.ardour.lua("TEST.set_decibels ('Vocal', -4)")
    before = [strip(studio, track) for track in ("Vocal", "Guitar")]
    said = landed(
        studio,
        move("song-Vocal", "gain_db", -3.0, "change"),
        move("vocal", "pan", -0.5),
        move("Guitar", "polarity", -1.0, "change", "right"),
        move("organ", "gain_db", -3.0),
        move("Guitar", "gain_db", 9.0, "change"),
        move("Vocal", "polarity", -1.0, "change", "right"),
        move("Guitar", "send_db", -20.0, "set", "room"),
    )
    assert said.startswith("3 of 7 moves were made. To be done by hand: organ: fader to -3.0 dB (")
    assert "Guitar: fader by +9.0 dB (the fader ends at +6 dB)" in said
    assert "Vocal: flip the polarity of the right channel (the track has no right channel)" in said
    assert "Guitar: send to room to -20.0 dB (" in said
    assert strip(studio, "Vocal") == "-7.000 0.250 0"
    assert strip(studio, "Guitar") == "0.000 0.500 2"
    assert taken_back(studio) == "3 of bandmate's changes were taken back."
    assert [strip(studio, track) for track in ("Vocal", "Guitar")] == before
    studio.ardour.lua("TEST.set_decibels ('Vocal', 0)")


def test_bands_filters_and_compressors_are_ardours_own_plugins(studio: Studio) -> None:
    """What stands in the strip is in its order, whatever the order of the moves."""
    said = landed(
        studio,
        move("Guitar", "comp.threshold_db", -24.6, group="compressor"),
        move("Guitar", "comp.ratio", 3.0, group="compressor"),
        move("Guitar", "comp.threshold_db", -20.0, group="side-chain Vocal"),
        *(
            move("Guitar", name, value, group=f"band {n}")
            for n in range(5)
            for name, value in (("eq.freq_hz", 200.0 * (n + 1)), ("eq.gain_db", -3.0))
        ),
        move("Guitar", "eq.freq_hz", 8000.0, group="air"),
        move("Guitar", "eq.gain_db", 4.0, group="air"),
        move("Guitar", "eq.shape", 2.0, group="air"),
        move("Guitar", "hpf_hz", 70.0),
        move("Guitar", "comp.threshold_db", -70.0, group="deep"),
    )
    assert said.startswith("16 of 18 moves were made. To be done by hand: Guitar: compressor, ke")
    assert "Threshold of the plug-in goes from -60 to 0" in said
    filtered, first, second, pressed = studio.ardour.lua("return TEST.plugins ('Guitar')").split(
        "\n"
    )
    assert filtered == "ACE High/Low Pass Filter: 1 70 0.707 0"
    assert first.startswith("ACE EQ: 160 0 200 -3 1.89997")
    assert second.startswith("ACE EQ: 160 0 1000 -3 1.89997")
    shelf = [float(value) for value in second.removeprefix("ACE EQ: ").split()[14:16]]
    assert shelf == pytest.approx([8000.0 * 10 ** (4 / 80), 4.0], abs=1.0)
    assert pressed == "ACE Compressor (stereo): 10 80 0 3 -24.6"
    assert taken_back(studio) == "4 of bandmate's changes were taken back."
    assert studio.ardour.lua("return TEST.plugins ('Guitar')") == ""


def test_what_was_moved_by_hand_since_stays(studio: Studio) -> None:
    landed(studio, move("Vocal", "gain_db", -3.0, "change"), move("Vocal", "hpf_hz", 80.0))
    studio.ardour.lua("TEST.set_decibels ('Vocal', -1)")
    said = taken_back(studio)
    assert said.startswith("1 of bandmate's changes were taken back. Left as they are: Vocal: gain")
    assert strip(studio, "Vocal") == "-1.000 0.500 0"
    studio.ardour.lua("TEST.set_decibels ('Vocal', 0)")


def test_a_flipped_channel_is_found_in_exported_stems_and_flipped_back(studio: Studio) -> None:
    """The whole way: stems in a folder, the stage, the answer, the strip, and back again."""
    stems = studio.ardour.session / "export" / "stems"
    stems.mkdir(parents=True)
    wide = np.stack([voice(), -voice()], axis=1)
    noise = np.random.default_rng(0).standard_normal(len(wide)) * 0.05
    soundfile.write(stems / "session_Guitar.wav", wide, RATE)
    soundfile.write(stems / "session_Vocal.wav", noise, RATE)
    before = [strip(studio, track) for track in ("Vocal", "Guitar")]
    assert studio.act("Suggest a mix").startswith("landed: suggest a mix: 1 fault")
    studio.ardour.until(lambda: " moves were made." in studio.log()[-1])
    assert strip(studio, "Guitar").split()[2] in {"1", "2"}
    assert " of bandmate's changes were taken back." in taken_back(studio)
    assert [strip(studio, track) for track in ("Vocal", "Guitar")] == before
    assert studio.ardour.lua("return TEST.plugins ('Guitar')") == ""
