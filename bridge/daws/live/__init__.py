"""Ableton Live: what AbletonOSC is told, and the Remote Script that clips ask by their names."""
