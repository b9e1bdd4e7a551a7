"""What comes next is done in numpy, so the scores are converted too early."""

from solutions.part5.recommend import *

FAILS = ["5.1"]
SAYS = "the scores as a Tensor"


def score_movies(model: nn.Module, user_idx: int) -> Tensor:
    movie_idx = torch.arange(model.movie_embedding.num_embeddings)
    with torch.no_grad():
        return model(torch.full_like(movie_idx, user_idx), movie_idx).numpy()
