"""Attacks on the promise "you answer anonymously": who holds what, what they try, what they find.

A county lives: invented people come, answer, apply and subscribe on the real bot (`population`,
`lived`), and the truth about each is kept outside (`truth`). An attacker is handed what the model
grants (`Stolen`) and nothing else, and says whom each stored answer belongs to, and how sure that
is. The measures compare it with the truth and with what guessing would reach. The same attacks run
on a store made naively on purpose, where they must find people: an attack that cannot hit shows
nothing. `make attack` is the long form and prints the table of `docs/anonymity.md`.
"""
