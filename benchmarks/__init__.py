"""The commands behind the measured numbers in the docs; each module is a command."""
