from __future__ import annotations

import pytest

from assistant.theory.harmony.key import read_key
from assistant.theory.harmony.key_names import key_named


@pytest.mark.parametrize(
    ("text", "key"),
    [("h-moll", "B minor"), ("H moll", "B minor"), ("B-Dur", "Bb major"), ("b moll", "Bb minor"),
     ("Bb-Dur", "Bb major"), ("cis-Moll", "C# minor"), ("Fis Dur", "F# major"),
     ("Es-Dur", "Eb major"), ("as-moll", "Ab minor"), ("a-molli", "A minor"),
     ("C-duuri", "C major"), ("la menor", "A minor"), ("do mayor", "C major"),
     ("dó maior", "C major"), ("ré mineur", "D minor"), ("si bémol majeur", "Bb major"),
     ("si bemol mayor", "Bb major"), ("fa# mineur", "F# minor"), ("do diesis minore", "C# minor"),
     ("Sol maggiore", "G major"), ("ля минор", "A minor"), ("си-бемоль мажор", "Bb major"),
     ("фа диез минор", "F# minor"), ("сі мінор", "B minor"), ("C menor", "C minor")],
)  # fmt: skip
def test_keys_of_other_languages_are_read_as_a_setting(text: str, key: str) -> None:
    assert str(read_key(text)) == key


@pytest.mark.parametrize("text", ["", "H", "bis-Dur", "cs moll", "aes dur", "moll", "la", "b flat"])
def test_what_is_no_such_name_is_left(text: str) -> None:
    assert key_named(text) is None


def test_english_keeps_its_b() -> None:
    assert str(read_key("B minor")) == "B minor"
    assert str(read_key("B")) == "B major"
