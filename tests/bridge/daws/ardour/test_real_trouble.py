"""What goes wrong in a real Ardour is said, and nothing is lost."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import mido

from tests.bridge.daws.ardour.program import HERE
from tests.bridge.daws.ardour.studio import MARKS, Studio

pytestmark = MARKS


def test_nothing_selected_is_said(studio: Studio) -> None:
    studio.ardour.lua("Editor:get_selection ():clear_all ()")
    said = studio.act("Correct pitch of the selection")
    assert said == "Nothing is selected: select the region with the recording, and ask again."


def test_a_recording_whose_file_is_gone_is_said(studio: Studio) -> None:
    place = "return TEST.regions ('Vocal')[1]:source (0):to_filesource ():path ()"
    path = Path(studio.ardour.lua(place))
    away = path.rename(path.with_suffix(".away"))
    studio.select("Vocal")
    said = studio.act("Correct pitch of the selection")
    away.rename(path)
    assert said == f"The file of the region is not there: {path}"


def test_a_region_in_which_no_note_sounds_is_said(studio: Studio) -> None:
    song = mido.MidiFile(type=0)
    words = (("note_on", 0), ("note_off", 480), ("note_on", 3360), ("note_off", 480))
    notes = [mido.Message(word, note=60, time=time) for word, time in words]
    song.tracks.append(mido.MidiTrack(notes))
    song.save(studio.root / "two.mid")
    studio.ardour.lua(
        f"TEST.clear ('Keys') TEST.import ('{studio.root}/two.mid', 'Keys', 0) "
        "TEST.regions ('Keys')[1]:trim_front (Temporal.timepos_t (48000)) "
        "TEST.regions ('Keys')[1]:trim_end (Temporal.timepos_t (96000))"
    )
    studio.select("Keys")
    assert studio.act("Suggest a melody") == "There are no notes in the selection."
    said = studio.act("Correct pitch of the selection")
    assert said == "The selected region holds notes; select a recording."


def test_a_stage_that_the_daemon_does_not_know_is_said_in_plain_words(studio: Studio) -> None:
    """As where the daemon that runs is older than the script: another one is asked for."""
    older = f"'{sys.executable}' -m bridge ask blend --port {studio.daemon.port} --json"
    studio.way(
        f'cd \'{Path.cwd()}\'; {older} | sed \'s/blend/mix/g\' > "$last.t"; mv "$last.t" "$last"'
    )
    before = len(studio.log())
    studio.ardour.lua(
        "loadfile (ARDOUR.user_config_directory (-1) .. '/bandmate/bandmate.lua') ('mix')"
    )
    studio.ardour.until(lambda: len(studio.log()) > before)
    assert studio.log()[-1].startswith("The bandmate that runs here cannot do this (suggest a mix)")
    assert not (studio.ardour.session / "bandmate.waiting").exists()


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
