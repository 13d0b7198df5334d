"""How words are said, where espeak-ng is installed: a program apart, no part of bandmate."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Timer

from assistant.contract import Spoken

__all__ = ["Espeak", "find", "read_ipa"]

TIME_LIMIT_S = 5.0
MAX_WORDS = 400  # a process: what it answers then fits into a pipe
MAX_LETTERS = 48
_MAX_BYTES = 64_000
_MAX_KEPT = 20_000
_VOICES = {"en": "en-us", "fr": "fr-fr", "pt": "pt-br", "zh": "cmn", "no": "nb"}
_VOICE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8}){0,2}")
_SWITCH = re.compile(r"\([a-z-]+\)")  # (en) where a word is read in another language
_VOWELS = frozenset("aeiouyæøœɐɑɒɔəɘɚɛɜɝɞɤɨɪɯɵɶʉʊʌʏᵻ")  # noqa: RUF001 - phonetic letters
_SYLLABIC = "\u0329"
_GLIDES = frozenset("ɪʊ")
_MAIN, _SECOND = "\u02c8", "\u02cc"  # the marks of main and secondary stress


@dataclass(frozen=True)
class Espeak:
    """Asks espeak-ng, one process for all the words of a call, and remembers what it said.

    Parameters
    ----------
    path : str
        The program.
    """

    path: str
    _kept: dict[tuple[str, str], Spoken | None] = field(default_factory=dict, compare=False)

    @property
    def name(self) -> str:
        """What it is."""
        return "espeak-ng"

    @property
    def version(self) -> str:
        """As it says itself, such as ``"1.51"``; ``""`` where it does not."""
        said = re.search(r"\d+\.\d+(\.\d+)?", self._run(["--version"], ""))
        return said.group() if said else ""

    def __call__(self, words: Sequence[str], language: str, /) -> list[Spoken | None]:
        """Say how words are spoken.

        Parameters
        ----------
        words : sequence of str
            Each for itself: what stands around it makes no difference.
        language : str
            Such as ``"es"`` or ``"pt-br"``.

        Returns
        -------
        list of Spoken or None
            None for a word that is no word, or in a language without a voice.
        """
        voice = _VOICES.get(language, language)
        if not _VOICE.fullmatch(voice):
            return [None] * len(words)
        cleaned = [_clean(word) for word in words]
        unheard = sorted({one for one in cleaned if one and (voice, one) not in self._kept})
        if len(self._kept) > _MAX_KEPT:
            self._kept.clear()
        for start in range(0, len(unheard), MAX_WORDS):
            batch = unheard[start : start + MAX_WORDS]
            said = self._run(["-q", "--ipa", "--sep=_", "-v", voice], "\n".join(batch) + "\n")
            self._kept.update(_paired(voice, batch, said))
        return [self._kept.get((voice, one)) for one in cleaned]

    def _run(self, options: Sequence[str], text: str) -> str:
        """Run the program on lines of text; what it says up to the time limit, cut where long."""
        try:
            process = subprocess.Popen(  # noqa: S603 - no shell, no words among the arguments
                [self.path, *options],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError:
            return ""
        with process:
            watch = Timer(TIME_LIMIT_S, process.kill)
            watch.start()
            said = _exchange(process, text.encode())
            process.kill()
            watch.cancel()
        return said.decode("utf-8", "replace")


def _exchange(process: subprocess.Popen[bytes], text: bytes) -> bytes:
    if process.stdin is None or process.stdout is None:
        return b""
    try:
        process.stdin.write(text)
        process.stdin.close()
    except BrokenPipeError:  # an unknown voice: it did not wait for the words
        return b""
    return process.stdout.read(_MAX_BYTES)


def _clean(word: str) -> str:
    """Keep letters, accents, vowel signs and apostrophes: a word is a word and nothing else."""
    kept = (sign if unicodedata.category(sign)[0] in "LM" else "'" for sign in word)
    return re.sub(r"'+", "'", "".join(kept)).strip("'")[:MAX_LETTERS]


def _paired(
    voice: str, words: Sequence[str], said: str
) -> Iterator[tuple[tuple[str, str], Spoken | None]]:
    """Put words and lines together; none is known where there are not as many of both."""
    lines = said.splitlines()
    fits = len(lines) == len(words)
    for index, word in enumerate(words):
        yield (voice, word), read_ipa(lines[index]) if fits else None


def read_ipa(line: str) -> Spoken | None:
    """Count the syllables of a word in phonetic letters, and find the stressed ones.

    Parameters
    ----------
    line : str
        Phonemes with ``_`` between them; the mark of stress stands in the phoneme of the vowel.

    Returns
    -------
    Spoken or None
        None where there is no syllable.
    """
    phonemes = _SWITCH.sub("", line).strip().replace(" ", "_").split("_")
    nuclei = [
        (phoneme, index)
        for index, phoneme in enumerate(phonemes)
        if _SYLLABIC in phoneme or _VOWELS.intersection(phoneme)
    ]
    places = {index for _, index in nuclei}
    stress: list[int] = []
    for phoneme, index in nuclei:
        if phoneme in _GLIDES and index + 1 in places:
            continue
        stress.append(2 if _MAIN in phoneme else 1 if _SECOND in phoneme else 0)
        if "iə" in phoneme:  # i-de-a, a-re-a: one vowel when spoken, two when sung
            stress.append(0)
    ipa = _SWITCH.sub("", line).replace("_", "").strip()
    return Spoken(tuple(stress), ipa) if stress else None


@lru_cache(maxsize=1)
def find() -> Espeak | None:
    """Return espeak-ng, or None where it is not installed."""
    path = shutil.which("espeak-ng")
    return Espeak(path) if path else None
