#!/usr/bin/env python3
"""Turn the Government of Canada's published service standards into commands for `cem import`.

    from-service-standards.py service-standards.csv > gaps.ndjson
    cem import gaps.ndjson --dry-run

    from-service-standards.py --standards older.csv | cem import - --source service-standards
    from-service-standards.py --standards newer.csv --previous older.csv \
      | cem import - --source service-standards --revise

The input is the CSV of service standards from the GC Service Inventory on Canada's Open Government
Portal (dataset 3ac0d080-6149-499a-8b06-7ce5f00ec56c, Open Government Licence - Canada). The output
is NDJSON on stdout: a `department.register` for every organisation in the file, in the order of its
first row, then a `gap.record` for every row whose target was missed (`target_met` is N).

With `--standards` each row is a touchpoint (`touchpoint.map`) with its service standard
(`standard.set`) and what was measured in the fiscal year (`standard.measure`); misses are then
breaches, which `cem gap record --all-breaches DEPT` turns into gaps. A standard that stands in the
file twice is reported, and its later row counts. With `--previous OLDER` the standards that are in
the older file alone are retired.

Cells that can't be used are left out, never guessed; each is named on stderr with the line on which
its row starts, and the exit status stays 0. A file that is not of this kind ends with status 65.
Keys and external ids are made of the file's own ids, so that a newer issue of the file, read with
`--gaps-only` and imported with `--revise`, becomes the reassessments that lead there.
"""

import argparse
import csv
import datetime
import json
import re
import sys
from decimal import ROUND_HALF_EVEN, Decimal

DATASET = "3ac0d080-6149-499a-8b06-7ce5f00ec56c"
COLUMNS = (
    "fiscal_yr", "service_id", "service_name_en", "service_standard_id", "service_standard_en",
    "channel", "target", "performance", "total_volume", "target_met", "owner_org",
    "owner_org_title",
)
CHANNELS = {
    "TEL": "telephone", "EML": "email", "ONL": "online", "POST": "post", "PERSON": "in person",
    "FAX": "fax", "OTH": "other channels",
}
# What the file writes where it has no value, beside leaving the cell empty.
NO_VALUE = {"", "NA", "N/A", "ND", "N/D"}
TITLE_BYTES = 500
CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,20})?")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


def warn(line, text):
    """Says on stderr what was left out of the row that starts on this line."""
    print(f"line {line}: {text}", file=sys.stderr)


def clean(cell):
    """The cell on one line: control and bidirectional marks and runs of blanks become one blank."""
    return " ".join(CONTROL.sub(" ", cell or "").split())


def cut(text, limit=TITLE_BYTES):
    """At most `limit` bytes of UTF-8, cut between characters and then ended with an ellipsis."""
    data = text.encode("utf-8")
    if len(data) <= limit:
        return text
    room = limit - len("…".encode("utf-8"))
    return data[:room].decode("utf-8", errors="ignore").rstrip() + "…"


def number(row, column, line):
    """An exact decimal with at most six places, or None with a warning."""
    cell = clean(row[column])
    if cell.upper() in NO_VALUE:
        warn(line, f"{column} has no value ({cell or 'empty'}), left out")
        return None
    if not NUMBER.fullmatch(cell):
        warn(line, f"{column} is not a number, left out: {cell[:40]!r}")
        return None
    value = Decimal(cell)
    rounded = value.quantize(Decimal("0.000001"), rounding=ROUND_HALF_EVEN)
    if rounded != value:
        warn(line, f"{column} rounded to six places: {cell}")
    return rounded


def plain(value):
    """`0.900000` as `0.9`: no exponent, no trailing zeros, no negative zero."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def severity(expected, perceived):
    """1 to 5 by the share of the target that is missing: to 5 %, 15 %, 35 %, 65 %, and beyond."""
    if expected is None or perceived is None or expected <= 0:
        return None
    missing = (expected - perceived) / expected
    limits = (Decimal("0.05"), Decimal("0.15"), Decimal("0.35"), Decimal("0.65"))
    return 1 + sum(missing > limit for limit in limits)


def rows(path):
    """Each row with the line on which it starts; cells may themselves hold line breaks."""
    with open(path, encoding="utf-8-sig", errors="replace", newline="") as file:
        csv.field_size_limit(1 << 24)
        reader = csv.DictReader(file)
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise ValueError(f"not a file of service standards: no column {', '.join(missing)}")
        line = reader.line_num + 1
        for row in reader:
            yield line, row
            line = reader.line_num + 1


def department(row, line):
    """The command that registers the row's organisation under its own short code."""
    code = clean(row["owner_org"])
    if not CODE.fullmatch(code):
        warn(line, f"owner_org is not a department code, its rows are left out: {code!r}")
        return None
    name = clean((row["owner_org_title"] or "").split("|")[0])
    return {
        "command": "department.register", "key": f"department-{code}", "code": code,
        "name": cut(name or code), "on": f"{first_year(row, line)}-04-01",
    }


def first_year(row, line):
    """The year in which the row's fiscal year (`2023-2024`, April to March) begins."""
    match = re.fullmatch(r"([0-9]{4})-[0-9]{4}", clean(row["fiscal_yr"]))
    if not match:
        raise ValueError(f"line {line}: fiscal_yr is not a fiscal year: {row['fiscal_yr']!r}")
    return int(match[1])


def gap(row, identity, line):
    """The command that records the row's missed target as a gap."""
    measured_on = datetime.date(first_year(row, line) + 1, 3, 31)
    expected = number(row, "target", line)
    perceived = number(row, "performance", line)
    channel, volume = clean(row["channel"]), clean(row["total_volume"])
    source = f"GC Service Inventory {clean(row['fiscal_yr'])}, dataset {DATASET}"
    source += f", standard {identity} ({CHANNELS.get(channel, channel or 'channel unknown')})"
    if volume.upper() not in NO_VALUE:
        source += f", volume {volume}"
    title = clean(row["service_name_en"]), clean(row["service_standard_en"])
    command = {
        "command": "gap.record", "key": f"gap-{identity}", "department": clean(row["owner_org"]),
        "link": "training-execution", "title": cut(": ".join(filter(None, title)) or identity),
        "expected": None if expected is None else plain(expected),
        "perceived": None if perceived is None else plain(perceived),
        "unit": "ratio", "severity": severity(expected, perceived), "source": source,
        "measuredOn": measured_on.isoformat(), "external": f"gcsi:{identity}",
        "on": (measured_on + datetime.timedelta(days=30)).isoformat(),
    }
    return {field: value for field, value in command.items() if value is not None}


def commands(path, gaps_only=False):
    """All commands of the file: departments in the order they appear, then the gaps."""
    departments, gaps, seen = {}, [], {}
    for line, row in rows(path):
        code = clean(row["owner_org"])
        if code not in departments:
            departments[code] = department(row, line)
        met = clean(row["target_met"]).upper()
        if met not in {"Y", "N"} | NO_VALUE:
            warn(line, f"target_met is neither Y, N nor NA, row passed over: {met[:40]!r}")
        if met != "N" or departments[code] is None:
            continue
        # A standard's id alone is not unique: services share standards, and a standard is measured
        # per channel. Should all three repeat, the occurrence in the file tells the rows apart.
        parts = (row["service_id"], row["service_standard_id"], row["channel"])
        identity = "/".join(clean(part) or "-" for part in parts)
        seen[identity] = seen.get(identity, 0) + 1
        if seen[identity] > 1:
            warn(line, f"standard {identity} occurs again, numbered {seen[identity]}")
            identity += f"/{seen[identity]}"
        gaps.append(gap(row, identity, line))
    return gaps if gaps_only else [command for command in departments.values() if command] + gaps


def share(row, column, line):
    """A number that is a share, or None with a warning where it cannot be one."""
    value = number(row, column, line)
    if value is not None and not 0 <= value <= 1:
        warn(line, f"{column} is no share between 0 and 1, left out: {clean(row[column])}")
        return None
    return value


def standard_rows(path):
    """The rows by service and standard id, with their lines; of two with one id the later counts."""
    found = {}
    for line, row in rows(path):
        # An external id holds no blanks.
        identity = "/".join(
            clean(row[name]).replace(" ", "_") or "-" for name in ("service_id", "service_standard_id")
        )
        if identity in found:
            warn(
                line,
                f"service_standard_id: standard {identity} stands in line {found[identity][0]} too;"
                " this later row counts",
            )
        found[identity] = (line, row)
    return found


def standard(identity, row, line):
    """The commands of a row: the touchpoint, its standard, and the year's measurement."""
    year = first_year(row, line)
    channel = clean(row["channel"])
    names = clean(row["service_name_en"]), clean(row["service_standard_en"])
    target = share(row, "target", line)
    value = share(row, "performance", line)
    volume = number(row, "total_volume", line)
    place = {
        "command": "touchpoint.map", "key": f"touchpoint-{identity}",
        "department": clean(row["owner_org"]), "name": cut(names[0] or identity),
        "channel": channel.lower() or None, "on": f"{year}-04-01",
        "external": f"gcsi-touchpoint:{identity}",
    }
    promise = {
        "command": "standard.set", "key": f"standard-{identity}",
        "touchpoint": f"@gcsi-touchpoint:{identity}", "metric": cut(names[1] or identity),
        "unit": "share", "target": None if target is None else plain(target),
        "on": f"{year}-04-01", "external": f"gcsi-standard:{identity}",
    }
    measured = {
        "command": "standard.measure", "key": f"measure-{identity}-{year + 1}",
        "standard": f"@gcsi-standard:{identity}", "period": f"FY{year + 1}",
        "value": None if value is None else plain(value), "noData": True if value is None else None,
        "volume": None if volume is None else plain(volume), "on": f"{year + 1}-04-30",
    }
    return [
        {field: value for field, value in command.items() if value is not None}
        for command in (place, promise, measured)
    ]


def gone(identity):
    """The commands that retire a standard, and its touchpoint, that the newer file has no more."""
    reason = "no longer in the published file"
    return [
        {
            "command": f"{kind}.retire", "key": f"retire-{kind}-{identity}",
            kind: f"@gcsi-{kind}:{identity}", "reason": reason,
        }
        for kind in ("standard", "touchpoint")
    ]


def standards(path, previous=None):
    """Departments, then each standard with its touchpoint and measurement, then what is gone."""
    found = standard_rows(path)
    departments = {}
    for line, row in sorted(found.values(), key=lambda item: item[0]):
        command = department(row, line)
        if command:
            known = departments.setdefault(command["code"], command)
            # Some rows are of an earlier year than others.
            known["on"] = min(known["on"], command["on"])
    output = list(departments.values())
    for identity, (line, row) in found.items():
        if clean(row["owner_org"]) in departments:
            output += standard(identity, row, line)
    if previous:
        for identity in standard_rows(previous):
            if identity not in found:
                output += gone(identity)
    return output


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("csv", help="the published file of service standards")
    parser.add_argument(
        "--gaps-only", action="store_true", help="for a program that has the departments already"
    )
    parser.add_argument(
        "--standards", action="store_true",
        help="touchpoints with standards and measurements instead of gaps",
    )
    parser.add_argument(
        "--previous", metavar="OLDER", help="with --standards, retire what only this file has"
    )
    arguments = parser.parse_args()
    if arguments.previous and not arguments.standards:
        parser.error("--previous goes with --standards")
    try:
        if arguments.standards:
            output = standards(arguments.csv, arguments.previous)
        else:
            output = commands(arguments.csv, arguments.gaps_only)
    except (OSError, ValueError, csv.Error) as error:
        print(f"error: {error}", file=sys.stderr)
        return 66 if isinstance(error, FileNotFoundError) else 65
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    for command in output:
        print(json.dumps(command, ensure_ascii=False, separators=(",", ":")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
