"""How the house says no."""

from __future__ import annotations

from collections.abc import Mapping


class Refused(Exception):
    """A rule says no. `code` is for programs and tests, `words` is a sentence for people.

    `fields` names the culprits by path (`devices.1`) with a sentence each; `status` is the HTTP answer:
    409 the house says no, 403 yours to see but not to do, 404 not there or not yours to see, 422 malformed.
    """

    def __init__(
        self,
        code: str,
        words: object,
        *,
        status: int = 409,
        fields: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.words = words
        self.status = status
        self.fields = dict(fields or {})


class NotThere(Refused):
    """It does not exist, or it is not this person's to see: the two must not be told apart."""

    def __init__(self, words: object) -> None:
        super().__init__("not_found", words, status=404)


class Busy(Exception):
    """The database's write lock could not be had in time: try again in a few seconds (503)."""
