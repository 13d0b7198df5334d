"""Who is at the other end of the wire."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias

__all__ = ["Peer", "Receive"]


class Peer(NamedTuple):
    """A client by its address; a reply port that it asked for is ``peer._replace(port=...)``."""

    kind: Literal["udp", "tcp"]
    host: str
    port: int


Receive: TypeAlias = Callable[[bytes, Peer], None]
"""Takes a packet as it came and who sent it; must not raise and must not block."""
