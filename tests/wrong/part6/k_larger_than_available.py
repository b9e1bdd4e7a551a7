"""topk is asked for more than there is."""

from solutions.part6.explore import *

FAILS = ["6.1"]
SAYS = "out of range"


def similar_movies(movie_factors: Tensor, movie_idx: int, k: int = 5) -> list[int]:
    directions = F.normalize(movie_factors, dim=1)
    similarity = directions @ directions[movie_idx]
    similarity[movie_idx] = -torch.inf
    return similarity.topk(k).indices.tolist()
