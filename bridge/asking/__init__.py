"""The parts of ``bandmate ask``, of the standard library alone: it must be quick to start."""
