"""numpy for the neighbours, folds in a loop, rejection for the negatives, bags of genres."""

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler
from torch import nn


def similar_movies(movie_factors, movie_idx, k=5):
    factors = movie_factors.detach().numpy().astype(np.float64)
    own = factors[movie_idx]
    similarities = []
    for movie, other in enumerate(factors):
        length = np.linalg.norm(own) * np.linalg.norm(other)
        if movie != movie_idx:
            similarities.append((own @ other / length if length > 0 else 0.0, movie))
    similarities.sort(key=lambda pair: pair[0], reverse=True)
    return [movie for _, movie in similarities[:k]]


def genre_auc(movie_factors, has_genre, seed=0):
    inputs = np.array(movie_factors.detach())
    total = 0.0
    for train, test in StratifiedKFold(5, shuffle=True, random_state=seed).split(inputs, has_genre):
        scaler = StandardScaler().fit(inputs[train])
        model = LogisticRegression().fit(scaler.transform(inputs[train]), has_genre[train])
        chances = model.predict_proba(scaler.transform(inputs[test]))[:, 1]
        total += roc_auc_score(has_genre[test], chances)
    return total / 5


def sample_negatives(user_idx, seen, generator):
    full = seen.all(dim=1)
    for user in user_idx.tolist():
        if full[user]:
            raise ValueError(f"nothing left for user {user}")
    movies = torch.randint(0, seen.shape[1], user_idx.shape, generator=generator)
    while True:
        taken = seen[user_idx, movies]
        if not taken.any():
            return movies
        again = torch.randint(0, seen.shape[1], (int(taken.sum()),), generator=generator)
        movies[taken] = again


def bpr_loss(positive, negative):
    return nn.functional.softplus(negative - positive).mean()


class HybridMatrixFactorization(nn.Module):
    def __init__(self, n_users, genres, n_factors=32):
        super().__init__()
        self.user_embedding = nn.Embedding(n_users, n_factors)
        self.movie_embedding = nn.Embedding(len(genres), n_factors)
        self.genre_embedding = nn.EmbeddingBag(genres.shape[1], n_factors, mode="sum")
        for weight in self.parameters():
            nn.init.normal_(weight, 0.0, 0.1)
        self.register_buffer("genres", genres)

    def movie_factors(self, movie_idx):
        lists = [torch.where(self.genres[movie])[0] for movie in movie_idx]
        starts = torch.tensor([0] + [len(genres) for genres in lists[:-1]]).cumsum(0)
        return self.movie_embedding(movie_idx) + self.genre_embedding(torch.cat(lists), starts)

    def forward(self, user_idx, movie_idx):
        return torch.einsum(
            "bf,bf->b", self.user_embedding(user_idx), self.movie_factors(movie_idx)
        )


def train_bpr_epoch(
    model, user_idx, movie_idx, seen, optimizer, generator, batch_size=1024, l2=0.0
):
    seed = torch.randint(2**31, (1,), generator=generator).item()
    order = np.random.default_rng(seed).permutation(len(user_idx))
    model.train()
    total = 0.0
    for rows in np.array_split(order, range(batch_size, len(order), batch_size)):
        users, liked = user_idx[rows], movie_idx[rows]
        drawn = sample_negatives(users, seen, generator)
        loss = bpr_loss(model(users, liked), model(users, drawn))
        penalty = 0.0
        for table, used in (
            (model.user_embedding, users),
            (model.movie_embedding, liked),
            (model.movie_embedding, drawn),
        ):
            penalty = penalty + l2 / len(rows) * table(used).pow(2).sum()
        optimizer.zero_grad()
        (loss + penalty).backward()
        optimizer.step()
        total += float(loss) * len(rows)
    return total / len(order)
