"""The kit that knows a request: reading, answers, listing, looks, faults. It knows no user."""

from app.web.answers import AnswerType, done, file_answer, page, stored_answer
from app.web.listing import Listing, Slice, slice_of
from app.web.reading import Form, blank, read, read_query, wants_json
from app.web.spoken import spoken

__all__ = [
    "AnswerType",
    "Form",
    "Listing",
    "Slice",
    "blank",
    "done",
    "file_answer",
    "page",
    "read",
    "read_query",
    "slice_of",
    "spoken",
    "stored_answer",
    "wants_json",
]
