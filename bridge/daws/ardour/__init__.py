"""Ardour: its OSC words, and the Lua that runs inside it."""
