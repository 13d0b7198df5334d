"""What a track is called, and which role that names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

__all__ = ["NameGuess", "Role", "RoleNames"]


class Role(StrEnum):
    """What a track does in a mix."""

    KICK = "kick"
    SNARE = "snare"
    HATS = "hats"
    TOMS = "toms"
    DRUMS = "drums"
    BASS = "bass"
    GUITAR = "guitar"
    KEYS = "keys"
    PAD = "pad"
    LEAD_VOCAL = "lead_vocal"
    BACKING_VOCAL = "backing_vocal"
    OTHER = "other"
    FX = "fx"
    BUS = "bus"

    @property
    def words(self) -> str:
        """As one says it."""
        return self.value.replace("_", " ")


CERTAIN = 0.95  # of one word that names one role
PLAIN_VOCAL = 0.85  # of "vox", which does not say which
TWO_ROLES = 0.65  # of a name with words of two
HINTED = 0.55
LONGEST = 3  # words that make one name

_ENDING = re.compile(r"\.(wav|wave|flac|aif|aiff|ogg|mp3|w64|rf64|caf)$", re.IGNORECASE)
_PARTS = re.compile(r"[^\W\d_]+|\d+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")


@dataclass(frozen=True, slots=True)
class NameGuess:
    """A role by name.

    Parameters
    ----------
    role : Role
        What it names.
    word : str
        By which word.
    confidence : float
        0.0 to 1.0.
    """

    role: Role
    word: str
    confidence: float


@dataclass(frozen=True, slots=True)
class _Found:
    role: Role
    word: str
    first: int
    length: int


class RoleNames:
    """Reads names of tracks.

    Parameters
    ----------
    table : mapping
        From the shelf, ``roles/names``: by role, lists of ``words``, ``hints`` and ``marks``.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        roles = {role: table[role.value] for role in Role if role.value in table}
        self._words = _by_word({role: one.get("words", ()) for role, one in roles.items()})
        self._hints = _by_word({role: one.get("hints", ()) for role, one in roles.items()})
        backing = roles.get(Role.BACKING_VOCAL, {})
        self._marks = _by_word({Role.BACKING_VOCAL: backing.get("marks", ())})

    def read(self, name: str) -> NameGuess | None:
        """Tell the role that a name names.

        Parameters
        ----------
        name : str
            As the musician, the DAW or the file has it.

        Returns
        -------
        NameGuess or None
            None where no word in it is known.
        """
        parts = _parts(name)
        found = _find(parts, self._words)
        if not found:
            hints = _find(parts, self._hints)
            return NameGuess(hints[-1].role, hints[-1].word, HINTED) if hints else None
        marks = _find(parts, self._marks)
        if found[-1].role is Role.LEAD_VOCAL and marks:
            return NameGuess(Role.BACKING_VOCAL, f"{marks[0].word} {found[-1].word}", CERTAIN)
        roles = {one.role for one in found} - {Role.BUS}
        if not roles:
            return NameGuess(Role.BUS, found[-1].word, CERTAIN)
        if len(roles) > 1 and roles <= _KIT:  # "kick_hats": some of a kit
            return NameGuess(Role.DRUMS, " ".join(one.word for one in found), TWO_ROLES)
        named = [one for one in found if one.role is not Role.BUS]
        best = max(named, key=lambda one: (_SPECIFIC.get(one.role, 1), one.length, one.first))
        if len(roles - {Role.DRUMS}) > 1:  # "drum" beside "kick" says where the kick is
            return NameGuess(best.role, best.word, TWO_ROLES)
        plain = best.role is Role.LEAD_VOCAL and not _find(parts, self._hints)
        return NameGuess(best.role, best.word, PLAIN_VOCAL if plain else CERTAIN)


_KIT = {Role.KICK, Role.SNARE, Role.HATS, Role.TOMS}
# Which of two words says more: "vocal reverb" is an effect, "synth bass" a bass, "bass pad" a pad.
_SPECIFIC = {
    Role.FX: 3,
    Role.BACKING_VOCAL: 3,
    Role.PAD: 2,
    Role.BASS: 2,
    Role.DRUMS: 0,
    Role.KEYS: 0,
}


def _parts(name: str) -> list[str]:
    """Cut a name into words and numbers, without case and accents."""
    bare = _ENDING.sub("", name.replace("\\", "/").rsplit("/", 1)[-1])
    return _PARTS.findall(_plain(_CAMEL.sub(" ", bare)))


def _plain(text: str) -> str:
    """Fold case, width and accents; marks that make another letter stay (Japanese, Korean)."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    latin = "".join(c for c in apart if not "\u0300" <= c <= "\u036f")
    return unicodedata.normalize("NFC", latin)


def _by_word(roles: Mapping[Role, Sequence[str]]) -> dict[str, Role]:
    """Turn lists of words into one table, written together; the first role keeps a word."""
    table: dict[str, Role] = {}
    for role, words in roles.items():
        for word in words:
            table.setdefault("".join(_PARTS.findall(_plain(word))), role)
    return table


def _find(parts: Sequence[str], table: Mapping[str, Role]) -> list[_Found]:
    """Find known words in a name, the longest first, none of its parts twice; in order."""
    found: list[_Found] = []
    free = [True] * len(parts)
    for length in range(min(LONGEST, len(parts)), 0, -1):
        for first in range(len(parts) - length + 1):
            here = slice(first, first + length)
            word = "".join(parts[here])
            if word in table and all(free[here]):
                free[here] = [False] * length
                found.append(_Found(table[word], " ".join(parts[here]), first, length))
    return sorted(found, key=lambda one: one.first)
