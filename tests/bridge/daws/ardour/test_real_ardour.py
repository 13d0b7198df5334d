"""Takes, masters and faders in a real Ardour, through the installed script and a real daemon."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import soundfile

from tests.bridge.daw import daw
from tests.bridge.daws.ardour.studio import MARKS, RATE, Studio

pytestmark = MARKS

SHAPED = (
    "0.500, 4800 FadeSlow, 2400 FadeConstantPower, "
    "0=1.000, 23936=1.000, 24000=0.800, 24064=1.000, 95999=1.000"
)
"""Level, fades and envelope that `trim` in session.lua gives."""


def test_a_take_is_corrected_beside_the_old_one_and_undone_in_one_step(studio: Studio) -> None:
    program = studio.ardour
    program.lua("TEST.trim (TEST.regions ('Vocal')[1])")
    studio.select("Vocal")
    ((old, *place, muted),) = studio.regions("Vocal")
    assert muted == "false"
    assert studio.act("Correct pitch of the selection").startswith("landed: correct pitch")
    (kept, made) = studio.regions("Vocal")
    assert kept == [old, *place, "true"]
    assert made[1:] == [place[0], "0", place[2], "false"]
    shaped = [program.lua(f"return TEST.shaped (TEST.regions ('Vocal')[{n}])") for n in (1, 2)]
    assert shaped[0] == shaped[1] == SHAPED
    program.undo()
    assert studio.regions("Vocal") == [[old, *place, "false"]]
    program.redo()
    assert studio.regions("Vocal") == [kept, made]
    program.undo()


def test_a_cleaned_take_comes_beside_the_old_one_at_its_place_and_as_long(studio: Studio) -> None:
    program = studio.ardour
    studio.select("Vocal")
    ((old, *place, _),) = studio.regions("Vocal")
    assert studio.act("Remove noise").startswith("landed: remove noise")
    (kept, made) = studio.regions("Vocal")
    assert kept == [old, *place, "true"]
    assert (made[1], made[3], made[4]) == (place[0], place[2], "false")
    program.undo()
    assert studio.regions("Vocal") == [[old, *place, "false"]]


def test_a_take_that_comes_while_the_musician_records_waits(studio: Studio) -> None:
    program = studio.ardour
    studio.select("Vocal")
    program.lua("TEST.record ('Guitar')")
    program.until(lambda: program.lua("return tostring (Session:actively_recording ())") == "true")
    before = len(studio.log())
    program.action("bandmate: Correct pitch of the selection")
    program.until(lambda: list(program.session.glob("bandmate-pitch-*.json")))
    time.sleep(0.5)  # five times the script looked
    assert len(studio.log()) == before
    program.lua("TEST.stop ('Guitar')")
    program.until(lambda: len(studio.log()) > before)
    assert studio.log()[-1].startswith("landed: correct pitch")
    assert len(studio.regions("Vocal")) == 2
    program.undo()


def test_two_mono_files_are_read_as_one_take(studio: Studio) -> None:
    """Ardour's own stereo recordings are two files."""
    program = studio.ardour
    studio.select("Guitar")
    assert studio.act("Correct pitch of the selection").startswith("landed: correct pitch")
    program.until(lambda: "taken" in studio.asked())
    asked = next(line for line in studio.all_asked()[::-1] if "ask pitch" in line)
    right = re.search(r"--right=(.*?) --", asked)
    assert right
    assert "%R" in right[1]
    channels = "return TEST.regions ('Guitar')[2]:to_audioregion ():n_channels ()"
    assert program.lua(channels) == "2"
    program.undo()


def test_the_session_is_exported_and_mastered_to_the_loudness_of_the_platform(
    studio: Studio,
) -> None:
    """Where the end marker is now, which is not saved; and Ardour's own files stay as they are."""
    program, export = studio.ardour, studio.ardour.session / "export"
    program.lua("Session:save_state ('', false, false, false, false, false)")
    program.lua("TEST.set_end (3.5)")
    before, recent = _files(program.session), (program.config / "recent").read_text()
    said = studio.act("Master for ...")
    assert said.startswith("landed: master for ")
    program.until(lambda: "The master is" in studio.log()[-1])
    master = Path(studio.log()[-1].removeprefix("The master is "))
    assert master == export / "song-1.master-1.wav"
    assert _loudness(master) == pytest.approx(-14.0, abs=0.1)
    mix = soundfile.info(export / "song-1.wav")
    assert (mix.subtype, mix.samplerate, mix.frames) == ("FLOAT", RATE, 3.5 * RATE)
    assert soundfile.info(master).frames == mix.frames
    assert _files(program.session) == before
    assert (program.config / "recent").read_text() == recent


def _files(folder: Path) -> dict[Path, bytes]:
    """Return a session, less what Ardour writes on its own, and what is made on purpose."""
    less = {"export", "peaks", "song.pending", "bandmate.log"}
    files = {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
    return {path: file.read_bytes() for path, file in files.items() if path.parts[0] not in less}


def _loudness(path: Path) -> float:
    words = [sys.executable, "-m", "bridge", "meter", str(path), "--json"]
    told = subprocess.run(words, capture_output=True, check=True, text=True).stdout
    return float(json.loads(told)["files"][0]["integrated"])


def test_moves_that_are_accepted_stand_on_the_faders_and_are_undone(studio: Studio) -> None:
    program = studio.ardour
    program.lua("Session:route_by_name ('Guitar'):set_name ('drums')")
    program.lua("TEST.set_decibels ('drums', -4)")
    with daw(studio.daemon.port) as here:
        here.ask("dummy", "mix", "", "do", "moves", "count", "1")
        assert here.one("daw", "d", "ardour", program.port) == ("linked", ["d", "ardour", "Ardour"])
        word, said = here.one("accept", "mix", 1, 3)
        assert (word, said[:3]) == ("accepted", ["mix", 1, 1]), said
        assert program.lua("return TEST.decibels ('drums')") == "-6.000"
        assert here.one("undo", "mix", 1)[0] == "undone"
    assert program.lua("return TEST.decibels ('drums')") == "-4.000"
    program.lua(
        "TEST.set_decibels ('drums', 0) Session:route_by_name ('drums'):set_name ('Guitar')"
    )
