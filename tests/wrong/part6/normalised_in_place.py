"""The rows are divided by their lengths in the table that was passed in."""

from solutions.part6.explore import *

FAILS = ["6.1"]
SAYS = "changed in place"


def similar_movies(movie_factors: Tensor, movie_idx: int, k: int = 5) -> list[int]:
    movie_factors /= movie_factors.norm(dim=1, keepdim=True).clamp(min=1e-8)
    similarity = movie_factors @ movie_factors[movie_idx]
    similarity[movie_idx] = -torch.inf
    return similarity.topk(min(k, len(similarity) - 1)).indices.tolist()
