import io
import json
import math
import shlex
import subprocess
from typing import Any

import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.daws import lua
from tests.bridge.daws.lua_run import RUNTIMES, shared, to_python

VERSIONS = pytest.mark.parametrize("version", RUNTIMES)
LOADED: dict[tuple[str, str, str | None], Any] = {}


def loaded(version: str, name: str, encoding: str | None = "utf-8") -> tuple[Any, Any]:
    key = (version, name, encoding)
    if key not in LOADED:
        LOADED[key] = shared(version, name, encoding)
    made, table = LOADED[key]
    return made, table


def read(version: str, text: str | bytes) -> tuple[Any, str | None]:
    """Read JSON in Lua; null inside arrays comes as None."""
    made, reader = loaded(version, "json", None)
    raw = text.encode() if isinstance(text, str) else text
    said = reader[b"read"](raw)
    value, why = said if isinstance(said, tuple) else (said, None)
    same, null = made.eval(b"rawequal"), reader[b"NULL"]
    plain = to_python(value, lambda one: same(one, null))
    return decoded(plain), None if why is None else why.decode()


def decoded(plain: Any) -> Any:
    if isinstance(plain, bytes):
        return plain.decode()
    if isinstance(plain, dict):
        return {decoded(key): decoded(one) for key, one in plain.items()}
    if isinstance(plain, list):
        return [decoded(one) for one in plain]
    return plain


# What Lua's tables do not tell apart: {} and [], and a name with null from a name left out.
def as_lua_has_it(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_lua_has_it(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [as_lua_has_it(one) for one in value] or {}
    return value


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inside: (
        st.lists(inside, max_size=5)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), inside)
    ),
    max_leaves=20,
)


@VERSIONS
@given(value=VALUES, ascii_only=st.booleans(), indent=st.sampled_from([None, 1]))
@settings(max_examples=150, deadline=None)
def test_json_reads_what_python_writes(
    version: str, value: Any, ascii_only: bool, indent: int | None
) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    got, why = read(version, text)
    assert why is None
    assert got == as_lua_has_it(value)


@VERSIONS
@given(noise=st.binary(max_size=60) | st.text('[]{}",:\\u0123eE+-.tfn \n', max_size=40))
@settings(max_examples=300, deadline=None)
def test_json_takes_no_more_than_python_does(version: str, noise: str | bytes) -> None:
    got, why = read(version, noise)
    if why is None:
        text = noise.decode() if isinstance(noise, bytes) else noise
        assert got == as_lua_has_it(json.loads(text))


@VERSIONS
@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "NaN",
            "Infinity",
            "-Infinity",
            "-",
            "+1",
            "01",
            "-01",
            "1.",
            ".5",
            "1e",
            "0x10",
        ),
        *("1e999", "-1e999", "[1,]", "[,1]", "[1 2]", '{"a"}', '{"a":}', '{"a":1,}', "{a:1}"),
        *("[", "]", "{", '"', '"\\', '"\\u12"', '"\\x41"', '"\n"', '"\0"', "tru", "truee", "nil"),
        *(
            '"\\ud800"',
            '"\\udc00"',
            '"\\ud800\\u0041"',
            '"\\ud800\\ud800"',
            "1 2",
            "// a\n1",
            "'a'",
        ),
        *(b"\xff", b'"\xed\xa0\x80"', b'"\xc0\xaf"', b"\xef\xbb\xbf1", b'"\xf4\x90\x80\x80"'),
        *("os.exit()", "(function() return 1 end)()", "[" * 33 + "]" * 33, "[" * 100_000),
    ],
)
def test_json_refuses(version: str, text: str | bytes) -> None:
    got, why = read(version, text)
    assert got is None
    assert why


@VERSIONS
def test_json_is_bounded(version: str) -> None:
    made, reader = loaded(version, "json", None)
    assert read(version, "[" * 32 + "]" * 32)[1] is None
    for name, text in {
        b"MAX_BYTES": '"' + "a" * 100 + '"',
        b"MAX_STRING_BYTES": '["' + "a" * 100 + '"]',
        b"MAX_VALUES": json.dumps([0] * 100),
    }.items():
        assert read(version, text)[1] is None
        before, reader[name] = reader[name], 99
        assert "too" in (read(version, text)[1] or "")
        reader[name] = before
    assert read(version, "null") == (None, None)
    assert made is not None


@VERSIONS
@pytest.mark.parametrize("name", ["json", "shell", "smf", "answer", "ideas"])
def test_the_shared_files_leave_no_global_behind(version: str, name: str) -> None:
    bare = RUNTIMES[version]()
    before = set(bare.globals())
    made, _ = shared(version, name)
    assert set(made.globals()) <= before
    assert b"load(" not in lua.files()[f"{name}.lua"].replace(b"no load()", b"")


# ---------------------------------------------------------------------- quoting


WORDS = st.lists(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
    | st.text(" \"'\\%!$`&|;<>^\t", max_size=12),
    min_size=1,
    max_size=6,
)


def line(version: str, words: list[str], quote: str) -> Any:
    made, shell = loaded(version, "shell")
    return shell.line(made.table_from(words), shell[quote])


@VERSIONS
@given(words=WORDS)
@settings(max_examples=150, deadline=None)
def test_sh_reads_the_words_that_were_meant(version: str, words: list[str]) -> None:
    assert shlex.split(line(version, words, "posix")) == words


@VERSIONS
def test_a_real_shell_reads_them_too(version: str) -> None:
    words = [
        "a b",
        "it's",
        "$HOME",
        "`id`",
        "ü 🎹",
        "-n",
        "*",
        "%PATH%",
        "back\\",
        '"',
        "new\nline",
        "",
    ]
    said = subprocess.run(
        ["sh", "-c", 'printf "%s\\0" ' + line(version, words, "posix")],
        capture_output=True,
        check=True,
    )
    assert said.stdout.decode().split("\0")[:-1] == words


@VERSIONS
@given(words=WORDS)
@settings(max_examples=150, deadline=None)
def test_windows_gets_the_line_that_python_would_give_it(version: str, words: list[str]) -> None:
    assert line(version, words, "windows") == subprocess.list2cmdline(words)


@VERSIONS
def test_a_word_with_a_zero_byte_is_refused(version: str) -> None:
    assert line(version, ["a\0b"], "posix") == (None, "a word holds a zero byte")
    assert line(version, ["a"] * 201, "posix") == (None, "there are too many words")


@VERSIONS
def test_the_words_of_a_question(version: str) -> None:
    made, shell = loaded(version, "shell")
    ask = {
        "command": "/opt/band mate",
        "word": "chords",
        "names": made.table_from(["/a.mid"]),
        "settings": made.table_from(
            [made.table_from(pair) for pair in (("key", "A minor"), ("bars", 8), ("tempo", 96.5))]
            + [made.table_from(pair) for pair in (("prompt", "--sad"), ("meter", ""), ("n", 4.0))]
        ),
        "start": True,
        "answer": "/tmp/a.json",  # noqa: S108 - a word only
    }
    words = shell.words(made.table_from(ask))
    assert list(words.values()) == [
        *("/opt/band mate", "ask", "chords", "/a.mid", "--key=A minor", "--bars=8", "--tempo=96.5"),
        *("--prompt=--sad", "--n=4", "--start", "--answer", "/tmp/a.json"),  # noqa: S108
    ]


@VERSIONS
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
@settings(max_examples=100, deadline=None)
def test_a_string_written_for_lua_is_read_as_it_was(version: str, text: str) -> None:
    made, _ = loaded(version, "shell")
    assert made.eval(lua.string(text)) == text


# ---------------------------------------------------------------------- MIDI files


NOTES = st.lists(
    st.fixed_dictionaries(
        {
            "pitch": st.integers(0, 127),
            "start": st.integers(0, 4000).map(lambda ticks: ticks / 960),
            "length": st.integers(1, 4000).map(lambda ticks: ticks / 960),
            "velocity": st.integers(1, 127),
            "channel": st.integers(0, 15),
        }
    ),
    max_size=12,
    unique_by=lambda note: (note["pitch"], note["channel"]),
)


def smf_of(version: str, notes: list[dict[str, Any]], meter: tuple[int, int] = (4, 4)) -> bytes:
    made, smf = loaded(version, "smf", None)
    named = [{key.encode(): value for key, value in note.items()} for note in notes]
    tables = made.table_from([made.table_from(note) for note in named])
    said = {b"tempo": 97.5, b"meter": made.table_from(meter), b"notes": tables}
    return bytes(smf[b"write"](made.table_from(said)))


def read_smf(version: str, data: bytes) -> tuple[Any, str | None]:
    _, smf = loaded(version, "smf", None)
    said = smf[b"read"](data)
    value, why = said if isinstance(said, tuple) else (said, None)
    return decoded(to_python(value)), None if why is None else why.decode()


def by_mido(data: bytes) -> list[tuple[int, float, float, int, int]]:
    """Read notes with mido: (pitch, start, length, velocity, channel)."""
    song = mido.MidiFile(file=io.BytesIO(data))
    notes, open_, tick = [], {}, 0
    for message in mido.merge_tracks(song.tracks):
        tick += message.time
        if message.type == "note_on" and message.velocity:
            open_[message.note, message.channel] = (tick, message.velocity)
        elif message.type in {"note_on", "note_off"}:
            begun = open_.pop((message.note, message.channel), None)
            if begun:
                beats = song.ticks_per_beat
                length = (tick - begun[0]) / beats
                notes.append((message.note, begun[0] / beats, length, begun[1], message.channel))
    return sorted(notes)


def in_ticks(note: tuple[int, float, float, int, int]) -> tuple[int, int, int, int, int]:
    pitch, start, length, velocity, channel = note
    return pitch, round(start * 960), round(length * 960), velocity, channel


def key(note: dict[str, Any]) -> tuple[int, float, float, int, int]:
    return note["pitch"], note["start"], note["length"], note["velocity"], note["channel"]


def keys(notes: Any) -> list[tuple[int, int, int, int, int]]:
    return sorted(in_ticks(key(note)) for note in notes)


@VERSIONS
@given(notes=NOTES, meter=st.sampled_from([(4, 4), (3, 4), (6, 8), (7, 16), (5, 1)]))
@settings(max_examples=80, deadline=None)
def test_mido_reads_the_notes_that_lua_wrote(
    version: str, notes: list[dict[str, Any]], meter: tuple[int, int]
) -> None:
    data = smf_of(version, notes, meter)
    assert sorted(map(in_ticks, by_mido(data))) == keys(notes)
    first = mido.MidiFile(file=io.BytesIO(data)).tracks[0]
    assert mido.tempo2bpm(first[0].tempo) == pytest.approx(97.5, rel=1e-5)
    assert (first[1].numerator, first[1].denominator) == meter


@VERSIONS
@given(notes=NOTES)
@settings(max_examples=60, deadline=None)
def test_what_was_written_is_read_again(version: str, notes: list[dict[str, Any]]) -> None:
    got, why = read_smf(version, smf_of(version, notes, (6, 8)))
    assert why is None
    assert keys(got["notes"]) == keys(notes)
    assert got["tempo"] == pytest.approx(97.5, rel=1e-5)
    assert got["meter"] == [6, 8]


@VERSIONS
def test_lua_reads_what_mido_writes(version: str) -> None:
    song = mido.MidiFile(type=1, ticks_per_beat=480)
    first, second = song.add_track("tempo"), song.add_track("notes")
    first.append(mido.MetaMessage("set_tempo", tempo=600_000))
    first.append(mido.MetaMessage("time_signature", numerator=6, denominator=8))
    second.append(mido.Message("program_change", program=3, channel=2))
    second.append(mido.Message("sysex", data=[1, 2, 3]))
    for pitch in (60, 64):  # mido writes running status, and a note_on of velocity 0 ends a note
        second.append(mido.Message("note_on", note=pitch, velocity=90, channel=2))
        second.append(mido.Message("note_on", note=pitch, velocity=0, time=240, channel=2))
    second.append(mido.Message("note_on", note=67, velocity=70, channel=2))  # never ended
    written = io.BytesIO()
    song.save(file=written)
    got, why = read_smf(version, written.getvalue())
    assert why is None
    assert got["tempo"] == 100.0
    assert got["meter"] == [6, 8]
    assert [key(note) for note in got["notes"]] == [
        (60, 0.0, 0.5, 90, 2),
        (64, 0.5, 0.5, 90, 2),
        (67, 1.0, 0.0, 70, 2),
    ]


@VERSIONS
def test_a_repeated_note_is_not_cut_by_the_end_of_the_one_before(version: str) -> None:
    notes = [{"pitch": 60, "start": at, "length": 1.0, "velocity": 80} for at in (0.0, 1.0)]
    assert [(start, length) for _, start, length, _, _ in by_mido(smf_of(version, notes))] == [
        (0.0, 1.0),
        (1.0, 1.0),
    ]


HEAD = b"MThd\0\0\0\6\0\0\0\1\3\xc0"


@VERSIONS
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF" + bytes(20),
        HEAD.replace(b"\0\0\0\1\3", b"\0\2\0\1\3"),  # kind 2
        HEAD[:-2] + b"\xe7\x28",  # timed in frames
        HEAD[:-2] + b"\0\0",
        HEAD + b"MTrk\0\0\0\3\0\x90\x3c",  # ends in the middle
        HEAD + b"MTrk\0\0\0\4\0\x3c\x40\x00",  # running status of nothing
        HEAD + b"MTrk\0\0\0\4\0\x90\xff\x40",
        HEAD + b"MTrk\0\0\0\6\xff\xff\xff\xff\x7f\x90",  # too long a number
        HEAD + b"MTrk\0\0\0\4\0\xff\x7f\x7f",
        HEAD + b"MTrk\0\0\0\2\0\xf8",
    ],
)
def test_broken_midi_files_are_refused(version: str, data: bytes) -> None:
    got, why = read_smf(version, data)
    assert got is None
    assert why


@VERSIONS
@given(noise=st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_no_midi_file_breaks_the_reader(version: str, noise: bytes) -> None:
    got, why = read_smf(version, HEAD + b"MTrk" + len(noise).to_bytes(4, "big") + noise)
    assert (got is None) == (why is not None)
    for note in [] if got is None else got["notes"] or []:
        assert note["length"] >= 0
        assert 0 <= note["pitch"] <= 127


@VERSIONS
def test_a_midi_file_has_a_largest_number_of_events(version: str) -> None:
    _, smf = loaded(version, "smf", None)
    track = b"\0\x90\x3c\x40" + b"\0\x3c\x00" * 99
    data = HEAD + b"MTrk" + len(track).to_bytes(4, "big") + track
    assert read_smf(version, data)[1] is None
    before, smf[b"MAX_EVENTS"] = smf[b"MAX_EVENTS"], 99
    assert read_smf(version, data) == (None, "too many events")
    smf[b"MAX_EVENTS"] = before


# ---------------------------------------------------------------------- answers


def read_answer(version: str, said: object) -> Any:
    made, answer = loaded(version, "answer")
    source = lua.files()["json.lua"].decode()
    text = said if isinstance(said, str) else json.dumps(said)
    return answer.read(text, made.execute(source))


NOTE = {"track": "chords", "pitch": 60.4, "start": 0.0, "length": 1.0, "velocity": 90}
MOVE = {"target": "Vocal", "parameter": "gain_db", "value": -2.0, "unit": "dB", "mode": "set"}
SUGGESTION = {"n": 1, "title": "Am F", "why": "It is.", "file": "/a.mid", "files": {"x": "/b"}}


@VERSIONS
def test_an_answer_is_put_in_order(version: str) -> None:
    bass = {**NOTE, "track": "bass", "pitch": 40}
    said = {**SUGGESTION, "notes": [NOTE, bass], "moves": [MOVE, {"value": 1}, MOVE]}
    got = to_python(read_answer(version, {"job": "j1", "stage": "chords", "suggestions": [said]}))
    assert got["job"] == "j1"
    one = got["suggestions"][0]
    assert [(note["pitch"], note["channel"]) for note in one["notes"]] == [(60, 0), (40, 1)]
    assert [move["index"] for move in one["moves"]] == [1, 3]  # numbers stay the daemon's


@VERSIONS
@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"error": {"code": "daemon", "text": "Nobody listens."}}, "daemon"),
        ("garbage", "garbage"),
        ("3", "garbage"),
        ("", "garbage"),
    ],
)
def test_an_answer_that_is_none_is_told(version: str, said: object, code: str) -> None:
    got, why, told = read_answer(version, said)
    assert (got, told) == (None, code)
    assert why


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(
            st.sampled_from([*SUGGESTION, *NOTE, *MOVE, "suggestions", "notes", "moves", "error"]),
            inside,
        )
    ),
    max_leaves=20,
)


@VERSIONS
@given(said=st.dictionaries(st.sampled_from(["suggestions", "error", "job"]), JUNK))
@settings(max_examples=150, deadline=None)
def test_no_answer_breaks_the_reader(version: str, said: object) -> None:
    got = read_answer(version, said)
    _, answer = loaded(version, "answer")
    assert got is not None
    if not isinstance(got, tuple):
        for suggestion in got.suggestions.values():
            answer.lines(suggestion)
            assert answer.kind(suggestion) in {"notes", "audio", "moves", "nothing"}


@VERSIONS
@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("notes", {"notes": [NOTE]}),
        ("notes", {"file": "/a.MID", "notes": []}),
        ("audio", {"file": "/a.wav", "moves": [MOVE]}),
        ("moves", {"file": "", "moves": [MOVE]}),
        ("nothing", {"file": ""}),
    ],
)
def test_what_lands_is_told_by_what_came(version: str, kind: str, said: object) -> None:
    got = read_answer(version, {"suggestions": [{**SUGGESTION, **said}]})  # type: ignore[dict-item]
    _, answer = loaded(version, "answer")
    assert answer.kind(got.suggestions[1]) == kind
    of_stems = "moves" if "moves" in said else "nothing"  # type: ignore[operator]
    assert answer.kind(got.suggestions[1], True) == of_stems


@VERSIONS
@given(
    text=st.text(st.characters(exclude_categories=["Cs"]), max_size=80), width=st.integers(2, 20)
)
@settings(max_examples=100, deadline=None)
def test_lines_are_folded_between_characters(version: str, text: str, width: int) -> None:
    _, answer = loaded(version, "answer")
    lines = list(answer.folded(text, width).values())
    assert all(1 <= len(one) <= width for one in lines)
    assert len(answer.shortened(text, width)) <= width


@VERSIONS
@pytest.mark.parametrize(
    ("text", "fraction", "doing"),
    [("0.42 measuring\n", 0.42, "measuring"), ("1 done", 1.0, "done"), ("0.5 ", 0.5, "")],
)
def test_progress_is_read(version: str, text: str, fraction: float, doing: str) -> None:
    _, answer = loaded(version, "answer")
    assert answer.progress(text) == (fraction, doing)


@VERSIONS
@pytest.mark.parametrize("text", ["", "x y", "1.5 too far", "nan x", "-1 x", "0.1.1 x", "9" * 2000])
def test_progress_that_is_none_changes_nothing(version: str, text: str) -> None:
    _, answer = loaded(version, "answer")
    assert answer.progress(text) is None
    assert answer.progress(None) is None
    assert math.isfinite(answer.MENU_CHARACTERS)
