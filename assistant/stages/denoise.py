"""Noise removal: clipping, clicks, hum and hiss are taken out of a take, and none of its music."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.contract import Context, Progress, Suggestion, setting
from assistant.errors import SettingError
from assistant.material import Audio

if TYPE_CHECKING:
    from assistant.denoising.asked import Asked

__all__ = ["Settings", "copies", "draws", "suggest", "takes"]

takes = (Audio,)
draws = True
copies = 9  # mended, its noise by up to two ways at 48 kHz, what is kept, the residual

_PAUSE = re.compile(r"(\d{1,6}(?:\.\d{0,6})?) ?- ?(\d{1,6}(?:\.\d{0,6})?)", re.ASCII)
_MATERIALS = ("auto", "speech", "singing", "instrument", "mix")


@dataclass(frozen=True)
class Settings:
    """How far each repair goes; what was not found is not treated, whatever is asked.

    The amount scales all of it; 0 gives the take back as it is.
    """

    amount: float = setting(
        100.0, "%", low=0.0, high=100.0, about="how much of everything, from the take on"
    )
    reduction: float | None = setting(
        None,
        "dB",
        low=0.0,
        high=60.0,
        about="how far noise goes down in the balanced suggestion; by 24 dB (by less where it"
        " swells), behind a voice by 36, where it is not said",
    )
    material: str = setting(
        "auto",
        choices=_MATERIALS,
        about="what is on the take; only a voice alone is cleaned as one",
    )
    print: Audio | None = setting(
        None,
        accepts=(Audio,),
        about="a sound of the noise alone: a file, or the name of a kept one",
    )
    pause: str = setting("", about="where in the take there is noise alone, in seconds: 3.2-4.5")
    keep_print: str = setting(
        "", high=60, about="name under which the print of the noise is kept for other takes"
    )
    residual: bool = setting(False, about="also write what was taken away, to listen to")
    declip: float = setting(
        100.0, "%", low=0.0, high=100.0, about="how much of what was cut off at the top is made up"
    )
    declick: float = setting(
        100.0, "%", low=0.0, high=100.0, about="how much of clicks and crackle is taken out"
    )
    dehum: float = setting(
        100.0, "%", low=0.0, high=100.0, about="how much of the hum of the mains is taken out"
    )
    deess: float = setting(
        100.0, "%", low=0.0, high=100.0, about="how much of s that stand out is taken down"
    )
    deplosive: float = setting(
        100.0, "%", low=0.0, high=100.0, about="how much of p and b that burst is taken down"
    )
    dereverb: float = setting(
        0.0, "%", low=0.0, high=100.0, about="how much of the room behind a voice is taken out"
    )

    def __post_init__(self) -> None:
        """Refuse a pause that is none, and one beside a print."""
        if self.pause_seconds is not None and self.print is not None:
            raise SettingError("print and pause both say what the noise is; give one of them.")

    @property
    def pause_seconds(self) -> tuple[float, float] | None:
        """Where there is noise alone; None where that is not said."""
        if not self.pause.strip():
            return None
        found = _PAUSE.fullmatch(self.pause.strip())
        first, last = (float(found[1]), float(found[2])) if found else (0.0, 0.0)
        if last <= first:
            raise SettingError(
                f"pause is {self.pause[:80]!r}; it takes seconds, first and last: 3.2-4.5."
            )
        return first, last


def suggest(
    audio: Audio, settings: Settings, context: Context, /
) -> Iterator[Progress | Suggestion]:
    """Propose cleaned takes.

    Parameters
    ----------
    audio : Audio
        The take.
    settings : Settings
        How far to go.
    context : Context
        Scratch, the dice, and whether a report is wanted.

    Yields
    ------
    Progress or Suggestion
        A balanced one, a gentle one and a strong one; a single one where there is nothing to choose
        between, or nothing to remove.

    Raises
    ------
    MaterialError
        Where the print does not go with the take.
    """
    from assistant.denoising.proposal import proposals

    yield Progress(0.0, "listening to the take")
    if settings.amount == 0.0 and not settings.keep_print.strip():
        why = "The amount is 0 %, so the take stays as it is, sample for sample."
        yield Suggestion("Untouched", why, {"main": audio}, confidence=1.0)
    else:
        yield from proposals(audio, _asked(settings), context)
    yield Progress(1.0, "done")


def _asked(settings: Settings) -> Asked:
    from assistant.denoising.asked import Asked

    shares = ("declip", "declick", "dehum", "deess", "deplosive", "dereverb")
    return Asked(
        settings.amount / 100.0,
        settings.reduction,
        settings.material,
        settings.print,
        settings.pause_seconds,
        settings.keep_print.strip(),
        settings.residual,
        {name: getattr(settings, name) / 100.0 for name in shares},
    )
