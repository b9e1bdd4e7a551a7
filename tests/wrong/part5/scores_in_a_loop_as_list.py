"""One call per movie, and the numbers are left in a list."""

from solutions.part5.recommend import *

FAILS = ["5.1"]
SAYS = "the scores as a Tensor"


def score_movies(model: nn.Module, user_idx: int) -> Tensor:
    with torch.no_grad():
        return [
            model(torch.tensor([user_idx]), torch.tensor([movie])).item()
            for movie in range(model.movie_embedding.num_embeddings)
        ]
