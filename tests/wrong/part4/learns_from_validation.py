"""The training loop is copied, and with it the step."""

from solutions.part4.training import *

FAILS = ["4.3"]
SAYS = "a step of learning"


def evaluate(model, loader, loss_fn):
    was_training = model.training
    model.eval()
    total_loss, n_ratings = 0.0, 0
    with torch.enable_grad():
        for user_idx, movie_idx, rating in loader:
            loss = loss_fn(model(user_idx, movie_idx), rating)
            loss.backward()
            total_loss += loss.item() * len(rating)
            n_ratings += len(rating)
    for weight in model.parameters():
        if weight.grad is not None:
            weight.data -= 0.01 * weight.grad
    model.train(was_training)
    return total_loss / n_ratings
