"""Figures in a prompt: how many bars, how many beats a minute."""

from __future__ import annotations

import re

from assistant.errors import SettingError

__all__ = ["MOST_BARS", "take_bars", "take_bpm"]

MOST_BARS = 64

_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "sixteen": 16, "twenty": 20,
    "twenty four": 24, "thirty two": 32, "forty eight": 48, "sixty four": 64,
}  # fmt: skip
_LONGEST_FIRST = sorted(_NUMBERS, key=len, reverse=True)
# Bars in the languages in which the word means nothing else that a prompt could say.
_BARS = (
    "bars?|measures?|takten?|takter|taktov|taktów|compases|compás|compassos|mesures?|battut[ea]"
    "|misure|maten|тактов|такта|такт|小节|小節|마디"
)
_COUNT = re.compile(
    r"(?<!last )(?<!first )(?<!every )(?<!each )(?<!final )(?<![\w./])"
    rf"(?P<count>\d{{1,9}}|{'|'.join(_LONGEST_FIRST)}) ?(?P<bars>{_BARS})(?!\w)"
)
_NAMES_A_BLUES = frozenset({"12 bar", "twelve bar"})
_BPM = re.compile(r"\b(\d{2,3}(?:\.\d+)?) ?bpm\b")


def take_bars(text: str) -> tuple[int | None, tuple[str, ...], str]:
    """Take a length out of a prompt.

    Parameters
    ----------
    text : str
        As `assistant.theory.prompt.vocabulary.plain` leaves it.

    Returns
    -------
    tuple of (int or None, tuple of str, str)
        How many bars; what said so, with what it was taken to mean; and the rest, in which
        "12 bar" is left, since it names a blues as well.

    Raises
    ------
    SettingError
        Where two lengths are asked for, or one that is too long.
    """
    found = list(_COUNT.finditer(text))
    counts = [_NUMBERS.get(match["count"]) or int(match["count"]) for match in found]
    if len(set(counts)) > 1:
        seen = " and ".join(f"{count} bars" for count in dict.fromkeys(counts))
        raise SettingError(f"prompt asks for {seen}; it takes one length.")
    if any(not 1 <= count <= MOST_BARS for count in counts):
        raise SettingError(f"prompt asks for {counts[0]} bars; it takes 1 to {MOST_BARS}.")
    rest = text
    for match in reversed(found):
        kept = match[0] if match[0] in _NAMES_A_BLUES else ""
        rest = f"{rest[: match.start()]} {kept} {rest[match.end() :]}"
    said = tuple(dict.fromkeys(f"{match[0]} as the length" for match in found))
    return (counts[0] if counts else None), said, rest


def take_bpm(text: str) -> tuple[float | None, str]:
    """Take a tempo out of a prompt: quarter notes a minute, and the rest.

    Parameters
    ----------
    text : str
        As `assistant.theory.prompt.vocabulary.plain` leaves it.

    Returns
    -------
    tuple of (float or None, str)
        The first tempo that is said in BPM, and the text without it.

    Raises
    ------
    SettingError
        Where two tempos are asked for.
    """
    found = list(_BPM.finditer(text))
    tempos = dict.fromkeys(float(match[1]) for match in found)
    if len(tempos) > 1:
        seen = " and ".join(f"{tempo:g} bpm" for tempo in tempos)
        raise SettingError(f"prompt asks for {seen}; it takes one tempo.")
    rest = text
    for match in reversed(found):
        rest = f"{rest[: match.start()]} {rest[match.end() :]}"
    return next(iter(tempos), None), rest
