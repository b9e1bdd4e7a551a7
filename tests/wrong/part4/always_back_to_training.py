"""After validation comes training, thinks the learner; not for a model that is in use."""

from solutions.part4.training import *

FAILS = ["4.3"]
SAYS = "always set to training mode"


def evaluate(model, loader, loss_fn):
    model.eval()
    total_loss, n_ratings = 0.0, 0
    with torch.no_grad():
        for user_idx, movie_idx, rating in loader:
            loss = loss_fn(model(user_idx, movie_idx), rating)
            total_loss += loss.item() * len(rating)
            n_ratings += len(rating)
    model.train()
    return total_loss / n_ratings
