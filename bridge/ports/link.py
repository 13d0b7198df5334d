"""Ableton Link, where the musician has put it beside bandmate: the beat of other programs.

aalink is under the GPL (3 or later), so bandmate neither brings it nor asks for it; this module is
the only one that knows it, and nothing else needs it. Link speaks with the local network, by
multicast: it is used only where ``bandmate serve --link`` says so.

A program that has been in a session for longer gives its tempo to those that come later. So
bandmate joins when it plays, and leaves when it has played: a DAW that is started meanwhile keeps
the tempo of its song.

What Link tells is said in the words of MIDI clock, so that whatever follows the one follows the
other.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from assistant.errors import MusicianError
from bridge.midi.link_clock import LinkClock, Moment

if TYPE_CHECKING:
    import mido

__all__ = ["LinkPort", "check"]

MODULE = "aalink"
LOOK_EVERY_S = 0.02
"""At least; and at each pulse."""
QUANTUM_BEATS = 4.0
"""How long a bar of Link is; programs agree on where it begins."""
JOIN_LIMIT_S = 2.0
"""It takes about a second to hear of the others."""
_TEMPO_BPM = 120.0  # until another program says its own
_END_LIMIT_S = 3.0

_log = logging.getLogger("bandmate.link")


def check() -> None:
    """See that aalink is there; raises `MusicianError` that says how to get it."""
    if importlib.util.find_spec(MODULE) is None:
        raise MusicianError(
            "Ableton Link needs aalink, which does not come with bandmate, for its licence is the "
            "GPL. Put it beside: pipx inject bandmate 'aalink>=0.2.3,<0.3'"
        )


class LinkPort:
    """Joins and leaves the session of the other programs.

    Parameters
    ----------
    hear : callable
        Is told what a DAW that sends MIDI clock would say, and when it was so; on a thread of its
        own.
    wanted : callable
        Says whether Link is to be heard at a moment, in seconds of the monotonic clock.
    """

    def __init__(
        self, hear: Callable[[mido.Message, float], None], wanted: Callable[[float], bool]
    ) -> None:
        self._hear = hear
        self._wanted = wanted
        self._lock = threading.Lock()
        self._visit: _Visit | None = None

    def join(self, limit_s: float = JOIN_LIMIT_S) -> bool:
        """Join the session, where there is one.

        Parameters
        ----------
        limit_s : float
            How long to look for it.

        Returns
        -------
        bool
            Whether its beat is heard; where it is not, nothing goes on.
        """
        with self._lock:
            if self._visit is None:
                self._visit = _Visit(self._hear, self._wanted)
            heard = self._visit.heard.wait(limit_s)
            if not heard:
                self._end()
            return heard

    def leave(self) -> None:
        """Leave the session; nothing more is heard when this returns."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        visit, self._visit = self._visit, None
        if visit is not None:
            visit.end()


class _Visit:
    """The time from joining to leaving, on a thread."""

    def __init__(
        self, hear: Callable[[mido.Message, float], None], wanted: Callable[[float], bool]
    ) -> None:
        self.heard = threading.Event()
        self._hear = hear
        self._wanted = wanted
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bandmate Link", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Leave."""
        self._ended.set()
        self._thread.join(_END_LIMIT_S)

    def _run(self) -> None:
        try:
            asyncio.run(self._listen())
        except Exception:  # noqa: BLE001 - a library of others; MIDI goes on without it
            _log.exception("Ableton Link is not listened to any more.")

    async def _listen(self) -> None:
        link = importlib.import_module(MODULE).Link(_TEMPO_BPM)
        link.quantum = QUANTUM_BEATS
        link.start_stop_sync_enabled = True
        link.enabled = True
        clock = LinkClock(QUANTUM_BEATS)
        try:
            while not self._ended.is_set():
                self._look(link, clock)
                await asyncio.sleep(min(LOOK_EVERY_S, clock.until_pulse(_moment(link))))
        finally:
            link.enabled = False

    def _look(self, link: Any, clock: LinkClock) -> None:
        import mido

        moment = _moment(link)
        for said in clock.look(moment, heard=self._wanted(moment.when)):
            self._hear(mido.Message(said.kind, **said.values), said.when)
            if said.kind == "clock":
                self.heard.set()


def _moment(link: Any) -> Moment:
    return Moment(
        when=time.perf_counter(),
        beat=float(link.beat),
        tempo_bpm=float(link.tempo),
        peers=int(link.num_peers),
        playing=bool(link.playing),
    )
