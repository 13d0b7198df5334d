"""What the name of a clip asks for: ``? stage words``, words being the prompt or the preset."""

from __future__ import annotations

import re
from typing import NamedTuple

WRITERS = ("chords", "melody", "band")
"""Stages that take a prompt, and that want to know tempo, metre and key."""
SOUND_ONLY = ("pitch", "denoise", "master", "mix")
MAX_NAME = 300

_WISH = re.compile(r"\?\s*([A-Za-z]{2,24})\b\s*(.*)", re.DOTALL)
_SETTING = re.compile(r"([a-z_]{1,24})=(\S{1,80})")
_BARS = re.compile(r"\b(\d{1,3})[ -]bars?\b", re.IGNORECASE)


class Wish(NamedTuple):
    """A stage, and its settings by name as they were written."""

    stage: str
    settings: dict[str, str]


def read(name: str) -> Wish | None:
    """Read the name of a clip; None where it asks for nothing.

    "? melody 8 bars rainy low=C3" asks melody for 8 bars with the prompt "rainy", nothing lower
    than C3; "? master apple music" asks for the preset apple-music.
    """
    match = _WISH.fullmatch(name.strip()[:MAX_NAME])
    if match is None:
        return None
    stage, words = match.group(1).lower(), match.group(2)
    settings = dict(_SETTING.findall(words))
    words = _SETTING.sub(" ", words)
    bars = _BARS.search(words) if stage in WRITERS else None
    if bars is not None:
        settings.setdefault("bars", bars.group(1))
        words = _BARS.sub(" ", words, count=1)
    words = " ".join(words.split())
    if words and stage in WRITERS:
        settings.setdefault("prompt", words)
    elif words:
        settings.setdefault("preset", _preset(words))
    return Wish(stage, settings)


def _preset(words: str) -> str:
    """Write presets as the shelf does: "Apple Music, Spotify" is apple-music,spotify."""
    names = (" ".join(name.split()) for name in words.lower().split(","))
    return ",".join(name.replace(" ", "-") for name in names if name)
