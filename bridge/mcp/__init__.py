"""The door for assistants that speak MCP: stages as tools, presets as resources."""
