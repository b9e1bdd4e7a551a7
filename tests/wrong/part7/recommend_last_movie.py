"""Only the last movie goes in."""

from solutions.part7.deep import *

FAILS = ["7.6"]
SAYS = "only the last movie went"


def recommend_next(model, history, n=10):
    if len(history) == 0:
        raise ValueError("history is empty")
    latest = torch.tensor([history[-1:]])
    was_training = model.training
    model.eval()
    with torch.no_grad():
        scores = model(latest)[0, -1]
    model.train(was_training)
    seen = list(set(history))
    scores[seen] = -torch.inf
    best_first = scores.argsort(descending=True, stable=True)
    return best_first[: min(n, len(scores) - len(seen))].tolist()
