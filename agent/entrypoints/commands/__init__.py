"""The commands of ``./deskhand``, one module each."""
