"""The part of libjack that sound needs, by ctypes; PipeWire's libjack has the same words.

libjack is opened where it is used, for it is not everywhere, and maps much memory.
"""

from __future__ import annotations

import ctypes as c
import ctypes.util
from functools import lru_cache
from typing import Any

__all__ = [
    "AUDIO",
    "CAPTURE",
    "INPUT",
    "NO_START_SERVER",
    "OUTPUT",
    "PHYSICAL",
    "LatencyCallback",
    "LatencyRange",
    "ProcessCallback",
    "ShutdownCallback",
    "XrunCallback",
    "library",
    "names",
]

INPUT, OUTPUT, PHYSICAL = 1, 2, 4
"""What kind of port."""

CAPTURE, NO_START_SERVER = 0, 1

AUDIO = b"32 bit float mono audio"

ProcessCallback = c.CFUNCTYPE(c.c_int, c.c_uint32, c.c_void_p)
XrunCallback = c.CFUNCTYPE(c.c_int, c.c_void_p)
ShutdownCallback = c.CFUNCTYPE(None, c.c_void_p)
LatencyCallback = c.CFUNCTYPE(None, c.c_int, c.c_void_p)
_ErrorCallback = c.CFUNCTYPE(None, c.c_char_p)
_SAY_NOTHING = _ErrorCallback(lambda _: None)


class LatencyRange(c.Structure):
    """From where to where the latency of a port lies, in frames."""

    _fields_ = (("least", c.c_uint32), ("most", c.c_uint32))


_CLIENT, _PORT = c.c_void_p, c.c_void_p
_WORDS: dict[str, tuple[Any, tuple[Any, ...]]] = {  # what each returns and takes
    "jack_client_open": (_CLIENT, (c.c_char_p, c.c_int, c.POINTER(c.c_int))),
    "jack_client_close": (c.c_int, (_CLIENT,)),
    "jack_get_client_name": (c.c_char_p, (_CLIENT,)),
    "jack_get_sample_rate": (c.c_uint32, (_CLIENT,)),
    "jack_get_buffer_size": (c.c_uint32, (_CLIENT,)),
    "jack_activate": (c.c_int, (_CLIENT,)),
    "jack_deactivate": (c.c_int, (_CLIENT,)),
    "jack_set_process_callback": (c.c_int, (_CLIENT, ProcessCallback, c.c_void_p)),
    "jack_set_xrun_callback": (c.c_int, (_CLIENT, XrunCallback, c.c_void_p)),
    "jack_set_latency_callback": (c.c_int, (_CLIENT, LatencyCallback, c.c_void_p)),
    "jack_on_shutdown": (None, (_CLIENT, ShutdownCallback, c.c_void_p)),
    "jack_set_error_function": (None, (_ErrorCallback,)),
    "jack_set_info_function": (None, (_ErrorCallback,)),
    "jack_port_register": (_PORT, (_CLIENT, c.c_char_p, c.c_char_p, c.c_ulong, c.c_ulong)),
    "jack_port_name": (c.c_char_p, (_PORT,)),
    "jack_port_get_buffer": (c.c_void_p, (_PORT, c.c_uint32)),
    "jack_port_get_latency_range": (None, (_PORT, c.c_int, c.POINTER(LatencyRange))),
    "jack_port_set_latency_range": (None, (_PORT, c.c_int, c.POINTER(LatencyRange))),
    "jack_get_ports": (c.POINTER(c.c_char_p), (_CLIENT, c.c_char_p, c.c_char_p, c.c_ulong)),
    "jack_connect": (c.c_int, (_CLIENT, c.c_char_p, c.c_char_p)),
    "jack_frames_since_cycle_start": (c.c_uint32, (_CLIENT,)),
    "jack_free": (None, (c.c_void_p,)),
}


@lru_cache(maxsize=1)
def library() -> c.CDLL:
    """Open libjack, and have it print nothing.

    Returns
    -------
    ctypes.CDLL
        Each function with its types.

    Raises
    ------
    OSError
        Where there is none.
    """
    name = ctypes.util.find_library("jack") or ctypes.util.find_library("libjack64")
    if name is None:
        raise OSError("there is no libjack")
    opened = c.CDLL(name)
    for word, (returns, takes) in _WORDS.items():
        function = getattr(opened, word)
        function.restype, function.argtypes = returns, takes
    opened.jack_set_error_function(_SAY_NOTHING)
    opened.jack_set_info_function(_SAY_NOTHING)
    return opened


def names(client: int, kind: int) -> list[str]:
    """List the audio ports of a kind.

    Parameters
    ----------
    client : int
        What ``jack_client_open`` returned.
    kind : int
        `INPUT`, `OUTPUT` and `PHYSICAL`, added.

    Returns
    -------
    list of str
        In the order in which JACK has them.
    """
    found = library().jack_get_ports(client, None, AUDIO, kind)
    listed: list[str] = []
    while found and found[len(listed)]:
        listed.append(found[len(listed)].decode())
    library().jack_free(found)
    return listed
