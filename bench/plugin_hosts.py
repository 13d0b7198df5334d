"""Small hosts for LADSPA and LV2 plugins of one channel, by ctypes: blocks in, blocks out."""

from __future__ import annotations

import ctypes as c
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["ladspa", "lv2"]

Mono = NDArray[np.float32]

_BLOCK = 256
_LATEST = 8_192
_INPUT, _CONTROL, _AUDIO = 1, 4, 8  # LADSPA's bits
_INSTANTIATE = c.CFUNCTYPE(c.c_void_p, c.c_void_p, c.c_ulong)
_CONNECT = c.CFUNCTYPE(None, c.c_void_p, c.c_ulong, c.c_void_p)
_RUN = c.CFUNCTYPE(None, c.c_void_p, c.c_ulong)
_PLAIN = c.CFUNCTYPE(None, c.c_void_p)
# Compilers once called these names; glibc keeps them for old programs only.
_SHIM = "".join(
    f"double {name}(double); double __{name}_finite(double x) {{ return {name}(x); }}\n"
    for name in ("exp", "exp2", "log10", "log")
)


class _Ladspa(c.Structure):
    _fields_ = (
        ("unique_id", c.c_ulong), ("label", c.c_char_p), ("properties", c.c_int),
        ("name", c.c_char_p), ("maker", c.c_char_p), ("copyright", c.c_char_p),
        ("port_count", c.c_ulong), ("kinds", c.POINTER(c.c_int)),
        ("port_names", c.POINTER(c.c_char_p)), ("hints", c.c_void_p), ("data", c.c_void_p),
        ("instantiate", _INSTANTIATE), ("connect_port", _CONNECT), ("activate", _PLAIN),
        ("run", _RUN), ("run_adding", c.c_void_p), ("adding_gain", c.c_void_p),
        ("deactivate", _PLAIN), ("cleanup", _PLAIN),
    )  # fmt: skip


class _Feature(c.Structure):
    _fields_ = (("uri", c.c_char_p), ("data", c.c_void_p))


_MAP = c.CFUNCTYPE(c.c_uint32, c.c_void_p, c.c_char_p)


class _Mapper(c.Structure):
    _fields_ = (("handle", c.c_void_p), ("map", _MAP))


class _Lv2(c.Structure):
    _fields_ = (
        ("uri", c.c_char_p),
        ("instantiate", c.CFUNCTYPE(c.c_void_p, c.c_void_p, c.c_double, c.c_char_p,
                                    c.POINTER(c.POINTER(_Feature)))),
        ("connect_port", c.CFUNCTYPE(None, c.c_void_p, c.c_uint32, c.c_void_p)),
        ("activate", _PLAIN), ("run", c.CFUNCTYPE(None, c.c_void_p, c.c_uint32)),
        ("deactivate", _PLAIN), ("cleanup", _PLAIN), ("extension_data", c.c_void_p),
    )  # fmt: skip


def ladspa(file: Path, controls: Mapping[str, float], sound: Mono, rate: int) -> Mono:
    """Run the first plugin of a LADSPA file.

    Parameters
    ----------
    file : Path
        Such as ``/usr/lib/ladspa/autotalent.so``.
    controls : mapping
        Values of all control inputs, by the names of their ports.
    sound : ndarray of float32, shape (frames,)
        One channel.
    rate : int
        Frames a second.

    Returns
    -------
    ndarray of float32, shape (frames,)
        Made up for the latency that the plugin reports.
    """
    library = _library(file)
    library.ladspa_descriptor.restype = c.POINTER(_Ladspa)
    pointer = library.ladspa_descriptor(c.c_ulong(0))
    told = pointer.contents
    handle = told.instantiate(c.cast(pointer, c.c_void_p), rate)
    block, made = np.zeros(_BLOCK, np.float32), np.zeros(_BLOCK, np.float32)
    values = (c.c_float * told.port_count)()
    for port in range(told.port_count):
        kind, name = told.kinds[port], told.port_names[port].decode()
        if kind & _AUDIO:
            buffer = (block if kind & _INPUT else made).ctypes.data
        else:
            values[port] = controls[name] if kind & _INPUT else 0.0
            buffer = c.addressof(values) + port * c.sizeof(c.c_float)
        told.connect_port(handle, port, buffer)
    if told.activate:
        told.activate(handle)
    names = [told.port_names[port].decode() for port in range(told.port_count)]
    late = values, names.index("latency")
    out = _through(sound, (block, made), lambda frames: told.run(handle, frames), late)
    told.cleanup(handle)
    return out


def lv2(file: Path, controls: Mapping[int, float], sound: Mono, rate: int) -> Mono:
    """Run the first plugin of an LV2 binary whose ports are events, in, out, then controls.

    Parameters
    ----------
    file : Path
        Such as ``/usr/lib/lv2/fat1.lv2/fat1.so``.
    controls : mapping
        Values of all control ports, outputs among them, by their numbers; the last is latency.
    sound : ndarray of float32, shape (frames,)
        One channel.
    rate : int
        Frames a second.

    Returns
    -------
    ndarray of float32, shape (frames,)
        Made up for the latency that the plugin reports.
    """
    library = _library(file)
    library.lv2_descriptor.restype = c.POINTER(_Lv2)
    pointer = library.lv2_descriptor(c.c_uint32(0))
    told = pointer.contents
    known: dict[bytes, int] = {}
    named = _MAP(lambda _, uri: known.setdefault(uri, len(known) + 1))
    mapper = _Mapper(None, named)
    place = c.cast(c.pointer(mapper), c.c_void_p)
    feature = _Feature(b"http://lv2plug.in/ns/ext/urid#map", place)
    features = (c.POINTER(_Feature) * 2)(c.pointer(feature), c.POINTER(_Feature)())
    folder = f"{file.parent}/".encode()
    handle = told.instantiate(c.cast(pointer, c.c_void_p), rate, folder, features)
    block, made = np.zeros(_BLOCK, np.float32), np.zeros(_BLOCK, np.float32)
    # an empty sequence of events: size of its body, its type, its unit, padding
    sequence = known.get(b"http://lv2plug.in/ns/ext/atom#Sequence", 0)
    events = np.array([8, sequence, 0, 0], dtype=np.uint32)
    values = (c.c_float * (max(controls) + 1))()
    for port, buffer in enumerate((events, block, made)):
        told.connect_port(handle, port, buffer.ctypes.data)
    for port, value in controls.items():
        values[port] = value
        told.connect_port(handle, port, c.addressof(values) + port * c.sizeof(c.c_float))
    told.activate(handle)
    late = values, max(controls)
    out = _through(sound, (block, made), lambda frames: told.run(handle, frames), late)
    told.cleanup(handle)
    return out


def _through(
    sound: Mono, buffers: tuple[Mono, Mono], run: Callable[[int], None], late: tuple[Any, int]
) -> Mono:
    """Run block by block; `late` is where the latency stands once it ran."""
    block, made = buffers
    padded = np.pad(sound, (0, _LATEST))
    out = np.zeros_like(padded)
    for start in range(0, padded.size, _BLOCK):
        part = padded[start : start + _BLOCK]
        block[: part.size] = part
        run(part.size)
        out[start : start + part.size] = made[: part.size]
    values, port = late
    first = round(values[port])
    return out[first : first + sound.size]


@lru_cache
def _library(file: Path) -> c.CDLL:
    """Open a plugin; one that asks for old names of the C library is given them."""
    c.CDLL("libm.so.6", mode=c.RTLD_GLOBAL)
    try:
        return c.CDLL(str(file))
    except OSError as error:
        if "_finite" not in str(error):
            raise
    with tempfile.TemporaryDirectory() as folder:
        source, shim = Path(folder) / "shim.c", Path(folder) / "shim.so"
        source.write_text(_SHIM)
        words = ["cc", "-shared", "-fPIC", "-fno-builtin", "-o", str(shim), str(source), "-lm"]
        subprocess.run(words, check=True, capture_output=True)
        c.CDLL(str(shim), mode=c.RTLD_GLOBAL)
    return c.CDLL(str(file))
