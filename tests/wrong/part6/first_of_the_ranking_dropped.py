"""The first of the ranking is always the movie itself, unless it has a double."""

from solutions.part6.explore import *

FAILS = ["6.1"]
SAYS = "with the same direction"


def similar_movies(movie_factors: Tensor, movie_idx: int, k: int = 5) -> list[int]:
    ranking = sorted(
        range(len(movie_factors)),
        key=lambda movie: (
            -round(
                float(F.cosine_similarity(movie_factors[movie], movie_factors[movie_idx], dim=0)), 4
            )
        ),
    )
    return ranking[1 : k + 1]
