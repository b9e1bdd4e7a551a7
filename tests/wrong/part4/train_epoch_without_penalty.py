"""The loop of 4.2 from before there was a penalty."""

from solutions.part4.training import *

FAILS = ["4.5"]
SAYS = "train_epoch takes no penalty"


def train_epoch(model, loader, optimizer, loss_fn):
    model.train()
    total_loss, n_ratings = 0.0, 0
    for user_idx, movie_idx, rating in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(user_idx, movie_idx), rating)
        loss.backward()
        optimizer.step()
        total_loss += loss.item() * len(rating)
        n_ratings += len(rating)
    return total_loss / n_ratings
