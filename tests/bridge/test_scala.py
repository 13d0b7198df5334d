"""`bridge.scala`: tunings from .scl files, and what is refused."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import FileError
from bridge.scala import MAX_BYTES, MAX_STEPS, temperament_from_bytes

MEANTONE = b"""! meanquar.scl
!
1/4-comma meantone, 7 of its steps
 7
!
 193.15686
 5/4 a pure third
 503.42157 cents
 696.57843
 889.73529
 1082.89214
 2/1
"""

ratios = st.fractions(Fraction(101, 100), Fraction(199, 100), max_denominator=4000)


def scl(*steps: str, name: str = "x", count: int | None = None) -> bytes:
    told = len(steps) if count is None else count
    return "\n".join([name, str(told), *steps, ""]).encode()


def test_a_file_as_the_archive_has_them() -> None:
    meantone = temperament_from_bytes(MEANTONE)
    assert meantone.name == "1/4-comma meantone, 7 of its steps"
    third = 1200.0 * math.log2(5 / 4)
    assert meantone.cents[:2] == pytest.approx((193.15686, third), abs=1e-9)
    assert meantone.period_cents == 1200.0
    assert len(meantone.cents) == 7


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_any_system_may_have_written_it(end: bytes, mark: bytes) -> None:
    assert temperament_from_bytes(mark + MEANTONE.replace(b"\n", end)) == temperament_from_bytes(
        MEANTONE
    )


@given(st.sets(ratios, min_size=1, max_size=40), st.randoms())
def test_ratios_are_exact_in_whatever_order_they_stand(steps: set[Fraction], dice: object) -> None:
    shuffled = [str(step) for step in steps]
    dice.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis names no type for it
    made = temperament_from_bytes(scl(*shuffled, "2"))
    assert len(made.cents) == len(steps) + 1
    assert made.period_cents == 1200.0
    for step, cents in zip(sorted(steps), made.cents, strict=False):
        assert cents == pytest.approx(1200.0 * math.log2(step), abs=1e-9)


@given(st.lists(st.floats(-3000.0, 3000.0), max_size=30), st.floats(200.0, 2400.0))
def test_every_pitch_is_kept_within_the_period(steps: list[float], period: float) -> None:
    written = [f"{step:.6f}" for step in steps]
    end = float(f"{period:.6f}")
    made = temperament_from_bytes(scl(*written, f"{period:.6f}"))
    assert made.period_cents == end
    for step in written:
        folded = float(step) % end
        assert min(abs(folded - one) % end for one in (0.0, end, *made.cents)) < 1e-4
    assert all(low < high for low, high in pairwise((0.0, *made.cents)))


def test_the_same_step_twice_counts_once() -> None:
    made = temperament_from_bytes(scl("3/2", "3/1", "701.955000865387", "1/1", "2/1"))
    assert made.cents == pytest.approx((701.955, 1200.0), abs=1e-3)


def test_a_period_need_be_no_octave() -> None:
    assert temperament_from_bytes(scl("3")).period_cents == pytest.approx(1901.955, abs=1e-3)
    assert temperament_from_bytes(scl("88.")).cents == (88.0,)


def test_a_name_is_one_plain_line() -> None:
    assert temperament_from_bytes(scl("2", name="")).name == "a tuning without a name"
    assert temperament_from_bytes(scl("2", name="\t Gamme\u202e  de x")).name == "Gamme de x"
    assert len(temperament_from_bytes(scl("2", name="x" * 9999)).name) <= 120
    latin = "Temp\u00e9rament \u00e9gal\n1\n2/1\n".encode("latin-1")
    assert temperament_from_bytes(latin).name == "Temp\u00e9rament \u00e9gal"


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        (b"", "it ends"),
        (b"! only a comment\n", "it ends"),
        (b"x\nseven\n2/1\n", "second line is 'seven'"),
        (scl(count=0), "1 to 1200"),
        (scl("2", count=-1), "1 to 1200"),
        (scl(*["2"] * (MAX_STEPS + 1)), "1 to 1200"),
        (scl("2", count=10**30), "1 to 1200"),
        (scl("3/2", "2/1", count=3), "claims 3 steps and holds 2"),
        (scl("5/4", "3/2", "2/1", count=2), "claims 2 steps and holds 3"),
        (scl("3/2", "fifth", "2/1"), "step 2 is 'fifth'"),
        (scl("3/2", "", "2/1"), "step 2 is ''"),
        (scl("3/2/1", "2/1"), "step 1 is '3/2/1'"),
        (scl("1e2.0", "2/1"), "step 1 is"),
        (scl("nan", "2/1"), "step 1 is 'nan'"),
        (scl("-3/2", "2/1"), "a ratio is above 0"),
        (scl("3/-2", "2/1"), "a ratio is above 0"),
        (scl("0/1", "2/1"), "a ratio is above 0"),
        (scl("1/0", "2/1"), "a ratio is above 0"),
        (scl("9" * 5000, "2/1"), "step 1 is"),
        (scl("3/2", "1/1"), "last step is 0 cents"),
        (scl("3/2", "-1200.0"), "last step is -1200 cents"),
        (scl("3/2", "9" * 300), "that is the period, 10 to 12000 cents"),
        (b"x\n1\n2/1\n" + b"!" * MAX_BYTES, "over 256 kB"),
        (b"x\0\n1\n2/1\n", "no text"),
        (bytes(range(256)), "no text"),
        ("x\n1\n2/1\n".encode("utf-16"), "no text"),
    ],
)
def test_what_is_no_tuning_is_refused_in_one_sentence(data: bytes, hint: str) -> None:
    with pytest.raises(FileError) as refused:
        temperament_from_bytes(data)
    assert hint in str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 200


@given(st.binary(max_size=300) | st.text("01239./-+! \t\n\rex", max_size=300).map(str.encode))
def test_anything_else_is_read_or_refused(data: bytes) -> None:
    try:
        made = temperament_from_bytes(b"x\n2\n" + data)
    except FileError as error:
        assert len(str(error)) > 10
    else:
        assert 1 <= len(made.cents) <= 2
