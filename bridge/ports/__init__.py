"""The only owner of sockets and MIDI ports."""
