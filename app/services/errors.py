"""The error of services for things that do not exist, or are not this reader's."""


class NotFound(Exception):
    """There is no such thing, or this reader has no part in it."""
