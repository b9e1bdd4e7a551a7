"""Biases are remembered and added by hand, the global mean is not."""

from solutions.part5.recommend import *

FAILS = ["5.1"]
SAYS = "the model's mean is missing"


def score_movies(model: nn.Module, user_idx: int) -> Tensor:
    movie_idx = torch.arange(model.movie_embedding.num_embeddings)
    with torch.no_grad():
        scores = model(torch.full_like(movie_idx, user_idx), movie_idx)
        return scores - getattr(model, "global_mean", 0)
