"""The ranking is turned around after its first place has been cut off."""

from solutions.part6.explore import *

FAILS = ["6.1"]
SAYS = "the best was dropped instead"


def similar_movies(movie_factors: Tensor, movie_idx: int, k: int = 5) -> list[int]:
    directions = F.normalize(movie_factors, dim=1)
    similarity = directions @ directions[movie_idx]
    similarity[movie_idx] = -torch.inf
    ranking = similarity.argsort(descending=True).tolist()[:-1]
    return ranking[1 : k + 1] or ranking
