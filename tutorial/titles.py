"""Titles as people write them; the files of MovieLens put the article last."""

import re

ARTICLES = (
    *("The", "A", "An", "Le", "La", "Les", "L'", "Un", "Une", "Il", "Lo", "Gli", "I", "Una"),
    *("El", "Los", "Las", "O", "Der", "Die", "Das", "Ein", "Eine", "Det", "Den", "De"),
)
_ARTICLE_LAST = re.compile(rf"([^()]+), ({'|'.join(ARTICLES)})(?=\s*(?:\(|\)|$))")
_YEAR = re.compile(r"\s*\(\d{4}\)(?: \(V\))?$")


def readable(title: str) -> str:
    """The article in front: "Godfather, The (1972)" → "The Godfather (1972)".

    So too for a second name in parentheses. A title that is readable stays as it is.
    """
    return _ARTICLE_LAST.sub(_article_first, title)


def without_year(title: str) -> str:
    """A readable title without the year of release, where space is short."""
    return _YEAR.sub("", readable(title))


def _article_first(found: re.Match[str]) -> str:
    name, article = found.groups()
    return article + name if article.endswith("'") else f"{article} {name}"
