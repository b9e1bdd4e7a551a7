"""set_grad_enabled(False) is called like a switch, and never turned back."""

from solutions.part4.training import *

FAILS = ["4.3"]
SAYS = "stay switched off"


def evaluate(model, loader, loss_fn):
    was_training = model.training
    model.eval()
    total_loss, n_ratings = 0.0, 0
    torch.set_grad_enabled(False)
    if True:
        for user_idx, movie_idx, rating in loader:
            loss = loss_fn(model(user_idx, movie_idx), rating)
            total_loss += loss.item() * len(rating)
            n_ratings += len(rating)
    model.train(was_training)
    return total_loss / n_ratings
