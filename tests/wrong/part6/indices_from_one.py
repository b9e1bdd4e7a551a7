"""The list counts from 1, as raw ids do."""

from solutions.part6.explore import *

FAILS = ["6.1"]
SAYS = "counted from 1"


def similar_movies(movie_factors: Tensor, movie_idx: int, k: int = 5) -> list[int]:
    directions = F.normalize(movie_factors.detach(), dim=1)
    similarity = directions @ directions[movie_idx]
    similarity[movie_idx] = -torch.inf
    return similarity.topk(min(k, len(similarity) - 1)).indices.add(1).tolist()
