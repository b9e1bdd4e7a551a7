"""The error that ends a command."""


class UsageError(Exception):
    """What was given cannot be used; the message names it and says why and what to do."""
