"""A soundfont player, where symusic is installed and a soundfont with a free licence is found."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from assistant.material import Samples, Score

__all__ = ["Soundfont", "find", "soundfonts"]

_FOLDERS = (
    "/usr/share/sounds/sf2",
    "/usr/share/sounds/sf3",
    "/usr/share/soundfonts",
    "/usr/local/share/soundfonts",
    "~/.local/share/soundfonts",
    "~/Library/Audio/Sounds/Banks",
)
_FREE = ("FluidR3", "MuseScore_General", "GeneralUser")


@dataclass(frozen=True)
class Soundfont:
    """Plays scores with a soundfont."""

    path: Path

    @property
    def name(self) -> str:
        """Name of the soundfont."""
        return self.path.stem

    def __call__(self, score: Score, rate: int, /) -> Samples:
        """Return the sound of `score`, shape (2, frames), at `rate` Hz."""
        import symusic

        from bridge.midi.score import bytes_from_score

        synthesizer = symusic.Synthesizer(str(self.path), rate, 0)
        sound = synthesizer.render(symusic.Score.from_midi(bytes_from_score(score)), stereo=True)
        return np.ascontiguousarray(sound, dtype=np.float32)


def soundfonts() -> list[Path]:
    """List the soundfonts of known free licence on this machine."""
    folders = (Path(folder).expanduser() for folder in _FOLDERS)
    found = (path for folder in folders if folder.is_dir() for path in folder.glob("*.sf[23]"))
    return sorted(path for path in found if path.stem.startswith(_FREE) and path.is_file())


@lru_cache(maxsize=1)
def find() -> Soundfont | None:
    """Return a soundfont player, or None where symusic or a soundfont is missing."""
    if importlib.util.find_spec("symusic") is None:
        return None
    found = soundfonts()
    return Soundfont(found[0]) if found else None
