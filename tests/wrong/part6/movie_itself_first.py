"""Nothing is more similar to a movie than itself."""

from solutions.part6.explore import *

FAILS = ["6.1"]
SAYS = "the movie itself is in the list"


def similar_movies(movie_factors: Tensor, movie_idx: int, k: int = 5) -> list[int]:
    directions = F.normalize(movie_factors, dim=1)
    similarity = directions @ directions[movie_idx]
    return similarity.topk(min(k, len(similarity))).indices.tolist()
