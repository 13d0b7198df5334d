"""Mixes heard, judged, suggested and rendered: where tracks meet.

`assistant.dsp` measures and works on samples and knows no tracks; this floor knows what each track
is to the others, finds what is wrong, says what to do about it in moves, and renders what they
sound like. The stage puts it together.
"""
