"""Titles as people write them."""

import pytest

from data.titles import title_movies
from tutorial.titles import readable, without_year

READABLE = {
    "Godfather, The (1972)": "The Godfather (1972)",
    "Fish Called Wanda, A (1988)": "A Fish Called Wanda (1988)",
    "Affair to Remember, An (1957)": "An Affair to Remember (1957)",
    "Postino, Il (1994)": "Il Postino (1994)",
    "Enfer, L' (1994)": "L'Enfer (1994)",
    "Boot, Das (1981)": "Das Boot (1981)",
    "Cérémonie, La (1995)": "La Cérémonie (1995)",
    "Hate (Haine, La) (1995)": "Hate (La Haine) (1995)",
    "Convent, The (Convento, O) (1995)": "The Convent (O Convento) (1995)",
    "Star Maker, The (Uomo delle stelle, L') (1995)": (
        "The Star Maker (L'Uomo delle stelle) (1995)"
    ),
    "Good, The Bad and The Ugly, The (1966)": "The Good, The Bad and The Ugly (1966)",
    "Beans of Egypt, Maine, The (1994)": "The Beans of Egypt, Maine (1994)",
    "Wedding Day, The": "The Wedding Day",
}
AS_IT_IS = [
    "Toy Story (1995)",
    "Cry, the Beloved Country (1995)",
    "To Have, or Not (1995)",
    "I, Worst of All (Yo, la peor de todas) (1990)",
    "Truth or Consequences, N.M. (1997)",
    "Seven (Se7en) (1995)",
    "[bold] Film No. 7 (1990)",
    "unknown",
    "",
]


@pytest.mark.parametrize(("title", "expected"), READABLE.items())
def test_the_article_comes_first(title: str, expected: str) -> None:
    assert readable(title) == expected


@pytest.mark.parametrize("title", AS_IT_IS)
def test_a_title_without_an_article_at_its_end_stays_as_it_is(title: str) -> None:
    assert readable(title) == title


def test_a_readable_title_stays_as_it_is() -> None:
    titles = [*READABLE, *AS_IT_IS, *title_movies([["Drama"], ["Horror"]] * 200)]
    assert any(readable(title) != title for title in titles)
    for title in titles:
        assert readable(readable(title)) == readable(title)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Godfather, The (1972)", "The Godfather"),
        ("The Godfather (1972)", "The Godfather"),
        ("Hate (Haine, La) (1995)", "Hate (La Haine)"),
        ("Land Before Time III (1995) (V)", "Land Before Time III"),
        ("2001: A Space Odyssey (1968)", "2001: A Space Odyssey"),
        ("unknown", "unknown"),
    ],
)
def test_where_space_is_short_the_year_is_left_out(title: str, expected: str) -> None:
    assert without_year(title) == expected
