"""Without trainable weights there are no gradients either: true, and the model is spoilt."""

from solutions.part5.recommend import *

FAILS = ["5.1"]
SAYS = "froze the model"


def score_movies(model: nn.Module, user_idx: int) -> Tensor:
    movie_idx = torch.arange(model.movie_embedding.num_embeddings)
    model.requires_grad_(False)
    return model(torch.full_like(movie_idx, user_idx), movie_idx)
