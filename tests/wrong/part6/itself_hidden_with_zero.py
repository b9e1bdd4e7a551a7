"""The movie"s own cosine is set to 0, which is more than that of every movie the other way."""

from solutions.part6.explore import *

FAILS = ["6.1"]
SAYS = "hidden with 0, which is more"


def similar_movies(movie_factors: Tensor, movie_idx: int, k: int = 5) -> list[int]:
    directions = F.normalize(movie_factors.detach(), dim=1)
    similarity = directions @ directions[movie_idx]
    similarity[movie_idx] = 0
    return similarity.topk(min(k, len(similarity) - 1)).indices.tolist()
