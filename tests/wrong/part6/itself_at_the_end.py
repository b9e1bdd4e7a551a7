"""Hidden with −inf, the movie comes back where k is large."""

from solutions.part6.explore import *

FAILS = ["6.1"]
SAYS = "the movie itself is in the list"


def similar_movies(movie_factors: Tensor, movie_idx: int, k: int = 5) -> list[int]:
    directions = F.normalize(movie_factors, dim=1)
    similarity = directions @ directions[movie_idx]
    similarity[movie_idx] = -torch.inf
    return similarity.topk(min(k, len(similarity))).indices.tolist()
