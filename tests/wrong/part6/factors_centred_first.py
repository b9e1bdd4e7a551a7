"""Each movie"s factors are centred first, as the ratings of part 1 were."""

from solutions.part6.explore import *

FAILS = ["6.1"]
SAYS = "that is a correlation"


def similar_movies(movie_factors: Tensor, movie_idx: int, k: int = 5) -> list[int]:
    directions = movie_factors.detach() - movie_factors.detach().mean(dim=1, keepdim=True)
    directions = F.normalize(directions, dim=1)
    similarity = directions @ directions[movie_idx]
    similarity[movie_idx] = -torch.inf
    return similarity.topk(min(k, len(similarity) - 1)).indices.tolist()
