from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.document.history import History

quick = settings(deadline=None, derandomize=True, max_examples=150)


@dataclass
class Entry:
    name: str
    nbytes: int = 1


def history_of(*names: str, limit: int = 1000) -> History[Entry]:
    history: History[Entry] = History(limit)
    for name in names:
        history.push(Entry(name))
    return history


def test_an_empty_history_has_nowhere_to_go() -> None:
    history = history_of()
    assert history.undo() is None
    assert history.redo() is None
    assert (history.index, len(history), history.names, history.nbytes) == (0, 0, (), 0)
    assert not history.can_undo
    assert not history.can_redo
    assert history.is_clean


def test_undo_and_redo_move_the_position() -> None:
    history = history_of("a", "b", "c")
    assert [edit.name for edit in (history.undo(), history.undo()) if edit] == ["c", "b"]
    assert history.index == 1
    assert history.names == ("a", "b", "c")
    assert history.previous is not None
    assert history.previous.name == "a"
    assert history.next is not None
    assert history.next.name == "b"
    assert (edit := history.redo()) is not None
    assert edit.name == "b"
    assert history.can_undo
    assert history.can_redo


def test_a_push_drops_what_was_undone() -> None:
    history = history_of("a", "b", "c")
    history.undo()
    history.undo()
    history.push(Entry("d"))
    assert history.names == ("a", "d")
    assert not history.can_redo


def test_clean_is_a_state_not_a_number_of_edits() -> None:
    history = history_of("a", "b")
    assert not history.is_clean
    history.mark_clean()
    assert history.is_clean
    history.undo()
    assert not history.is_clean
    history.redo()
    assert history.is_clean
    history.undo()
    history.push(Entry("other"))
    assert history.index == 2
    assert not history.is_clean
    history.undo()
    assert not history.is_clean


def test_the_state_saved_may_be_an_earlier_one() -> None:
    history = history_of("a")
    saved = history.state
    history.push(Entry("b"))
    history.mark_clean(saved)
    assert not history.is_clean
    history.undo()
    assert history.is_clean


def test_pruning_lets_the_oldest_go_and_keeps_the_newest() -> None:
    history = history_of("a", "b", "c", limit=2)
    assert list(history.names) == ["b", "c"]
    assert history.index == 2
    assert history.pruned == 1
    history.push(Entry("large", 50))
    assert history.names == ("large",)
    assert history.index == 1
    assert history.pruned == 3


def test_a_clean_state_that_was_pruned_away_does_not_come_back() -> None:
    history = history_of("a", "b", limit=2)
    history.push(Entry("c"))
    while history.undo():
        pass
    assert history.index == 0
    assert not history.is_clean
    history.mark_clean()
    assert history.is_clean


def test_the_state_at_which_pruning_stops_is_still_clean() -> None:
    history = history_of("a", limit=2)
    history.mark_clean()
    history.push(Entry("b"))
    history.push(Entry("c"))
    while history.undo():
        pass
    assert history.names == ("b", "c")
    assert history.is_clean


steps = st.one_of(
    st.tuples(st.just("push"), st.integers(0, 12)),
    st.tuples(st.sampled_from(["undo", "redo", "save"]), st.just(0)),
)


@quick
@given(st.lists(steps, max_size=40), st.integers(0, 30))
def test_any_walk_keeps_its_promises(walk: list[tuple[str, int]], limit: int) -> None:
    """The document is modelled by the list of all edits ever in effect; saved is what that list was."""
    history: History[Entry] = History(limit)
    done: list[str] = []
    saved: list[str] = []
    for number, (verb, size) in enumerate(walk):
        if verb == "push":
            history.push(Entry(f"edit {number}", size))
            done.append(f"edit {number}")
            assert history.nbytes <= limit or len(history) == 1
        elif verb == "undo" and history.undo():
            done.pop()
        elif verb == "redo" and (edit := history.redo()):
            done.append(edit.name)
        elif verb == "save":
            history.mark_clean()
            saved = list(done)
        assert history.is_clean == (done == saved)
        assert list(history.names[: history.index]) == done[history.pruned :]


@pytest.mark.parametrize("count", [1, 5])
def test_sizes_are_summed(count: int) -> None:
    assert history_of(*"abcde"[:count]).nbytes == count


def test_states_and_the_saved_one_among_them() -> None:
    history = history_of("a", "b", limit=100)
    assert (history.limit, history.saved_index) == (100, 0)
    history.mark_clean()
    assert len(history.states) == 3
    assert history.states[history.index] == history.state
    assert history.saved_index == 2
    history.undo()
    assert history.saved_index == 2
    history.push(Entry("c"))
    assert history.saved_index is None
    assert [edit.name for edit in history.edits] == ["a", "c"]
