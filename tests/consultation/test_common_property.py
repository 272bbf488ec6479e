"""The double majority of owners against an independent oracle written from the article, and its edges."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hongtu.domains.consultation.rules.common_property import (
    ExclusivePart,
    MixedVotes,
    Sums,
    add_up,
    judge,
    tally,
)
from hongtu.domains.consultation.vocab import Choice, CommonMatter, Standing

MATTERS = [m for m in CommonMatter if m is not CommonMatter.NONE]
AREAS = st.integers(1, 40_000).map(lambda hundredths: Decimal(hundredths) / 100)


def oracle(matter: str, flats: Sequence[ExclusivePart]) -> tuple[bool, list[bool]]:
    """Written from the text of the law, in whole hundredths of a square metre, with sets of people; shares
    nothing
    with the module but its input."""
    hundredths = {f.key: int(Decimal(str(f.area)) * 100) for f in flats if f.counted}
    holder = {}
    for flat in flats:
        if not flat.counted:
            continue
        if flat.standing.value in ("unsold", "undelivered"):
            holder[flat.key] = "THE BUILDER"
        else:
            holder[flat.key] = f"owner of {flat.owner}" if flat.owner else f"holder of {flat.key}"
    everybody = set(holder.values())
    came = {holder[f.key] for f in flats if f.counted and f.choice}
    agreed = {holder[f.key] for f in flats if f.counted and f.choice == "consent"}

    def ground(people: set[str]) -> int:
        return sum(size for key, size in hundredths.items() if holder[key] in people)

    whole, present, yes = ground(everybody), ground(came), ground(agreed)
    enough = [3 * len(came) >= 2 * len(everybody) > 0, 3 * present >= 2 * whole > 0]
    if matter in "678":
        share = [4 * len(agreed) >= 3 * len(came) > 0, 4 * yes >= 3 * present > 0]
    else:
        share = [2 * len(agreed) > len(came), 2 * yes > present]
    return all(enough + share), enough + share


@st.composite
def registers(draw: st.DrawFn) -> list[ExclusivePart]:
    """A register in which every owner votes alike with all her ballots."""
    owners = draw(st.lists(st.sampled_from(["", "", "", "A", "B", "C"]), min_size=0, max_size=14))
    votes = {name: draw(st.sampled_from([None, *Choice])) for name in ("A", "B", "C", "builder")}
    found = []
    for number, owner in enumerate(owners):
        standing = draw(st.sampled_from([Standing.DELIVERED] * 4 + [Standing.UNSOLD, Standing.UNDELIVERED]))
        if standing is not Standing.DELIVERED:
            choice = draw(st.sampled_from([None, votes["builder"]]))
        elif owner:
            choice = draw(st.sampled_from([None, votes[owner]]))
        else:
            choice = draw(st.sampled_from([None, *Choice]))
        counted = draw(st.integers(0, 9)) > 0
        found.append(ExclusivePart(str(number), draw(AREAS), owner, standing, counted, choice))
    return found


@given(st.sampled_from(MATTERS), registers())
def test_the_result_is_the_oracles(matter: CommonMatter, flats: list[ExclusivePart]) -> None:
    found = tally(matter, flats)
    assert (found.passed, [c.met for c in found.criteria]) == oracle(matter, flats)


@given(registers())
def test_an_item_of_three_quarters_never_passes_where_one_of_a_half_fails(flats: list[ExclusivePart]) -> None:
    if tally(CommonMatter.CHANGE_USE, flats).passed:
        assert tally(CommonMatter.USE_FUND, flats).passed


@given(registers(), st.randoms())
def test_the_order_of_the_register_does_not_matter(flats: list[ExclusivePart], dice: object) -> None:
    shuffled = list(flats)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert add_up(shuffled) == add_up(flats)


@given(registers(), AREAS)
def test_splitting_a_flat_of_one_owner_changes_nobody(flats: list[ExclusivePart], area: Decimal) -> None:
    """Buying more does not give more heads."""
    before = add_up(
        [*flats, ExclusivePart("x", area * 2, "Z", choice=Choice.CONSENT)],
    )
    after = add_up(
        [*flats, *(ExclusivePart(k, area, "Z", choice=Choice.CONSENT) for k in ("x", "y"))],
    )
    assert before == after


def even(people: int, voting: int, consenting: int) -> Sums:
    """Everybody with the same area."""
    return Sums(people, Fraction(people), voting, Fraction(voting), consenting, Fraction(consenting))


@pytest.mark.parametrize(
    ("matter", "people", "voting", "consenting", "passed"),
    [
        ("5", 300, 200, 101, True),  # two thirds exactly is enough, more than half
        ("5", 300, 199, 199, False),  # just below two thirds took part
        ("5", 300, 200, 100, False),  # half is not more than half
        ("8", 300, 200, 150, True),  # three quarters exactly is enough
        ("8", 300, 200, 149, False),
        ("6", 3, 2, 2, True),
        ("9", 3, 2, 1, False),
        ("1", 1, 0, 0, False),  # nobody took part
    ],
)
def test_the_edges_of_the_law(matter: str, people: int, voting: int, consenting: int, passed: bool) -> None:
    assert judge(CommonMatter(matter), even(people, voting, consenting)).passed is passed


def test_heads_and_area_must_both_be_met() -> None:
    """One owner of most of the area cannot decide alone, nor many of little area against her."""
    large = ExclusivePart("shop", 900, choice=Choice.CONSENT)
    small = [ExclusivePart(str(n), 10, choice=Choice.OPPOSE) for n in range(5)]
    result = tally(CommonMatter.USE_FUND, [large, *small])
    assert [c.met for c in result.criteria] == [True, True, False, True]
    other = tally(
        CommonMatter.USE_FUND,
        [
            ExclusivePart("shop", 900, choice=Choice.OPPOSE),
            *(ExclusivePart(str(n), 10, choice=Choice.CONSENT) for n in range(5)),
        ],
    )
    assert [c.met for c in other.criteria] == [True, True, True, False]


def test_the_builder_is_one_person_with_all_that_is_unsold_or_undelivered() -> None:
    parts = [
        ExclusivePart("1", 100, "buyer", Standing.UNDELIVERED, choice=Choice.CONSENT),
        ExclusivePart("2", 100, "", Standing.UNSOLD),
        ExclusivePart("3", 100, "buyer", Standing.DELIVERED, choice=Choice.OPPOSE),
    ]
    sums = add_up(parts)
    assert (sums.people, sums.people_voting, sums.people_consenting) == (2, 2, 1)
    assert (sums.area_voting, sums.area_consenting) == (300, 200)


def test_an_owner_of_two_flats_votes_once_with_both() -> None:
    sums = add_up([ExclusivePart("1", 80, "A", choice=Choice.CONSENT), ExclusivePart("2", 120, "A")])
    assert (sums.people, sums.people_voting, sums.area_consenting) == (1, 1, 200)


def test_differing_ballots_of_one_owner_are_named_not_counted() -> None:
    parts = [
        ExclusivePart("1-101", 80, "A", choice=Choice.CONSENT),
        ExclusivePart("1-102", 80, "A", choice=Choice.OPPOSE),
        ExclusivePart("1-103", 80, "", choice=Choice.OPPOSE),
    ]
    with pytest.raises(MixedVotes) as refused:
        add_up(parts)
    assert refused.value.parts == ["1-101", "1-102"]


def test_what_does_not_count_leaves_people_and_area() -> None:
    sums = add_up([ExclusivePart("1", 80), ExclusivePart("P1", 12, counted=False, choice=Choice.OPPOSE)])
    assert (sums.people, sums.area, sums.people_voting) == (1, 80, 0)


def test_who_abstains_takes_part_and_does_not_consent() -> None:
    result = tally(
        CommonMatter.USE_FUND,
        [ExclusivePart(str(n), 50, choice=Choice.ABSTAIN if n else Choice.CONSENT) for n in range(2)],
    )
    assert [c.met for c in result.criteria] == [True, True, False, False]


@example(Fraction(1, 3))
@given(st.fractions(min_value=Fraction(1, 10**6), max_value=1))
def test_a_share_is_never_rounded_over_the_line(below: Fraction) -> None:
    """However little is missing to two thirds, it is missing."""
    whole = Fraction(3)
    sums = Sums(3, whole, 2, Fraction(2) - below / 10**9, 2, Fraction(2) - below / 10**9)
    assert not judge(CommonMatter.USE_FUND, sums).criteria[1].met


@pytest.mark.parametrize("area", [0, -1, Decimal("-0.01")])
def test_an_area_must_be_above_zero(area: Decimal) -> None:
    with pytest.raises(ValueError, match="area"):
        ExclusivePart("1", area)


def test_impossible_sums_are_refused() -> None:
    with pytest.raises(ValueError, match="exceed"):
        even(3, 4, 1)
    with pytest.raises(ValueError, match="278"):
        judge(CommonMatter.NONE, even(3, 3, 3))
