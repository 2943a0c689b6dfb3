"""What to do first: measures ranked by what they buy, and the best set of them under a budget.

`candidates` gathers measures from the model's policies and makes generic ones; `worth` asks the
compiled graph, exactly, what any set of them is worth; `ranking` compares them one by one and in
pairs; `best` chooses the best set by integer programming. `solver` is the only module that knows
HiGHS.
"""
