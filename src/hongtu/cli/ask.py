"""`hongtu ask "居住证怎么办"`: one question to the assistant."""

from typing import Annotated

import typer


def ask(
    question: Annotated[str, typer.Argument(help="What someone wants to know.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")] = False,
    lexical_only: Annotated[bool, typer.Option("--lexical-only", help="Without the sentence model.")] = False,
) -> None:
    """Answer out of the published guides: outcome, matter, fields, sentences with sources, what is missing.

    Outcomes: answered, asks, refused, handed_over. A hand-over is entered in the helpers' queue.
    """
    from hongtu.cli.terminal import console, django, print_json

    django()
    from django.conf import settings

    from hongtu.boards.assistant import answers, service
    from hongtu.kernel.profile.models import today

    if lexical_only:
        settings.HONGTU_SENTENCE_MODEL = "off"
    found = answers.of_today(question, today(), wait=True)
    if found.outcome == "handed_over":
        found, _turn = service.say(question, channel="cli", wait=True)
    if as_json:
        print_json(found.as_dict())
        return
    console.print(f"[{found.outcome}] {found.name}", markup=False)
    if found.notice:
        console.print(found.notice, markup=False)
    for sentence in found.sentences:
        source = f"{sentence.matter} v{sentence.version} {sentence.effective_from}"
        console.print(f"{sentence.label}: {sentence.text}  <{source}>", markup=False)
    for _code, name in found.choices:
        console.print(f"- {name}", markup=False)
    if found.missing_labels:
        console.print("missing: " + ", ".join(found.missing_labels), markup=False)
