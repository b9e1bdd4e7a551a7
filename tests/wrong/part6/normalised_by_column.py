"""The axis is the wrong one: each factor is divided by its length over all movies."""

from solutions.part6.explore import *

FAILS = ["6.1"]
SAYS = "wrong movies or order"


def similar_movies(movie_factors: Tensor, movie_idx: int, k: int = 5) -> list[int]:
    directions = F.normalize(movie_factors.detach(), dim=0)
    similarity = directions @ directions[movie_idx]
    similarity[movie_idx] = -torch.inf
    return similarity.topk(min(k, len(similarity) - 1)).indices.tolist()
