"""A generator made for the negatives, seeded by whatever the shared state says."""

from solutions.part6.explore import *

FAILS = ["6.5"]
SAYS = "another source of randomness"


def train_bpr_epoch(
    model, user_idx, movie_idx, seen, optimizer, generator, batch_size=1024, l2=0.0
) -> float:
    model.train()
    total_loss = 0.0
    order = torch.randperm(len(user_idx), generator=generator)
    own = torch.Generator().manual_seed(int(torch.randint(2**31, (1,))))
    for rows in order.split(batch_size):
        users, liked = user_idx[rows], movie_idx[rows]
        drawn = sample_negatives(users, seen, own)
        loss = bpr_loss(model(users, liked), model(users, drawn))
        movies = model.movie_embedding
        used = torch.cat([model.user_embedding(users), movies(liked), movies(drawn)], dim=1)
        penalty = l2 * used.pow(2).sum(dim=1).mean()
        optimizer.zero_grad()
        (loss + penalty).backward()
        optimizer.step()
        total_loss += loss.item() * len(rows)
    return total_loss / len(user_idx)
