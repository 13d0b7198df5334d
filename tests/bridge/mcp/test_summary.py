from __future__ import annotations

from typing import Any

from bridge.mcp.summary import MAX_MOVES, MAX_NOTES, brief, metered, sayable, summary


def suggestion(**more: Any) -> dict[str, Any]:
    plain = {"n": 1, "title": "Less bass", "why": "It rings.", "confidence": 0.5, "file": ""}
    empty: dict[str, Any] = {"files": {}, "measured": {}, "chords": [], "notes": [], "moves": []}
    return {**plain, **empty, **more}


def move(**more: Any) -> dict[str, Any]:
    return {
        "target": "bass", "parameter": "gain_db", "value": 3.0, "unit": "dB", "mode": "change",
        "why": "it is quiet", **more,
    }  # fmt: skip


def told(**more: Any) -> list[str]:
    return summary({"stage": "mix", "suggestions": [suggestion(**more)]}).splitlines()


def test_a_suggestion_says_what_it_is_and_why() -> None:
    assert told() == ["1. Less bass", "   It rings."]


def test_chords_notes_and_figures_are_said() -> None:
    chords = [{"start": 4.0, "length": 4.0, "symbol": "Am7", "roman": "i7", "why": "home"}]
    measured = {"true_peak": {"before": None, "after": -1.0, "unit": "dBTP"}}
    lines = told(chords=chords, notes=[{}, {}], measured=measured)
    assert lines[2:] == [
        "   chords, by beat: 4 Am7 (i7)",
        "   2 notes",
        "   true peak: - -> -1.00 dBTP",
    ]


def test_moves_are_to_be_done_and_not_more_than_can_be_read() -> None:
    many = [move(), move(value=80.0, unit="Hz", mode="set"), *[move()] * MAX_MOVES]
    lines = told(moves=many)
    assert lines[2] == "   to do in the DAW, nothing is done yet:"
    assert lines[3] == "   - bass gain_db +3 dB: it is quiet"
    assert lines[4] == "   - bass gain_db 80 Hz: it is quiet"
    assert lines[-1] == "   - and 2 more"
    assert len(lines) == 3 + MAX_MOVES + 1


def test_files_are_named_with_what_they_are() -> None:
    lines = told(file="/m/a.wav", files={"report": "/m/a.html"})
    assert lines[2:] == ["   main: /m/a.wav", "   report: /m/a.html"]


def test_an_error_follows_what_was_made() -> None:
    wrong = {"error": {"code": "target", "text": "Out of reach."}}
    answer = {"stage": "mix", "suggestions": [suggestion()], **wrong}
    assert summary(answer).splitlines()[-1] == "Out of reach."
    assert summary(wrong) == "Out of reach."


def test_nothing_to_suggest_is_said() -> None:
    assert summary({"stage": "mix", "suggestions": []}) == "mix has nothing to suggest here."


def test_a_metered_file_is_a_line() -> None:
    row = {"file": "/a.wav", "integrated": -14.0, "true_peak": -1.0, "loudness_range": None}
    assert metered({"files": [row]}) == "/a.wav: -14.00 LUFS, -1.00 dBTP, loudness range - LU"
    assert metered({"error": {"code": "file", "text": "No file."}}) == "No file."


def test_many_notes_are_counted_and_few_are_told() -> None:
    few, many = suggestion(notes=[{}] * MAX_NOTES), suggestion(notes=[{}] * (MAX_NOTES + 1))
    answer = {"stage": "melody", "suggestions": [few, many]}
    one, other = brief(answer)["suggestions"]
    assert one == few
    assert "notes" not in other
    assert other["note_count"] == MAX_NOTES + 1
    assert brief({"error": {"code": "file", "text": "no"}}) == {
        "error": {"code": "file", "text": "no"}
    }


def test_a_name_that_json_cannot_say_is_said_as_far_as_it_can_be() -> None:
    assert sayable({"file": "/é/\udcff.wav", "n": [1, None]}) == {
        "file": "/é/?.wav",
        "n": [1, None],
    }
