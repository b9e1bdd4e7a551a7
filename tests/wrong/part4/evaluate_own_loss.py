"""The course measures the mean squared error, so the learner writes it down."""

from solutions.part4.training import *

FAILS = ["4.3"]
SAYS = "although loss_fn is another loss"


def evaluate(model, loader, loss_fn):
    was_training = model.training
    model.eval()
    total_loss, n_ratings = 0.0, 0
    with torch.no_grad():
        for user_idx, movie_idx, rating in loader:
            loss = nn.functional.mse_loss(model(user_idx, movie_idx), rating)
            total_loss += loss.item() * len(rating)
            n_ratings += len(rating)
    model.train(was_training)
    return total_loss / n_ratings
