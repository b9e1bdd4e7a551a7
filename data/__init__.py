"""MovieLens 100K for the course: found, downloaded, or replaced by synthetic data. See README.md.

The generator of the synthetic data, `data.synthetic_ratings.make_ratings`, is not exported here:
it needs numpy, and importing this package should cost next to nothing.
"""

from data.download import DownloadError, download_movielens
from data.locate import load
from data.movielens import DataError, MovieLens
from data.synthetic_files import write_synthetic_files

__all__ = [
    "DataError",
    "DownloadError",
    "MovieLens",
    "download_movielens",
    "load",
    "write_synthetic_files",
]
