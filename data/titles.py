"""Invented movie titles that sound like the movie's genres. Any real title is a coincidence."""

import random
import re
from collections import Counter
from collections.abc import Collection, Sequence
from functools import cache

# per genre: adjectives; things; events
_WORDS = """
Action: Reckless Armoured Relentless Burning Unbroken Full-Throttle Redline Ironclad;
    Convoy Detonator Juggernaut Overpass Bodyguard Warhead Getaway Gauntlet;
    Pursuit Ambush Retaliation Demolition
Adventure: Uncharted Sunken Emerald Windward Faraway Jungle Monsoon Tidewater;
    Caravan Lagoon Compass Expedition Archipelago Castaway Waterfall Atlas;
    Voyage Crossing Shipwreck Discovery
Animation: Clockwork Paper Painted Whistling Upside-Down Cloudberry Marzipan Tin;
    Badger Snow-Globe Tortoise Dragonfly Lighthouse Squirrel Teapot Windmill;
    Daydream Somersault Lullaby Flight
Children's: Wobbly Muddy Giggling Gingerbread Backyard Button-Nosed Runaway Sleepy;
    Puppy Treehouse Pony Hedgehog Kite Duckling Sandcastle Otter;
    Holiday Sleepover Hide-and-Seek Birthday
Comedy: Awkward Second-Hand Hopeless Overbooked Accident-Prone Unlikely Tipsy Half-Baked;
    In-Laws Landlord Chaperone Roommate Dentist Caterer Neighbour Bachelor;
    Mix-Up Honeymoon Misunderstanding Reunion
Crime: Crooked Marked Backroom Counterfeit Two-Faced Bought Waterfront Unlicensed;
    Informant Safecracker Pawnshop Alibi Racketeer Loan-Shark Bookmaker Precinct;
    Double-Cross Shakedown Heist Confession
Documentary: Unseen Living Forgotten Hand-Held Everyday Vanishing Northern Working;
    Archive Glacier Orchestra Shipyard Newsroom Beekeepers Harvest Subway;
    Portrait Testimony Diary Rehearsal
Drama: Silent Borrowed Winter Broken Unspoken Distant Ordinary Fading Quiet Bitter Autumn
    Hollow;
    Harbour Orchard Inheritance Letters Daughters Schoolhouse Vineyard Kitchen Verdict Brothers
    Staircase Piano;
    Farewell Homecoming Forgiveness Regret Silence Promise
Fantasy: Enchanted Seventh Moonlit Spellbound Crystal Wandering Thorned Ivory;
    Unicorn Sorceress Griffin Changeling Amulet Goblin Sword-Smith Kingdom;
    Prophecy Enchantment Quest Curse
Film-Noir: Rain-Soaked Smoky Midnight Crosstown Velvet Cigarette Neon Shadowed;
    Alley Blonde Streetlamp Nightclub Trench-Coat Fedora Drifter Boulevard;
    Betrayal Blackmail Deception Insomnia
Horror: Rotting Whispering Crawling Bloodless Buried Cursed Skinless Howling;
    Crypt Séance Cellar Scarecrow Asylum Graveyard Embalmer Attic;
    Massacre Possession Scream Infestation
Musical: Singing Tap-Dancing Syncopated Moonstruck Footlight Swinging Honey-Voiced Gilded;
    Chorus Ballroom Serenade Jukebox Cabaret Matinée Bandstand Melody;
    Encore Overture Waltz Duet
Mystery: Locked Missing Thirteenth-Floor Veiled Unsigned Nameless Fogbound Hidden;
    Cipher Manor Postcard Stranger Keyhole Governess Manuscript Witness;
    Disappearance Riddle Inquest Suspicion
Romance: Tender April Star-Crossed Lovelorn Candlelit Secret Summer Honey;
    Sweetheart Café Valentine Rendezvous Gardener Bridesmaid Rooftop Sonnet;
    Embrace Longing Engagement Kiss
Sci-Fi: Orbital Synthetic Quantum Lunar Cryogenic Magnetic Interstellar Binary;
    Android Nebula Satellite Colony Terraformer Reactor Starship Clone;
    Transmission Contact Mutation Countdown
Thriller: Cold Lethal Fatal Sleepless Classified Airtight Razor-Edged Final;
    Hostage Passenger Surveillance Antidote Embassy Elevator Impostor Wiretap;
    Obsession Abduction Conspiracy Blackout
War: Frozen Fallen Rain-Swept Last Shell-Shocked Unmarked Scarlet Barbed;
    Regiment Trench Bunker Medic Paratrooper Minefield Squadron Sentry;
    Armistice Siege Retreat Surrender
Western: Dusty Lonesome Hard-Riding Sagebrush Rawhide Two-Dollar Tumbleweed High-Noon;
    Saddle Stagecoach Drifter Sheriff Canyon Homestead Rustler Saloon;
    Showdown Stampede Reckoning Feud
unknown: Untitled Unlabelled Lost Undated;
    Reel Negative Fragment Footage;
    Screening
"""
_NAMES = (
    "Agnès Albert Anneliese Beatriz Björn Casimir Clementine Delphine Dimitri Eleanor Esmé Fiona "
    "François Gideon Greta Harriet Ignatius Inés Jasper Jürgen Katarina Lionel Lucía Magnus "
    "Mirabel Nadia Noël Odette Oskar Percival Philippa Quentin Renée Rosalind Rufus Sigrid Søren "
    "Tabitha Thaddeus Ursula Valentina Viggo Wilhelmina Xavier Yvonne Zoë"
)
_PLACES = (
    "Alderbrook Ashgrove Birchwater Bramblewick Castellón Corvera Düsterwald Fairhollow Gullhaven "
    "Hollowmere Kestrelpoint Larkmoor Marrowgate Niederau Oysterbay Port-Merrin Québrac "
    "Ravensbridge Saltmarsh Sainte-Élodie Thistledown Upperwending Velacruz Whitlow"
)
_PATTERNS = (
    "{adjective} {thing}, The",
    "{adjective} {thing}, The",
    "{adjective} {thing}",
    "{adjective} {event}",
    "{event} at {place}",
    "{thing} of {place}, The",
    "{name}'s {thing}",
    "{name} and the {adjective} {thing}",
)


def title_movies(genres: Sequence[Collection[str]], n_twins: int = 8, seed: int = 0) -> list[str]:
    """Invent a title with its year, such as "Midnight Harbour, The (1994)", for each movie.

    Titles are distinct except for `n_twins` pairs of movies of the same genres that share one,
    because real titles are not unique either. All letters exist in Latin-1.

    Args:
        genres: per movie the names of its genres, at least one.
        n_twins: how many titles occur twice (fewer if not enough movies share their genres).
        seed: the same seed gives the same titles.
    """
    rng = random.Random(seed)
    frequency = Counter(name for movie in genres for name in movie)
    used: set[str] = set()
    titles = []
    for movie in genres:
        # a rare genre says more about a movie than a frequent one, so it leads
        ranked = sorted(movie, key=lambda name: (frequency[name], name))
        name = _draw_name(ranked, rng)
        while name in used:
            name = _draw_name(ranked, rng)
        used.add(name)
        titles.append(f"{name} ({_draw_year(ranked[0], rng)})")

    alike: dict[frozenset[str], list[int]] = {}
    for index, movie in enumerate(genres):
        alike.setdefault(frozenset(movie), []).append(index)
    pairs = [movies[:2] for movies in alike.values() if len(movies) > 1]
    for first, second in rng.sample(pairs, min(n_twins, len(pairs))):
        titles[second] = titles[first]
    return titles


def _draw_name(genres: Sequence[str], rng: random.Random) -> str:
    """Draw a name from the words of the leading genre or, half the time, of the second one."""
    words = _words()
    adjectives, things, events = words[genres[0]]
    if len(genres) > 1 and rng.random() < 0.5:
        _, things, events = words[genres[1]]
    return rng.choice(_PATTERNS).format(
        adjective=rng.choice(adjectives),
        thing=rng.choice(things),
        event=rng.choice(events),
        name=rng.choice(_NAMES.split()),
        place=rng.choice(_PLACES.split()),
    )


@cache
def _words() -> dict[str, list[list[str]]]:
    """For each genre its adjectives, things and events."""
    entries = re.findall(r"^(\S.*?):(.*(?:\n .*)*)", _WORDS, re.MULTILINE)
    return {genre: [kind.split() for kind in kinds.split(";")] for genre, kinds in entries}


def _draw_year(genre: str, rng: random.Random) -> int:
    """Draw a year up to 1998, mostly a recent one: people rate what they have just seen."""
    if genre == "Film-Noir":
        return rng.randint(1940, 1958)
    if genre == "Western" or rng.random() < 0.25:
        return round(rng.triangular(1930, 1992, 1988))
    return rng.choice((1993, 1994, 1994, 1995, 1995, 1996, 1996, 1997, 1997, 1998))
