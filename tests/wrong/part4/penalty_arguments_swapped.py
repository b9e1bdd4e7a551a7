"""Movies first, as in a table of movies and their users."""

from solutions.part4.training import *

FAILS = ["4.5"]
SAYS = "users and movies have changed places"


def train_epoch(model, loader, optimizer, loss_fn, penalty=None):
    model.train()
    total_loss, n_ratings = 0.0, 0
    for user_idx, movie_idx, rating in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(user_idx, movie_idx), rating)
        (loss + penalty(model, movie_idx, user_idx) if penalty else loss).backward()
        optimizer.step()
        total_loss += loss.item() * len(rating)
        n_ratings += len(rating)
    return total_loss / n_ratings
