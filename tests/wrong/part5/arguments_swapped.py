"""Both arguments are tensors of indices, so nothing complains when they change places."""

from solutions.part5.recommend import *

FAILS = ["5.1"]
SAYS = "changed places in the call"


def score_movies(model: nn.Module, user_idx: int) -> Tensor:
    movie_idx = torch.arange(model.movie_embedding.num_embeddings)
    with torch.no_grad():
        return model(movie_idx, torch.full_like(movie_idx, user_idx))
