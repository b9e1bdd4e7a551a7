"""Where a seen movie was drawn, one is drawn again, and may be seen as well."""

from solutions.part6.explore import *

FAILS = ["6.3"]
SAYS = "drew again where the movie was seen"


def sample_negatives(user_idx: Tensor, seen: Tensor, generator: torch.Generator) -> Tensor:
    unseen = ~seen[user_idx]
    nothing_left = ~unseen.any(dim=1)
    if nothing_left.any():
        raise ValueError(f"user_idx {int(user_idx[nothing_left][0])} has seen every movie")
    n_movies = seen.shape[1]
    movies = torch.randint(n_movies, user_idx.shape, generator=generator)
    again = torch.randint(n_movies, user_idx.shape, generator=generator)
    return torch.where(seen[user_idx, movies], again, movies)
