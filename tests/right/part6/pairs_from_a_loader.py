"""The pairs come from a DataLoader; both sides are scored with one call."""

from torch.utils.data import DataLoader, TensorDataset

from solutions.part6.explore import *


def train_bpr_epoch(
    model, user_idx, movie_idx, seen, optimizer, generator, batch_size=1024, l2=0.0
):
    pairs = TensorDataset(user_idx, movie_idx)
    loader = DataLoader(pairs, batch_size, shuffle=True, generator=generator)
    model.train()
    losses = []
    for users, liked in loader:
        movies = torch.cat([liked, sample_negatives(users, seen, generator)])
        positive, negative = model(users.repeat(2), movies).chunk(2)
        loss = bpr_loss(positive, negative)
        squares = (
            table(rows).square().sum()
            for table, rows in ((model.user_embedding, users), (model.movie_embedding, movies))
        )
        (loss + l2 * sum(squares) / len(users)).backward()
        optimizer.step()
        optimizer.zero_grad()
        losses += [loss.item()] * len(users)
    return sum(losses) / len(losses)
