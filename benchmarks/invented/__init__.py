"""Reviews of invented words, of any size, for measurements."""

from invented.review import PEOPLE, STAGE, make, vocabulary, words

__all__ = ["PEOPLE", "STAGE", "make", "vocabulary", "words"]
