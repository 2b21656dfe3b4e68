"""Ranking: the unread reports by how likely they are to be wanted, learnt from the decided ones.

Words and pairs of words of title and abstract, weighed by tf-idf, and a linear support vector
machine that weighs the few inclusions against the many exclusions. The model is that of ASReview
3.0.8 (ELAS u4; Apache-2.0), built anew from its published settings; the orders that it recorded
are the oracle. What is ours: ties are broken by a hash of the report's id, and neither the order
of the reports nor that of the decisions is seen by the model.

A ranking says in which order people read. It never decides anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from tamis.domain.errors import BadInput

__all__ = ["Features", "RankSettings", "features_of", "rank"]

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankSettings:
    """What a ranking is made with.

    Parameters
    ----------
    words
        Longest run of words that is a feature.
    most
        Features in more than this share of the reports say nothing and are left out.
    least, crowd
        Features in fewer than ``least`` reports are left out where there are more than ``crowd``
        reports: a word that stands once costs memory and tells hardly anything there.
    cost
        Price of a decided report on the wrong side (C of the support vector machine).
    ratio
        How many times the inclusions together weigh more than the exclusions together.
    seed
        Draws the order in which the solver passes over the decided reports.
    """

    words: int = 2
    most: float = 0.95
    least: int = 3
    crowd: int = 20_000
    cost: float = 0.11
    ratio: float = 9.8
    seed: int = 1

    def as_dict(self) -> dict[str, str]:
        """Return the settings as texts."""
        return {name: str(getattr(self, name)) for name in self.__slots__}


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """Reports as rows of weighed words; ``place`` gives the row of a report's id."""

    ids: tuple[str, ...]
    place: Mapping[str, int]
    matrix: csr_matrix


def features_of(texts: Mapping[str, str], settings: RankSettings | None = None) -> Features:
    """Weigh the words of every report; no decision is looked at.

    Parameters
    ----------
    texts
        Title and abstract by the id of the report; what is missing is an empty text.

    Raises
    ------
    BadInput
        When no text has a word.

    Examples
    --------
    >>> features_of({"x:1": "lupus nephritis", "x:2": "renal lupus"}).matrix.shape
    (2, 4)
    """
    chosen = settings or RankSettings()
    ids = tuple(sorted(texts, key=_drawn))
    weigher = TfidfVectorizer(
        ngram_range=(1, chosen.words),
        max_df=chosen.most if len(ids) > 1 else 1.0,
        min_df=chosen.least if len(ids) > chosen.crowd else 1,
        sublinear_tf=True,
        dtype=np.float32 if len(ids) > chosen.crowd else np.float64,
    )
    try:
        matrix = csr_matrix(weigher.fit_transform(texts[name] for name in ids))
    except ValueError as error:  # an empty vocabulary
        raise BadInput(
            "the reports have no words to rank them by", "import titles and abstracts"
        ) from error
    return Features(ids=ids, place={name: at for at, name in enumerate(ids)}, matrix=matrix)


def rank(
    features: Features, decided: Mapping[str, bool], settings: RankSettings | None = None
) -> tuple[str, ...]:
    """Return the ids of all reports, the most likely inclusion first.

    Parameters
    ----------
    features
        From ``features_of``.
    decided
        Id of a report -> whether it was included. Ids without features are left aside.

    Raises
    ------
    BadInput
        Without at least one inclusion and one exclusion: there is nothing to tell apart.

    Examples
    --------
    >>> found = features_of({"a": "stem cells lupus", "b": "knee cartilage",
    ...                      "c": "stem cells", "d": "cartilage repair"})
    >>> rank(found, {"a": True, "b": False})
    ('a', 'c', 'd', 'b')
    """
    chosen = settings or RankSettings()
    known = sorted((features.place[name], told) for name, told in decided.items()
                   if name in features.place)  # fmt: skip
    rows = np.array([row for row, _ in known], dtype=np.intp)
    labels = np.array([told for _, told in known], dtype=np.int8)
    included, excluded = int(labels.sum()), int(len(labels) - labels.sum())
    if not included or not excluded:
        raise BadInput(
            "a ranking is learnt from at least one inclusion and one exclusion",
            "screen on in the order there is until both exist",
        )
    weights = np.where(labels, 1.0, included / (chosen.ratio * excluded))
    model = LinearSVC(C=chosen.cost, max_iter=1000, random_state=chosen.seed)
    model.fit(features.matrix[rows], labels, sample_weight=weights * len(labels) / weights.sum())
    scores: Scores = np.asarray(model.decision_function(features.matrix), dtype=np.float64)
    falling = np.argsort(-scores, kind="stable")  # rows stand in the order of a hash already
    return tuple(features.ids[at] for at in falling)


def _drawn(name: str) -> str:
    return hashlib.blake2b(name.encode(), digest_size=8).hexdigest()
