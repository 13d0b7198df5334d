"""REAPER: a Lua script with a menu inside, and its own OSC for faders."""
