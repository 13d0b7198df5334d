"""MIDI: scores to and from bytes, playing in time, capture (ports are in `bridge.ports.midi`)."""
