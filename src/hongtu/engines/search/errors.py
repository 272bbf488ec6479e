"""Errors of the search engine: a stable code and a sentence that says what to do."""


class SearchError(ValueError):
    """A refusal with a stable ``code`` (dotted words) and a message for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{message} [{code}]")
        self.code = code
        self.message = message
