import pytest

from pinfold._files.columns import ColumnChoice, ColumnError, choose_columns


@pytest.mark.parametrize(
    ("names", "text", "labels"),
    [
        (["text", "category"], "text", ("category",)),
        (["Message", "Intent"], "Message", ("Intent",)),
        (["id", "body", "labels", "date"], "body", ("labels",)),
        (["comment"], "comment", ()),
        (["whatever"], "whatever", ()),
    ],
)
def test_usual_names_are_recognised(names: list[str], text: str, labels: tuple[str, ...]) -> None:
    columns = choose_columns(names, ColumnChoice())
    assert (columns.text, columns.labels) == (text, labels)


def test_id_and_time_are_recognised_and_the_rest_is_kept_when_asked() -> None:
    columns = choose_columns(["ID", "text", "created_at", "channel"], ColumnChoice(keep_others=True))
    assert (columns.id, columns.timestamp, columns.metadata) == ("ID", "created_at", ("channel",))
    assert choose_columns(["text", "channel"], ColumnChoice()).metadata == ()


def test_named_columns_win_over_guesses() -> None:
    choice = ColumnChoice(text="subject", labels=("area", "product"), id="ticket")
    columns = choose_columns(["text", "label", "subject", "area", "product", "ticket"], choice)
    assert (columns.text, columns.labels, columns.id) == ("subject", ("area", "product"), "ticket")


def test_the_column_of_the_text_is_not_taken_for_the_labels_too() -> None:
    assert choose_columns(["category", "label"], ColumnChoice(text="label")).labels == ("category",)


def test_a_named_column_that_is_missing_is_told_with_those_that_exist() -> None:
    with pytest.raises(ColumnError, match=r"no column 'txt'.*'text', 'label'"):
        choose_columns(["text", "label"], ColumnChoice(text="txt"))


def test_without_anything_like_a_text_the_user_is_asked_to_name_it() -> None:
    with pytest.raises(ColumnError, match="--text-column"):
        choose_columns(["alpha", "beta"], ColumnChoice())


def test_the_choice_is_told_in_one_line() -> None:
    columns = choose_columns(["id", "body", "intent", "date", "x"], ColumnChoice(keep_others=True))
    assert columns.describe() == "text: body · labels: intent · id: id · timestamp: date · metadata: x"


def test_a_split_is_recognised_by_its_very_name_or_named_or_ruled_out() -> None:
    names = ["text", "Split", "part"]
    assert choose_columns(names, ColumnChoice()).split == "Split"
    assert choose_columns(names, ColumnChoice(split="part")).split == "part"
    none = choose_columns(names, ColumnChoice(split="", keep_others=True))
    assert (none.split, none.metadata) == (None, ("Split", "part"))
    assert choose_columns(names, ColumnChoice(keep_others=True)).metadata == ("part",)
    assert choose_columns(["text", "split"], ColumnChoice(labels=("split",))).split is None
    assert choose_columns(names, ColumnChoice()).describe() == "text: text · split: Split"
    with pytest.raises(ColumnError, match="no column 'set'"):
        choose_columns(names, ColumnChoice(split="set"))
