"""Parts of a model from files that exist already: network topologies and lists of people.

A reader turns bytes into plain sites and links, or rows of people; these become a `Fragment`, which
is merged into a model. Whoever made the file may have erred, so everything that is wrong is told
with its line and field, and then nothing is imported.
"""
