"""argsort goes upwards."""

from solutions.part6.explore import *

FAILS = ["6.1"]
SAYS = "worst first"


def similar_movies(movie_factors: Tensor, movie_idx: int, k: int = 5) -> list[int]:
    directions = F.normalize(movie_factors, dim=1)
    similarity = directions @ directions[movie_idx]
    similarity[movie_idx] = torch.inf
    return similarity.argsort()[: min(k, len(similarity) - 1)].tolist()
