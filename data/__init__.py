"""MovieLens 100K for the course: found, downloaded, or stood in for. See README.md.

The generator behind the stand-in, `data.synthetic_ratings.make_ratings`, is left out here: it
needs numpy, and this import should cost next to nothing.
"""

from data.download import DownloadError, download_movielens
from data.locate import load
from data.movielens import DataError, MovieLens
from data.synthetic_files import write_stand_in

__all__ = [
    "DataError",
    "DownloadError",
    "MovieLens",
    "download_movielens",
    "load",
    "write_stand_in",
]
