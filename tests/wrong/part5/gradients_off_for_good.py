"""A switch is found that turns gradients off, and not that it stays off."""

from solutions.part5.recommend import *

FAILS = ["5.1"]
SAYS = "not on again"


def score_movies(model: nn.Module, user_idx: int) -> Tensor:
    movie_idx = torch.arange(model.movie_embedding.num_embeddings)
    torch.set_grad_enabled(False)
    return model(torch.full_like(movie_idx, user_idx), movie_idx)
