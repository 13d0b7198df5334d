from __future__ import annotations

import numpy as np
import pytest

from assistant.theory.harmony.change import CHANGES, Change, change
from assistant.theory.harmony.key import Key, read_key
from assistant.theory.harmony.progression import Bar, read_bars
from assistant.theory.harmony.roman import read_numeral, realise

MAJOR = "I | V6 | vi | IV V7/V | ii7 | V7 | Imaj7 | V"


def changed(text: str, how: Change, key: str = "C", seed: int = 0) -> tuple[str, tuple[str, ...]]:
    bars, done = change(read_bars(text), read_key(key), how, np.random.default_rng(seed))
    return " | ".join(" ".join(str(chord) for chord in bar) for bar in bars), done


def mean_brightness(text: str, how: Change, key: Key) -> float:
    """Take the mean place of all notes on the line of fifths: sharper is brighter."""
    bars, _ = change(read_bars(text), key, how, np.random.default_rng(1))
    tones = [tone for bar in bars for chord in bar for tone in realise(chord, key).tones]
    return float(np.mean(tones))


@pytest.mark.parametrize("how", CHANGES)
@pytest.mark.parametrize("key", ["C", "A minor", "D dorian"])
def test_the_number_of_bars_stays(how: Change, key: str) -> None:
    bars = read_bars("i | VII | VI | V7" if key != "C" else MAJOR)
    for seed in range(5):
        after, done = change(bars, read_key(key), how, np.random.default_rng(seed))
        assert len(after) == len(bars)
        assert all(1 <= len(bar) <= 2 for bar in after)
        assert bool(done) == (after != bars)


def test_in_major_darker_is_flatter_and_brighter_sharper() -> None:
    ways: tuple[tuple[str, Change, int], ...] = (
        ("I | vi | IV | V", "darker", -1),
        ("I | bVI | iv | V", "brighter", 1),
    )
    for text, how, sign in ways:
        before = mean_brightness(text, "none", Key(0))
        assert sign * (mean_brightness(text, how, Key(0)) - before) > 0


@pytest.mark.parametrize("seed", range(4))
def test_in_minor_darker_has_more_minor_chords_and_brighter_fewer(seed: int) -> None:
    def minor_chords(how: Change) -> int:
        bars, _ = change(read_bars("i | VI | III | iv | V"), key, how, np.random.default_rng(seed))
        return sum(chord.lower for bar in bars for chord in bar)

    key = read_key("A minor")
    assert minor_chords("brighter") < minor_chords("none") < minor_chords("darker")


def test_what_is_borrowed_is_told() -> None:
    assert changed("I | IV", "darker") == ("I | iv", ("iv for IV in bar 2",))
    assert changed("Imaj7 | IVmaj7", "darker") == ("Imaj7 | iv7", ("iv7 for IVmaj7 in bar 2",))


def test_the_first_chord_stays_where_others_can_change() -> None:
    for seed in range(8):
        assert changed("IV | vi | ii", "darker", seed=seed)[0].startswith("IV |")
    assert changed("IV | I", "darker")[0] == "iv | I"


def test_simpler_is_one_plain_chord_a_bar() -> None:
    assert changed(MAJOR, "simpler")[0] == "I | V | vi | IV | ii | V | I | V"
    assert changed("I | V", "simpler")[1] == ()


def test_richer_adds_sevenths_and_ninths() -> None:
    assert changed("I | vi | ii | V", "richer")[0] == "Imaj9 | vi9 | ii9 | V9"


def test_busier_puts_two_chords_into_bars() -> None:
    bars, done = changed("I | vi | ii | V | I", "busier")
    assert done
    assert sum(" " in bar for bar in bars.split(" | ")) == len(done)


def test_calmer_holds_each_chord() -> None:
    assert changed("I | V | vi | IV | I | V", "calmer")[0] == "I | I | vi | vi | I | V"


def test_nothing_to_change_is_said() -> None:
    assert changed("I | I", "darker") == ("I | I", ())


@pytest.mark.parametrize(
    ("key", "before", "after"),
    [("C", "ii7 V7 | Imaj7", "II7 V7 | Imaj7"), ("E minor", "i | iv7", "i | IV7"),
     ("C", "I | iv7", "I | IVmaj7"), ("C", "Imaj7 | v7", "Imaj7 | V7")],
)  # fmt: skip
def test_a_major_chord_that_leads_on_has_the_seventh_of_a_dominant(
    key: str, before: str, after: str
) -> None:
    assert changed(before, "brighter", key)[0] == after


@pytest.mark.parametrize(
    ("before", "after"),
    [("ii7 V7 | Imaj7", "V | I"), ("I V | vi", "I | vi"), ("vi ii | V", "ii | V"),
     ("I64 V7 | I", "V | I"), ("IV V7/V | V", "IV | V")],
)  # fmt: skip
def test_simpler_keeps_the_chord_that_counts(before: str, after: str) -> None:
    bars = tuple(tuple(map(read_numeral, bar.split())) for bar in before.split(" | "))
    simple, _ = change(bars, read_key("C"), "simpler", np.random.default_rng(0))
    assert " | ".join(str(bar[0]) for bar in simple) == after


def test_calmer_leaves_the_tonic_and_says_what_it_does() -> None:
    assert changed("ii7 V7 | Imaj7", "calmer") == ("V7 | Imaj7", ("one chord a bar",))
    assert changed("v7 I7 | IVmaj7 | ii7 V7 | I", "calmer")[0] == "I7 | IVmaj7 | V7 | I"
    held, done = changed("vi | ii | V | I | IV | V | I | V", "calmer")
    assert held == "vi | vi | I | I | IV | IV | I | V"
    assert done == ("chords held for two bars",)
    assert changed("I | V", "calmer") == ("I | V", ())


def test_richer_leaves_the_dominants_of_others() -> None:
    assert changed("v7 I7 | IV", "richer")[0] == "v9 I7 | IVmaj9"


@pytest.mark.parametrize("how", CHANGES)
def test_what_does_not_suit_stays(how: Change) -> None:
    def second_half(place: int, _was: Bar, _instead: Bar) -> bool:
        return place >= 4

    bars = read_bars("I | ii7 V7 | vi | IV V7/V | I | ii7 V7 | vi | IV | V7 I | I")
    for seed in range(4):
        dice = np.random.default_rng(seed)
        after, done = change(bars, read_key("C"), how, dice, second_half)
        assert after[:4] == bars[:4]
        assert bool(done) == (after != bars) == (how != "none")
