"""Errors of exports."""


class ExportError(Exception):
    """A file or a request does not fit the other system; the message names it and the fix."""
