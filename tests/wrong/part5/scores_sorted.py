"""Recommending is about the best, so the scores are sorted and nobody knows whose they are."""

from solutions.part5.recommend import *

FAILS = ["5.1"]
SAYS = "the best scores first"


def score_movies(model: nn.Module, user_idx: int) -> Tensor:
    movie_idx = torch.arange(model.movie_embedding.num_embeddings)
    with torch.no_grad():
        scores = model(torch.full_like(movie_idx, user_idx), movie_idx)
    return scores.sort(descending=True).values
