"""arange(1, n + 1) has as many indices, and the last is one too high."""

from solutions.part5.recommend import *

FAILS = ["5.1"]
SAYS = "IndexError"


def score_movies(model, user_idx):
    movie_idx = torch.arange(1, model.movie_embedding.num_embeddings + 1)
    with torch.no_grad():
        return model(torch.full_like(movie_idx, user_idx), movie_idx)
