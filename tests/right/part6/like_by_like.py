"""A list of pairs, shuffled by hand; the loss is added up over single pairs."""

import random

from solutions.part6.explore import *


def train_bpr_epoch(
    model, user_idx, movie_idx, seen, optimizer, generator, batch_size=1024, l2=0.0
):
    model.train()
    pairs = torch.stack([user_idx, movie_idx], dim=1).tolist()
    random.Random(int(torch.randint(2**31, (1,), generator=generator))).shuffle(pairs)
    losses = []
    for start in range(0, len(pairs), batch_size):
        optimizer.zero_grad()
        batch = pairs[start : start + batch_size]
        for user, movie in batch:
            user, movie = torch.tensor([user]), torch.tensor([movie])
            other = sample_negatives(user, seen, generator)
            loss = bpr_loss(model(user, movie), model(user, other))
            losses.append(loss.item())
            penalty = l2 * (
                model.user_embedding(user).norm() ** 2
                + model.movie_embedding(movie).norm() ** 2
                + model.movie_embedding(other).norm() ** 2
            )
            ((loss + penalty) / len(batch)).backward()
        optimizer.step()
    return float(np.mean(losses))
