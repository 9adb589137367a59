"""What the house ships to be said at each rung: plain and warm, read aloud without blushing. Late never shames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    subject: str
    words: str


_BYE_FR = "\n\nÀ bientôt,\n{centre}"
_BYE_EN = "\n\nSee you soon,\n{centre}"

SHIPPED: Mapping[str, Mapping[str, Said]] = {
    "fr": {
        "week_before": Said(
            "Votre prêt se termine bientôt",
            "Bonjour {nom},\n\nVous avez chez vous\u00a0:\n{materiel}\n\nLa fin du prêt approche. Vous en "
            "avez encore besoin\u00a0? Dites-le-nous\u00a0: on peut souvent prolonger. Notre numéro\u00a0: "
            "{telephone}." + _BYE_FR,
        ),
        "due_day": Said(
            "La fin de votre prêt",
            "Bonjour {nom},\n\nLe prêt arrive à son terme\u00a0:\n{materiel}\n\nVous pouvez passer nous "
            "voir pour le rendre, ou nous demander de prolonger. C’est compliqué de venir\u00a0? Appelez "
            "le {telephone}\u00a0: on trouve une solution ensemble." + _BYE_FR,
        ),
        "week_after": Said(
            "Des nouvelles de votre prêt\u00a0?",
            "Bonjour {nom},\n\nNous prenons de vos nouvelles. Vous avez chez vous\u00a0:\n{materiel}\n\n"
            "Vous pouvez le rendre, le garder encore un peu, ou nous dire s’il ne marche plus. Appelez le "
            "{telephone}, ou passez quand vous voulez." + _BYE_FR,
        ),
        "three_weeks": Said(
            "Nous aimerions avoir de vos nouvelles",
            "Bonjour {nom},\n\nNous ne nous sommes pas vus depuis un moment. Vous avez chez vous\u00a0:\n"
            "{materiel}\n\nVous en avez encore besoin\u00a0? Il est en panne, ou perdu\u00a0? Cela arrive. "
            "Dites-le-nous simplement, au {telephone} ou en passant. Nous pouvons aussi venir chez vous." + _BYE_FR,
        ),
    },
    "en": {
        "week_before": Said(
            "Your loan ends soon",
            "Hello {nom},\n\nYou have at home:\n{materiel}\n\nThe loan is coming to its end. Do you still "
            "need it? Tell us: it can often be kept longer. Our number: {telephone}." + _BYE_EN,
        ),
        "due_day": Said(
            "The end of your loan",
            "Hello {nom},\n\nThe loan has come to its end:\n{materiel}\n\nYou can come by and bring it "
            "back, or ask to keep it longer. Is it hard for you to come? Call {telephone}: we find a way "
            "together." + _BYE_EN,
        ),
        "week_after": Said(
            "How is your loan going?",
            "Hello {nom},\n\nWe would like to hear how you are. You have at home:\n{materiel}\n\nYou can "
            "bring it back, keep it a little longer, or tell us if it no longer works. Call {telephone}, or "
            "come by whenever you like." + _BYE_EN,
        ),
        "three_weeks": Said(
            "How are you?",
            "Hello {nom},\n\nWe have not seen each other for a while. You have at home:\n{materiel}\n\nDo "
            "you still need it? Is it broken, or lost? That happens. Just tell us, on {telephone} or when you "
            "come by. We can also come to you." + _BYE_EN,
        ),
    },
}
# Beneath every mail, whatever the centre writes: how to have them stop.
NO_MORE: Mapping[str, str] = {
    "fr": "Vous ne voulez plus recevoir ces messages\u00a0? Répondez «\u00a0stop\u00a0» à celui-ci, ou appelez le "
    "{telephone}.",
    "en": "You no longer want these messages? Answer “stop” to this one, or call {telephone}.",
}
A_THING: Mapping[str, str] = {"fr": "– {thing}, retour prévu le {day}", "en": "– {thing}, due back on {day}"}


def spoken_to(language: str) -> str:
    """The language in which a household is written to: English where they chose it, French otherwise."""
    return "en" if language.partition("-")[0] == "en" else "fr"
