"""Clearing once per epoch seems enough."""

from solutions.part4.training import *

FAILS = ["4.2"]
SAYS = "never cleared"


def train_epoch(model, loader, optimizer, loss_fn, penalty=None):
    model.train()
    optimizer.zero_grad()
    total_loss, n_ratings = 0.0, 0
    for user_idx, movie_idx, rating in loader:
        loss = loss_fn(model(user_idx, movie_idx), rating)
        (loss + penalty(model, user_idx, movie_idx) if penalty else loss).backward()
        optimizer.step()
        total_loss += loss.item() * len(rating)
        n_ratings += len(rating)
    return total_loss / n_ratings
