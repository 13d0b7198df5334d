"""The form of a sound file that bandmate writes: container and sample type."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

__all__ = ["DEFAULT_FORM", "Form", "common_form", "form_like"]

Container: TypeAlias = Literal["WAV", "FLAC"]
Subtype: TypeAlias = Literal["PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"]

_DEPTHS: tuple[Subtype, ...] = ("PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE")

# L R C LFE, back L R, front L R of centre, back, sides: bits 0 to 10. In the order of FLAC, too.
_USUAL_SPEAKERS = {
    1: 0x4,
    2: 0x3,
    3: 0x7,
    4: 0x33,
    5: 0x37,
    6: 0x3F,
    7: 0x70F,
    8: 0x63F,
}

_SAME: dict[str, Subtype] = {
    **{subtype: subtype for subtype in _DEPTHS},
    "PCM_S8": "PCM_16",
    "PCM_U8": "PCM_16",
}


@dataclass(frozen=True, slots=True)
class Form:
    """How sound is written.

    Parameters
    ----------
    container : str
        ``"WAV"`` or ``"FLAC"``.
    subtype : str
        ``"PCM_16"``, ``"PCM_24"``; for a WAV also ``"PCM_32"``, ``"FLOAT"`` or ``"DOUBLE"``.
    speakers : int, optional
        Of a WAV, where its channels belong: a bit a loudspeaker, as WAVE_FORMAT_EXTENSIBLE has
        them. None where that is not said.
    """

    container: Container = "WAV"
    subtype: Subtype = "PCM_24"
    speakers: int | None = None

    @property
    def suffix(self) -> str:
        """How the name of such a file ends."""
        return f".{self.container.lower()}"

    @property
    def bits(self) -> int:
        """Bits of a sample."""
        return {"FLOAT": 32, "DOUBLE": 64}.get(self.subtype) or int(self.subtype[4:])

    @property
    def floating(self) -> bool:
        """Whether samples over full scale are kept."""
        return self.subtype in {"FLOAT", "DOUBLE"}

    def of_depth(self, bits: Literal[16, 24, 32] | None) -> Form:
        """Return the form for sound that was made for a depth; 32 are floats, in a WAV."""
        if bits is None:
            return self
        depths: dict[int, Subtype] = {16: "PCM_16", 24: "PCM_24", 32: "FLOAT"}
        return replace(
            self, container="WAV" if bits == 32 else self.container, subtype=depths[bits]
        )

    def mask(self, channels: int) -> int | None:
        """Return the loudspeakers of so many channels: those said, where they are as many."""
        if self.speakers is None or self.speakers.bit_count() == channels:
            return self.speakers
        return _USUAL_SPEAKERS[channels]


DEFAULT_FORM = Form()
"""For sound that was made of no sound file."""


def form_like(container: str, subtype: str, speakers: int | None = None) -> Form:
    """Choose the form that keeps what a file holds.

    Parameters
    ----------
    container, subtype : str
        As libsndfile calls them, such as ``"AIFF"`` and ``"PCM_24"``.
    speakers : int, optional
        As in `Form`.

    Returns
    -------
    Form
        FLAC for FLAC, else WAV; the same depth, 16 bits for 8, 24 for what is lossy.
    """
    return Form("FLAC" if container == "FLAC" else "WAV", _SAME.get(subtype, "PCM_24"), speakers)


def common_form(forms: Iterable[Form]) -> Form:
    """Choose the form that keeps what several files hold.

    Parameters
    ----------
    forms : iterable of Form
        One a file, at least one.

    Returns
    -------
    Form
        FLAC where all are, else WAV; the deepest of their depths; where any says loudspeakers
        those of all, or, where they differ, the usual ones.
    """
    every = tuple(forms)
    deepest = max((form.subtype for form in every), key=_DEPTHS.index)
    flac = all(form.container == "FLAC" for form in every)
    said = {form.speakers for form in every} - {None}
    speakers = (said.pop() if len(said) == 1 else 0) if said else None
    return Form("FLAC" if flac else "WAV", deepest, speakers)
