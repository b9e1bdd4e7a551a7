"""A Cholesky factorisation and a diagonal that is filled in place, of its own matrix."""

from solutions.part5.recommend import *


def fold_in(movie_factors: Tensor, residuals: Tensor, regularization: float = 1.0) -> Tensor:
    gram = torch.einsum("mi,mj->ij", movie_factors, movie_factors)
    gram.diagonal().add_(regularization)
    factor = torch.linalg.cholesky(gram)
    right = torch.einsum("mi,m->i", movie_factors, residuals)
    return torch.cholesky_solve(right.unsqueeze(1), factor)[:, 0]


def score_movies(model: nn.Module, user_idx: int) -> Tensor:
    @torch.no_grad()
    def ask(users: Tensor, movies: Tensor) -> Tensor:
        return model(users, movies)

    movies = torch.arange(model.movie_embedding.num_embeddings)
    parts = [ask(torch.full((len(part),), user_idx), part) for part in movies.split(2)]
    return torch.cat(parts)
