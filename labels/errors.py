"""The one refusal of this library."""


class LabelError(ValueError):
    """A label that cannot be printed as asked.

    `code` is a stable word for programs (the caller translates it), `detail` an English sentence for the log.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class TooLong(LabelError):
    """Something that is never cut has no room; the layout tries again with less beside it."""
