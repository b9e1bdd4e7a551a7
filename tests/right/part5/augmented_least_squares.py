"""Ridge as least squares with √λ·I under the factors; scores by einsum over the model's call."""

from solutions.part5.recommend import *


def score_movies(model: nn.Module, user_idx: int) -> Tensor:
    movies = torch.arange(model.movie_embedding.weight.shape[0], dtype=torch.int32)
    users = torch.tensor(user_idx, dtype=torch.int32).expand(len(movies))
    return model(users, movies).detach()


def fold_in(movie_factors: Tensor, residuals: Tensor, regularization: float = 1.0) -> Tensor:
    n_factors = movie_factors.shape[1]
    penalty = regularization**0.5 * torch.eye(n_factors, dtype=movie_factors.dtype)
    rows = torch.cat([movie_factors, penalty])
    targets = torch.cat([residuals, residuals.new_zeros(n_factors)])
    return torch.linalg.lstsq(rows, targets[:, None]).solution.squeeze(-1)
