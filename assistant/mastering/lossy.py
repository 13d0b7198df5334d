"""The words for lossy codecs: "aac 256, opus 128"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.errors import SettingError, did_you_mean

__all__ = ["CODECS", "MAX_CODECS", "Lossy", "read"]

MAX_CODECS = 8


@dataclass(frozen=True, slots=True)
class Lossy:
    """A codec and its bit rate, in kb/s of stereo."""

    codec: str
    kbps: int

    @property
    def name(self) -> str:
        """As it is written: ``"AAC 256"``."""
        return f"{CODECS[self.codec].name} {self.kbps}"


@dataclass(frozen=True, slots=True)
class _Codec:
    """Its name as it is written, its least and most kb/s, and what is meant without a number."""

    name: str
    low: int
    high: int
    usual: int


CODECS = {
    "aac": _Codec("AAC", 64, 320, 256),
    "mp3": _Codec("MP3", 96, 320, 320),
    "opus": _Codec("Opus", 48, 256, 128),
    "vorbis": _Codec("Vorbis", 64, 320, 192),
}

_MP3_KBPS = (96, 112, 128, 160, 192, 224, 256, 320)
_NONE = frozenset({"", "none", "no", "off"})


def read(words: str) -> tuple[Lossy, ...]:
    """Read which codecs a master is checked with.

    Parameters
    ----------
    words : str
        Codecs with a comma between them, each with its kb/s or without: ``"aac 256, opus 128"``.

    Returns
    -------
    tuple of Lossy
        In that order, each once; empty where none is wanted (``""``, ``"none"``).

    Raises
    ------
    SettingError
        Where there is no such codec or it has no such bit rate, with what would be right.
    """
    if words.strip().lower() in _NONE:
        return ()
    named = dict.fromkeys(_one(part) for part in words.split(",") if part.strip())
    if len(named) > MAX_CODECS:
        raise SettingError(f"codecs names {len(named)}; it takes {MAX_CODECS} at most.")
    return tuple(named)


def _one(part: str) -> Lossy:
    said = part.strip()
    name, kbps = _split(said)
    if name not in CODECS:
        near = did_you_mean(name, CODECS)
        raise SettingError(f'codecs names {said[:40]!r}; it takes words like "aac 256".{near}')
    codec = CODECS[name]
    wanted = int(kbps) if kbps else codec.usual
    if not codec.low <= wanted <= codec.high:
        raise SettingError(
            f"codecs names {said[:40]!r}; {codec.name} takes {codec.low} to {codec.high} kb/s."
        )
    if name == "mp3" and wanted not in _MP3_KBPS:
        rates = ", ".join(map(str, _MP3_KBPS))
        raise SettingError(f"codecs names {said[:40]!r}; MP3 takes one of {rates} kb/s.")
    return Lossy(name, wanted)


def _split(said: str) -> tuple[str, str]:
    """Take a word and a number apart; mp3 ends in a digit itself."""
    lowered = said.lower()
    for name in CODECS:
        rest = lowered.removeprefix(name)
        found = re.fullmatch(r"(?:[\s@:_-]*(\d{1,6}))?\s*(?:k|kbps|kb/s|kbit/s)?", rest)
        if rest != lowered and found:
            return name, found.group(1) or ""
    found = re.fullmatch(r"(\S*?)[\s@:_-]*(\d*)", lowered)
    return (found.group(1), found.group(2)) if found else (lowered, "")
