"""A Python loop asks the model about one movie at a time."""

from solutions.part5.recommend import *

FAILS = ["5.1"]
SAYS = "a loop in Python"


def score_movies(model, user_idx):
    user, scores = torch.tensor([user_idx]), []
    with torch.no_grad():
        for movie_idx in range(model.movie_embedding.num_embeddings):
            scores.append(model(user, torch.tensor([movie_idx])))
    return torch.cat(scores)
