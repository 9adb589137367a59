"""What was asked of the desk: to keep a thing longer, once refused in words to read aloud, once not answered yet.

And what stands ready to agree on: forms on paper for the doorsteps, one torn; a summary that somebody read again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from app.demo import homes
from app.demo.cast import BREBIS
from app.demo.house import House, Plan, do, loan_of, number
from app.lending import extensions, paper_forms, requests, rereadings, summaries
from app.lending.forms import AskLonger, RefuseLonger
from app.lending.rereadings import ReadAgain
from app.lending.signature_forms import PrintForms, SpoilForm
from app.times import day_of

REFUSED, WAITS = 11, 12  # of the households of Brebis that have something out


def asked_longer(house: House) -> Plan:
    """Two wishes on the phone: the first is answered the next day, the second waits on the board."""
    for n, ago in ((REFUSED, 3), (WAITS, 1)):
        home, at = homes.HOMES[BREBIS][n][0], house.moment(ago)
        yield at, partial(_ask, house, home, at=at)
    answered = house.moment(2)
    yield answered, partial(_refuse, house, homes.HOMES[BREBIS][REFUSED][0], at=answered)


def _ask(house: House, home: str, *, at: datetime) -> None:
    loan = loan_of(f"now/{home}")
    wish = AskLonger(id=number("longer", home), due_on=loan.due_on + timedelta(days=28), how="phone")
    do(extensions.ask, wish, loan, by=house.desk(BREBIS), at=at)


def _refuse(house: House, home: str, *, at: datetime) -> None:
    loan = loan_of(f"now/{home}")
    wish = RefuseLonger(id=number("not longer", home), reason="une autre famille l’attend pour la rentrée")
    do(extensions.refuse, wish, loan, requests.of_loans([loan])[0].id, by=house.manager(BREBIS), at=at)


def prepared(house: House) -> Plan:
    """Six forms printed ahead, of which one got wet; the Arabic summary read again by an interpreter."""
    desk, manager = house.desk(BREBIS), house.manager(BREBIS)
    printed, wet, read = (house.at - timedelta(days=ago) for ago in (6, 4, 20))
    ahead = PrintForms(id=number("forms", BREBIS), count=6)
    yield printed, partial(do, paper_forms.print_ahead, ahead, by=desk, at=printed)
    torn = SpoilForm(id=number("torn form", BREBIS), number=2, reason="torn")
    yield wet, partial(do, paper_forms.spoil, torn, by=desk, at=wet)
    wish = ReadAgain(
        id=number("read again", "ar"),
        reader="Mme Haddad-Test, interprète",
        read_on=day_of(read),
        text=summaries.digest_of("ar"),
    )
    yield read, partial(do, rereadings.read_again, wish, "ar", by=manager, at=read)
