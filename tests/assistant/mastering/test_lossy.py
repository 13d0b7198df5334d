from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import SettingError
from assistant.mastering.lossy import CODECS, Lossy, read


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("", ()),
        ("  none ", ()),
        ("aac 256, opus 128", (Lossy("aac", 256), Lossy("opus", 128))),
        ("AAC256,MP3 320k,mp3192", (Lossy("aac", 256), Lossy("mp3", 320), Lossy("mp3", 192))),
        ("vorbis", (Lossy("vorbis", 192),)),
        ("mp3", (Lossy("mp3", 320),)),
        ("opus@96kbps, opus 96", (Lossy("opus", 96),)),
        ("aac-128,", (Lossy("aac", 128),)),
    ],
)
def test_words_are_read(words: str, meant: tuple[Lossy, ...]) -> None:
    assert read(words) == meant


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("acc 256", "Did you mean 'aac'"),
        ("opuss", "Did you mean 'opus'"),
        ("wma 128", "There are: aac, mp3, opus, vorbis"),
        ("256", "aac 256"),
        ("aac 9000", "64 to 320 kb/s"),
        ("mp3 200", "MP3 takes one of 96, 112"),
        ("opus 128 kilometres", "opus 128 kilometres"),
        (",".join(f"aac {kbps}" for kbps in range(100, 109)), "8 at most"),
    ],
)
def test_other_words_are_refused_with_what_would_be_right(words: str, hint: str) -> None:
    with pytest.raises(SettingError, match="codecs names") as refused:
        read(words)
    assert hint in str(refused.value)


@pytest.mark.parametrize("codec", CODECS)
def test_a_name_reads_as_itself(codec: str) -> None:
    for kbps in (128, CODECS[codec].usual):
        lossy = Lossy(codec, kbps)
        assert read(lossy.name) == (lossy,)


@given(st.text(max_size=60))
def test_any_words_are_read_or_refused(words: str) -> None:
    try:
        found = read(words)
    except SettingError:
        return
    assert all(CODECS[one.codec].low <= one.kbps <= CODECS[one.codec].high for one in found)
