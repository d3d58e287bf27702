"""What stands as ``main.py`` at the root of a package: the file that AgentCore Runtime starts."""
