"""A bare squeeze tidies the shape up, and takes the only dimension where there is one movie."""

from solutions.part5.recommend import *

FAILS = ["5.1"]
SAYS = "one movie still needs shape [1]"


def score_movies(model: nn.Module, user_idx: int) -> Tensor:
    movie_idx = torch.arange(model.movie_embedding.num_embeddings)
    with torch.no_grad():
        return model(torch.full_like(movie_idx, user_idx), movie_idx).squeeze()
