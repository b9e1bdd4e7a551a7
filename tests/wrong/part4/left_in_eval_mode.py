"""train_epoch sets its own mode, so restoring it seems needless."""

from solutions.part4.training import *

FAILS = ["4.3"]
SAYS = "left in eval mode"


def evaluate(model, loader, loss_fn):
    model.eval()
    total_loss, n_ratings = 0.0, 0
    with torch.no_grad():
        for user_idx, movie_idx, rating in loader:
            loss = loss_fn(model(user_idx, movie_idx), rating)
            total_loss += loss.item() * len(rating)
            n_ratings += len(rating)
    return total_loss / n_ratings
