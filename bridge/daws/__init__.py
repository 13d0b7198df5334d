"""The DAWs: one folder each, with its words and the script that runs inside it."""
