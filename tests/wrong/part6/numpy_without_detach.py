"""The table of a model is turned into numpy as it is."""

from solutions.part6.explore import *

FAILS = ["6.1"]
SAYS = "Tensor that requires grad"


def similar_movies(movie_factors: Tensor, movie_idx: int, k: int = 5) -> list[int]:
    directions = F.normalize(torch.tensor(movie_factors.numpy()), dim=1)
    similarity = directions @ directions[movie_idx]
    similarity[movie_idx] = -torch.inf
    return similarity.topk(min(k, len(similarity) - 1)).indices.tolist()
