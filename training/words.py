"""Makes ``presets/words/annotations`` of the Unicode CLDR annotations: emoji names in languages.

``python -m training.words PACKAGE`` takes the unpacked npm package cldr-annotations-full, version
48.2 (Unicode-3.0). A word of a language is taken for an English word of the vocabulary where it
names much the same emoji, or where all emoji that it names are of one mood by hand
(``presets/words/glossary/emoji.toml``); a word of emoji of two far moods is kept under both, so
that it asks back. What the glossary of a language says already is left out.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from math import dist
from pathlib import Path

from assistant.theory.prompt.languages import PAGES, Language, Page, fold, open_languages, page_of
from assistant.theory.prompt.vocabulary import Vocabulary, plain, read_vocabulary
from bridge.presets import data

__all__ = ["NAMES", "emoji_by_word", "link", "main"]

FEWEST = 500  # emoji that a language must name to be taken
_ALIKE = 0.6  # Dice coefficient of the emoji of a word and of an English word
_FEWEST_OF_MOOD = 3  # emoji: one alone is as likely a bat as "dark"
_COVERED = 0.75  # share of the emoji of a word whose mood is known by hand
# English words that emoji name in another sense than a prompt does.
_OTHERWISE = frozenset({
    "alien", "bass", "beat", "camera", "cinema", "club", "detective", "down", "fall", "fast",
    "film", "game", "high", "horn", "horns", "house", "keyboard", "keys", "light", "loud", "low",
    "lower", "monster", "movie", "open", "organ", "play", "race", "road", "score", "slow", "solo",
    "spy", "standard", "still", "street", "strings", "triangle", "up",
})  # fmt: skip
_FAR = 0.75  # of valence and arousal: moods further apart are two senses
_MOST_SENSES = 2
_LONGEST = 3  # words of a phrase

NAMES: Mapping[str, str] = {
    "af": "Afrikaans", "am": "Amharic", "ar": "Arabic", "as": "Assamese", "ast": "Asturian",
    "az": "Azerbaijani", "ba": "Bashkir", "be": "Belarusian", "bew": "Betawi", "bg": "Bulgarian",
    "bgn": "Western Balochi", "bn": "Bengali", "br": "Breton", "bs": "Bosnian", "ca": "Catalan",
    "ceb": "Cebuano", "chr": "Cherokee", "ckb": "Central Kurdish", "cs": "Czech",
    "cv": "Chuvash", "cy": "Welsh", "da": "Danish", "de": "German", "dsb": "Lower Sorbian",
    "el": "Greek", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian",
    "fi": "Finnish", "fil": "Filipino", "fo": "Faroese", "fr": "French", "ga": "Irish",
    "gd": "Scottish Gaelic", "gl": "Galician", "gu": "Gujarati", "ha": "Hausa", "he": "Hebrew",
    "hi": "Hindi", "hr": "Croatian", "hsb": "Upper Sorbian", "hu": "Hungarian",
    "hy": "Armenian", "ia": "Interlingua", "id": "Indonesian", "ig": "Igbo", "is": "Icelandic",
    "it": "Italian", "ja": "Japanese", "jv": "Javanese", "ka": "Georgian", "kab": "Kabyle",
    "kk": "Kazakh", "kl": "Kalaallisut", "km": "Khmer", "kn": "Kannada", "ko": "Korean",
    "kok": "Konkani", "ku": "Kurdish", "ky": "Kyrgyz", "lb": "Luxembourgish", "lij": "Ligurian",
    "lo": "Lao", "lt": "Lithuanian", "lv": "Latvian", "mai": "Maithili", "mi": "Maori",
    "mk": "Macedonian", "ml": "Malayalam", "mn": "Mongolian", "mr": "Marathi", "ms": "Malay",
    "mt": "Maltese", "my": "Burmese", "ne": "Nepali", "nl": "Dutch", "nn": "Norwegian Nynorsk",
    "no": "Norwegian", "nso": "Northern Sotho", "oc": "Occitan", "om": "Oromo", "or": "Odia",
    "pa": "Punjabi", "pap": "Papiamento", "pcm": "Nigerian Pidgin", "pl": "Polish",
    "ps": "Pashto", "pt": "Portuguese", "qu": "Quechua", "quc": "Quiche",
    "rhg": "Rohingya", "rm": "Romansh", "ro": "Romanian", "ru": "Russian", "rw": "Kinyarwanda",
    "sa": "Sanskrit", "sat": "Santali", "sc": "Sardinian", "sd": "Sindhi", "si": "Sinhala",
    "sk": "Slovak", "sl": "Slovenian", "so": "Somali", "sq": "Albanian", "sr": "Serbian",
    "su": "Sundanese", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu",
    "tg": "Tajik", "th": "Thai", "ti": "Tigrinya", "tk": "Turkmen", "tn": "Tswana",
    "to": "Tongan", "tr": "Turkish", "tt": "Tatar", "ug": "Uyghur", "uk": "Ukrainian",
    "ur": "Urdu", "uz": "Uzbek", "vec": "Venetian", "vi": "Vietnamese", "wo": "Wolof",
    "xh": "Xhosa", "yo": "Yoruba", "yue": "Cantonese", "zh": "Chinese", "zu": "Zulu",
}  # fmt: skip
"""Languages that are taken, by their code in the package."""

_CODES = {"no": "nb"}  # as the glossary calls them
_MORE = {"zh": ("zh-Hant",), "sr": ("sr-Latn",)}  # written in another script too

Emoji = Mapping[str, frozenset[str]]


def main(told: list[str] | None = None) -> None:
    """Read the package and write the pages."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("package", type=Path, help="folder of the unpacked package")
    parser.add_argument("--to", type=Path, default=Path("presets/words/annotations"))
    asked = parser.parse_args(told)
    vocabulary = read_vocabulary(data("words/prompt"))
    hand = _by_hand()
    english = emoji_by_word(asked.package, "en")
    pages: dict[Page, dict[str, dict[str, list[str]]]] = {page: {} for page in PAGES}
    for code in NAMES:
        for locale in (code, *_MORE.get(code, ())):
            words = emoji_by_word(asked.package, locale)
            if len({emoji for named in words.values() for emoji in named}) >= FEWEST:
                _keep(link(words, english, hand, vocabulary), _CODES.get(code, code), pages)
    asked.to.mkdir(parents=True, exist_ok=True)
    for page, languages in pages.items():
        if page != "emoji":
            (asked.to / f"{page}.toml").write_text(_toml(page, languages), encoding="utf-8")
    taken = {code for languages in pages.values() for code in languages}
    print(f"{len(taken)} languages")


def emoji_by_word(package: Path, locale: str) -> dict[str, frozenset[str]]:
    """Read which emoji each word of a language names.

    Parameters
    ----------
    package : Path
        The unpacked package.
    locale : str
        Such as ``"de"``.

    Returns
    -------
    dict of str to frozenset of str
        Emoji by word, as `plain` leaves it; empty where the package has no such language.
    """
    path = package / "annotations" / locale / "annotations.json"
    if not path.exists():
        return {}
    told = json.loads(path.read_text(encoding="utf-8"))["annotations"].get("annotations", {})
    found: dict[str, set[str]] = defaultdict(set)
    for emoji, entry in told.items():
        for word in (*entry.get("default", ()), *entry.get("tts", ())):
            phrase = plain(word)
            if phrase and phrase.count(" ") < _LONGEST:
                found[phrase].add(fold(emoji))
    return {word: frozenset(named) for word, named in found.items()}


def link(
    words: Emoji, english: Emoji, hand: Mapping[str, str], vocabulary: Vocabulary
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Find the English words that the words of a language stand for.

    Parameters
    ----------
    words, english : mapping of str to frozenset of str
        Emoji by word.
    hand : mapping of str to str
        English word by emoji.
    vocabulary : Vocabulary
        The English words that are understood.

    Yields
    ------
    tuple of (str, tuple of str)
        A word, and one or two English words that it could stand for.
    """
    naming: dict[str, set[str]] = defaultdict(set)
    for word, named in english.items():
        for emoji in named:
            naming[emoji].add(word)
    for word, named in words.items():
        near = {each for emoji in named for each in naming.get(emoji, ())}
        found = _aligned(named, {each: english[each] for each in near}, vocabulary)
        if not found and " " not in word:
            found = _of_one_mood(named, hand, vocabulary)
        if found:
            yield word, found


def _aligned(named: frozenset[str], near: Emoji, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Find the English word for the same emoji; none where words we do not know fit as well."""
    dice = {
        each: 2 * len(named & other) / (len(named) + len(other)) for each, other in near.items()
    }
    best = max(dice.values(), default=0.0)
    if best < _ALIKE or len(named) < 2:
        return ()
    fits = sorted(each for each, value in dice.items() if value == best and each not in _OTHERWISE)
    meanings = {vocabulary.words.get(each) for each in fits}
    known = len(meanings) == 1 and None not in meanings
    return (fits[0],) if known and vocabulary.words[fits[0]].group != "grammar" else ()


def _of_one_mood(
    named: frozenset[str], hand: Mapping[str, str], vocabulary: Vocabulary
) -> tuple[str, ...]:
    """Find what the emoji are by hand: one instrument, one mood, or two that lie far apart."""
    told = [hand[emoji] for emoji in sorted(named) if emoji in hand]
    if len(told) == len(named) and len(set(told)) == 1 and told[0] not in vocabulary.moods:
        return (told[0],)
    if len(named) < _FEWEST_OF_MOOD or len(told) < _COVERED * len(named):
        return ()
    senses: list[str] = []
    for english in told:
        place = vocabulary.moods.get(english)
        if english in senses:
            continue
        if place is None or not any(
            each in vocabulary.moods and dist(place, vocabulary.moods[each]) <= _FAR
            for each in senses
        ):
            senses.append(english)
    return tuple(senses) if len(senses) <= _MOST_SENSES else ()


def _by_hand() -> dict[str, str]:
    (emoji,) = open_languages(data, "emoji")
    return {sign: english for sign, (english, *_) in emoji.glossary.items()}


def _keep(
    linked: Iterable[tuple[str, tuple[str, ...]]],
    code: str,
    pages: Mapping[Page, dict[str, dict[str, list[str]]]],
) -> None:
    """Put words on the page of their script, by English word, but for what is written by hand."""
    written = {each.code: each for page in PAGES for each in _glossary(page)}
    for word, found in linked:
        page = page_of(word)
        known = written.get(code)
        home = known is None or page_of(next(iter(known.glossary))) in {page, "emoji"}
        if (known and known.find(word)) or not home or page == "emoji":
            continue
        for english in found:
            rows = pages[page].setdefault(code, defaultdict(list))
            if word not in rows[english]:
                rows[english].append(word)


def _glossary(page: Page) -> tuple[Language, ...]:
    entries = data(f"words/glossary/{page}").items()
    return tuple(
        Language(code, entry["name"], entry["words"], "")
        for code, entry in entries
        if isinstance(entry, dict)
    )


def _toml(page: Page, languages: Mapping[str, Mapping[str, list[str]]]) -> str:
    names = {_CODES.get(code, code): name for code, name in NAMES.items()}
    lines = [
        f'title = "Words of a prompt, from emoji names: {page}"',
        'about = "Made by training/words.py; do not edit. English word: words that stand for it."',
        'source = "Unicode CLDR annotations 48.2 (npm cldr-annotations-full), Unicode-3.0"',
        "checked = 2026-11-22",
    ]
    for code, rows in sorted(languages.items()):
        lines += ["", f"[{code}]", f'name = "{names[code]}"', "words = '''"]
        lines += [f"{english}: {', '.join(sorted(rows[english]))}" for english in sorted(rows)]
        lines.append("'''")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
