"""Double precision on the way, einsum for products."""

from solutions.part6.explore import *


def similar_movies(movie_factors: Tensor, movie_idx: int, k: int = 5) -> list[int]:
    factors = movie_factors.double()
    lengths = factors.square().sum(1).sqrt()
    cosine = torch.einsum("mf,f->m", factors, factors[movie_idx])
    cosine = cosine / (lengths * lengths[movie_idx] + 1e-12)
    ranking = cosine.argsort(descending=True)
    return [int(movie) for movie in ranking if movie != movie_idx][:k]


def bpr_loss(positive: Tensor, negative: Tensor) -> Tensor:
    return torch.logaddexp(torch.zeros(1), negative.double() - positive.double()).mean()


class HybridMatrixFactorization(nn.Module):
    def __init__(self, n_users: int, genres: Tensor, n_factors: int = 32) -> None:
        super().__init__()
        self.n_factors = n_factors
        self.user_embedding = nn.Embedding(n_users, n_factors)
        self.movie_embedding = nn.Embedding(genres.shape[0], n_factors)
        self.genre_embedding = nn.Embedding(genres.shape[1], n_factors)
        with torch.no_grad():
            for table in self.children():
                table.weight.mul_(0.1)
        self.flags = nn.Parameter(genres.double(), requires_grad=False)

    def movie_factors(self, movie_idx: Tensor) -> Tensor:
        vectors = torch.einsum(
            "bg,gf->bf", self.flags[movie_idx], self.genre_embedding.weight.double()
        )
        return self.movie_embedding(movie_idx) + vectors

    def forward(self, user_idx: Tensor, movie_idx: Tensor) -> Tensor:
        users = self.user_embedding(user_idx).double().unsqueeze(1)
        return torch.bmm(users, self.movie_factors(movie_idx).unsqueeze(2)).flatten()
