"""Attention written out with separate projections; the loss by gather; counts by a loop."""

import math

from solutions.part7.deep import *


class Attention(nn.Module):
    def __init__(self, n_factors, n_heads, dropout):
        super().__init__()
        self.n_heads = n_heads
        self.query = nn.Linear(n_factors, n_factors)
        self.key = nn.Linear(n_factors, n_factors, bias=False)
        self.value = nn.Linear(n_factors, n_factors)
        self.out = nn.Linear(n_factors, n_factors)
        self.dropout = nn.Dropout(dropout)

    def forward(self, hidden):
        batch, length, n_factors = hidden.shape
        query, key, value = (
            layer(hidden).view(batch, length, self.n_heads, -1).transpose(1, 2)
            for layer in (self.query, self.key, self.value)
        )
        scores = query @ key.transpose(-1, -2) / math.sqrt(n_factors // self.n_heads)
        allowed = torch.ones(length, length).tril().bool()
        weights = self.dropout(scores.masked_fill(~allowed, -1e9).softmax(dim=-1))
        return self.out((weights @ value).transpose(1, 2).reshape(batch, length, n_factors))


class Block(nn.Module):
    def __init__(self, n_factors, n_heads, dropout):
        super().__init__()
        self.first, self.second = nn.LayerNorm(n_factors), nn.LayerNorm(n_factors)
        self.attention = Attention(n_factors, n_heads, dropout)
        self.network = nn.Sequential(
            nn.Linear(n_factors, 2 * n_factors),
            nn.GELU(),
            nn.Dropout(dropout),
            nn.Linear(2 * n_factors, n_factors),
        )

    def forward(self, hidden):
        hidden = hidden + self.attention(self.first(hidden))
        return hidden + self.network(self.second(hidden))


class NextMovie(nn.Module):
    def __init__(self, n_movies, max_length=50, n_factors=48, n_heads=2, n_layers=1, dropout=0.2):
        super().__init__()
        self.max_length, self.n_movies = max_length, n_movies
        self.movie_embedding = nn.Embedding(n_movies + 1, n_factors)
        self.position_embedding = nn.Embedding(max_length, n_factors)
        nn.init.normal_(self.movie_embedding.weight, 0, 0.02)
        nn.init.normal_(self.position_embedding.weight, 0, 0.02)
        self.blocks = nn.ModuleList(Block(n_factors, n_heads, dropout) for _ in range(n_layers))
        self.norm = nn.LayerNorm(n_factors)

    def forward(self, histories):
        hidden = self.movie_embedding(histories)
        hidden = hidden + self.position_embedding.weight[: histories.shape[1]]
        for block in self.blocks:
            hidden = block(hidden)
        return torch.einsum(
            "blf,mf->blm", self.norm(hidden), self.movie_embedding.weight[: self.n_movies]
        )


def transition_counts(inputs, targets, n_movies):
    counts = torch.zeros(n_movies, n_movies)
    for row, after in zip(inputs.tolist(), targets.tolist(), strict=True):
        for movie, next_movie in zip(row, after, strict=True):
            if next_movie >= 0:
                counts[movie, next_movie] += 1
    return counts


def next_movie_loss(scores, targets):
    there = targets != -100
    chances = scores[there].log_softmax(dim=-1)
    return -chances.gather(1, targets[there].unsqueeze(1)).mean()
