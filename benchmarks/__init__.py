"""Measurements behind the numbers in the texts; each module is a command."""
