"""A class for a tower; the features have a layer of their own that is added before the ReLU."""

from solutions.part7.deep import *


class Tower(nn.Module):
    def __init__(self, n_factors, n_hidden, n_features=0):
        super().__init__()
        self.own = nn.Linear(n_factors, n_hidden)
        self.known = nn.Linear(n_features, n_hidden, bias=False) if n_features else None
        self.out = nn.Linear(n_hidden, n_factors, bias=False)

    def forward(self, own, known=None):
        hidden = self.own(own) if known is None else self.own(own) + self.known(known)
        return self.out(hidden.clamp(min=0))


class TwoTower(nn.Module):
    def __init__(self, n_users, movie_features, n_factors=32, n_hidden=64):
        super().__init__()
        n_movies, n_features = movie_features.shape
        self.user_embedding = nn.Embedding(n_users, n_factors)
        self.movie_embedding = nn.Embedding(n_movies, n_factors)
        self.users, self.movies = Tower(n_factors, n_hidden), Tower(n_factors, n_hidden, n_features)
        self.register_buffer("movie_features", movie_features.clone(), persistent=False)
        for table in (self.user_embedding, self.movie_embedding):
            nn.init.normal_(table.weight, 0, 0.1)

    def user_vectors(self, user_idx):
        return self.users(self.user_embedding(user_idx))

    def movie_vectors(self, movie_idx):
        known = F.embedding(movie_idx, self.movie_features)
        return self.movies(self.movie_embedding(movie_idx), known)

    def forward(self, user_idx, movie_idx):
        users, movies = self.user_vectors(user_idx), self.movie_vectors(movie_idx)
        return torch.einsum("bf,bf->b", users, movies)
