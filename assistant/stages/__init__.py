"""One file, one stage. `assistant.engine` finds them here; no list is kept."""
