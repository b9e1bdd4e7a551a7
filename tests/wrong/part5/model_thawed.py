"""The weights are frozen for the prediction, and afterwards all of them are trainable."""

from solutions.part5.recommend import *

FAILS = ["5.1"]
SAYS = "made all weights trainable"


def score_movies(model, user_idx):
    movie_idx = torch.arange(model.movie_embedding.num_embeddings)
    model.requires_grad_(False)
    scores = model(torch.full_like(movie_idx, user_idx), movie_idx)
    model.requires_grad_(True)
    return scores
