"""The table itself is taken out of training, to look at it with numpy."""

from solutions.part6.explore import *

FAILS = ["6.1"]
SAYS = "switched off for the table itself"


def similar_movies(movie_factors: Tensor, movie_idx: int, k: int = 5) -> list[int]:
    directions = F.normalize(movie_factors.requires_grad_(False), dim=1)
    similarity = directions @ directions[movie_idx]
    similarity[movie_idx] = -torch.inf
    return similarity.topk(min(k, len(similarity) - 1)).indices.tolist()
