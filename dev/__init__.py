"""What the Makefile runs: set-up, checks, tests, translations. Standard library only, except where said."""
