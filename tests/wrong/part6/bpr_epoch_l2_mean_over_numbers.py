"""mean() without a sum: over the numbers, not over the pairs."""

from solutions.part6.explore import *

FAILS = ["6.5"]
SAYS = "the mean over single numbers"


def train_bpr_epoch(
    model, user_idx, movie_idx, seen, optimizer, generator, batch_size=1024, l2=0.0
) -> float:
    model.train()
    total_loss = 0.0
    order = torch.randperm(len(user_idx), generator=generator)
    for rows in order.split(batch_size):
        users, liked = user_idx[rows], movie_idx[rows]
        drawn = sample_negatives(users, seen, generator)
        loss = bpr_loss(model(users, liked), model(users, drawn))
        movies = model.movie_embedding
        used = torch.cat([model.user_embedding(users), movies(liked), movies(drawn)], dim=1)
        penalty = l2 * used.pow(2).mean()
        optimizer.zero_grad()
        (loss + penalty).backward()
        optimizer.step()
        total_loss += loss.item() * len(rows)
    return total_loss / len(user_idx)
