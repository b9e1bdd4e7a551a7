"""A Dataset that reads one row of the frame at a time: slow, and right."""

from solutions.part4.training import *


class RatingRows(torch.utils.data.Dataset):
    def __init__(self, ratings):
        self.ratings = ratings

    def __len__(self):
        return len(self.ratings)

    def __getitem__(self, i):
        row = self.ratings.iloc[i]
        return int(row["user_idx"]), int(row["movie_idx"]), torch.tensor(row["rating"]).float()


def make_loader(ratings, batch_size=1024, shuffle=True, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return DataLoader(RatingRows(ratings), batch_size, shuffle=shuffle, generator=generator)
