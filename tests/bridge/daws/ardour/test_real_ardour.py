"""A real Ardour, driven through the installed script against a real daemon.

What stands between them is the program ``bandmate`` alone, a few lines of shell: it notes what it
was asked, names the daemon's port, and where a test says so it waits, or answers garbage.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile

from tests.bridge.daw import Daemon, daemon, daw
from tests.bridge.daws.ardour.program import HERE, Ardour, ardour, missing

pytestmark = [
    pytest.mark.daw,
    pytest.mark.skipif(bool(missing()), reason=f"not installed: {', '.join(missing())}"),
]

RATE = 48_000
SHAPED = (
    "0.500, 4800 FadeSlow, 2400 FadeConstantPower, "
    "0=1.000, 23936=1.000, 24000=0.800, 24064=1.000, 95999=1.000"
)
"""Level, fades and envelope that `trim` in session.lua gives."""
TICKS = 1920
"""Of Ardour's, a quarter note."""


@dataclass
class Studio:
    """An Ardour with a take and a MIDI track, the daemon beside it, and the way between."""

    ardour: Ardour
    daemon: Daemon
    root: Path

    def way(self, script: str) -> None:
        """Say what the program bandmate does."""
        program = self.root / "bandmate"
        part = program.with_suffix(".part")
        part.write_text(f'#!/bin/sh\nfor last in "$@"; do :; done\n{script}\n')
        part.chmod(0o755)
        part.replace(program)

    def open_way(self, before: str = "") -> None:
        """Let it ask the daemon."""
        asked = self.root / "asked"
        ask = f"'{sys.executable}' -m bridge \"$@\" --port {self.daemon.port}"
        self.way(f"{before}\necho \"$@\" >> '{asked}'\ncd '{Path.cwd()}' && exec {ask}")

    def log(self) -> list[str]:
        """Return what the script said and did so far."""
        path = self.ardour.session / "bandmate.log"
        lines = path.read_text().splitlines() if path.exists() else []
        return [line.split(" ", 2)[2] for line in lines]

    def act(self, title: str, seconds: float = 60.0) -> str:
        """Run an action, and return what it came to."""
        before = len(self.log())
        self.ardour.action(f"bandmate: {title}")
        self.ardour.until(lambda: len(self.log()) > before, seconds)
        return self.log()[before]

    def select(self, track: str) -> None:
        """Select the first region of a track."""
        words = f"return tostring (TEST.select_region (TEST.regions ('{track}')[1]))"
        self.ardour.until(lambda: self.ardour.lua(words) == "true")

    def regions(self, track: str) -> list[list[str]]:
        """Return id, position, start, length and muted of each region, in samples."""
        return [
            line.split() for line in self.ardour.lua(f"return TEST.look '{track}'").splitlines()
        ]

    def asked(self) -> list[str]:
        """Return what bandmate was asked last."""
        return self.all_asked()[-1].split()

    def all_asked(self) -> list[str]:
        """Return what bandmate was asked, a line each."""
        return (self.root / "asked").read_text().splitlines()


def _voice() -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Sing four notes of a second, 35 cents sharp."""
    hertz = np.repeat([220.0, 246.94, 261.63, 220.0], RATE) * 2 ** (35 / 1200)
    phase = 2 * np.pi * np.cumsum(hertz) / RATE
    within = np.tile(np.arange(RATE) / RATE, 4)
    level = np.minimum(1.0, np.minimum(within, 1.0 - within) * 25)
    return np.asarray(0.2 * level * sum(np.sin(k * phase) / k for k in range(1, 6)))


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    root = tmp_path_factory.mktemp("studio")
    soundfile.write(root / "take.wav", _voice(), RATE)
    soundfile.write(root / "wide.wav", np.stack([_voice(), 0.5 * _voice()], axis=1), RATE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BANDMATE_HOME", str(root / "state"))
        with (
            daemon(root=root) as running,
            ardour(root / "daw", root / "bandmate", BANDMATE_CHOOSE="1") as program,
        ):
            made = Studio(program, running, root)
            made.open_way()
            program.lua((HERE / "session.lua").read_text())
            program.lua(f"TEST.import ('{root}/take.wav', 'Vocal', 1)")
            program.lua(f"TEST.import ('{root}/wide.wav', 'Guitar', 0)")
            yield made


def test_chords_land_as_a_midi_region_with_the_notes_of_the_suggestion(studio: Studio) -> None:
    studio.ardour.lua("TEST.select_track ('Keys')")
    seconds = []
    for _ in range(3):
        began = time.monotonic()
        assert studio.act("Suggest chords").startswith("landed: suggest chords")
        seconds.append(time.monotonic() - began)
    told = ", ".join(f"{one:.2f} s" for one in seconds)
    sys.stdout.write(f"\nfrom the request to notes in the session: {told}\n")
    made = studio.ardour.session / "export" / "bandmate.chords-1.mid"
    landed = studio.ardour.lua("return TEST.notes (TEST.regions ('Keys')[1])")
    assert sorted(landed.splitlines()) == sorted(_notes(made))
    studio.ardour.until(lambda: "taken" in studio.asked())
    _, _, job, n = studio.asked()
    assert n == "1"
    with daw(studio.daemon.port) as here:
        assert here.one("again", job, 1)[0] == "suggestion"


def _notes(path: Path) -> list[str]:
    """Read start, length, pitch and velocity, as Ardour counts."""
    song = mido.MidiFile(path)
    notes, open_notes = [], {}
    for track in song.tracks:
        now = 0
        for message in track:
            now += message.time
            if message.type == "note_on" and message.velocity:
                open_notes[message.note] = (now, message.velocity)
            elif message.type in {"note_on", "note_off"}:
                start, velocity = open_notes.pop(message.note)
                ticks = [round(at * TICKS / song.ticks_per_beat) for at in (start, now - start)]
                notes.append(f"{ticks[0]} {ticks[1]} {message.note} {velocity}")
    return notes


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
    said = studio.act("Master for ...")
    assert said.startswith("landed: master for ")
    studio.ardour.until(lambda: "The master is" in studio.log()[-1])
    master = Path(studio.log()[-1].removeprefix("The master is "))
    assert master.parent == studio.ardour.session / "export"
    assert _loudness(master) == pytest.approx(-14.0, abs=0.1)
    mix = master.with_name("song-1.wav")
    assert soundfile.info(mix).subtype == "FLOAT"
    assert soundfile.info(mix).frames == soundfile.info(master).frames


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


def test_the_script_moves_faders_and_takes_it_back(studio: Studio) -> None:
    """No stage suggests a mix yet, so a suggestion is said by hand; what follows is all real."""
    program = studio.ardour
    moves = [
        {"target": "song-Vocal", "parameter": "gain_db", "value": -3.0, "mode": "change"},
        {"target": "vocal", "parameter": "pan", "value": -0.5, "mode": "set"},
        {"target": "organ", "parameter": "gain_db", "value": -3.0, "mode": "set"},
    ]
    answer = json.dumps({"stage": "mix", "job": "m", "suggestions": [{"n": 1, "moves": moves}]})
    (studio.root / "answer.json").write_text(answer)
    studio.way(
        f'[ "$2" = taken ] || cp \'{studio.root}/answer.json\' "$last.t" && mv "$last.t" "$last"'
    )
    before = len(studio.log())
    program.lua("loadfile (ARDOUR.user_config_directory (-1) .. '/bandmate/bandmate.lua') ('mix')")
    program.until(lambda: len(studio.log()) > before + 1)
    assert "2 moves were made. Not done: organ, gain_db: there is no track" in studio.log()[-1]
    assert program.lua("return TEST.decibels ('Vocal')") == "-3.000"
    assert program.lua("return TEST.pan ('Vocal')") == "0.250"
    program.lua(
        "loadfile (ARDOUR.user_config_directory (-1) .. '/bandmate/bandmate.lua') ('unmix')"
    )
    assert studio.log()[-1] == "2 moves of bandmate's were taken back."
    assert (
        program.lua("return TEST.decibels ('Vocal') .. ' ' .. TEST.pan ('Vocal')") == "0.000 0.500"
    )


def test_nothing_selected_is_said(studio: Studio) -> None:
    studio.ardour.lua("Editor:get_selection ():clear_all ()")
    said = studio.act("Correct pitch of the selection")
    assert said == "Nothing is selected: select the region with the recording, and ask again."


def test_an_answer_that_is_garbage_is_said_and_kept(studio: Studio) -> None:
    before = studio.regions("Vocal")
    studio.way('printf "[[[" > "$last.t" && mv "$last.t" "$last"')
    studio.select("Vocal")
    said = studio.act("Correct pitch of the selection")
    assert said.startswith("What came back is no answer of bandmate")
    assert Path(said.rpartition(" at ")[2]).read_text() == "[[["
    assert studio.regions("Vocal") == before


def test_a_program_that_is_gone_is_said(studio: Studio) -> None:
    program = studio.root / "bandmate"
    program.rename(program.with_suffix(".away"))
    studio.select("Vocal")
    said = studio.act("Correct pitch of the selection")
    program.with_suffix(".away").rename(program)
    assert said.startswith(f"bandmate was not found at {program}.")
    assert not (studio.ardour.session / "bandmate.waiting").exists()


def test_a_region_that_is_gone_when_its_take_comes_is_said_and_the_take_kept(
    studio: Studio,
) -> None:
    go = studio.root / "go"
    studio.open_way(f"while [ \"$2\" = pitch ] && ! [ -e '{go}' ]; do sleep 0.02; done")
    before = len(studio.log())
    studio.select("Vocal")
    studio.ardour.action("bandmate: Correct pitch of the selection")
    studio.ardour.until((studio.ardour.session / "bandmate.waiting").exists)
    studio.ardour.lua("TEST.remove (TEST.regions ('Vocal')[1])")
    go.touch()
    studio.ardour.until(lambda: len(studio.log()) > before)
    said = studio.log()[-1]
    assert said.startswith("The region is no longer there. What was made is in ")
    assert Path(said.partition(" is in ")[2]).exists()
    studio.ardour.undo()
    assert len(studio.regions("Vocal")) == 1
    go.unlink()


def test_a_take_that_comes_when_the_session_is_closed_lands_when_it_is_opened(
    studio: Studio,
) -> None:
    program, go = studio.ardour, studio.root / "go"
    program.lua('Session:save_state ("", false, false, false, false, false)')
    studio.select("Vocal")
    before = len(studio.log())
    program.action("bandmate: Correct pitch of the selection")
    program.until((program.session / "bandmate.waiting").exists)
    program.stop()
    go.touch()
    program.start()
    program.until(lambda: len(studio.log()) > before)
    program.lua((HERE / "session.lua").read_text())
    assert studio.log()[-1].startswith("landed: correct pitch")
    assert [region[4] for region in studio.regions("Vocal")] == ["true", "false"]
    program.undo()


def test_a_daemon_that_is_killed_meanwhile_is_said(studio: Studio) -> None:
    """It comes last: there is no daemon afterwards."""
    before = studio.regions("Vocal")
    ask = f'\'{sys.executable}\' -m bridge ask "$2" "$3" --answer "$last"'  # and starts none
    begun = studio.root / "begun"
    studio.way(f"touch '{begun}'; cd '{Path.cwd()}'; exec {ask} --port {studio.daemon.port}")
    studio.daemon.process.send_signal(signal.SIGSTOP)  # so it cannot have answered before
    studio.select("Vocal")
    said = len(studio.log())
    studio.ardour.action("bandmate: Correct pitch of the selection")
    studio.ardour.until(begun.exists)
    studio.daemon.kill()
    studio.ardour.until(lambda: len(studio.log()) > said)
    assert "daemon" in studio.log()[-1]
    assert studio.regions("Vocal") == before
