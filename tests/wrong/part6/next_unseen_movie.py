"""A movie at random, and if it was seen the next one: short code, and not fair."""

from solutions.part6.explore import *

FAILS = ["6.3"]
SAYS = "took the next unseen movie"


def sample_negatives(user_idx: Tensor, seen: Tensor, generator: torch.Generator) -> Tensor:
    unseen = ~seen[user_idx]
    nothing_left = ~unseen.any(dim=1)
    if nothing_left.any():
        raise ValueError(f"user_idx {int(user_idx[nothing_left][0])} has seen every movie")
    n_movies = seen.shape[1]
    movies = torch.randint(n_movies, user_idx.shape, generator=generator)
    while (taken := seen[user_idx, movies]).any():
        movies[taken] = (movies[taken] + 1) % n_movies
    return movies
