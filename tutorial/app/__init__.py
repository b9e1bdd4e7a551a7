"""`course app`: the recommender in a browser.

`library` reads what is shown whatever the code can do; `recommenders` makes lists, with a model or
by counting; `stored` trains the model once; `pages` is the web application.
"""
