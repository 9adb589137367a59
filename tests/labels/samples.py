"""Labels to test with: all that vary in a house, made from a number."""

from dataclasses import replace

from hypothesis import strategies as st

from labels import FUNDING, MEDIA, Funding, Label, LabelError, codes
from labels.designs import STRIP, framed

NAMES = (
    "Portable Lenovo ThinkPad L14",
    "Tablette Samsung Galaxy Tab A9+ 64 Go Wi-Fi",
    "Écran 24 po Œuvre numérique",
    "Imprimante 3D Prusa MK4 avec enceinte fermée, filtre et écran tactile de remplacement",
)
OWNER, CONTACT = "Centre social Gaëtan-Lefèvre", "Si trouvé : 01 99 00 12 34"
HOSTS = ("x.fr", "pret.asso.fr", "pret.centre-test.org", "materiel.centres-sociaux-du-rhone.example.org")
FUNDINGS = (None, *FUNDING.values(), Funding(("Cofinancé par l’Union européenne",), emblem_mm=8))


def code(number: int) -> str:
    return codes.make("DFKL"[number % 4], number * 2654435761 % (1 << codes.RANDOM_BITS))


def label(number: int, host: str = "pret.asso.fr", **words) -> Label:
    return Label(code(number), codes.link(f"https://{host}", code(number)), **words)


def sample(number: int) -> Label:
    """The n-th of labels that differ in all they can differ in."""
    if number % 7 == 6:
        return label(number)
    name, host = NAMES[number % len(NAMES)], HOSTS[number % len(HOSTS)]
    return label(number, host, name=name, owner=OWNER, contact=CONTACT, funding=FUNDINGS[number % 3])


def refusal(act) -> str | None:
    """The code of the LabelError an act raises, or None."""
    try:
        act()
    except LabelError as error:
        return error.code
    return None


words = st.text(st.sampled_from("abcÉéèŒœ’ -.0189WiMłŞЖđ̂ệ\u00a0"), max_size=90)
labels = st.builds(
    label,
    st.integers(0, 1 << 24),
    st.sampled_from(HOSTS),
    name=words,
    owner=words,
    contact=st.sampled_from(["", CONTACT, "01 99 00 12 34"]),
    funding=st.sampled_from(FUNDINGS),
    word=st.sampled_from(["", "", "chargeur", "housse"]),
)


def is_sticker(medium) -> bool:
    """Whether a medium is under the small design: no room for emblem and statement."""
    return framed(medium.width, medium.height, medium.inset, medium.dot).design.height <= STRIP.height


STICKERS = [medium for medium in MEDIA if is_sticker(medium)]


def for_medium(medium, made: Label) -> Label:
    return replace(made, funding=None) if medium in STICKERS else made


# Any label on any medium that takes it.
placed = st.sampled_from(MEDIA).flatmap(
    lambda medium: st.tuples(labels.map(lambda made: for_medium(medium, made)), st.just(medium))
)
