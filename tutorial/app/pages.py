"""The web application: an address in, a page out. What a newcomer rated stands in the address."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

import anyio.to_thread
from fastapi import FastAPI, Header, HTTPException, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from tutorial.app.library import YEAR
from tutorial.app.map import draw
from tutorial.app.ratings import NotUnderstood, changed, movie_row, parse, user_row, written
from tutorial.app.recommenders import WELL_RATED, ratings_of
from tutorial.app.site import Site
from tutorial.code import CodeError
from tutorial.rankers import LIKED
from tutorial.titles import without_year

HERE = Path(__file__).parent
LIST = 10  # movies of a list, and neighbours of a movie
FOUND = 20  # search results on a page
AT_ONCE = 2  # pages that are made at the same time
LONGEST = 100  # movies that the API returns at most


class RecommendedMovie(BaseModel):
    """A movie of a list, with the liked movies that contribute most to its place."""

    movie_id: int
    title: str
    because: list[str]


class Recommendations(BaseModel):
    """The best movies for a user of the data that the user has not rated, best first."""

    user: int
    made_by: str
    waits_for: str | None = None
    movies: list[RecommendedMovie]


@asynccontextmanager
async def _few_at_once(app: FastAPI) -> AsyncIterator[None]:
    """The others wait in line: many threads that share one interpreter slow each other down."""
    anyio.to_thread.current_default_thread_limiter().total_tokens = AT_ONCE
    yield


def create(site: Site) -> FastAPI:
    """The application; all it knows is `site`."""
    # FastAPI's own pages of documentation load scripts from elsewhere; /openapi.json does not
    app = FastAPI(
        title="Your own recommender", docs_url=None, redoc_url=None, lifespan=_few_at_once
    )
    # another site must not read this one under a name of its own that leads to this machine
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    library = site.library
    templates = _templates()

    def page(name: str, status: int = 200, r: str = "", **values: Any) -> HTMLResponse:
        kept = urlencode({"r": r}) if r else ""

        def link(path: str, **query: object) -> str:
            """An address within the app that takes the ratings along."""
            asked = "&".join(filter(None, (kept, urlencode(query) if query else "")))
            return f"{path}?{asked}" if asked else path

        text = templates.get_template(f"{name}.html").render(
            site=site, library=library, here=name, r=r, link=link, liked=LIKED, **values
        )
        return HTMLResponse(text, status)

    def is_api(request: Request) -> bool:
        return request.url.path.startswith("/api/")

    @app.exception_handler(NotUnderstood)
    def not_understood(request: Request, error: NotUnderstood) -> Response:
        return page("error", 404, title="There is nothing at this address", message=str(error))

    @app.exception_handler(StarletteHTTPException)
    def http_error(request: Request, error: StarletteHTTPException) -> Response:
        if is_api(request):
            return JSONResponse({"detail": error.detail}, error.status_code)
        title = f"{HTTPStatus(error.status_code).phrase}: {request.url.path[:80]}"
        return page("error", error.status_code, title=title, message="Choose a page above.")

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        faults = [
            f"{fault['loc'][-1]}: {fault['msg']}, got {str(fault.get('input'))[:40]!r}"
            for fault in error.errors()
        ]
        if is_api(request):
            return JSONResponse({"detail": "; ".join(faults)}, 422)
        return page("error", 422, title="This address cannot be read", message="; ".join(faults))

    @app.exception_handler(Exception)
    def fault(request: Request, error: Exception) -> Response:
        return page("error", 500, title="The app has a fault", message="The terminal says where.")

    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    def rate(
        r: str = "",
        set: str = "",
        q: str = "",
        more: Annotated[int, Query(ge=0, le=999)] = 0,
        live: Annotated[bool, Header(alias="Live")] = False,
    ) -> Response:
        rated = parse(r, library)
        if set:
            rated = changed(rated, set, library)
        kept = {"r": written(rated, library), "q": q, "more": str(more or "")}
        query = urlencode({key: value for key, value in kept.items() if value})
        address = f"/?{query}" if query else "/"
        if set and not live:  # the script reads the new address from the page
            return RedirectResponse(address, HTTPStatus.SEE_OTHER)
        picks, trouble = site.ask(lambda recommender: recommender.for_newcomer(rated, LIST))
        found = library.search(q) if q.strip() else library.suggestions(rated, more)
        return page(
            "rate",
            r=kept["r"],
            address=address,
            rated=rated,
            picks=picks,
            trouble=trouble,
            movies=found[:FOUND],
            n_found=len(found),
            q=q,
            more=more,
        )

    @app.get("/user", response_class=HTMLResponse, include_in_schema=False)
    def user(id: str = "", r: str = "") -> Response:
        row = user_row(id, library) if id else 0
        rated = ratings_of(library, row)
        best_first = sorted(rated, key=lambda movie: -rated[movie])
        picks, trouble = site.ask(lambda recommender: recommender.for_user(row, LIST))
        return page(
            "user", r=r, row=row, rated=rated, history=best_first, picks=picks, trouble=trouble
        )

    @app.get("/movies", response_class=HTMLResponse, include_in_schema=False)
    def movies(q: str = "", r: str = "") -> Response:
        found = library.search(q)
        return page("movies", r=r, q=q, movies=found[:FOUND], n_found=len(found))

    @app.get("/movie/{movie_id}", response_class=HTMLResponse, include_in_schema=False)
    def movie(movie_id: str, r: str = "") -> Response:
        row = movie_row(movie_id, library)
        similar, trouble = site.ask(lambda recommender: recommender.similar(row, LIST))
        stars = library.stars[:, row]
        mean = float(stars[stars > 0].mean()) if stars.any() else None
        return page(
            "movie",
            r=r,
            row=row,
            rated=parse(r, library),
            similar=similar,
            trouble=trouble,
            mean=mean,
            enough=WELL_RATED,
        )

    @app.get("/map", response_class=HTMLResponse, include_in_schema=False)
    def map_of_movies(genre: str = "", r: str = "") -> Response:
        drawing, trouble = site.ask(lambda recommender: draw(library, recommender))
        if genre and genre not in drawing.genres:
            raise NotUnderstood(
                f"there is no genre {genre[:40]!r} on the map; it has {', '.join(drawing.genres)}"
            )
        return page("map", r=r, drawing=drawing, genre=genre, trouble=trouble)

    @app.get("/quality", response_class=HTMLResponse, include_in_schema=False)
    def quality(r: str = "") -> Response:
        if isinstance(site.ladder, CodeError):
            return page("quality", r=r, trouble=site.ladder, ladder=[])
        return page("quality", r=r, trouble=None, ladder=site.ladder)

    @app.get("/api/recommend", responses={404: {"description": "There is no such user."}})
    def recommend(
        user: Annotated[int, Query(description="A raw id, as in u.data.", examples=[196])],
        n: Annotated[int, Query(ge=1, le=LONGEST, description="How many movies.")] = LIST,
    ) -> Recommendations:
        """The best movies that a user of the data has not rated yet."""
        try:
            row = user_row(str(user), library)
        except NotUnderstood as error:
            raise HTTPException(404, str(error)) from None
        picks, trouble = site.ask(lambda recommender: recommender.for_user(row, n))
        counted = trouble is not None or site.model is None
        return Recommendations(
            user=user,
            made_by="counting" if counted else "model",
            waits_for=_in_words(trouble) if trouble else None,
            movies=[
                RecommendedMovie(
                    movie_id=library.movie_ids[pick.movie_idx],
                    title=library.titles[pick.movie_idx],
                    because=[library.titles[movie] for movie in pick.because],
                )
                for pick in picks
            ],
        )

    return app


def _in_words(trouble: CodeError) -> str:
    tasks = ", ".join(f"{task.id} {task.title}" for task in trouble.tasks)
    return ": ".join(filter(None, (tasks, trouble.place, trouble.fault)))


def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["name"] = without_year
    environment.filters["year"] = lambda title: found[1] if (found := YEAR.search(title)) else ""
    return environment
