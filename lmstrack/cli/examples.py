"""An example or more of every command; a test types them all."""

from __future__ import annotations

from typing import Final

EXAMPLES: Final[dict[str, tuple[str, ...]]] = {
    "worklist": (
        "lmstrack worklist",
        "lmstrack worklist --navigator mine",
        "lmstrack worklist --as-of fri -o friday.html",
    ),
    "contact": (
        "lmstrack contact LMS-0107-8 reached",
        "lmstrack contact LMS-0107-8 no_answer --channel phone --next-on fri",
        "lmstrack contact LMS-0107-8 call_back --strand chest_imaging --next-on +2w",
    ),
    "overdue": (
        "lmstrack overdue",
        "lmstrack overdue --as-of 2026-11-01 -o overdue.html",
        "lmstrack overdue --navigator jw --format csv > overdue.csv",
        "lmstrack overdue --state declined",
    ),
    "record": (
        "lmstrack record LMS-0107-8 imaging region=primary modality=MRI adequate=true",
        "lmstrack record LMS-0107-8 visit components=history,examination --on fri",
        'lmstrack record LMS-0107-8 biopsy --despite LMS-DX-01 --because "…" --agreed-by NAME',
    ),
    "show": (
        "lmstrack show 107",
        "lmstrack show LMS-0107-8 --format json",
    ),
    "why": (
        "lmstrack why LMS-0107-8 biopsy",
        "lmstrack why LMS-0107-8 chest_imaging",
    ),
    "next": ("lmstrack next LMS-0107-8",),
    "timeline": ("lmstrack timeline LMS-0107-8",),
    "whatif": (
        "lmstrack whatif LMS-0107-8 recurrence status=confirmed local=true",
        "lmstrack whatif LMS-0107-8 visit components=history,examination --on tomorrow",
    ),
    "diff": (
        "lmstrack diff 2026-11-17",
        "lmstrack diff 2026-11-17 2026-11-24 -o changes.html",
        "lmstrack diff monday.json",
    ),
    "undo": (
        "lmstrack undo LMS-0107-8 7",
        "lmstrack undo",
    ),
    "case add": (
        'lmstrack case add --name "Ann Example" --born 1961-03-04 --id mrn=0012345678',
        "lmstrack case add --name … --born … --format json",
    ),
    "case find": ("lmstrack case find 0012345678",),
    "case list": ("lmstrack case list --state surveillance",),
    "case edit": ("lmstrack case edit LMS-0107-8 --born 1961-03-14",),
    "case assign": (
        "lmstrack case assign LMS-0107-8 navigator-b",
        "lmstrack case assign LMS-0107-8 navigator-b --until 2026-12-31",
    ),
    "case duplicates": ("lmstrack case duplicates", "lmstrack case duplicates --format csv"),
    "case merge": (
        'lmstrack case merge LMS-0107-8 LMS-0042-7 --because "same patient" --dry-run',
        'lmstrack case merge LMS-0107-8 LMS-0042-7 --because "same patient" --confirm LMS-0042-7',
    ),
    "case unmerge": ('lmstrack case unmerge LMS-0107-8 LMS-0042-7 --because "two sisters"',),
    "event correct": (
        'lmstrack event correct LMS-0107-8 4 --on 2026-06-05 --because "day and month swapped"',
        'lmstrack event correct LMS-0107-8 5 grade=3 --nature refined --because "amended report"',
        'lmstrack event correct LMS-0107-8 6 --withdraw --because "entered twice"',
    ),
    "event move": ('lmstrack event move LMS-0107-8 6 LMS-0042-7 --because "wrong patient"',),
    "import": (
        "lmstrack import cohort.ndjson",
        "lmstrack import cohort.ndjson --commit --as-history --source registry",
    ),
    "export events": ("lmstrack export events -o events.ndjson",),
    "export obligations": ("lmstrack export obligations -o obligations.csv",),
    "workflow list": ("lmstrack workflow list",),
    "workflow show": ("lmstrack workflow show", "lmstrack workflow show northtown.yaml"),
    "workflow check": ("lmstrack workflow check northtown.yaml",),
    "workflow adopt": (
        "lmstrack workflow adopt leiomyosarcoma-2026.2",
        "lmstrack workflow adopt leiomyosarcoma-2026.2 LMS-0107-8 --commit",
        "lmstrack workflow adopt leiomyosarcoma-2026.2 --navigator jw --commit",
    ),
    "workflow diagram": ("lmstrack workflow diagram > pathway.mmd",),
    "rules list": ("lmstrack rules list --format csv",),
    "rules show": ("lmstrack rules show LMS-DX-01",),
    "rules coverage": ("lmstrack rules coverage", "lmstrack rules coverage --format csv"),
    "rules gaps": ("lmstrack rules gaps",),
    "calc stage": (
        "lmstrack calc stage site_group=extremity size_mm=51 n=0 m=0 grade=3",
        "lmstrack calc stage site_group=trunk t=2 n=1 m=0 authority=UICC",
        "lmstrack calc stage --case LMS-0107-8 grade=3",
    ),
    "calc figo": (
        "lmstrack calc figo size_mm=60 adnexa=no pelvic=no abdominal_sites=0 nodes=no bladder_rectum=no distant=no",
        "lmstrack calc figo --case LMS-0107-8",
    ),
    "calc grade": ("lmstrack calc grade differentiation=2 mitoses_count=10 necrosis_pct=0",),
    "calc schedule": (
        "lmstrack calc schedule site_group=extremity grade=3 anchor=2026-01-31",
        "lmstrack calc schedule site_group=uterus anchor=2026-01-31 until=2031-01-31",
    ),
    "init": ("lmstrack init --db ward.db",),
    "demo": (
        "lmstrack demo",
        "lmstrack demo ./try-out",
    ),
    "doctor": ("lmstrack doctor", "lmstrack doctor --repair"),
    "audit verify": ("lmstrack audit verify",),
    "audit head": ("lmstrack audit head",),
    "backup": ("lmstrack backup ward-2026-11-24.db",),
    "restore": ("lmstrack restore ward-2026-11-24.db",),
    "config show": ("lmstrack config show",),
    "completion": (
        'eval "$(lmstrack completion bash)"',
        "lmstrack completion fish > ~/.config/fish/completions/lmstrack.fish",
    ),
    "help": (
        "lmstrack help dates",
        "lmstrack help biopsy",
    ),
}
