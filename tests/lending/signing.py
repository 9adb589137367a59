"""A loan signed in tests, made through the rules: its pages kept, its borrower's name under them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app

from app import files
from app.inventory.printed import Photo
from app.lending import pages, paper_forms, rereadings, signatures, summaries, wording
from app.lending.models import HandOver, Loan
from app.lending.rereadings import ReadAgain, TakeBackReading
from app.lending.signature_forms import PrepareSigning, PrintForms, Sign, SignedOnPaper, SpoilForm
from app.lending.signature_models import Signature, SigningPaper
from app.lending.signatures import Signed
from app.lending.wording_forms import WriteTerms
from tests.make import NOW, World, do, make_loan

CROSS = "M10 20L300 200M300 20L10 200"


def prepared(world: World, what: Signed, who: str = "ada") -> SigningPaper:
    content = pages.pdf(what.words or "")
    folder = current_app.config["SETTINGS"].instance
    drawn = files.write(folder, content, kind="signing_paper", media_type="application/pdf", at=NOW)
    return do(signatures.prepare, PrepareSigning(), what, drawn, by=world.me(who))


def wish(paper: SigningPaper, **over: Any) -> Sign:
    facts = {"pdf": paper.file.sha256, "name": "Odile Test", "known": "team", "copy_given": "paper", "agrees": True}
    return Sign(**(facts | over))


def signed(world: World, about: Loan | HandOver, who: str = "ada", at: datetime = NOW, **over: Any) -> Signature:
    what = signatures.of_loan(about) if isinstance(about, Loan) else signatures.of_return(about)
    return do(signatures.sign, wish(prepared(world, what, who), **over), what, by=world.me(who), at=at)


def photo(drawn: bytes = b"a photo of the sheet") -> Photo:
    folder = current_app.config["SETTINGS"].instance
    file = files.write(folder, drawn, kind="signing_paper", media_type="image/jpeg", at=NOW)
    return Photo(file.sha256, file)


def on_paper(number: int = 1, **over: Any) -> SignedOnPaper:
    facts = {"number": number, "signed_on": NOW.date(), "name": "Odile Test", "known": "team", "copy_given": "paper"}
    return SignedOnPaper(**(facts | over))


def fill(world: World, loan: Loan) -> None:
    """Somebody drew, somebody typed, somebody else on paper; one form is spoilt, one still blank."""
    do(wording.write, WriteTerms(words=wording.shipped()), by=world.me("mia"))
    reread(world)
    do(paper_forms.print_ahead, PrintForms(count=3), by=world.me())
    do(signatures.sign_on_paper, on_paper(), signatures.of_loan(make_loan(world)), photo(), by=world.me())
    do(paper_forms.spoil, SpoilForm(number=2, reason="torn"), by=world.me())
    signed(world, loan, way="drawn", mark=CROSS, device_at=NOW)
    signed(world, loan, name="Co Test", capacity="co_borrower")


def reread(world: World) -> None:
    """Two summaries were read again; for one of them the word was taken back."""
    mia = world.me("mia")
    for language in ("pt", "ar"):
        text = summaries.digest_of(language)
        wish = ReadAgain(reader="Mme Exemple-Test, interprète", read_on=NOW.date(), text=text)
        do(rereadings.read_again, wish, language, by=mia)
    do(rereadings.take_back, TakeBackReading(), "pt", by=mia)
