"""The index is taken for a movie, and all users are lined up beside it."""

from solutions.part5.recommend import *

FAILS = ["5.1"]
SAYS = "users and movies changed places"


def score_movies(model: nn.Module, user_idx: int) -> Tensor:
    users = torch.arange(model.user_embedding.num_embeddings)
    movie_idx = torch.full_like(users, min(user_idx, model.movie_embedding.num_embeddings - 1))
    with torch.no_grad():
        return model(users, movie_idx)
