"""Chord ideas: where they come from, how they are played and explained."""
