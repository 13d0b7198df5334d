"""A client's TCP connection to the daemon, of the standard library alone."""

from __future__ import annotations

import socket
import time
from typing import Self

from bridge.osc.thin import Said, pack, unpack

__all__ = ["Connection"]

HOST = "127.0.0.1"
CONNECT_SECONDS = 5.0
MAX_PACKET = 1 << 20
_RECEIVE_BYTES = 1 << 16
_GONE = (
    "The daemon went away before it had answered: it was ended, or it crashed. Ask again; where it "
    "does not run, start it with: bandmate serve"
)


class Connection:
    """A connection; a context manager that closes it.

    Parameters
    ----------
    port : int
        Where the daemon listens.

    Raises
    ------
    ConnectionError
        Where none does, and whenever the daemon goes.
    """

    def __init__(self, port: int) -> None:
        try:
            self._socket = socket.create_connection((HOST, port), CONNECT_SECONDS)
        except OSError:
            raise ConnectionError(
                f"No daemon listens on port {port}; start one with: bandmate serve"
            ) from None
        self._heard = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def say(self, address: str, *arguments: str | int) -> None:
        """Send one message; raises `TimeoutError` where the daemon does not take it."""
        packet = pack(address, *arguments)
        try:
            self._socket.sendall(len(packet).to_bytes(4, "big") + packet)
        except TimeoutError:
            raise
        except OSError:
            raise ConnectionError(_GONE) from None

    def hear(self, seconds: float) -> list[tuple[str, list[Said]]]:
        """Wait for one packet.

        Parameters
        ----------
        seconds : float
            How long to wait at most.

        Returns
        -------
        list of (str, list)
            The messages of the packet: address and arguments.

        Raises
        ------
        TimeoutError
            Where no whole packet came; nothing is lost, listen again.
        ConnectionError
            Where the daemon is gone, or is no daemon.
        """
        deadline = time.monotonic() + seconds
        while True:
            size = int.from_bytes(self._heard[:4], "big")
            if size > MAX_PACKET:
                raise ConnectionError("What listens there is no daemon of bandmate's.")
            if len(self._heard) >= 4 + size > 4:
                packet, self._heard = self._heard[4 : 4 + size], self._heard[4 + size :]
                return _read(packet)
            self._heard += self._receive(deadline - time.monotonic())

    def _receive(self, seconds: float) -> bytes:
        if seconds <= 0.0:
            raise TimeoutError
        self._socket.settimeout(seconds)
        try:
            data = self._socket.recv(_RECEIVE_BYTES)
        except TimeoutError:
            raise
        except OSError:
            data = b""
        if not data:
            raise ConnectionError(_GONE)
        return data


def _read(packet: bytes) -> list[tuple[str, list[Said]]]:
    try:
        return list(unpack(packet))
    except ValueError:
        raise ConnectionError("What listens there is no daemon of bandmate's.") from None
