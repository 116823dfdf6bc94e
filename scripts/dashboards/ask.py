"""Asks a Superset for the rows of every chart of the bundle: `ask.py URL OUT CHARTS`.

Exits with 1 where a chart is missing, fails or has no rows.
"""
import json
import pathlib
import sys
import time
import urllib.error
import urllib.request


def request(url, body=None, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    data = json.dumps(body).encode() if body is not None else None
    if data:
        headers["Content-Type"] = "application/json"
    with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=300) as answer:
        return json.load(answer)


def wait(url):
    """Until the server answers; it takes a while to load."""
    for _ in range(180):
        try:
            urllib.request.urlopen(f"{url}/health", timeout=5)
            return
        except OSError:
            time.sleep(1)
    sys.exit("error: Superset does not answer")


def main():
    url, out, folder = sys.argv[1:]
    wait(url)
    login = {"username": "admin", "password": "admin", "provider": "db"}
    token = request(f"{url}/api/v1/security/login", login)["access_token"]
    charts = request(f"{url}/api/v1/chart/?q=(page_size:100)", token=token)["result"]
    expected = len(list(pathlib.Path(folder).glob("*.yaml")))
    failures = [] if len(charts) == expected else [f"{len(charts)} of {expected} charts were imported"]
    report = []
    for chart in sorted(charts, key=lambda chart: chart["id"]):
        name = chart["slice_name"]
        try:
            answer = request(f"{url}/api/v1/chart/{chart['id']}/data/?force=true", token=token)
            rows = answer["result"][0]["data"]
            error = answer["result"][0].get("error")
        except urllib.error.HTTPError as problem:
            rows, error = [], problem.read().decode(errors="replace")[:500]
        if error or not rows:
            failures.append(f"{name}: {error or 'no rows'}")
        report.append({"chart": name, "rows": len(rows), "error": error, "first": rows[:5]})
        print(f"{name}: {len(rows)} rows")
    pathlib.Path(out).write_text(json.dumps(report, indent=2, ensure_ascii=False, default=str))
    for failure in failures:
        print(f"error: {failure}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
