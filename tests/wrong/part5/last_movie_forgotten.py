"""Indices end at n − 1, and the range is cut by one although its end is left out anyway."""

from solutions.part5.recommend import *

FAILS = ["5.1"]
SAYS = "the last movie has no score"


def score_movies(model: nn.Module, user_idx: int) -> Tensor:
    movie_idx = torch.arange(model.movie_embedding.num_embeddings - 1)
    with torch.no_grad():
        return model(torch.full_like(movie_idx, user_idx), movie_idx)
