"""Exit codes of the command line, a contract with scripts: see docs/guide/en/users/90_commands.md."""

DONE, FINDINGS, USAGE, TROUBLE = 0, 1, 2, 3
"""Done; findings or refused input; wrong usage; trouble of the world."""
