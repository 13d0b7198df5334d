"""Bitwig Studio: what the extension DrivenByMoss is told over OSC."""
