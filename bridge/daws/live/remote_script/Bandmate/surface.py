"""The control surface that Live sees: a timer, and nothing that could stop it."""

from __future__ import annotations

import os
import time
import traceback
from typing import Any

import Live
from ableton.v2.control_surface import ControlSurface

from . import start
from .daemon import Line
from .desk import Desk

TICK_MS = 50
STALLED_SECONDS = 0.5
FOLDER = os.path.join(os.path.expanduser("~"), "Music", "bandmate", "live")
"""Where the notes of clips are written for the daemon; below the home folder, which it may read."""


class Bandmate(ControlSurface):
    """Tends the desk twenty times a second on Live's own thread."""

    def __init__(self, c_instance: Any) -> None:
        super().__init__(c_instance)
        self._bandmate_live = c_instance
        self._bandmate_failure = ""
        self._bandmate_at = time.monotonic()
        self._bandmate_desk = Desk(
            c_instance.song,
            Live,
            Line(start.PORT),
            c_instance.show_message,
            time.monotonic,
            FOLDER,
            start.COMMAND,
        )
        self._bandmate_timer = Live.Base.Timer(
            callback=self._bandmate_tick, interval=TICK_MS, repeat=True
        )
        self._bandmate_timer.start()

    def update_display(self) -> None:
        """Tend the desk where the timer died; Live calls this ten times a second."""
        super().update_display()
        if time.monotonic() - self._bandmate_at > STALLED_SECONDS:
            self._bandmate_tick()

    def disconnect(self) -> None:
        """Stop, when Live quits or another script is chosen."""
        self._bandmate_timer.stop()
        try:
            self._bandmate_desk.close()
        except Exception:  # Live must be able to go on
            self._bandmate_fail()
        super().disconnect()

    def _bandmate_tick(self) -> None:
        """Tend the desk; an exception that got out would stop the timer for good."""
        self._bandmate_at = time.monotonic()
        try:
            self._bandmate_desk.tick()
        except Exception:  # whatever it was, the next turn may go well
            self._bandmate_fail()

    def _bandmate_fail(self) -> None:
        """Write a failure into Live's log, once for each."""
        failure = traceback.format_exc()
        if failure != self._bandmate_failure:
            self._bandmate_failure = failure
            self._bandmate_live.log_message(f"bandmate: {failure}")
            self._bandmate_live.show_message(
                "bandmate: our mistake; Live's Log.txt has the details"
            )
