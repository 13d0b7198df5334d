from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.tools import speech
from bridge.tools.speech import MAX_WORDS, Espeak, find, read_ipa
from tests.assistant.theory.verse.sung_words import KEPT_APART, MADE_WITH, agreement


@pytest.fixture
def voice() -> Espeak:
    """Return espeak-ng, fresh, or skip with the reason."""
    found = find()
    if found is None:
        pytest.skip("espeak-ng is not installed")
    return Espeak(found.path)


@pytest.fixture(autouse=True)
def looked_for_again() -> Iterator[None]:
    find.cache_clear()
    yield
    find.cache_clear()


def program(folder: Path, text: str) -> Espeak:
    """Make a program that stands in for espeak-ng."""
    path = folder / "espeak-ng"
    path.write_text(f"#!{sys.executable}\nimport sys, time\n{text}\n")
    path.chmod(0o755)
    return Espeak(str(path))


@pytest.mark.parametrize(
    ("line", "stress"),
    [
        ("k_ˌo_ɾ_a_θ_ˈo_n", (1, 0, 2)),
        ("k_ʊ_ˈɔ_r_e", (2, 0)),  # the u of cuore glides
        ("aɪ_d_ˈiə", (0, 2, 0)),  # idea has three when sung
        ("v_ˈl̩_k", (2,)),
        ("(en)_l_ˈʌ_v_(de)", (2,)),
        ("f_a_m_ˈiː_l_ɪ__ə", (0, 2, 0, 0)),
    ],
)
def test_phonetic_letters_are_counted(line: str, stress: tuple[int, ...]) -> None:
    spoken = read_ipa(line)
    assert spoken is not None
    assert spoken.stress == stress
    assert spoken.count == len(stress)
    assert "_" not in spoken.ipa


@pytest.mark.parametrize("line", ["", " ", "_", "p_t_k", "(en)"])
def test_where_nothing_sounds_nothing_is_said(line: str) -> None:
    assert read_ipa(line) is None


def test_a_line_of_words_is_said_word_by_word(voice: Espeak) -> None:
    said = voice(["remember", "the", "night", "remember"], "en")
    assert [spoken.stress if spoken else None for spoken in said] == [
        *((0, 2, 0), (2,), (2,), (0, 2, 0)),
    ]
    assert voice.version.startswith("1.")
    assert voice.name == "espeak-ng"


@pytest.mark.parametrize(
    "word", ["-v", "--stdin", "[[hello]]", "<say-as>", "a\nb\nc", "$(touch x)", "\x00", "...", ""]
)
def test_words_are_words_and_nothing_else(voice: Espeak, word: str, tmp_path: Path) -> None:
    said = voice([word, "night"], "en")
    assert len(said) == 2
    assert said[1] is not None
    assert said[1].stress == (2,)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("language", ["zz", "../../etc", "-v", "en;ls", "", "e" * 50])
def test_no_voice_no_answer(voice: Espeak, language: str) -> None:
    assert voice(["night"], language) == [None]


def test_a_voice_that_was_asked_remembers(voice: Espeak, monkeypatch: pytest.MonkeyPatch) -> None:
    first = voice(["corazón", "siempre"], "es")
    monkeypatch.setattr(Espeak, "_run", lambda *_: pytest.fail("asked again"))
    assert voice(["siempre", "corazón"], "es") == first[::-1]


def test_many_words_take_several_processes(voice: Espeak) -> None:
    words = [f"{a}{b}{c}na" for a in "bdglmst" for b in "aeiou" for c in "lmnrtsdbgfkpvz"]
    said = voice([*words, *words[:3]], "it")
    assert len(words) > MAX_WORDS
    assert all(spoken is not None for spoken in said)


def test_with_the_voice_words_are_sung_as_by_hand(voice: Espeak) -> None:
    counted, stressed = agreement(MADE_WITH, voice)
    assert counted >= 0.98
    assert stressed >= 0.97
    counted, stressed = agreement(KEPT_APART, voice)
    assert counted >= 0.97
    assert stressed >= 0.96


def test_a_program_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "TIME_LIMIT_S", 0.5)
    start = time.monotonic()
    assert program(tmp_path, "time.sleep(30)")(["night"], "en") == [None]
    assert time.monotonic() - start < 5.0


@pytest.mark.parametrize(
    "text",
    [
        "print('n_ˈaɪ_t\\n' * 100_000)",  # far more than was asked
        "pass",
        "sys.exit(3)",
        "sys.stdout.buffer.write(b'\\xff\\xfe\\n')",
    ],
)
def test_a_program_that_talks_nonsense_is_not_believed(tmp_path: Path, text: str) -> None:
    assert program(tmp_path, text)(["night", "day"], "en") == [None, None]


def test_no_program_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Espeak(str(tmp_path / "nothing"))(["night"], "en") == [None]
    assert Espeak(str(tmp_path / "nothing")).version == ""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find() is None


@pytest.mark.parametrize("word", ["सपनों", "கண்ணே", "حَبِيبِي"])
def test_vowel_signs_are_part_of_a_word(tmp_path: Path, word: str) -> None:
    heard = tmp_path / "heard"
    voice = program(tmp_path, f"open({str(heard)!r}, 'wb').write(sys.stdin.buffer.read())")
    voice([word], "hi")
    assert heard.read_text("utf-8") == f"{word}\n"
