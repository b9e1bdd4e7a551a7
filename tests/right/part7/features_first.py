"""Features before the embedding; sparse tables; another start that is as small."""

from solutions.part7.deep import *


class TwoTower(nn.Module):
    def __init__(self, n_users, movie_features, n_factors=32, n_hidden=64):
        super().__init__()
        n_movies, n_features = movie_features.shape
        self.register_buffer("movie_features", movie_features)
        self.user_embedding = nn.Embedding(n_users, n_factors, sparse=True)
        self.movie_embedding = nn.Embedding(n_movies, n_factors, sparse=True)
        with torch.no_grad():
            self.user_embedding.weight.mul_(0.1)
            self.movie_embedding.weight.mul_(0.1)
        self.user_hidden = nn.Linear(n_factors, n_hidden)
        self.user_out = nn.Linear(n_hidden, n_factors)
        self.movie_hidden = nn.Linear(n_features + n_factors, n_hidden)
        self.movie_out = nn.Linear(n_hidden, n_factors)

    def user_vectors(self, user_idx):
        return self.user_out(F.relu(self.user_hidden(self.user_embedding(user_idx))))

    def movie_vectors(self, movie_idx):
        known = torch.hstack([self.movie_features[movie_idx], self.movie_embedding(movie_idx)])
        return self.movie_out(F.relu(self.movie_hidden(known)))

    def forward(self, user_idx, movie_idx):
        users, movies = self.user_vectors(user_idx), self.movie_vectors(movie_idx)
        return torch.stack([user @ movie for user, movie in zip(users, movies, strict=True)])
