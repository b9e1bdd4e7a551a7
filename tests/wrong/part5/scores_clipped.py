"""Predictions are clipped to the stars before anyone ranks them."""

from solutions.part5.recommend import *

FAILS = ["5.1"]
SAYS = "clipped to the stars"


def score_movies(model, user_idx):
    movie_idx = torch.arange(model.movie_embedding.num_embeddings)
    with torch.no_grad():
        return model(torch.full_like(movie_idx, user_idx), movie_idx).clamp(1, 5)
