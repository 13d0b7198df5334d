"""DAWprojects as other programs would write them, from a few words."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import soundfile
from numpy.typing import NDArray

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

RATE = 48_000
TRACKS = """
    <Track id="t1" name="Keys" contentType="notes"><Channel id="c1" role="regular"/></Track>
    <Track id="t2" name="Vocal" contentType="audio"><Channel id="c2" role="regular"/></Track>
    <Track id="t3" name="Drums" contentType="audio"><Channel id="c3" role="regular">
      <Mute value="{mute}"/></Channel></Track>"""


def project(lanes: str, *, tempo: str = "120", maps: str = "", mute: str = "false") -> str:
    """Put lanes into a project of three tracks: t1 Keys, t2 Vocal, t3 Drums."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Project version="1.0"><Application name="Other" version="5"/>
  <Transport><Tempo id="tempo" unit="bpm" value="{tempo}"/>
    <TimeSignature id="ts" numerator="4" denominator="4"/></Transport>
  <Structure>{TRACKS.format(mute=mute)}</Structure>
  <Arrangement><Lanes timeUnit="beats">{lanes}</Lanes>{maps}</Arrangement><Scenes/></Project>"""


def notes(clips: str) -> str:
    """Lay clips on the track of notes."""
    return f'<Lanes track="t1"><Clips>{clips}</Clips></Lanes>'


def sound(clips: str, track: str = "t2") -> str:
    """Lay clips on a track of sound."""
    return f'<Lanes track="{track}"><Clips>{clips}</Clips></Lanes>'


def audio(path: str = "take.wav", seconds: float = 1.0, channels: int = 1, rate: int = RATE) -> str:
    """Name a sound file in the archive."""
    return (
        f'<Audio timeUnit="seconds" channels="{channels}" sampleRate="{rate}" '
        f'duration="{seconds}"><File path="{path}"/></Audio>'
    )


def wav(samples: NDArray[np.float64], rate: int = RATE) -> bytes:
    """Write sound of shape (frames,) or (frames, channels) as a WAV of floats."""
    file = io.BytesIO()
    soundfile.write(file, samples, rate, "FLOAT", format="WAV")
    return file.getvalue()


class Slow(io.FileIO):
    """A file that takes seven bytes at once, as one on a disk that is nearly full may."""

    def write(self, data: ReadableBuffer, /) -> int:
        """Write the first bytes."""
        return super().write(memoryview(data)[:7])


def packed(path: Path, xml: str | bytes, members: Mapping[str, bytes] | None = None) -> Path:
    """Write a DAWproject."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.xml", xml)
        for name, data in (members or {}).items():
            archive.writestr(name, data)
    return path
