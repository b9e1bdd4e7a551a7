"""The formula of part 3 is written out again instead of asking the model, whatever it is."""

from solutions.part5.recommend import *

FAILS = ["5.1"]
SAYS = "this model scores in another way"


def score_movies(model: nn.Module, user_idx: int) -> Tensor:
    with torch.no_grad():
        scores = model.movie_embedding.weight @ model.user_embedding.weight[user_idx]
        if hasattr(model, "user_bias"):
            scores = scores + model.movie_bias.weight.squeeze(-1) + model.user_bias.weight[user_idx]
            scores = scores + model.global_mean
        return scores
