"""Words to be sung: lines, words, syllables, and how heavily each is said.

What a speech program says and what the spelling rules say are put together, each where it is the
better one; what neither knows is named, so that the musician can be asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from assistant.contract import Speech, Spoken
from assistant.errors import SettingError
from assistant.theory.verse.pronouncing import Word, pronounce
from assistant.theory.verse.scripts import alphabet, own_script, script_of
from assistant.theory.verse.syllables import EVEN, STRONG, Orthography
from assistant.theory.verse.tongue import Tongue, tongue_of

__all__ = ["Line", "Lyrics", "Word", "check_sayable", "read_lyrics"]

MAX_LETTERS = 20_000
_BREATHS = frozenset(",;:.!?…—\u2013،。、\uff01\uff1f")
_JOINTS = "'\u2019-·"
_INSIDE = frozenset(_JOINTS + "ー")
_SHOWN = 5  # words that are asked about
_JOINERS = "\u200c\u200d"  # part of how Persian, Hindi or Sinhala words are spelt
_SOFT_HYPHEN = "\u00ad"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the lyrics."""

    words: tuple[Word, ...]

    @property
    def count(self) -> int:
        """Number of syllables."""
        return sum(len(word.parts) for word in self.words)

    @property
    def text(self) -> str:
        """The words, as they were written."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Lyrics:
    """Words to be sung.

    Parameters
    ----------
    lines : tuple of Line
        As they were broken.
    language : str
        Code, ``""`` where it is not known.
    certainty : float
        Mean over the words, times that of the language where it was guessed.
    said : tuple of str
        What was taken for granted, in sentences.
    unknown : tuple of str
        Words of which nothing tells the syllables: ask the musician.
    """

    lines: tuple[Line, ...]
    language: str
    certainty: float
    said: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """Number of syllables."""
        return sum(line.count for line in self.lines)


def read_lyrics(
    text: str,
    known: Mapping[str, Orthography],
    language: str = "",
    speech: Speech | None = None,
) -> Lyrics:
    """Read words to be sung.

    Parameters
    ----------
    text : str
        Lines, broken where the singer breathes, by a new line or by ``/``. Syllables may be
        written out: ``re-MEM-ber``, the stressed one in capitals.
    known : mapping of str to Orthography
        Spelling rules by language, from the page ``words/syllables``.
    language : str
        Code or English name of the language; ``""`` to guess.
    speech : Speech, optional
        A program that knows how words are said.

    Returns
    -------
    Lyrics
        With at least one syllable.

    Raises
    ------
    SettingError
        Where there is nothing to be sung, too much, or the language is not a name of one.
    """
    text = unicodedata.normalize("NFC", text).replace(_SOFT_HYPHEN, "")
    if len(text) > MAX_LETTERS:
        raise SettingError(f"lyrics are up to {MAX_LETTERS} letters, not {len(text)}.")
    script = script_of(text)
    if script == "CJK" and language.strip().lower() in {"ja", "japanese"}:
        script = "HIRAGANA"
    lines = [_tokens(line, script) for line in re.split(r"[\n/|]+", text)]
    flat = [token for line in lines for token, _ in line]
    if not flat:
        raise SettingError("lyrics hold no word to be sung.")
    scripts = [own_script(token, script) for token in flat]
    tongues = {
        each: tongue_of(
            [token for token, own in zip(flat, scripts, strict=True) if own == each],
            each, known, language, apart=each != script,
        )
        for each in dict.fromkeys((script, *scripts))
        if each in scripts
    }  # fmt: skip
    words = iter(_pronounced(flat, scripts, tongues, speech))
    made = [
        Line(tuple(replace(next(words), breath=breath) for _, breath in line))
        for line in lines
        if line
    ]
    main = tongues.get(script) or next(iter(tongues.values()))
    return _lyrics([_phrased(line, main.rules) for line in made], list(tongues.values()), main)


def check_sayable(lyrics: Lyrics) -> Lyrics:
    """Refuse words whose syllables nobody knows.

    Parameters
    ----------
    lyrics : Lyrics
        As they were read.

    Returns
    -------
    Lyrics
        The same.

    Raises
    ------
    SettingError
        With the first such word, and how it should be written.
    """
    if not lyrics.unknown:
        return lyrics
    numbers = [word for word in lyrics.unknown if any(map(str.isdigit, word))]
    if numbers:
        raise SettingError(
            f"lyrics has {_quoted(numbers)}; write numbers as they are sung, in words."
        )
    seen = f"lyrics has {_quoted(lyrics.unknown)}, whose"
    if lyrics.language == "ja" or any(script_of(word) == "HIRAGANA" for word in lyrics.unknown):
        raise SettingError(f"{seen} reading nobody here knows; write it in kana, or with hyphens.")
    raise SettingError(
        f"{seen} syllables nobody here knows; write it with hyphens, such as ri-ver."
    )


def _quoted(words: Sequence[str]) -> str:
    listed = ", ".join(f"'{word}'" for word in words[:_SHOWN])
    return f"{listed} and {len(words) - _SHOWN} more" if len(words) > _SHOWN else listed


def _pronounced(
    tokens: Sequence[str],
    scripts: Sequence[str],
    tongues: Mapping[str, Tongue],
    speech: Speech | None,
) -> Iterator[Word]:
    """Divide all words, each by what is known of its language."""
    heard: dict[tuple[str, str], Spoken] = {}
    for script, tongue in tongues.items():
        asked = [token for token, own in zip(tokens, scripts, strict=True) if own == script]
        said = _heard(asked, tongue.guess.language, tongue.rules, speech)
        heard |= {(script, token): spoken for token, spoken in said.items()}
    parted = {script for token, script in zip(tokens, scripts, strict=True) if "-" in token}
    for token, script in zip(tokens, scripts, strict=True):
        tongue, spoken = tongues[script], heard.get((script, token))
        word = pronounce(token, tongue.rules, script, spoken, parted=script in parted)
        yield replace(word, certainty=word.certainty * tongue.guess.certainty)


def _tokens(line: str, script: str) -> list[tuple[str, bool]]:
    """Find the words of a line, and after which of them there is a breath."""
    found: list[tuple[str, bool]] = []
    for inside, signs in groupby(line, _belongs):
        run = "".join(signs)
        word = run.strip(_JOINTS + _JOINERS) if inside else ""
        if any(map(str.isalnum, word)):
            signs_alone = script == "CJK" == script_of(word)
            found += [(sign, False) for sign in (word if signs_alone else [word])]
        elif found and (inside or _BREATHS.intersection(run)):
            found[-1] = (found[-1][0], True)
    return [*found[:-1], *((word, False) for word, _ in found[-1:])]


def _belongs(sign: str) -> bool:
    """Tell whether a sign is part of a word."""
    letter = sign.isalnum() or unicodedata.category(sign).startswith("M")
    return letter or sign in _INSIDE or sign in _JOINERS


def _heard(
    tokens: Sequence[str], language: str, rules: Orthography, speech: Speech | None
) -> dict[str, Spoken]:
    """Ask the speech program, where it knows better than the rules."""
    if speech is None or not rules.speech or not language:
        return {}
    said = zip(tokens, speech(tokens, language), strict=True)
    return {token: spoken for token, spoken in said if spoken is not None}


def _phrased(line: Line, rules: Orthography) -> Line:
    """Lay the stress of a phrase on its last word, where the language does so."""
    if not rules.phrasal:
        return line
    words = [
        _within(word, later, rules)
        for word, later in zip(line.words, (*line.words[1:], None), strict=True)
    ]
    return Line(tuple(words))


def _within(word: Word, later: Word | None, rules: Orthography) -> Word:
    """Make a word lighter within a phrase; its mute vowel is lost before another vowel."""
    if word.breath or later is None:
        return word
    stress = tuple(min(EVEN, level) for level in word.stress)
    if word.mute and later.text[0].lower() in rules.vowels:
        parts = (*word.parts[:-2], "".join(word.parts[-2:]))
        return replace(word, parts=parts, stress=stress[:-1], mute=False)
    return replace(word, stress=stress)


def _lyrics(lines: Sequence[Line], tongues: Sequence[Tongue], main: Tongue) -> Lyrics:
    words = [word for line in lines for word in line.words]
    unknown = tuple(dict.fromkeys(word.text for word in words if word.certainty == 0.0))
    certainty = sum(word.certainty for word in words) / len(words)
    ruled = alphabet(min(main.rules.vowels))
    even = any(
        len(word.parts) > 1 and STRONG not in word.stress and script_of(word.text) == ruled
        for word in words
    )
    said = tuple(_sentences(tongues, main.rules, even, unknown))
    return Lyrics(tuple(lines), main.guess.language, round(certainty, 2), said, unknown)


def _sentences(
    tongues: Sequence[Tongue], rules: Orthography, even: bool, unknown: Sequence[str]
) -> Iterator[str]:
    yield from filter(None, (tongue.said for tongue in tongues))
    if not rules.phrasal and rules.name and even:
        yield f"Nothing tells the stress of some {rules.name} words: I took them as even."
    if unknown:
        listed = ", ".join(unknown[:_SHOWN])
        yield f"I cannot tell the syllables of {listed}: write them with hyphens, as re-MEM-ber."
