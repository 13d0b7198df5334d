"""What of a mix needs no Ardour: which track is meant, and which parts of it are wanted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.bridge.daws.ardour.desk import VERSIONS, Script, desk, said

SESSION = """
    Session = { get_routes = function ()
      local at = 0
      return { iter = function () return function ()
        at = at + 1
        local name = NAMES[at]
        return name and {
          name = function () return name end,
          is_monitor = function () return name == "Monitor" end,
          is_auditioner = function () return false end,
        } or nil
      end end }
    end }
"""
NAMES = ("Kick", "Guitar", "Bass Guitar", "Lead/Vox: é", "Twin", "TWIN", "Monitor")


def track(version: str, target: str) -> tuple[str | None, str | None]:
    script = Script(version)
    script.lua.execute(SESSION)
    script.lua.globals().NAMES = script.lua.table_from(NAMES)
    found = script.lua.eval(
        "function (tracks, target) local r, why = tracks.of (target) "
        "return r and r.name () or '', why or '' end"
    )
    name, why = found(script.piece("tracks", None), target)
    return name or None, why or None


@VERSIONS
@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("Kick", "Kick"),
        ("session_Kick", "Kick"),
        ("My song_kick", "Kick"),
        ("session_Bass Guitar", "Bass Guitar"),
        ("session_Guitar", "Guitar"),
        ("session_Lead_Vox_ é", "Lead/Vox: é"),
    ],
)
def test_the_file_of_a_stem_leads_back_to_its_track(version: str, target: str, name: str) -> None:
    assert track(version, target) == (name, None)


@VERSIONS
@pytest.mark.parametrize("target", ["organ", "sidekick", "Monitor", "", "Kick out"])
def test_what_no_track_is_called_is_said(version: str, target: str) -> None:
    assert track(version, target) == (None, "there is no track of that name")


@VERSIONS
def test_two_tracks_of_one_name_are_not_guessed_at(version: str) -> None:
    assert track(version, "session_twin") == (None, "2 tracks could be meant")


MOVES = [
    {"target": "bass", "parameter": "gain_db", "value": -7.9, "mode": "change"},
    {"target": "keys", "parameter": "eq.freq_hz", "value": 485.0, "group": "mud"},
    {"target": "keys", "parameter": "eq.gain_db", "value": -2.0, "group": "mud"},
    {"target": "keys", "parameter": "pan", "value": -0.2},
]


def parts(script: Script, moves: list[dict[str, Any]], leave: str) -> tuple[list[str], list[int]]:
    """Open the window of parts; returns its ticks, and the numbers of what is chosen.

    `leave` begins the parts that the musician unticks.
    """
    script.lua.execute("LuaDialog, ASKED = {}, nil")
    script.lua.globals().LEAVE = leave
    script.lua.execute("""
      Session = { path = function () return "/nowhere" end }
      LuaDialog.Dialog = function (_, fields)
        ASKED = {}
        return { run = function ()
          local values = {}
          for _, field in ipairs (fields) do
            if field.key then
              ASKED[#ASKED + 1] = field.title
              values[field.key] = field.title:sub (1, #LEAVE) ~= LEAVE
            end
          end
          return values
        end }
      end
    """)
    things = script.piece("things")
    window = script.piece("window", script.piece("answer"), things)
    numbered = [{"group": "", "mode": "set", **one, "index": n} for n, one in enumerate(moves, 1)]
    suggestion = script.lua.table_from({"title": "t", "file": "/a b.wav"})
    made = things.of(script.lua.table_from(numbered, recursive=True))
    chosen = window.parts(suggestion, made)
    left = [] if chosen is None else [move.index for move in things.moves(chosen).values()]
    return list(script.lua.globals().ASKED.values()), left


@VERSIONS
def test_the_musician_unticks_what_is_not_wanted(
    version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BANDMATE_CHOOSE", raising=False)
    ticks, chosen = parts(Script(version), MOVES, "keys: EQ")
    assert ticks == [
        "bass: fader by -7.9 dB",
        "keys: EQ bell 485 Hz, -2.0 dB",
        "keys: pan to 20 % left",
    ]
    assert chosen == [1, 4]
    assert parts(Script(version), MOVES, "")[1] == []


@VERSIONS
def test_what_would_fill_the_screen_is_ticked_by_track(
    version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BANDMATE_CHOOSE", raising=False)
    every = [
        {"target": f"t{n % 5}", "parameter": "eq.freq_hz", "value": 90.0, "group": f"{n}"}
        for n in range(40)
    ]
    ticks, chosen = parts(Script(version), every, "t3")
    assert ticks == [f"t{n}: all 8" for n in range(5)]
    assert chosen == [n + 1 for n in range(40) if n % 5 != 3]


@VERSIONS
@pytest.mark.parametrize("wanted", [True, False])
def test_moves_land_or_not_as_the_musician_says(version: str, tmp_path: Path, wanted: bool) -> None:
    script, asking, tick = desk(version, tmp_path)
    script.lua.globals().WANTED = wanted
    mixing = script.lua.eval(
        '{ key = "mix-1-2", kind = "moves", stage = "mix", way = "", region = "0", track = "0",'
        ' quarter = 0, length = 0, begun = os.time (), shown = "0", title = "suggest a mix" }'
    )
    asking.begin(str(tmp_path), mixing, script.lua.table("stems"), None)
    answer = {"job": "", "suggestions": [{"n": 1, "title": "t", "moves": MOVES}]}
    (tmp_path / "bandmate-mix-1-2.json").write_text(json.dumps(answer))
    tick()
    told = "4 of 4 moves were made.\nTo be done by hand:\na\nb\n\"bandmate: Undo bandmate's mix"
    assert [one.startswith(told) for one in said(script)] == [True] * wanted
