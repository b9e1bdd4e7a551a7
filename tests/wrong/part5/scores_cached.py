"""Scores are computed once and kept, also when the model has learned since."""

from functools import cache

from solutions.part5.recommend import *

FAILS = ["5.1"]
SAYS = "the scores of the first call"


@cache
def score_movies(model, user_idx):
    movie_idx = torch.arange(model.movie_embedding.num_embeddings)
    with torch.no_grad():
        return model(torch.full_like(movie_idx, user_idx), movie_idx)
