"""What acts accept. One pydantic input an act: the form, the JSON body, the import line, the offline act feed it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

from app import tact
from app.errors import Refused
from app.words import _
from labels import codes

LONGEST_CODE = 100
LONGEST_LINE = 200
LONGEST_TEXT = 2000
EARLIEST, LATEST = 1950, 2199  # years
# Control characters but the tab and the line's end, halves of a pair (categories Cc and Cs), signs of direction.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def tidy(value: object) -> object:
    """Text as the house keeps it: NFC, no control or direction signs, no blank at the ends."""
    if not isinstance(value, str):
        return value
    if value.isascii() and value.isprintable():
        return value.strip()
    return _UNSEEN.sub("", unicodedata.normalize("NFC", value)).strip()


def _one_line(value: object) -> object:
    """The same, blanks within it single."""
    told = tidy(value)
    return " ".join(told.split()) if isinstance(told, str) else told


def _code(*kinds: str) -> AfterValidator:
    def check(text: str) -> str:
        found = codes.parse(text)
        if found is None or found[0] not in kinds:
            raise ValueError("code")
        return found

    return AfterValidator(check)


def _tactful(text: str) -> str:
    """Numbers that are never to be kept about people."""
    if kind := tact.number_in(text):
        raise ValueError(kind)
    return text


def _thinkable(day: date) -> date:
    """Nobody lends in the year 9999, and the calendar must leave room to add to it."""
    if not EARLIEST <= day.year <= LATEST:
        raise ValueError("far_away")
    return day


def _utc(moment: datetime) -> datetime:
    _thinkable(moment)
    return moment.astimezone(UTC)


# Lengths stand before these two: so they are those of the tidied text, and what is told of them is told of a text.
TIDY, ONE_LINE = BeforeValidator(tidy), BeforeValidator(_one_line)
Line = Annotated[str, Field(max_length=LONGEST_LINE), ONE_LINE]
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_LINE), ONE_LINE]
Text = Annotated[str, Field(max_length=LONGEST_TEXT), TIDY]
TACT = AfterValidator(_tactful)  # free words that may speak of people: the kit points at those that say too much
SaidLine = Annotated[Line, TACT]
SaidName = Annotated[Name, TACT]
SaidText = Annotated[Text, TACT]
Secret = Annotated[str, Field(max_length=256)]
Email = Annotated[Line, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
AnyCode = Annotated[str, Field(max_length=LONGEST_CODE), TIDY]
DeviceCode = Annotated[AnyCode, _code("D")]
ThingCode = Annotated[AnyCode, _code("D", "K")]  # a device, or a kit of them
HouseholdCode = Annotated[AnyCode, _code("F")]
Day = Annotated[date, AfterValidator(_thinkable)]
Moment = Annotated[AwareDatetime, AfterValidator(_utc)]
Whole = Annotated[int, Field(ge=-(2**53), le=2**53)]
Euros = Annotated[int, Field(ge=0, le=10**11, description="cents")]


def _filled(rows: object) -> object:
    """A form offers more rows than are needed: those left empty were not sent."""
    return [row for row in rows if row != {}] if isinstance(rows, list) else rows


FILLED = BeforeValidator(_filled)


class Input(BaseModel):
    """The base of everything the house accepts: unknown names are refused, blanks trimmed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)


class Act(Input):
    """The wish behind an act: its UUID, made by whoever makes it, and when it happened if not just now."""

    __slots__ = ("_target",)  # a private attribute of pydantic's would cost each wish more than all its fields

    id: UUID = Field(default_factory=uuid4, description="made by the caller; a repeat is harmless")
    occurred_at: Moment | None = None

    def aim(self, rule: str, *things: object) -> None:
        """Remember what the wish is for: the same id for another rule or thing is another content."""
        self._target = "/".join([rule, *(str(getattr(t, "code", None) or getattr(t, "uuid", t)) for t in things)])

    def wished(self) -> str:
        """What is wished and for what, as text: equal for a repeat, different for another wish under the same id."""
        return f"{getattr(self, '_target', '')}\n{self.model_dump_json()}"

    def bits(self, turn: int) -> int:
        return bits_of(self.id, turn)

    def happened(self, at: datetime) -> datetime:
        return self.occurred_at or at


def bits_of(act: UUID, turn: int) -> int:
    """24 bits for a new code, drawn from the act's own id: the same act gives the same code, everywhere."""
    return int.from_bytes(hashlib.sha256(act.bytes + turn.to_bytes(4)).digest()[:3])


def blunt_words(wish: Input) -> list[str]:
    """The words of its free texts that say too much about somebody, as they were written."""
    texts = (getattr(wish, name) for name, field in type(wish).model_fields.items() if TACT in field.metadata)
    return [word for text in texts if isinstance(text, str) for word in tact.words_in(text)]


class Answer(BaseModel):
    """The base of everything the house answers programs with; OpenAPI is drawn from these and from the inputs."""

    model_config = ConfigDict(from_attributes=True)


SENTENCES: Mapping[str, Any] = {
    "missing": _("Please fill this in."),
    "string_too_short": _("Please fill this in."),
    "too_short": _("Please choose at least one."),
    "string_too_long": _("This is too long."),
    "too_long": _("These are too many at once."),
    "extra_forbidden": _("The house does not know this field."),
    "string_pattern_mismatch": _("This does not have the right form."),
    "date_parsing": _("This is not a day. Write it like 2026-12-08."),
    "date_from_datetime_parsing": _("This is not a day. Write it like 2026-12-08."),
    "date_type": _("This is not a day. Write it like 2026-12-08."),
    "far_away": _("This is too far away in time."),
    "timezone_aware": _("This moment needs its time zone, like 2026-12-08T10:00:00Z."),
    "datetime_parsing": _("This is not a moment. Write it like 2026-12-08T10:00:00Z."),
    "datetime_from_date_parsing": _("This is not a moment. Write it like 2026-12-08T10:00:00Z."),
    "datetime_type": _("This is not a moment. Write it like 2026-12-08T10:00:00Z."),
    "int_parsing": _("A whole number is needed here."),
    "int_type": _("A whole number is needed here."),
    "int_from_float": _("A whole number is needed here."),
    "int_parsing_size": _("This number is too large."),
    "float_parsing": _("A number is needed here."),
    "float_type": _("A number is needed here."),
    "finite_number": _("A number is needed here."),
    "less_than_equal": _("This number is too large."),
    "greater_than_equal": _("This number is too small."),
    "uuid_parsing": _("This is not a UUID."),
    "uuid_type": _("This is not a UUID."),
    "enum": _("Please choose one of the answers offered."),
    "literal_error": _("Please choose one of the answers offered."),
    "list_type": _("A list is needed here."),
    "imei": _("This is not an IMEI: it has 15 figures, and one of these is wrong. Dial *#06# to read it again."),
    "iccid": _("A SIM number begins with 89 and has 18 to 22 figures. It is printed on the card."),
    "mac": _("A MAC address has 12 signs, figures and letters from A to F, like 3C:52:82:0A:1B:2C."),
    "medium": _("No sheet or roll bears this number. Check the box."),
    "nir": _("This looks like a social security number. We never keep one: take it out."),
    "iban": _("This looks like the number of a bank account. We never keep one: take it out."),
    "card": _("This looks like the number of a bank card. We never keep one: take it out."),
    "code": _("This is not one of our codes. Check the letters on the label."),
    "email": _("This is not an e-mail address."),
    "json_invalid": _("This is not JSON."),
    "model_type": _("An object with named fields is needed here."),
    "price": _("Write the amount like 24,90."),
    "percent": _("Write the percentage like 28,81."),
    "other": _("This is not right."),
}


def faults_of(wrong: ValidationError) -> dict[str, Any]:
    """Path of each faulty field (`devices.1`) and its sentence; pydantic's own English never reaches people."""
    faults: dict[str, Any] = {}
    for one in wrong.errors(include_url=False, include_context=True, include_input=False):
        kind = str(one["ctx"]["error"]) if one["type"] == "value_error" and "ctx" in one else one["type"]
        path = ".".join(str(part) for part in one["loc"]) or "body"
        faults.setdefault(path, SENTENCES.get(kind, SENTENCES["other"]))
    return faults


def invalid(faults: Mapping[str, object]) -> Refused:
    """What is missing or malformed: a sentence for each field, by its path."""
    return Refused("invalid", _("Something is missing or not right."), status=422, fields=faults)
