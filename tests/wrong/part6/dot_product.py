"""The dot product is what the model predicts with, so it seems to be similarity."""

from solutions.part6.explore import *

FAILS = ["6.1"]
SAYS = "movies with long factors win"


def similar_movies(movie_factors: Tensor, movie_idx: int, k: int = 5) -> list[int]:
    similarity = movie_factors @ movie_factors[movie_idx]
    similarity[movie_idx] = -torch.inf
    return similarity.topk(min(k, len(similarity) - 1)).indices.tolist()
