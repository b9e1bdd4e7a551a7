"""A tensor of the right length is made with zeros_like and never filled with the user."""

from solutions.part5.recommend import *

FAILS = ["5.1"]
SAYS = "the scores of user 0"


def score_movies(model: nn.Module, user_idx: int) -> Tensor:
    movie_idx = torch.arange(model.movie_embedding.num_embeddings)
    with torch.no_grad():
        return model(torch.zeros_like(movie_idx), movie_idx)
