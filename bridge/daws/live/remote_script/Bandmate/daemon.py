"""The line to the bandmate daemon: one UDP socket on this machine that never waits."""

from __future__ import annotations

import socket
import time
from typing import Any

from . import osc

PACKETS_A_POLL = 256
SECONDS_A_POLL = 0.005


class Line:
    """Says words to the daemon, and hears what came."""

    def __init__(self, port: int) -> None:
        self.refused = False
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self._socket.setblocking(False)
        # Connected, it hears nobody but the daemon, and is told when none is there.
        self._socket.connect(("127.0.0.1", port))

    def say(self, word: str, *values: Any) -> None:
        """Send a word of the table; whether anyone hears it shows later."""
        try:
            self._socket.send(osc.encode("/bandmate/" + word, *values))
        except ConnectionError:
            self.refused = True
        except OSError:  # a full buffer: it is said again when no answer comes
            pass

    def poll(self) -> list[tuple[str, list[Any]]]:
        """Return the words that came, without their prefix; what is no OSC is left out."""
        heard: list[tuple[str, list[Any]]] = []
        until = time.monotonic() + SECONDS_A_POLL
        for _ in range(PACKETS_A_POLL):
            packet = self._receive()
            if packet is None:
                break
            heard.extend(_words(packet))
            if time.monotonic() > until:
                break
        return heard

    def close(self) -> None:
        """Give the port back."""
        self._socket.close()

    def _receive(self) -> bytes | None:
        try:
            packet = self._socket.recv(osc.MAX_BYTES)
        except ConnectionError:
            self.refused = True
            return b""
        except OSError:  # nothing there, or longer than anything the daemon sends
            return None
        self.refused = False
        return packet


def _words(packet: bytes) -> list[tuple[str, list[Any]]]:
    try:
        messages = osc.decode(packet)
    except (ValueError, UnicodeDecodeError):
        return []
    prefix = "/bandmate/"
    return [(name[len(prefix) :], values) for name, values in messages if name.startswith(prefix)]
