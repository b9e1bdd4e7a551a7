"""Submissions under the ids of a roster, one for each group."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from grading.batch import submissions
from grading.batch.platforms import HandIn
from grading.batch.roster import Student
from grading.batch.times import FILES
from grading.errors import UsageError
from grading.manifest import Course
from grading.names import MOST, listed, meant, shown

Members = tuple[str, ...]


def by_roster(
    course: Course,
    found: Sequence[HandIn],
    roster: Mapping[str, Student],
    tell: Callable[[str], str] = shown,
) -> tuple[list[HandIn], list[str]]:
    """One submission per student or group, and warnings.

    A submission is a student's if it is named after the student or has the student's number on the
    platform; and a group's if it is named after the group, one of its members, or several with "+"
    between them. It goes by the first member on the roster; the rest are its `others`. What nobody
    on the roster handed in stays as it is.

    Args:
        tell: what a student or a submission is called in a warning.

    Raises:
        UsageError: nobody who handed in is on the roster.
    """
    groups = _groups(roster)
    from_ = {one: _senders(one, roster, groups)[1] for one in found}
    teams: dict[str, Members] = {
        student.id: groups.get(student.group, (student.id,)) for student in roster.values()
    }
    for senders in from_.values():
        if len(senders) == 1:
            continue
        together = {member for one in senders for member in teams[one]}
        team = tuple(student for student in roster if student in together)
        teams |= dict.fromkeys(team, team)
    numbers = {senders[0]: one.platform_id for one, senders in from_.items() if len(senders) == 1}
    of_team: dict[Members, list[HandIn]] = {}
    for one, senders in from_.items():
        if senders:
            of_team.setdefault(teams[senders[0]], []).append(one)
    strangers = [one for one, senders in from_.items() if not senders]
    if found and not of_team:
        raise UsageError(
            "nobody who handed in is on the roster: it has "
            f"{listed([shown(one) for one in roster])}; submissions are from "
            f"{listed([shown(one.student_id) for one in found])}"
        )
    in_order, warnings = list(strangers), list(_unknown(strangers, roster, of_team, tell))
    for team, sent in of_team.items():
        counts, warning = _latest(course, sent, tell)
        names = listed([tell(one) for one in team])
        several = "are a group" if len(team) > 1 else "has several submissions"
        warnings += [f"{names} {several}, and {warning}"] if warning else []
        first, *others = (HandIn(one, (), platform_id=numbers.get(one)) for one in team)
        in_order.append(
            replace(
                counts,
                student_id=first.student_id,
                platform_id=first.platform_id,
                others=tuple(others),
            )
        )
    return sorted(in_order, key=lambda one: one.student_id), warnings


def owners(
    found: Sequence[HandIn], roster: Mapping[str, Student]
) -> dict[str, tuple[str, Members]]:
    """Whose each submission is, unless a stranger's, by what it is called: the id of a student, the
    name of a group, or several ids with "+" between them; and the students who that is."""
    groups = _groups(roster)
    of = {one.student_id: _senders(one, roster, groups) for one in found}
    return {called: owner for called, owner in of.items() if owner[1]}


def _groups(roster: Mapping[str, Student]) -> dict[str, Members]:
    groups: dict[str, Members] = {}
    for student in roster.values():
        if student.group:
            groups[student.group] = (*groups.get(student.group, ()), student.id)
    return groups


def _senders(
    hand_in: HandIn, roster: Mapping[str, Student], groups: Mapping[str, Members]
) -> tuple[str, Members]:
    """After whom a submission is named, and the students on the roster who that is; nobody if it is
    a stranger's."""
    name, number = hand_in.student_id, hand_in.platform_id
    for one in (name, number or ""):
        if one in roster:
            return one, (one,)
    for one in (name, name.rpartition("_")[0] if number else ""):
        if one in groups:
            return one, groups[one]
    people = tuple(name.split("+"))
    return name, people if all(one in roster for one in people) else ()


def _latest(
    course: Course, sent: Sequence[HandIn], tell: Callable[[str], str]
) -> tuple[HandIn, str | None]:
    """The submission of a group that counts: of those that can be graded the latest, or the first
    of equal ones; and a warning if others do not count."""
    if len(sent) == 1:
        return sent[0], None
    read = [submissions.read(course, one) for one in sent]
    in_order = sorted(
        zip(sent, read, strict=True),
        key=lambda both: (
            both[1].problem is None,
            both[1].submitted or "",
            max(piece.upload for piece in both[0].pieces),
        ),
    )
    if len({(one.sha256, one.problem) for one in read}) == 1:
        return in_order[0][0], None
    counts, its = in_order[-1]
    names = listed([tell(one.student_id) for one, _ in in_order])
    by_file = " by the times of its files" if its.submitted_by == FILES else ""
    return counts, (
        f"{names} handed in different work: that of {tell(counts.student_id)} counts, the latest"
        f"{by_file} that can be graded"
    )


def _unknown(
    strangers: Sequence[HandIn],
    roster: Mapping[str, Student],
    of_team: Mapping[Members, list[HandIn]],
    tell: Callable[[str], str],
) -> Iterator[str]:
    """Who handed in and is not on the roster, and which of those who did not is probably meant."""
    sent = {member for team in of_team for member in team}
    left = [student for student in roster.values() if student.id not in sent]
    known = {text: student.id for student in left for text in (student.id, student.name) if text}
    names = [tell(one.student_id) for one in strangers]
    for at, one in enumerate(strangers[:MOST]):  # those that are shown
        form = " (did you mean {}?)"
        names[at] += meant(one.student_id, known, lambda text: tell(known[text]), form)
    if names:
        yield f"not on the roster: {listed(names)}"
