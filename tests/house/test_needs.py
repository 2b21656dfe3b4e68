"""The ``needs`` marker skips visibly, fails when required, and never passes by silence.

And what is slow starts first, and is not measured for coverage.
"""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"
EVERY = ("chromium", "cjk", "postgres", "bench")

#: What the conftest finds is put aside, so that these tests say the same on every machine.
PRETEND = """
for _what in NEEDS:
    _FOUND[_what] = {answer!r}
"""


@pytest.fixture(autouse=True)
def no_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    """The conftest stands alone: what else is installed is not loaded."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def house(pytester: pytest.Pytester, *, answer: str | None, test: str) -> None:
    pytester.makeini("[pytest]\naddopts = --strict-markers\nfilterwarnings = error\nmarkers = slow")
    pytester.makeconftest(CONFTEST.read_text("utf-8") + PRETEND.format(answer=answer))
    pytester.makepyfile(test)


def needing(what: str) -> str:
    return f"""
        import pytest

        @pytest.fixture
        def costly():
            raise RuntimeError("a fixture was made although its need is absent")

        @pytest.mark.needs({what!r})
        def test_it(request):
            pass
    """


@pytest.mark.parametrize("what", EVERY)
def test_absent_is_a_visible_skip(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.delenv("TAMIS_REQUIRE", raising=False)
    house(pytester, answer=None, test=needing(what))
    result = pytester.runpytest_subprocess("-rs", "-p", "no:cacheprovider")
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines([f"*SKIPPED*needs {what}: *"])


def test_absent_fails_when_required(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAMIS_REQUIRE", "chromium, postgres")
    house(pytester, answer=None, test=needing("postgres"))
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*needs postgres: install*TAMIS_REQUIRE names postgres*"])


def test_required_names_only_what_it_names(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAMIS_REQUIRE", "cjk")
    house(pytester, answer=None, test=needing("bench"))
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(skipped=1)


def test_present_runs(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAMIS_REQUIRE", ",".join(EVERY))
    house(pytester, answer="/somewhere", test=needing("bench"))
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_an_unknown_need_fails(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TAMIS_REQUIRE", raising=False)
    house(pytester, answer="/somewhere", test=needing("postgers"))
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*no such need*chromium, cjk, postgres, r, bench*"])


def test_an_unknown_requirement_stops_the_run(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAMIS_REQUIRE", "chromum")
    house(pytester, answer="/somewhere", test=needing("bench"))
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_fixtures_carry_the_need(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TAMIS_REQUIRE", raising=False)
    house(
        pytester,
        answer=None,
        test="""
        def test_a(bench): pass
        def test_b(chromium): pass
        def test_c(cjk_font): pass
        def test_d(postgres_bin): pass
        def test_e(repository): assert repository.is_dir()
        """,
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(skipped=4, passed=1)


def test_the_bench_folder_is_looked_for_where_the_variable_says(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("TAMIS_REQUIRE", raising=False)
    folder = tmp_path / "bench"
    folder.mkdir()
    monkeypatch.setenv("TAMIS_BENCH", str(folder))
    pytester.makeconftest(CONFTEST.read_text("utf-8"))
    pytester.makepyfile(
        "from pathlib import Path\n"
        f"def test_it(bench): assert bench == Path({str(folder.resolve())!r})"
    )
    empty = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    empty.assert_outcomes(skipped=1)
    (folder / "data.csv").write_text("a\n", encoding="utf-8")
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


MEASURED = """
import sys
import pytest
from hypothesis import given, strategies as st

def tracer(frame, event, argument):
    return None

sys.settrace(tracer)

def test_plain():
    assert sys.gettrace() is tracer

@pytest.mark.slow
def test_slow():
    assert sys.gettrace() is None

@given(st.booleans())
def test_drawn(drawn):
    assert sys.gettrace() is None

@pytest.mark.needs("chromium")
def test_needing():
    assert sys.gettrace() is None

def test_after_them():
    assert sys.gettrace() is tracer
"""


def test_the_slow_start_first_and_plain_examples_alone_are_measured(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TAMIS_REQUIRE", raising=False)
    house(pytester, answer="/somewhere", test=MEASURED)
    result = pytester.runpytest_subprocess("-v", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=5)
    names = ("slow", "plain", "drawn", "needing", "after_them")
    result.stdout.fnmatch_lines([f"*::test_{name} PASSED*" for name in names])


TRACED = """
import sys

def tracer(frame, event, argument):
    return None

sys.settrace(tracer)

def test_it():
    assert sys.gettrace() is {found}
"""


def test_what_drives_the_whole_program_is_not_measured_and_follows_the_slow(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TAMIS_REQUIRE", raising=False)
    slow = """
        import pytest
        @pytest.mark.slow
        def test_slow(): pass
        def test_beside(): pass
    """
    house(pytester, answer=None, test=slow)
    for folder, found in (("a/laws", "not None"), ("cli", "not None"), ("laws", "None")):
        path = pytester.path / folder
        path.mkdir(parents=True)
        test = path / f"test_{folder.replace('/', '_')}.py"
        test.write_text(TRACED.format(found=found), encoding="utf-8")
    result = pytester.runpytest_subprocess("-v", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=5)
    result.stdout.fnmatch_lines(
        [f"*::test_{name} PASSED*" for name in ("slow", "beside", "it", "it", "it")]
    )
