"""Mix suggestions: what is wrong in and between tracks, what would cure it, and starting mixes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.contract import Context, Progress, Suggestion, setting
from assistant.material import Audio, Session
from assistant.mixing.asked import STYLES, Asked

__all__ = ["Settings", "copies", "draws", "shows", "suggest", "sums", "takes"]

takes = (Session,)
shows = 4  # what was found, and a starting mix in each style
draws = True
sums = True
copies = 3  # of all stems: the plain sum, the mix, and each track behind its strip


@dataclass(frozen=True)
class Settings:
    """What is looked for, and how far every move goes.

    The amount scales gains, EQ, pans, widths, ratios and sends; what is either done or not, such as
    a polarity, is done at any amount but 0, which gives the plain sum.
    """

    amount: float = setting(
        100.0, "%", low=0.0, high=100.0, about="how much of every move, from the plain sum on"
    )
    style: str = setting(
        "auto",
        choices=("auto", *STYLES, "none"),
        about="which starting mixes to make of the stems, beside what was found: auto is all three",
    )
    reference: Audio | Session | None = setting(
        None,
        accepts=(Audio, Session),
        about="a finished mix, or a folder of its stems, to come nearer to",
    )
    roles: tuple[str, ...] = setting(
        (), about="what tracks play, where the ear is wrong: Track 3=bass, Oohs=backing vocal"
    )
    tastes: int = setting(
        12, low=0, high=64, about="how many matters of taste to tell; faults are always told"
    )
    stems: bool = setting(False, about="also write each track by itself, with its moves")
    compare: bool = setting(
        True, about="also write the stems as they are, as loud as the preview, to compare"
    )


def suggest(
    session: Session, settings: Settings, context: Context, /
) -> Iterator[Progress | Suggestion]:
    """Propose what to do about a mix.

    Parameters
    ----------
    session : Session
        Its stems.
    settings : Settings
        What is wanted.
    context : Context
        Shelf, scratch, and whether a report is wanted.

    Yields
    ------
    Progress or Suggestion
        What was found, with what would cure it; then what comes nearer to the reference, where
        there is one; then starting mixes. Each with a preview as loud as the plain sum.

    Raises
    ------
    MaterialError
        Where nothing is to be heard in any stem.
    UnknownName, SettingError
        Where `roles` names a track or a role that there is not.
    """
    from assistant.mixing.proposal import proposals

    yield Progress(0.0, "listening to each track")
    yield from proposals(session, _asked(settings), context)
    yield Progress(1.0, "done")


def _asked(settings: Settings) -> Asked:
    styles = {"auto": STYLES, "none": ()}.get(settings.style, (settings.style,))
    return Asked(
        settings.amount / 100.0,
        styles,
        settings.reference,
        settings.roles,
        settings.tastes,
        settings.stems,
        settings.compare,
    )
