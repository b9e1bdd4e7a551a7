"""The model is called as in training; that nobody will train on the scores is not considered."""

from solutions.part5.recommend import *

FAILS = ["5.1"]
SAYS = "recorded every step"


def score_movies(model: nn.Module, user_idx: int) -> Tensor:
    movie_idx = torch.arange(model.movie_embedding.num_embeddings)
    return model(torch.full_like(movie_idx, user_idx), movie_idx)
