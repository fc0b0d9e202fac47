"""What the development stack cannot do, said in one line to whoever typed the command."""


class Trouble(Exception):
    """A sentence that says what is wrong and what to do; shown without a traceback."""
