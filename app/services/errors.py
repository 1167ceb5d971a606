"""What a service says when the thing it should work on is not there, or not this reader's."""


class NotFound(Exception):
    """There is no such thing, or this reader has nothing to do with it."""
