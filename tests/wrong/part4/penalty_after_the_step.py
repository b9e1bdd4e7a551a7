"""The penalty comes when the step is done, and has no part in it."""

from solutions.part4.training import *

FAILS = ["4.5"]
SAYS = "the penalty makes no difference"


def train_epoch(model, loader, optimizer, loss_fn, penalty=None):
    model.train()
    total_loss, n_ratings = 0.0, 0
    for user_idx, movie_idx, rating in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(user_idx, movie_idx), rating)
        loss.backward()
        optimizer.step()
        if penalty is not None:
            penalty(model, user_idx, movie_idx).backward()
        total_loss += loss.item() * len(rating)
        n_ratings += len(rating)
    return total_loss / n_ratings
