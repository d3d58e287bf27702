"""The local stack: every system of the desk on this machine, on loopback addresses."""
