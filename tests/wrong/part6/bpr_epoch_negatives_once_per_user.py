"""Each user gets one negative for the whole pass."""

from solutions.part6.explore import *

FAILS = ["6.5"]
SAYS = "one movie for all pairs of a user"


def train_bpr_epoch(
    model, user_idx, movie_idx, seen, optimizer, generator, batch_size=1024, l2=0.0
) -> float:
    model.train()
    total_loss = 0.0
    order = torch.randperm(len(user_idx), generator=generator)
    negatives = torch.zeros(len(seen), dtype=torch.int64)
    people = user_idx.unique()
    negatives[people] = sample_negatives(people, seen, generator)
    for rows in order.split(batch_size):
        users, liked = user_idx[rows], movie_idx[rows]
        drawn = negatives[users]
        loss = bpr_loss(model(users, liked), model(users, drawn))
        movies = model.movie_embedding
        used = torch.cat([model.user_embedding(users), movies(liked), movies(drawn)], dim=1)
        penalty = l2 * used.pow(2).sum(dim=1).mean()
        optimizer.zero_grad()
        (loss + penalty).backward()
        optimizer.step()
        total_loss += loss.item() * len(rows)
    return total_loss / len(user_idx)
