"""The key in a prompt: a note with a mode anywhere, a lone note after "in" or "key of".

Many names of keys are words as well: "a minor" in "a minor key", "Am" in German, "la mayor" in
Spanish. What could be either is asked about, never dropped and never taken.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from assistant.errors import SettingError
from assistant.theory.harmony.key import Key, read_key
from assistant.theory.harmony.key_names import NORTH, RUSSIAN, SOUTH, key_named

__all__ = ["KeysRead", "take_keys"]

_MODES = (
    "(?:(?:natural|harmonic|melodic)[ -]+)?minor|major|dorian|phrygian|lydian|mixolydian|locrian"
    "|aeolian|ionian|maj|min"
)
_SIGN = r"[#♯♭]|b(?![a-ln-z])|[ -]?(?:sharp|flat)\b"
# Not within "R&B", "D'Angelo" and "G-funk".
_START, _END = r"(?<![\w#♯♭'&/.-])", r"(?![\w#♯♭'&/-])"
_LEAD = r"(?:(?:in|en|em|key|scale)[ :]+(?:of[ :]+)?(?:the key of )?)"

_FULL = rf"(?P<note>[a-g])(?P<sign>{_SIGN})?[ -]+(?P<mode>{_MODES})"
_SHORT = r"(?P<letter>[a-g])(?P<mark>[#♯♭]|b(?=m))?(?P<short>maj|min|m)"
_LONE = rf"{_LEAD}(?P<lone>[a-g])(?P<lone_sign>{_SIGN})?"
_ABROAD = rf"(?P<abroad>{NORTH}|{SOUTH}|{RUSSIAN}|[b-dfg][ -](?:mineur|majeur|menor|mayor|minore))"
_NAMES = re.compile(
    rf"{_START}(?:(?P<lead>{_LEAD})?(?:{_FULL}|{_SHORT}|{_ABROAD})|{_LONE}){_END}", re.IGNORECASE
)
_NOTE = re.compile(rf"{_START}(?:[A-G](?P<sign>[#♯♭b]|[ -]?(?:sharp|flat)\b)?|[a-g][#♯♭]){_END}")

_CHORD = r"[A-G][#b♯♭]?(?:maj|min|m|dim|aug|sus|add)?\d{0,2}(?:/[A-G][#b♯♭]?)?"
_CHART = re.compile(rf"{_START}{_CHORD}(?:(?: ?[|,] ?| - | ){_CHORD}){{2,}}{_END}")

_NEXT_WORD = re.compile(r"[ ]+([^\W\d]\w*)")
_ABOUT_A_SONG = re.compile(
    r"key|mode|mood|scale|tonality|vein|way|song|tune|piece|vibe|feel", re.IGNORECASE
)
_GOES_ON = frozenset({"y", "e", "et", "and", "con", "com", "avec", "with", "und", "in", "at"})
_NOT_BEFORE = re.compile(
    r"\b(?:not|no|never|without|avoid|isn't|don't|nicht|kein|pas|sin|ohne|except|anything but"
    r"|other than)(?: (?:too|in|the|key|of|be|use|write))*[ ]*$", re.IGNORECASE,
)  # fmt: skip
_WORDS_TOO = frozenset({"la", "mi", "do", "si"})  # of Spanish, Italian and Portuguese
_VERBS = frozenset({"A", "E"})  # "Am Abend", "Em casa"
_MOST_NAMED = 4


@dataclass(frozen=True)
class KeysRead:
    """What a prompt says of the key.

    Parameters
    ----------
    key : Key or None
        The key; a lone note is major.
    lone : bool
        Whether only its note was said.
    said : tuple of str
        The words that say it.
    ambiguous : mapping of str to tuple of str
        What a note that stands alone could mean.
    questions : tuple of str
        A sentence for each thing that could be a key, or a word.
    rest : str
        The prompt without its keys.
    """

    key: Key | None = None
    lone: bool = False
    said: tuple[str, ...] = ()
    ambiguous: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    questions: tuple[str, ...] = ()
    rest: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    """A place that names a key, or could: `key` is None where it is only asked about."""

    start: int
    end: int
    said: str
    key: Key | None
    lone: bool = False
    question: str = ""


def take_keys(text: str, is_word: Callable[[str], bool]) -> KeysRead:
    """Take the key out of a prompt.

    Parameters
    ----------
    text : str
        As it was written: upper case tells "A" from "a".
    is_word : callable
        Tells whether a word, lower case, means something in English: "Am ballad" names a key,
        "Am Abend" does not.

    Returns
    -------
    KeysRead
        The key, what is doubtful, and the rest.

    Raises
    ------
    SettingError
        Where two keys are named.
    """
    text = " ".join(unicodedata.normalize("NFKC", text).replace("\u2019", "'").split())
    chart = _CHART.search(text)
    if chart is not None:
        question = f"{chart[0]!r} could be chords; type them as chords."
        others = take_keys(f"{text[: chart.start()]} , {text[chart.end() :]}", is_word)
        return replace(others, questions=(*others.questions, question))
    named = [found for match in _NAMES.finditer(text) if (found := _judge(match, is_word))]
    rest = _without(text, [each for each in named if each.key])
    notes = [_lone_note(match) for match in _NOTE.finditer(rest) if _stands_alone(match)]
    keys = [each for each in named if each.key and not each.question]
    key, lone = _only(keys)
    asked = dict.fromkeys(
        (*(each.question for each in named if each.question), *(each.question for each in notes))
    )
    return KeysRead(
        key,
        lone,
        tuple(dict.fromkeys(each.said for each in keys)),
        {each.said: (f"{each.said} major", f"{each.said} minor") for each in notes},
        tuple(asked),
        _without(rest, notes),
    )


def _judge(match: re.Match[str], is_word: Callable[[str], bool]) -> _Found | None:
    """Tell whether a match names a key, could name one, or does not."""
    said = match[0][len(match["lead"] or "") :]
    if match["lone"]:
        return _judge_lone(match)
    key = _read(match)
    if key is None:
        return None
    refused = _refused(match, said, key)
    if refused:
        return refused
    if match["note"]:
        taken, question = _judge_full(match, said)
    elif match["short"]:
        taken, question = _judge_short(match, said, is_word)
    else:
        taken, question = _judge_abroad(match, said, key)
    if taken:
        return _found(match, said, key)
    return _found(match, said, None, question) if question else None


def _found(match: re.Match[str], said: str, key: Key | None, question: str = "") -> _Found:
    return _Found(match.start(), match.end(), said, key, question=question)


def _refused(match: re.Match[str], said: str, key: Key) -> _Found | None:
    """Find a "not" before a key, which goes with it."""
    negated = _NOT_BEFORE.search(match.string, 0, match.start())
    if negated is None:
        return None
    question = f"'{key}' is not wanted; say the key that is."
    return _Found(negated.start(), match.end(), said, key, question=question)


def _read(match: re.Match[str]) -> Key | None:
    try:
        if match["abroad"]:
            return read_key(match["abroad"]) if key_named(match["abroad"]) else None
        sign = (match["sign"] or match["mark"] or "").strip(" -")
        mode = re.sub("[ -]+", " ", match["mode"] or match["short"])
        return read_key(f"{match['note'] or match['letter']}{sign} {mode}")
    except SettingError:  # nine sharps
        return None


def _judge_full(match: re.Match[str], said: str) -> tuple[bool, str]:
    """Tell "A minor" from a minor thing: the article is small, or begins the prompt."""
    if match["note"].lower() != "a" or match["sign"]:
        return True, ""
    after = _NEXT_WORD.match(match.string, match.end())
    if after is None:
        return True, ""
    if _ABOUT_A_SONG.match(after[1]) and (match["note"] == "a" or match.start() == 0):
        return False, ""
    if match["note"] == "A":
        return True, ""
    mode = match["mode"].lower()
    return False, f"{said!r} was taken as {mode}; write 'A {mode}' where the key is meant."


def _judge_short(
    match: re.Match[str], said: str, is_word: Callable[[str], bool]
) -> tuple[bool, str]:
    """Tell "Am", "C#m" and "Bbmaj" from "am", "fm" and "cm"."""
    letter, short = match["letter"], match["short"]
    if short == "M" or (len(short) == 1 and match["mark"] is None and not _is_symbol(match)):
        return False, ""
    after = _NEXT_WORD.match(match.string, match.end())
    if letter not in _VERBS or match["mark"] or match["lead"] or after is None or len(short) > 1:
        return True, ""
    if after[1] != "I" and is_word(after[1].lower()):
        return True, ""
    return False, f"{said!r} could be the key {letter} minor; write it so where that is meant."


def _is_symbol(match: re.Match[str]) -> bool:
    return match["letter"].isupper() or bool(match["lead"])


def _judge_abroad(match: re.Match[str], said: str, key: Key) -> tuple[bool, str]:
    """Tell "la menor" from "la menor duda"."""
    first = re.split("[ -]", said.lower())[0]
    french = said.lower().endswith(("majeur", "mineur"))
    after = _NEXT_WORD.match(match.string, match.end())
    if first not in _WORDS_TOO or french or after is None or after[1].lower() in _GOES_ON:
        return (first, key.mode) != ("do", "major") or not said.lower().endswith("major"), ""
    return False, f"{said!r} could be the key {key}; write '{key}' where that is meant."


def _judge_lone(match: re.Match[str]) -> _Found | None:
    """Tell "in A" from "in a forest"; a small "a" is the note where nothing follows it."""
    note = match["lone"]
    sign = (match["lone_sign"] or "").strip(" -")
    key = read_key(f"{note}{sign}")
    said = match[0]
    refused = _refused(match, said, key)
    if refused:
        return refused
    after = _NEXT_WORD.match(match.string, match.end())
    foreign = said.lower().startswith(("en ", "em "))
    if note in "aA" and after and not (sign and note == "A"):
        if note == "a" and not sign:
            return None
        shouted = said[0].isupper() and after[1][0].isupper()
        if note == "a" or shouted or foreign:
            name = str(key).removesuffix(" major")
            question = f"{said!r} could be the key {name}; write '{key}' where that is meant."
            return _found(match, said, None, question)
    return _Found(match.start(), match.end(), said, key, lone=True)


def _stands_alone(match: re.Match[str]) -> bool:
    """Tell whether a capital is a note, not the first word of a sentence in some language."""
    after = _NEXT_WORD.match(match.string, match.end())
    return bool(match[0][0] not in _VERBS or match["sign"] or len(match[0]) > 1 or after is None)


def _lone_note(match: re.Match[str]) -> _Found:
    name = str(read_key(match[0])).removesuffix(" major")
    question = f"{match[0]!r} could mean {name} major or {name} minor; say which."
    return _Found(match.start(), match.end(), name, None, question=question)


def _only(found: list[_Found]) -> tuple[Key | None, bool]:
    """Find the one key that is named; a lone note goes with a mode on the same note."""
    keys = list(_different(found))
    if len(keys) > 1:
        seen = " and ".join(f"'{key}'" for key in keys[:_MOST_NAMED])
        raise SettingError(
            f"prompt asks for {seen}; it takes one key. Chords are typed as chords, such as"
            " 'Am F C G'."
        )
    if not keys:
        return None, False
    return keys[0], all(each.lone for each in found)


def _different(found: list[_Found]) -> Iterator[Key]:
    """Walk through the keys that differ to the ear."""
    full = [each.key for each in found if each.key and not each.lone]
    lone = [each.key for each in found if each.key and each.lone]
    seen: set[tuple[int, str]] = set()
    for key in (*full, *(key for key in lone if key.root not in {each.root for each in full})):
        if (key.root, key.mode) not in seen:
            seen.add((key.root, key.mode))
            yield key


def _without(text: str, found: list[_Found]) -> str:
    """Take places out of a text."""
    for each in reversed(found):
        text = f"{text[: each.start]} {text[each.end :]}"
    return text
