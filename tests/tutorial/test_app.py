"""The app: pages from an address alone, whatever the code can do so far."""

# ruff: noqa: E402

import io
import re
import socket
from collections.abc import Callable
from html import unescape
from pathlib import Path
from unittest.mock import Mock

import pytest

for package in ("fastapi", "httpx2", "uvicorn"):
    pytest.importorskip(package, reason="needs the extras: pip install -e '.[app,dev]'")

import uvicorn
from click.testing import Result
from fastapi.testclient import TestClient
from rich.console import Console
from typer.testing import CliRunner

from data import MovieLens
from data.movielens import open_folder
from grading import manifest
from grading.cli import app
from grading.manifest import Course
from tests.courses import put
from tests.tutorial.calls import recorded
from tutorial import commands
from tutorial.app import serve
from tutorial.app.learned import SERVED, rebuilt
from tutorial.app.library import Library, read_library
from tutorial.app.pages import create
from tutorial.app.ratings import NotUnderstood, changed, parse, written
from tutorial.app.serve import PortError, bind, make_site
from tutorial.app.site import Site
from tutorial.app.stored import KEPT, stored
from tutorial.code import load_code
from tutorial.commands import APP
from tutorial.experiment import read
from tutorial.lists import rank_with_bar

N_MOVIES = 60
LIKES = "7.5-8.4-9.5"


@pytest.fixture(scope="module")
def library(movielens: MovieLens) -> Library:
    return read_library(movielens)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


def quiet() -> Console:
    return Console(file=io.StringIO())


@pytest.fixture(scope="module")
def site(course: Course, movielens: MovieLens, store: Path) -> Site:
    """By the reference solutions."""
    return make_site(quiet(), course, course.solutions, movielens, APP, store)


def browser(site: Site) -> TestClient:
    return TestClient(create(site), base_url="http://127.0.0.1:8000")


@pytest.fixture(scope="module")
def client(site: Site) -> TestClient:
    return browser(site)


def text(client: TestClient, path: str, status: int = 200, **query: object) -> str:
    """What is on a page."""
    answer = client.get(path, params=query)  # type: ignore[arg-type]
    assert answer.status_code == status, answer.text
    return unescape(answer.text)


def listed(page: str) -> list[int]:
    """The ids of the recommended movies."""
    return [int(movie) for movie in re.findall(r'<li data-movie="(\d+)"', page)]


def to_rate(page: str) -> list[int]:
    """The ids of the movies that are offered to be rated."""
    offered = page[page.index('aria-labelledby="to-rate"') : page.index('class="result"')]
    return [int(movie) for movie in re.findall(r'value="(\d+)\.5"', offered)]


# A newcomer


def test_a_newcomer_begins_with_ten_movies_and_what_most_people_like(client: TestClient) -> None:
    page = text(client, "/")
    assert len(to_rate(page)) == len(set(to_rate(page))) == 10
    assert "What most people like" in page
    assert len(listed(page)) == 10
    assert "because" not in page


def test_ten_others_are_offered_until_all_were_seen(client: TestClient) -> None:
    pages = [to_rate(text(client, "/", more=more)) for more in range(6)]
    assert sorted(movie for page in pages for movie in page) == list(range(1, N_MOVIES + 1))
    assert to_rate(text(client, "/", more=6)) == pages[0]


def test_each_rating_leads_to_another_address_and_another_list(client: TestClient) -> None:
    seen, address = [], "/"
    for movie in to_rate(text(client, "/"))[:4]:
        answer = client.get(
            address, params=dict(client.get(address).url.params) | {"set": f"{movie}.5"}
        )
        address = str(answer.url)
        assert f"{movie}.5" in address
        page = unescape(answer.text)
        assert movie not in listed(page) and movie not in to_rate(page)
        seen.append(listed(page))
    assert len({tuple(movies) for movies in seen}) == 4
    assert "You rated 4 movies" in page


def test_the_script_gets_the_page_and_its_address_at_once(client: TestClient) -> None:
    answer = client.get("/", params={"r": LIKES, "set": "10.5"}, headers={"Live": "1"})
    assert not answer.history
    assert f'data-address="/?r={LIKES}-10.5"' in answer.text
    assert "You rated 4 movies" in answer.text


def test_a_title_is_explained_by_liked_movies_alone(client: TestClient, library: Library) -> None:
    page = text(client, "/", r="7.5-8.4-9.1")
    reasons = set(re.findall(r"<em>(.+?)</em>", page))
    assert reasons and reasons <= {"[bold] Film No. 7", "[bold] Film No. 8"}


def test_a_rating_can_be_changed_and_taken_back(client: TestClient) -> None:
    for change, left in (("7.1", "8.4-9.5-7.1"), ("7.0", "8.4-9.5"), ("10.0", LIKES)):
        answer = client.get("/", params={"r": LIKES, "set": change})
        assert answer.url.params["r"] == left
    answer = client.get("/", params={"r": "7.5", "set": "7.0", "q": "film"})
    assert str(answer.url).endswith("/?q=film")


def test_without_a_like_the_list_is_what_most_people_like_and_says_so(client: TestClient) -> None:
    page = text(client, "/", r="7.1-8.3")
    assert "Nothing has 4 stars or more yet" in page
    assert not {7, 8} & set(listed(page))


def test_who_has_rated_everything_is_told_so(client: TestClient, library: Library) -> None:
    everything = written(dict.fromkeys(range(N_MOVIES), 4), library)
    page = text(client, "/", r=everything)
    assert "You have rated every movie; there is nothing left to recommend." in page
    assert "You rated all of them" in page
    assert f"You rated {N_MOVIES} movies" in page


def test_two_browsers_at_once_do_not_see_each_others_ratings(site: Site) -> None:
    one, other = browser(site), browser(site)
    alone = text(one, "/", r=LIKES)
    assert text(other, "/", r="20.5-21.5") != alone
    assert text(one, "/", r=LIKES) == alone
    assert "You rated" not in text(other, "/")


def test_the_ratings_go_along_to_every_page(client: TestClient) -> None:
    for path in ("/", "/user", "/movies", "/movie/7", "/map", "/quality"):
        links = re.findall(
            r'<a href="(/[^"]*)"',
            re.sub(r"(?s).*<header>|</header>.*", "", text(client, path, r=LIKES)),
        )
        assert len(links) >= 5
        assert all(link.endswith(f"?r={LIKES}") for link in links), path


# Titles


@pytest.mark.parametrize("words", ["No. 7", "FILM no. 7", "7  film", "ﬁlm nò. 7"])
def test_a_title_is_found_by_its_words(client: TestClient, words: str) -> None:
    found = to_rate(text(client, "/", q=words))
    assert 7 in found and all("7" in str(movie) for movie in found)


def test_of_many_found_titles_the_best_known_come_first(
    client: TestClient, library: Library
) -> None:
    page = text(client, "/movies", q="film")
    assert "60 with “film” in the title, the 20 best known" in page
    counts = [int(count) for count in re.findall(r"(\d+) ratings</span>", page)]
    assert counts == sorted(library.counts.tolist(), reverse=True)[:20]


@pytest.mark.parametrize(
    "words",
    ["<script>alert(1)</script>", "\"'&%", "🎬", "\x00", "../../etc", "{{ 7 * 7 }}", "x" * 5000],
)
def test_odd_characters_find_nothing_and_stay_text(client: TestClient, words: str) -> None:
    for path in ("/", "/movies"):
        answer = client.get(path, params={"q": words})
        assert answer.status_code == 200
        assert "No title has" in answer.text
        assert "<script>alert" not in answer.text and "49" not in answer.text


def test_titles_are_read_as_people_write_them(tmp_path: Path, data_folder: Path) -> None:
    for path in data_folder.iterdir():
        content = path.read_text().replace("[bold] Film No. 1 (", "\xc9t\xe9, The (")
        (tmp_path / path.name).write_text(content, encoding="latin-1")
    library = read_library(open_folder(tmp_path, "a test"))
    assert library.titles[0] == "The Été (1990)"
    assert library.search("ete THE") == [0]


# Users, movies, the map


def test_a_users_history_stands_beside_their_list(client: TestClient, library: Library) -> None:
    page = text(client, "/user", id=7)
    rated = {int(movie) + 1 for movie in library.stars[6].nonzero()[0]}
    assert len(listed(page)) == 10 and not rated & set(listed(page))
    assert f"{len(rated)} movies" in page
    assert "because they liked" in page
    assert page.count("of 5 stars") == len(rated)


def test_a_user_who_has_seen_everything_has_no_list(client: TestClient) -> None:
    assert "User 3 has rated every movie; there is nothing left" in text(client, "/user", id=3)


def test_a_movies_neighbours_are_other_movies(client: TestClient) -> None:
    page = text(client, "/movie/7")
    neighbours = re.findall(r'<a class="movie" href="/movie/(\d+)"', page)
    assert len(neighbours) == len(set(neighbours)) > 0
    assert "7" not in neighbours


def test_the_map_has_every_movie_and_shows_one_genre_on_request(client: TestClient) -> None:
    page = text(client, "/map")
    assert page.count('data-x="') == N_MOVIES
    assert 'class="point dim"' not in page
    genre = re.findall(r'href="/map\?genre=([\w-]+)"', page)[0]
    chosen = text(client, "/map", genre=genre)
    assert 0 < chosen.count(" dim") < N_MOVIES


def test_what_is_measured_is_the_list_that_is_shown(client: TestClient, site: Site) -> None:
    page = text(client, "/quality")
    assert isinstance(site.ladder, list)
    assert site.ladder[-1].name == SERVED
    for rung in site.ladder:
        assert rung.name in page
        for value in (rung.rmse, rung.ndcg):
            assert value is None or f"{value:.3f}" in page
            assert value is None or 0 < value < 2


# Addresses that cannot be


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/?r=7.6", "ratings are 1 to 5 stars, as in 50.5; got '7.6'"),
        ("/?r=7", "got '7'"),
        ("/?r=7.5.5", "got '7.5.5'"),
        ("/?r=61.5", "there is no movie '61'; ids run from 1 to 60"),
        ("/?r=-1.5", None),
        ("/?r=%00.5", "there is no movie '\\x00'"),
        ("/?r=٧.5", "there is no movie '٧'"),
        ("/?set=0.5", "there is no movie '0'"),
        ("/?set=7.9", "got '7.9'"),
        ("/user?id=999", "there is no user '999'; ids run from 1 to 40"),
        ("/user?id=seven", "there is no user 'seven'"),
        ("/user?id=" + "9" * 5000, "there is no user '9999"),
        ("/movie/0", "there is no movie '0'"),
        ("/movie/<b>", "there is no movie '<b>'"),
        ("/map?genre=Sausage", "there is no genre 'Sausage' on the map"),
        ("/nothing", "Not Found: /nothing"),
        ("/?more=-1", "more: Input should be greater than or equal to 0, got '-1'"),
        ("/docs", "Not Found"),
        ("/static/../pages.py", "Not Found"),
    ],
)
def test_an_address_that_cannot_be_gets_a_page_that_names_it(
    client: TestClient, address: str, says: str | None
) -> None:
    answer = client.get(address)
    page = unescape(answer.text)
    if says is None:
        return
    assert 400 <= answer.status_code < 500
    assert says in page
    assert "<nav" in page and "<b>" not in answer.text


def test_a_fault_of_the_app_is_a_page_too(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    app = TestClient(create(site), base_url="http://127.0.0.1", raise_server_exceptions=False)
    monkeypatch.setattr(Library, "search", Mock(side_effect=RuntimeError("secret")))
    page = text(app, "/movies", status=500, q="film")
    assert "The app has a fault" in page and "secret" not in page


def test_a_page_under_another_name_is_refused(site: Site) -> None:
    assert TestClient(create(site), base_url="http://evil.example").get("/").status_code == 400


def test_nothing_comes_from_elsewhere(client: TestClient) -> None:
    static = Path(serve.__file__).parent / "static"
    pages = [
        text(client, path) for path in ("/", "/user", "/movies", "/movie/7", "/map", "/quality")
    ]
    for content in [*pages, *(path.read_text() for path in static.iterdir())]:
        assert not re.findall(r"(?:src|href|url|import|fetch)\W+(?:https?:)?//", content)


# The API


def test_the_api_answers_as_its_schema_says(client: TestClient, library: Library) -> None:
    schema = client.get("/openapi.json").json()
    assert list(schema["paths"]) == ["/api/recommend"]
    assert {"Recommendations", "RecommendedMovie"} <= set(schema["components"]["schemas"])
    answer = client.get("/api/recommend", params={"user": 7, "n": 4}).json()
    assert answer.keys() == schema["components"]["schemas"]["Recommendations"]["properties"].keys()
    assert (answer["user"], answer["made_by"], answer["waits_for"]) == (7, "model", None)
    assert [movie["movie_id"] for movie in answer["movies"]] == listed(text(client, "/user", id=7))[
        :4
    ]
    assert all(movie["title"] in library.titles for movie in answer["movies"])


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ("user=999", 404, "there is no user '999'; ids run from 1 to 40"),
        ("user=seven", 422, "user: Input should be a valid integer"),
        ("user=7&n=0", 422, "n: Input should be greater than or equal to 1, got '0'"),
        ("user=7&n=101", 422, "n: Input should be less than or equal to 100"),
        ("", 422, "user: Field required"),
    ],
)
def test_a_request_that_cannot_be_gets_one_sentence(
    client: TestClient, query: str, status: int, says: str
) -> None:
    answer = client.get(f"/api/recommend?{query}")
    assert answer.status_code == status
    assert says in answer.json()["detail"]


# A student's own code


@pytest.fixture
def own(course: Course, tmp_path: Path, movielens: MovieLens) -> Callable[..., TestClient]:
    """The app on solved exercises, but for replaced lines, or on the stubs."""

    def start(
        module: str = "", old: str = "", new: str = "", solved: Path = course.solutions
    ) -> TestClient:
        folder = tmp_path / "exercises"
        for part in course.parts:
            source = (solved / part.path).read_text(encoding="utf-8")
            if part.module == module:
                assert source.count(old) == 1
                source = source.replace(old, new)
            put(folder, {part.path.as_posix(): source})
        put(folder, {"course.toml": (course.exercises / "course.toml").read_text("utf-8")})
        mine = manifest.load(tmp_path)
        return browser(make_site(quiet(), mine, mine.exercises, movielens, APP, tmp_path / "store"))

    return start


EVERY_PAGE = ("/", f"/?r={LIKES}", "/user?id=7", "/movies", "/movie/7", "/map", "/quality")


def waiting(client: TestClient) -> dict[str, str]:
    """By address, what stands on a page in place of a stack trace."""
    found = {}
    for path in EVERY_PAGE:
        page = text(client, path)
        if (waits := re.search(r'(?s)<aside class="waits".*?</aside>', page)) is not None:
            found[path] = " ".join(re.sub(r"<.*?>", "", waits[0]).split())
    return found


def test_ones_own_code_makes_the_lists(own: Callable[..., TestClient], client: TestClient) -> None:
    mine = own()
    assert not waiting(mine)
    assert "Made by <strong>your code</strong>" in text(mine, "/")
    assert listed(text(mine, "/", r=LIKES)) == listed(text(client, "/", r=LIKES))


def test_stubs_name_the_first_task_with_file_line_and_hint_and_the_app_works(
    course: Course, own: Callable[..., TestClient]
) -> None:
    app = own(solved=course.exercises / ".stubs")
    found = waiting(app)
    assert found.keys() == set(EVERY_PAGE) - {"/movies"}
    for said in found.values():
        assert said.startswith("Tasks 2.1 load_ratings, 2.2 load_movies, 2.3 build_index, ")
        assert re.search(r"exercises/part2/dataset\.py, line \d+", said)
        assert "course hint 2.1" in said and "course check 2.1 2.2 2.3 " in said
    assert not any("Made by" in text(app, path) for path in EVERY_PAGE)
    assert len(listed(text(app, "/", r=LIKES))) == 10
    answer = app.get("/api/recommend?user=7").json()
    assert answer["made_by"] == "counting"
    assert answer["waits_for"].startswith("2.1 load_ratings, 2.2 load_movies, ")


LISTS = {"/", f"/?r={LIKES}", "/user?id=7"}
ALL = set(EVERY_PAGE) - {"/movies"}
SOLVE = "torch.linalg.solve(gram, movie_factors.T @ residuals)"
SIMILAR = "return similarity.topk(min(k, len(similarity) - 1)).indices.tolist()"
DOT = "return (users * movies).sum(dim=-1)  # [batch]"


@pytest.mark.parametrize(
    ("module", "old", "new", "says", "pages"),
    [
        (
            "recommend.py",
            f"return {SOLVE}",
            'raise NotImplementedError("TODO 5.4: solve")',
            "Task 5.4 fold_in: not done yet.",
            LISTS,
        ),
        (
            "recommend.py",
            SOLVE,
            "gram @ nothing",
            "Task 5.4 fold_in: NameError: name 'nothing' is not defined.",
            LISTS,
        ),
        ("recommend.py", SOLVE, "gram[0] * float('nan')", "not all scores are numbers", LISTS),
        ("explore.py", SIMILAR, "return None", "what it returns cannot be used", {"/movie/7"}),
        ("model.py", DOT, "return users @ movies", "Task 3.2 MatrixFactorization.forward: R", ALL),
        ("explore.py", '"""Part 6', '(((("""Part 6', "SyntaxError", ALL),
    ],
)
def test_a_task_that_is_missing_or_broken_is_named_where_it_is_needed(
    own: Callable[..., TestClient], module: str, old: str, new: str, says: str, pages: set[str]
) -> None:
    found = waiting(own(module, old, new))
    assert found.keys() - {"/quality"} == pages - {"/quality"}
    assert all(says in said for path, said in found.items() if path in pages)


def test_what_is_called_to_train_a_model_is_what_must_be_done(
    course: Course, movielens: MovieLens
) -> None:
    code = load_code(course, course.solutions)
    with recorded(course, code) as called:
        rebuilt(code, rank_with_bar(quiet(), code, read(code, movielens)).state_dict())
    assert called == APP


def test_a_copy_without_solutions_lists_by_counting(
    course: Course, movielens: MovieLens, tmp_path: Path
) -> None:
    app = browser(make_site(quiet(), course, tmp_path / "solutions", movielens, APP, tmp_path))
    assert not waiting(app)
    assert len(listed(text(app, "/", r=LIKES))) == 10
    assert "because you liked" in text(app, "/", r=LIKES)
    assert "This copy of the course has no solutions" in text(app, "/quality")
    assert app.get("/api/recommend?user=7").json()["made_by"] == "counting"


# What is kept


def test_a_model_is_trained_once_for_the_same_code_and_data(
    course: Course, movielens: MovieLens, site: Site, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def again(*_: object) -> None:
        raise AssertionError("trained or measured again")

    with monkeypatch.context() as patch:
        patch.setattr(serve, "rank_with_bar", again)
        patch.setattr(serve, "measured", again)
        kept = make_site(quiet(), course, course.solutions, movielens, APP, store)
    assert kept.ladder == site.ladder
    assert text(browser(kept), "/", r=LIKES) == text(browser(site), "/", r=LIKES)


def test_other_data_has_a_model_of_its_own(
    course: Course, data_folder: Path, store: Path, site: Site, tmp_path: Path
) -> None:
    files = {path.name: path.read_text() for path in data_folder.iterdir()}
    files["u.data"] = "".join(files["u.data"].splitlines(keepends=True)[:-9])
    other = open_folder(put(tmp_path / "data", files), "a test")
    changed_site = make_site(quiet(), course, course.solutions, other, APP, store)
    assert changed_site.ladder != site.ladder


@pytest.mark.parametrize("content", [b"", b"not a model", b"PK\x03\x04 cut off"])
def test_a_damaged_file_is_made_again(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "key.pt").write_bytes(content)
    assert stored(tmp_path, "key", lambda: {"a": 1}) == {"a": 1}
    assert stored(tmp_path, "key", lambda: {"a": 2}) == {"a": 1}
    assert [path.name for path in tmp_path.iterdir()] == ["key.pt"]


def test_what_fails_leaves_nothing_behind_and_old_files_go(tmp_path: Path) -> None:
    def fail() -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        stored(tmp_path / "new", "key", fail)
    assert not (tmp_path / "new").exists()
    for number in range(KEPT + 3):
        stored(tmp_path, f"key{number}", lambda: 1)
    assert len(list(tmp_path.iterdir())) == KEPT


# Ratings in an address


def test_ratings_are_read_as_they_are_written(library: Library) -> None:
    rated = {movie: 1 + movie % 5 for movie in range(N_MOVIES)}
    assert parse(written(rated, library), library) == rated
    assert parse("", library) == {}
    assert parse("7.5-8.1-7.2", library) == {7: 1, 6: 2}, "the last rating counts"
    assert changed(rated, "1.5", library) == rated | {0: 5}
    with pytest.raises(NotUnderstood, match=r"'7\.x'"):
        changed({}, "7.x", library)


# The port


def test_a_port_in_use_is_named_with_another_one() -> None:
    with bind(0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortError, match=rf"port {port} cannot be used .*--port {port + 1}"):
            bind(port)


def test_only_this_machine_reaches_it() -> None:
    with bind(0) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"
        assert listening.family == socket.AF_INET


# The command


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[uvicorn.Config]:
    """The servers that were started; none of them runs."""
    found: list[uvicorn.Config] = []
    monkeypatch.setattr(uvicorn.Server, "run", lambda server, sockets: found.append(server.config))
    monkeypatch.setattr(serve, "make_site", lambda *_: None)
    monkeypatch.setattr(serve, "create", lambda site: site)
    return found


def command(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["app", *map(str, arguments)])


def test_the_command_says_where_and_opens_the_browser_there(
    started: list[uvicorn.Config], data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[tuple] = []
    monkeypatch.setattr(serve.threading, "Timer", lambda *timer: opened.append(timer) or Mock())
    result = command("--port", 0, "--data", data_folder)
    address = re.findall(r"http://127\.0\.0\.1:\d+/", result.output)
    assert (result.exit_code, len(started), len(address)) == (0, 1, 1)
    assert opened[0][2] == address
    command("--port", 0, "--data", data_folder, "--no-browser")
    assert (len(started), len(opened)) == (2, 1)


def test_a_port_in_use_and_a_folder_without_data_are_wrong_use(
    started: list[uvicorn.Config], data_folder: Path, tmp_path: Path
) -> None:
    with bind(0) as taken:
        port = taken.getsockname()[1]
        result = command("--port", port, "--data", data_folder)
    assert (result.exit_code, started) == (2, [])
    assert f"port {port} cannot be used" in result.output
    result = command("--data", tmp_path / "nothing")
    assert (result.exit_code, started) == (2, [])
    assert "there is no such folder" in result.output


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "find_spec", lambda name: None if name == "uvicorn" else name)
    result = command()
    assert result.exit_code == 2
    assert result.output == "course app needs uvicorn: pip install -e '.[app]'\n"
