"""Plays suggestions to the MIDI port and captures what comes in; every call may block a moment.

The ports are opened when the daemon starts, and looked at again before each use: a JACK server or
a cable may come and go. No MIDI system at all is a warning, not a failure.
"""

from __future__ import annotations

import logging
import threading
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import NoMidi, WordsError
from bridge import places
from bridge.midi.capture import Capture
from bridge.midi.player import Player
from bridge.midi.transport import SILENCE_S
from bridge.ports import link
from bridge.ports.midi import MidiPorts, MidiSystem
from bridge.scores import read_score

if TYPE_CHECKING:
    import mido

    from assistant.material import Score

__all__ = ["MidiDesk"]

log = logging.getLogger("bandmate.midi")


class MidiDesk:
    """The MIDI side of a daemon.

    Parameters
    ----------
    in_name, out_name : str
        Part of the name of a port to use where the system has no virtual ones.
    wanted : bool
        False opens no ports at all: playing and capturing are refused.
    with_link : bool
        Whether Ableton Link sets the time where no MIDI clock comes.
    """

    def __init__(
        self,
        in_name: str = "",
        out_name: str = "",
        *,
        wanted: bool = True,
        with_link: bool = False,
    ) -> None:
        self._ports = MidiPorts(self._hear, in_name=in_name, out_name=out_name)
        self._player = Player(self._ports.send)
        self._capture = Capture()
        self._wanted = wanted
        self._ears = threading.Lock()  # the port and Link are heard on a thread each
        self._midi_clock = self._link_clock = float("-inf")
        self._plays = threading.Lock()  # one makes ready at a time
        self._turns = threading.Lock()  # a stop comes before a start, or after it
        self._stops = self._piece = 0
        self._link = link.LinkPort(self._hear_link, self._heeds_link) if with_link else None

    def open(self) -> None:
        """Open the ports, or log why there are none."""
        if not self._wanted:
            return
        system = self._ports.open()
        if system.advice:
            log.warning("%s", system.advice)

    def play(self, path: str, bar: int = 1) -> None:
        """Play a score, in place of what was playing.

        Parameters
        ----------
        path : str
            A MIDI file; ``""`` where the suggestion has no notes.
        bar : int
            Which bar of it to begin with.

        Raises
        ------
        NoMidi
            Where there is no port to play to.
        WordsError
            Where there is nothing to play.
        FileError
            Where the file is gone or broken.
        MaterialError
            Where it has no such bar.
        """
        from bridge.midi.cue import find_bar

        if not path.lower().endswith((".mid", ".midi")):
            raise WordsError("This suggestion has no notes to play.")
        stops = self._stops
        with self._plays:
            score = read_score(Path(path))
            if not self._find().out_name:
                raise NoMidi(self._ports.system.advice)
            find_bar(score, bar)  # what is refused leaves all as it was
            self._piece += 1
            if self._link is not None and self._heeds_link(time.perf_counter()):
                self._link.join()
            self._begin(score, bar, stops)

    def stop(self) -> None:
        """Stop what plays, and what is about to; every note is silenced when this returns."""
        with self._turns:
            self._stops += 1
            self._player.stop()

    def start_capture(self) -> None:
        """Begin to record what is played in; raises `NoMidi` where there is no input."""
        if not self._find().in_name:
            raise NoMidi(self._ports.system.advice)
        self._capture.start(self._player.transport)

    def stop_capture(self) -> tuple[int, Path | None]:
        """End the recording.

        Returns
        -------
        tuple of (int, Path or None)
            How many notes there are, and the .mid file they were written to, None for no notes.

        Raises
        ------
        WordsError
            Where nothing was being recorded.
        """
        from bridge import files

        score = self._capture.stop(time.perf_counter())
        count = sum(len(track.notes) for track in score.tracks)
        if not count:
            return 0, None
        made = files.write_all(
            {"main": score}, places.music_folder(), "bandmate.capture", 1, files.DEFAULT_FORM
        )
        return count, made["main"]

    def close(self) -> None:
        """Silence everything and close the ports."""
        self.stop()
        self._leave_link(self._piece)
        self._ports.close()

    def _find(self) -> MidiSystem:
        if not self._wanted:
            raise NoMidi("bandmate was started with --no-midi.")
        return self._ports.open()

    def _begin(self, score: Score, bar: int, stops: int) -> None:
        """Play, unless the musician has said stop since that was asked."""
        with self._turns:
            if stops == self._stops:
                self._player.play(score, partial(self._leave_link, self._piece), bar=bar)
                return
        self._leave_link(self._piece)

    def _hear(self, message: mido.Message, when: float) -> None:
        if message.type == "clock":
            self._midi_clock = when
        self._take(message, when)

    def _hear_link(self, message: mido.Message, when: float) -> None:
        self._link_clock = when
        self._take(message, when)

    def _leave_link(self, piece: int, _: object = None) -> None:
        """Leave when a piece has ended, unless the next one has begun."""
        if self._link is not None and piece == self._piece:
            self._link.leave()

    def _take(self, message: mido.Message, when: float) -> None:
        with self._ears:
            self._player.hear(message, when)
            self._capture.hear(message, when)

    def _heeds_link(self, now: float) -> bool:
        """Say whether Link sets the time: a DAW that stopped its own clock wants silence."""
        its_piece = self._player.playing and self._midi_clock > self._link_clock
        return now - self._midi_clock > SILENCE_S and not its_piece
