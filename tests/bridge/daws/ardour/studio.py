"""A real Ardour, a real daemon, and the program ``bandmate`` between them.

That program is a few lines of shell: it notes what it was asked, names the daemon's port, and where
a test says so it waits, or answers garbage.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import mido
import numpy as np
import pytest

from tests.bridge.daw import Daemon, daw
from tests.bridge.daws.ardour.program import Ardour, missing

MARKS = [
    pytest.mark.daw,
    pytest.mark.skipif(bool(missing()), reason=f"not installed: {', '.join(missing())}"),
]
RATE = 48_000
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

    def suggestion(self) -> Path:
        """Return the file of the suggestion that landed last, as the daemon tells of it."""
        self.ardour.until(lambda: "taken" in self.asked())
        _, _, job, n = self.asked()
        with daw(self.daemon.port) as here:
            word, said = here.one("again", job, int(n))
        assert word == "suggestion"
        return Path(str(said[4]))

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

    def notes(self, track: str, place: int = 1) -> list[str]:
        """Return start, length, pitch and velocity of the notes of a region, sorted."""
        words = f"return TEST.notes (TEST.regions ('{track}')[{place}])"
        return sorted(self.ardour.lua(words).splitlines())

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


def voice() -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Sing four notes of a second, 35 cents sharp."""
    hertz = np.repeat([220.0, 246.94, 261.63, 220.0], RATE) * 2 ** (35 / 1200)
    phase = 2 * np.pi * np.cumsum(hertz) / RATE
    within = np.tile(np.arange(RATE) / RATE, 4)
    level = np.minimum(1.0, np.minimum(within, 1.0 - within) * 25)
    return np.asarray(0.2 * level * sum(np.sin(k * phase) / k for k in range(1, 6)))


def notes_of(path: Path) -> list[str]:
    """Read start, length, pitch and velocity, as Ardour counts."""
    song = mido.MidiFile(path)
    notes, open_notes = [], {}
    for track in song.tracks:
        now = 0
        for message in track:
            now += message.time
            if message.type == "note_on" and message.velocity:
                open_notes[message.channel, message.note] = (now, message.velocity)
            elif message.type in {"note_on", "note_off"}:
                start, velocity = open_notes.pop((message.channel, message.note))
                ticks = [round(at * TICKS / song.ticks_per_beat) for at in (start, now - start)]
                notes.append(f"{ticks[0]} {ticks[1]} {message.note} {velocity}")
    return notes
