"""loader.batch_size is at hand, and the last batch is forgotten."""

from solutions.part4.training import *

FAILS = ["4.2"]
SAYS = "as if it were full"


def train_epoch(model, loader, optimizer, loss_fn, penalty=None):
    model.train()
    total_loss, n_ratings = 0.0, 0
    for user_idx, movie_idx, rating in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(user_idx, movie_idx), rating)
        (loss + penalty(model, user_idx, movie_idx) if penalty else loss).backward()
        optimizer.step()
        total_loss += loss.item() * loader.batch_size
        n_ratings += len(rating)
    return total_loss / n_ratings
