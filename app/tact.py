"""Tact: numbers that are never to be kept about people, and words that say too much about them.

Numbers are refused: a social security number, a bank account, a bank card. Words are only pointed at, once the text is
kept: whoever wrote it knows better. The lists hold whole words alone, folded, and leave out those that things have too
(an “enceinte” is a loudspeaker, a “ROM” a memory, “origine” is said of chargers).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from app.words import fold

_GAP = "[ .\u00a0\u202f-]?"  # what stands between the figures of a long number
_NIR = re.compile(rf"(?<![0-9A-Za-z])[1278](?:{_GAP}[0-9ABab]){{14}}(?![0-9A-Za-z])")
_NIR_FORM = re.compile(r"[1278][0-9]{2}(?:0[1-9]|1[0-2]|[2-9][0-9])(?:[0-9]{2}|2[AB])[0-9]{8}")
_IBAN = re.compile(rf"(?<![0-9A-Za-z])[A-Za-z]{{2}}[0-9]{{2}}(?:{_GAP}[0-9A-Za-z]){{12,30}}")
_IBAN_LENGTH: Mapping[str, int] = {
    "FR": 27, "BE": 16, "DE": 22, "ES": 24, "IT": 27, "PT": 25, "PL": 28, "LU": 20, "NL": 18, "GB": 22, "CH": 21,
    "RO": 24, "MC": 27, "LT": 20, "IE": 22, "AT": 20, "TR": 26, "UA": 29,
}  # fmt: skip
_CARD = re.compile(rf"(?<![0-9A-Za-z])[2-6](?:{_GAP}[0-9]){{14,18}}(?![0-9A-Za-z])")
_CARD_FORM = re.compile(r"3[47][0-9]{13}|(?:4|5[1-5]|2[2-7]|6[05])[0-9]{14,15}")

_SAID = {
    "health": """
        malade malades maladie maladies cancer cancers diabete diabetique diabetiques handicap handicape
        handicapee handicapes depression depressif depressive alcool alcoolique alcoolisme drogue drogues
        droguee toxicomane toxicomanie sida vih hiv psychiatre psychiatrie psychiatrique autiste autisme
        schizophrene schizophrenie bipolaire epileptique epilepsie demence alzheimer parkinson medicament
        medicaments invalidite tutelle curatelle grossesse hospitalise hospitalisee avc chimio chimiotherapie
        suicide suicidaire illness disease diabetes diabetic disability pregnant alcoholic addict addicted
        psychiatric schizophrenic epileptic dementia autistic
    """,
    "money": """
        dette dettes endette endettee surendette surendettee surendettement huissier huissiers rsa impaye
        impayes chomage chomeur chomeuse pauvre pauvres pauvrete sdf sans-abri expulse expulsee fauche fauchee
        debt debts indebted bankrupt evicted eviction unemployed homeless poverty
    """,
    "justice": """
        prison detenu detenue incarcere incarceree delinquant delinquante delinquance judiciaire jail jailed
        convicted offender probation
    """,
    "religion": """
        musulman musulmane musulmans catholique catholiques juif juive juifs bouddhiste islam islamique
        islamiste ramadan religion religieux religieuse muslim jewish catholic buddhist
    """,
    "origin": """
        maghrebin maghrebine gitan gitane gitans manouche manouches immigre immigree immigres clandestin
        clandestine sans-papiers refugie refugiee refugies nationalite ethnie africain africaine immigrant
        immigrants refugee refugees undocumented nationality ethnicity gypsy
    """,
    "judgement": """
        faineant faineante paresseux paresseuse menteur menteuse malhonnete profiteur profiteuse cassos
        agressif agressive mechant mechante stupide debile ivrogne ingerable irresponsable alcoolo lazy liar
        stupid dishonest drunk aggressive
    """,
}  # fmt: skip
_TWO = {
    "cas social", "cas sociaux", "garde a vue", "casier judiciaire", "bracelet electronique", "interdit bancaire",
    "interdite bancaire", "temoin de jehovah", "temoins de jehovah", "demandeur d'asile", "demandeuse d'asile",
    "demandeurs d'asile", "femme battue", "violences conjugales", "mauvaise foi", "asylum seeker", "criminal record",
    "sans papiers", "sans abri", "bad faith",
}  # fmt: skip
_ALONE = {word for words in _SAID.values() for word in words.split()}
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")


def number_in(text: str) -> str:
    """`nir`, `iban` or `card`: what kind of number that is never to be kept stands in the text; else nothing."""
    kinds = {"nir": (_NIR, _is_nir), "iban": (_IBAN, _is_iban), "card": (_CARD, _is_card)}
    for kind, (pattern, right) in kinds.items():
        if any(right(re.sub(_GAP, "", found[0]).upper()) for found in pattern.finditer(text)):
            return kind
    return ""


def words_in(text: str) -> list[str]:
    """The words of the text that say too much about somebody, as they were written, each once."""
    return list(dict.fromkeys(_said_too_much(text)))


def _said_too_much(text: str) -> Iterator[str]:
    found = list(_WORD.finditer(text))
    folded = [fold(word[0]) for word in found]
    for place, word in enumerate(found):
        if _alone(folded[place]):
            yield word[0]
        for length in (2, 3):
            if " ".join(folded[place : place + length]) in _TWO and place + length <= len(found):
                yield text[word.start() : found[place + length - 1].end()]


def _alone(folded: str) -> bool:
    """The word itself, or what follows an apostrophe: “l’alcool”."""
    return folded in _ALONE or folded.rpartition("'")[2] in _ALONE


def _is_nir(number: str) -> bool:
    """A French social security number: its key is 97 less the rest of the number by 97; Corsica counts as 19 and 18."""
    if not _NIR_FORM.fullmatch(number):
        return False
    body = int(number[:13].replace("2A", "19").replace("2B", "18"))
    return 97 - body % 97 == int(number[13:])


def _is_iban(number: str) -> bool:
    """Words may follow it: it is as long as those of its country are. ISO 13616: by 97 there remains 1."""
    number = number[: _IBAN_LENGTH.get(number[:2], 0)]
    turned = number[4:] + number[:4]
    return len(number) > 4 and int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1  # noqa: PLR2004 - the head


def _is_card(number: str) -> bool:
    """Luhn: every second figure counts double, its figures added."""
    if not _CARD_FORM.fullmatch(number):
        return False
    doubled = (int(n) * (1 + place % 2) for place, n in enumerate(reversed(number)))
    return sum(n // 10 + n % 10 for n in doubled) % 10 == 0
