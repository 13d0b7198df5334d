from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import SettingError
from assistant.theory.harmony import spelling
from assistant.theory.harmony.key import MODES, Key, spelled_key
from assistant.theory.prompt.keys import KeysRead, take_keys

ENGLISH = frozenset({"ballad", "slow", "sad", "waltz", "jazz"})


def take(text: str) -> KeysRead:
    return take_keys(text, ENGLISH.__contains__)


@pytest.mark.parametrize(
    ("prompt", "key"),
    [("A minor", "A minor"), ("C minor", "C minor"), ("E minor, dark", "E minor"),
     ("c minor", "C minor"), ("sad, Eb minor ballad", "Eb minor"), ("F# dorian", "F# dorian"),
     ("C-sharp-minor", "C# minor"), ("b flat major, please", "Bb major"),
     ("C harmonic minor", "C harmonic minor"), ("SAD SONG IN D MINOR", "D minor"),
     ("song in A minor key", "A minor"), ("A minor waltz", "A minor"), ("in a minor", "A minor"),
     ("key: A minor", "A minor"), ("Am", "A minor"), ("Am, slow", "A minor"),
     ("Am ballad", "A minor"), ("C#m", "C# minor"), ("c#m", "C# minor"), ("bbm", "Bb minor"),
     ("Gmin", "G minor"), ("Cmaj", "C major"), ("in dm", "D minor"), ("in am", "A minor"),
     ("in A, A minor", "A minor"), ("Gb major and F# major", "Gb major")],
)  # fmt: skip
def test_a_note_with_a_mode_is_a_key_anywhere(prompt: str, key: str) -> None:
    read = take(prompt)
    assert str(read.key) == key
    assert not read.lone
    assert read.questions == ()


@pytest.mark.parametrize(
    ("prompt", "key"),
    [("in A", "A major"), ("gospel in A", "A major"), ("key of G", "G major"), ("in D", "D major"),
     ("fast waltz in D", "D major"), ("key A", "A major"), ("key of a", "A major"),
     ("in e flat", "Eb major"), ("in F#", "F# major"), ("in the key of Bb", "Bb major"),
     ("in A slow", "A major"), ("a song in a", "A major"), ("in 7/8 in c", "C major")],
)  # fmt: skip
def test_a_note_after_in_or_key_of_is_major(prompt: str, key: str) -> None:
    read = take(prompt)
    assert str(read.key) == key
    assert read.lone


@pytest.mark.parametrize(
    ("prompt", "key"),
    [("in h-moll", "B minor"), ("B-Dur", "Bb major"), ("ein Lied in cis-Moll", "C# minor"),
     ("Es-Dur, fröhlich", "Eb major"), ("la menor", "A minor"), ("triste, en la menor", "A minor"),
     ("do mayor", "C major"), ("ré mineur", "D minor"), ("la mineur triste", "A minor"),
     ("si bémol majeur", "Bb major"), ("fa diesis minore", "F# minor"),
     ("en la menor y lenta", "A minor"), ("ля минор, грустно", "A minor"),
     ("си-бемоль мажор", "Bb major"), ("c mineur", "C minor")],
)  # fmt: skip
def test_keys_are_read_in_other_languages(prompt: str, key: str) -> None:
    assert str(take(prompt).key) == key


@pytest.mark.parametrize(
    "prompt",
    ["I am sad", "a dream in a forest", "sad song in a minor key", "A minor key song", "R&B",
     "G-funk", "D'Angelo", "fm synth", "FM radio", "5 cm", "do re mi", "please do major",
     "E triste", "C'est la vie", "mi corazón", "la noche", "si, be sad", "Cmaj7", "in 4/4",
     "I AM SAD", "A sad song", ""],
)  # fmt: skip
def test_false_friends_are_words(prompt: str) -> None:
    read = take(prompt)
    assert (read.key, read.said, read.questions, read.ambiguous) == (None, (), (), {})
    assert read.rest == prompt


@pytest.mark.parametrize(
    ("prompt", "asked"),
    [("a minor thing", "'a minor' was taken as minor; write 'A minor' where the key is meant."),
     ("Am Abend", "'Am' could be the key A minor; write it so where that is meant."),
     ("Em uma noite", "'Em' could be the key E minor; write it so where that is meant."),
     ("la menor duda", "'la menor' could be the key A minor; write 'A minor' where that is meant."),
     ("mi mayor miedo", "'mi mayor' could be the key E major; write 'E major' where that"),
     ("Lost In A Dream", "'In A' could be the key A; write 'A major' where that is meant."),
     ("in a flat voice", "'in a flat' could be the key Ab; write 'Ab major' where that is meant."),
     ("not in C minor", "'C minor' is not wanted; say the key that is."),
     ("nicht in D", "'D major' is not wanted; say the key that is."),
     ("Am F C G", "'Am F C G' could be chords; type them as chords.")],
)  # fmt: skip
def test_what_could_be_a_key_is_asked_about(prompt: str, asked: str) -> None:
    read = take(prompt)
    assert read.key is None
    (question,) = read.questions
    assert question.startswith(asked)


@pytest.mark.parametrize(
    ("prompt", "note"),
    [("A", "A"), ("D", "D"), ("gospel A", "A"), ("F#", "F#"), ("sad, Bb", "Bb"), ("c#", "C#"),
     ("B, slow", "B"), ("F sharp", "F#")],
)  # fmt: skip
def test_a_note_that_stands_alone_is_never_dropped(prompt: str, note: str) -> None:
    read = take(prompt)
    assert read.key is None
    assert read.ambiguous == {note: (f"{note} major", f"{note} minor")}
    assert len(read.questions) == 1


def test_not_goes_with_its_key() -> None:
    assert "not" not in take("not in C minor, sad").rest


@pytest.mark.parametrize(
    "prompt", ["in C major, in D minor", "C major or A minor", "in C, in D", "A minor and A major"]
)
def test_two_keys_contradict_each_other(prompt: str) -> None:
    with pytest.raises(SettingError, match=r"prompt asks for '.*' and '.*'; it takes one key"):
        take(prompt)


@given(st.integers(0, 11), st.sampled_from(sorted(MODES)), st.booleans())
def test_every_key_is_read_wherever_it_stands(root: int, mode: str, small: bool) -> None:
    key = spelled_key(root, mode)
    name = f"{spelling.name(key.tonic)} {mode}"
    said = name.lower() if small else name
    for prompt in (said, f"sad, {said}", f"slow song in {said}, rainy", f"in the key of {said}"):
        read = take(prompt)
        assert read.key == key
        assert read.said[0].lower() == name.lower()


@given(st.text("ABCDEFGHabcdefghm#♭ 'in keyofla-", max_size=30))
def test_any_text_is_read_or_refused_by_name(text: str) -> None:
    try:
        read = take(text)
    except SettingError as error:
        assert "prompt asks for" in str(error)
        return
    assert read.key is None or isinstance(read.key, Key)
