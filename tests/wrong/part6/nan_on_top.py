"""Each row is divided by its length, which may be 0."""

from solutions.part6.explore import *

FAILS = ["6.1"]
SAYS = "NaN sorts as the largest"


def similar_movies(movie_factors: Tensor, movie_idx: int, k: int = 5) -> list[int]:
    directions = movie_factors / movie_factors.norm(dim=1, keepdim=True)
    similarity = directions @ directions[movie_idx]
    similarity[movie_idx] = -torch.inf
    return similarity.topk(min(k, len(similarity) - 1)).indices.tolist()
