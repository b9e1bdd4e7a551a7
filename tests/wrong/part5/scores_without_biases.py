"""The tables are at hand, and one matrix product scores all movies: the biases are forgotten."""

from solutions.part5.recommend import *

FAILS = ["5.1"]
SAYS = "the dot products alone"


def score_movies(model: nn.Module, user_idx: int) -> Tensor:
    with torch.no_grad():
        return model.movie_embedding.weight @ model.user_embedding.weight[user_idx]
