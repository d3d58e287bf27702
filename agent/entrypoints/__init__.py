"""The ways into the desk: the command line, the terminal chat and the AgentCore Runtime server."""
