"""Answers as a person reads them."""

from __future__ import annotations

from bridge.asking.drawing import drawn


def test_moves_that_belong_together_are_one_line() -> None:
    def move(parameter: str, value: float, unit: str, group: str = "") -> dict[str, object]:
        return {
            "target": "bass",
            "parameter": parameter,
            "value": value,
            "unit": unit,
            "group": group,
        }

    moves = [
        move("eq.freq_hz", 315.0, "Hz", "boxy"),
        move("eq.gain_db", -3.5, "dB", "boxy"),
        move("pan", 0.2, ""),
    ]
    one = {
        "n": 1, "title": "Mended", "why": "It booms.", "chords": [], "moves": moves,
        "measured": {}, "file": "", "files": {},
    }  # fmt: skip
    said = "".join(drawn({"stage": "mix", "job": "7", "suggestions": [one]}))
    assert "   bass (boxy): eq.freq_hz 315 Hz, eq.gain_db -3.5 dB\n   bass: pan 0.2\n" in said
