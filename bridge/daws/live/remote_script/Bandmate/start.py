"""How bandmate is started on this machine, and where it listens; the installer writes this file."""

COMMAND = "bandmate serve"
PORT = 9510
