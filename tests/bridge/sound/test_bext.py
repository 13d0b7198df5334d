from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.sound.bext import MAX_HISTORY, Bext, BextLoudness, history_line, pack, unpack

LOUD = BextLoudness(-14.02, 6.3, -1.01, -11.5, -12.25)
TEXTS = st.binary(max_size=8).map(lambda text: text.replace(b"\0", b"x"))
FIGURES = st.none() | st.integers(-9999, 9999).map(lambda value: value / 100.0)


def test_a_chunk_is_laid_out_as_the_ebu_says() -> None:
    body = pack(
        Bext(b"a song", b"bandmate", frame=5 << 32 | 7, loudness=LOUD, history=b"A=PCM\r\n")
    )
    assert len(body) == 602 + 7
    assert body[:6] == b"a song"
    assert body[256:264] == b"bandmate"
    assert struct.unpack_from("<II", body, 338) == (7, 5)  # TimeReference, low and high
    assert struct.unpack_from("<H", body, 346) == (2,)
    assert body[348:412] == bytes(64)  # UMID
    figures = struct.unpack_from("<5h", body, 412)
    # value, range, true peak, momentary, short-term
    assert figures == (-1402, 630, -101, -1150, -1225)
    assert body[422:602] == bytes(180)


@given(
    st.builds(
        Bext,
        *(TEXTS, TEXTS, TEXTS, TEXTS, TEXTS),
        frame=st.integers(0, 2**64 - 1),
        loudness=st.builds(BextLoudness, FIGURES, FIGURES, FIGURES, FIGURES, FIGURES),
        history=TEXTS,
    )
)
def test_what_is_written_is_read_back(bext: Bext) -> None:
    assert unpack(pack(bext)) == bext


@given(st.binary(max_size=1300))
def test_any_bytes_are_read_or_passed_over(body: bytes) -> None:
    found = unpack(body)
    assert (found is None) == (len(body) < 602)
    assert found is None or unpack(pack(found)) == found


@pytest.mark.parametrize("version", [0, 1])
def test_before_version_2_no_loudness_is_said(version: int) -> None:
    body = bytearray(pack(Bext(loudness=LOUD)))
    body[346] = version
    found = unpack(bytes(body))
    assert found is not None
    assert not found.loudness.said


@pytest.mark.parametrize("beyond", [float("-inf"), float("nan"), -150.0, None])
def test_what_cannot_be_said_is_not(beyond: float | None) -> None:
    found = unpack(pack(Bext(loudness=BextLoudness(beyond, true_peak=-1.0))))
    assert found is not None
    assert found.loudness == BextLoudness(None, true_peak=-1.0)


def test_a_line_is_added_to_the_history_until_it_is_full() -> None:
    told = history_line(Bext(history=b"A=ANALOGUE,T=tape"), 48_000, 24, 2)
    assert told.history == b"A=ANALOGUE,T=tape\r\nA=PCM,F=48000,W=24,M=stereo,T=bandmate\r\n"
    full = Bext(history=b"x" * MAX_HISTORY)
    assert history_line(full, 48_000, 24, 2) == full
