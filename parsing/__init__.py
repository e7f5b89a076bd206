"""Bytes in, facts out: everything pli understands, and nothing that it does.

Pure functions over bytes and frozen dataclasses: no network, no files, no clock, no settings, no database.
That is why it may run in a killable child process, and why `pli parse` and `pli inspect` need no configuration.
"""
