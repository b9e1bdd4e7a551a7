"""An empty history goes into the model, which fails in words of its own."""

from solutions.part7.deep import *

FAILS = ["7.6"]
SAYS = "wrong kind of error"


def recommend_next(model, history, n=10):
    latest = torch.tensor([history[-model.max_length :]])
    was_training = model.training
    model.eval()
    with torch.no_grad():
        scores = model(latest)[0, -1]
    model.train(was_training)
    seen = list(set(history))
    scores[seen] = -torch.inf
    best_first = scores.argsort(descending=True, stable=True)
    return best_first[: min(n, len(scores) - len(seen))].tolist()
