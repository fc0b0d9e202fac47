"""Survey (回访): every repair is called back.

It owns callbacks: one for each repair that a customer accepted, the attempts to reach the customer, and the score that
the customer gave. Nobody needs to order a callback, and none is forgotten.
"""
