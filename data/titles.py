"""Invented movie titles that sound like the movie's genres. No movie of such a title is meant."""

import random
from collections.abc import Collection, Iterator, Sequence
from itertools import count

# per genre: what things are like, what there is, and what people do or suffer
_WORDS: dict[str, tuple[str, str, str]] = {
    "Action": (
        "Reckless Armoured Relentless Burning Unbroken Full-Throttle Redline Ironclad",
        "Convoy Detonator Juggernaut Overpass Bodyguard Warhead Getaway Gauntlet",
        "Pursuit Ambush Retaliation Demolition",
    ),
    "Adventure": (
        "Uncharted Sunken Emerald Windward Faraway Jungle Monsoon Tidewater",
        "Caravan Lagoon Compass Expedition Archipelago Castaway Waterfall Atlas",
        "Voyage Crossing Shipwreck Discovery",
    ),
    "Animation": (
        "Clockwork Paper Painted Whistling Upside-Down Cloudberry Marzipan Tin",
        "Badger Snow-Globe Tortoise Dragonfly Lighthouse Squirrel Teapot Windmill",
        "Daydream Somersault Lullaby Flight",
    ),
    "Children's": (
        "Wobbly Muddy Giggling Gingerbread Backyard Button-Nosed Runaway Sleepy",
        "Puppy Treehouse Pony Hedgehog Kite Duckling Sandcastle Otter",
        "Holiday Sleepover Hide-and-Seek Birthday",
    ),
    "Comedy": (
        "Awkward Second-Hand Hopeless Overbooked Slightly-Used Unlikely Tipsy Half-Baked",
        "In-Laws Landlord Chaperone Roommate Dentist Caterer Neighbour Bachelor",
        "Mix-Up Honeymoon Misunderstanding Reunion",
    ),
    "Crime": (
        "Crooked Marked Backroom Counterfeit Two-Faced Bought Waterfront Unlicensed",
        "Informant Safecracker Pawnshop Alibi Racketeer Getaway-Driver Bookmaker Precinct",
        "Double-Cross Shakedown Heist Confession",
    ),
    "Documentary": (
        "Unseen Living Forgotten Hand-Held Everyday Vanishing Northern Working",
        "Archive Glacier Orchestra Shipyard Newsroom Beekeepers Harvest Subway",
        "Portrait Testimony Diary Rehearsal",
    ),
    "Drama": (
        "Silent Borrowed Winter Broken Unspoken Distant Ordinary Fading Quiet Bitter Autumn Hollow",
        "Harbour Orchard Inheritance Letters Daughters Schoolhouse Vineyard Kitchen Verdict "
        "Brothers Staircase Piano",
        "Farewell Homecoming Forgiveness Regret Silence Promise",
    ),
    "Fantasy": (
        "Enchanted Thirteenth Moonlit Spellbound Crystal Wandering Thorned Golden-Eyed",
        "Unicorn Sorceress Griffin Changeling Amulet Goblin Sword-Smith Kingdom",
        "Prophecy Enchantment Quest Curse",
    ),
    "Film-Noir": (
        "Rain-Soaked Smoky Midnight Crosstown Velvet Cigarette Neon Shadowed",
        "Alley Blonde Streetlamp Nightclub Trench-Coat Fedora Drifter Boulevard",
        "Betrayal Blackmail Deception Insomnia",
    ),
    "Horror": (
        "Rotting Whispering Crawling Bloodless Buried Cursed Skinless Howling",
        "Crypt Séance Cellar Scarecrow Asylum Graveyard Embalmer Attic",
        "Massacre Possession Scream Infestation",
    ),
    "Musical": (
        "Singing Tap-Dancing Syncopated Moonstruck Footlight Swinging Velvet-Voiced Golden",
        "Chorus Ballroom Serenade Jukebox Cabaret Matinée Bandstand Melody",
        "Encore Overture Waltz Duet",
    ),
    "Mystery": (
        "Locked Missing Thirteenth-Floor Veiled Unsigned Nameless Fogbound Hidden",
        "Cipher Manor Postcard Stranger Keyhole Governess Manuscript Witness",
        "Disappearance Riddle Inquest Suspicion",
    ),
    "Romance": (
        "Tender April Star-Crossed Lovelorn Candlelit Secret Summer Honey",
        "Sweetheart Café Valentine Rendezvous Gardener Bridesmaid Rooftop Sonnet",
        "Embrace Longing Engagement Kiss",
    ),
    "Sci-Fi": (
        "Orbital Synthetic Quantum Lunar Cryogenic Magnetic Interstellar Binary",
        "Android Nebula Satellite Colony Terraformer Reactor Starship Clone",
        "Transmission Contact Mutation Countdown",
    ),
    "Thriller": (
        "Cold Lethal Fatal Sleepless Classified Silent-Witness Razor Final",
        "Hostage Passenger Surveillance Antidote Embassy Elevator Impostor Wiretap",
        "Obsession Abduction Conspiracy Blackout",
    ),
    "War": (
        "Frozen Fallen Muddy-Boots Last Shell-Shocked Unmarked Scarlet Barbed",
        "Regiment Trench Bunker Medic Paratrooper Minefield Squadron Sentry",
        "Armistice Siege Retreat Surrender",
    ),
    "Western": (
        "Dusty Lonesome Hard-Riding Sagebrush Rawhide Two-Dollar Tumbleweed High-Noon",
        "Saddle Stagecoach Drifter Sheriff Canyon Homestead Rustler Saloon",
        "Showdown Stampede Reckoning Feud",
    ),
    "unknown": ("Untitled Unlabelled Lost Undated", "Reel Negative Fragment Footage", "Screening"),
}
_NAMES = (
    "Agnès Albert Anneliese Beatriz Björn Casimir Clementine Delphine Dimitri Eleanor Esmé Fiona "
    "François Gideon Greta Harriet Ignatius Inés Jasper Jürgen Katarina Lionel Lucía Magnus Mirabel "
    "Nadia Noël Odette Oskar Percival Philippa Quentin Renée Rosalind Rufus Sigrid Søren Tabitha "
    "Thaddeus Ursula Valentina Viggo Wilhelmina Xavier Yvonne Zoë"
).split()
_PLACES = (
    "Alder-Creek Ashgrove Birchwater Bramblewick Castellón Córdova Düsterwald Fairhollow "
    "Gullhaven Holloway-Street Kestrel-Point Larkmoor Marrowgate Niederau Oyster-Bay Port-Merrin "
    "Québrac Ravensbridge Saltmarsh Sainte-Élodie Thistledown Upper-Wending Vela-Cruz Whitlow"
).replace("-", " ")
_ADJECTIVES, _THINGS, _EVENTS = range(3)


def title_movies(genres: Sequence[Collection[str]], n_twins: int = 8, seed: int = 0) -> list[str]:
    """Invent a title with its year, such as "Midnight Harbour, The (1994)", for each movie.

    Titles are distinct, but for `n_twins` pairs of movies with the same genres that share one: a
    title is not a key. All letters exist in Latin-1.

    Args:
        genres: per movie the names of its genres, at least one.
        n_twins: how many titles occur twice.
        seed: the same seed gives the same titles.
    """
    random_state = random.Random(seed)
    # a rare genre says more about a movie than a frequent one, so it leads
    frequency = {name: sum(name in movie for movie in genres) for name in _WORDS}
    used: set[str] = set()
    titles = []
    for movie in genres:
        ranked = sorted(movie, key=lambda name: (frequency[name], name))
        name = next(name for name in _names(ranked, random_state) if name not in used)
        used.add(name)
        titles.append(f"{name} ({_year(ranked, random_state)})")

    alike: dict[frozenset[str], list[int]] = {}
    for index, movie in enumerate(genres):
        alike.setdefault(frozenset(movie), []).append(index)
    pairs = [(first, second) for first, second, *_ in (m for m in alike.values() if len(m) > 1)]
    for first, second in random_state.sample(pairs, min(n_twins, len(pairs))):
        titles[second] = titles[first]
    return titles
