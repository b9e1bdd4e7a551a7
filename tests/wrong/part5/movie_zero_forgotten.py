"""The movies are counted from 1, as their raw ids are."""

from solutions.part5.recommend import *

FAILS = ["5.1"]
SAYS = "movie 0 has no score"


def score_movies(model, user_idx):
    movie_idx = torch.arange(1, model.movie_embedding.num_embeddings)
    with torch.no_grad():
        return model(torch.full_like(movie_idx, user_idx), movie_idx)
