"""S8: hostile text in every text field of the API, then everything it may have reached is looked at in Chromium.

Every operation of the OpenAPI document is called with each text of the corpus in each of its text fields (body,
query and path), the others holding their examples; so is the compatible surface with an API key. No
answer may be a 5xx or speak of the database. Then a trader's pages and every list and first row of the back office are
opened: a text that executes leaves `window.pwned` or opens a dialog, and either is a failure, as is a page
that answers 5xx.
"""

from __future__ import annotations

import hmac
import re
import secrets
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx
from playwright.sync_api import BrowserContext, Page

from tests.e2e.browser import chromium
from tests.support.family import Family

SQL = (
    "' OR '1'='1",
    "'; DROP TABLE users_user; --",
    '" OR ""="',
    "1) UNION SELECT NULL, version() --",
    "1; SELECT pg_sleep(5)",
    "admin'/*",
    "\\'; SELECT 1; --",
    "%' AND 1=CAST((SELECT current_user) AS int) --",
    "0x27204f522031",
    "' || (SELECT password FROM users_user LIMIT 1) || '",
)
XSS = (
    "<script>window.pwned=1</script>",
    '"><img src=x onerror=window.pwned=1>',
    "'><svg/onload=window.pwned=1>",
    "</script><script>window.pwned=1</script>",
    "javascript:window.pwned=1",
    '" autofocus onfocus="window.pwned=1',
    "<iframe srcdoc='<script>parent.pwned=1</script>'>",
    "<details open ontoggle=window.pwned=1>",
    "{{constructor.constructor('window.pwned=1')()}}",
    "${alert(1)}{% debug %}",
    "<a href=javascript:alert(1)>x</a>",
    "\u202egnp.exe<b>",
)
CORPUS = SQL + XSS
DATABASE_WORDS = re.compile(
    r"syntax error|psycopg|sqlite3\.|OperationalError|ProgrammingError|DataError|relation \"", re.IGNORECASE
)
ENDS_A_SESSION = re.compile(r"/auth/logout|/me/")  # sent as somebody nobody else needs
PAGES = ("/", "/accounts", "/security", "/verification", "/api/v1/docs")
COMPATIBLE = (
    ("POST", "/fapi/v1/order", {"side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "1", "price": "1"}),
    ("POST", "/fapi/v1/algoOrder", {"algoType": "CONDITIONAL", "side": "BUY", "type": "STOP_MARKET", "quantity": "1"}),
    ("GET", "/fapi/v1/allOrders", {}),
    ("GET", "/fapi/v1/klines", {"interval": "1m"}),
    ("GET", "/fapi/v1/income", {"incomeType": "TRANSFER"}),
)
COMPATIBLE_FIELDS = (
    "symbol",
    "newClientOrderId",
    "clientAlgoId",
    "origClientOrderId",
    "interval",
    "incomeType",
    "side",
)


def _example(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _example(schemas[schema["$ref"].rsplit("/", 1)[1]], schemas)
    for words in ("examples", "enum"):
        if schema.get(words):
            return schema[words][0]
    for part in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        return _example(part, schemas)
    if "properties" in schema:
        return {name: _example(one, schemas) for name, one in schema["properties"].items()}
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    return {"integer": 1, "number": 1, "boolean": False, "array": [], "object": {}}.get(str(kind), "text")


def _is_text(schema: dict[str, Any]) -> bool:
    kinds = [schema.get("type"), *(part.get("type") for part in schema.get("anyOf", ()))]
    return "string" in kinds or any(isinstance(kind, list) and "string" in kind for kind in kinds)


def calls(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, str], Any]]:
    """(method, path, query, JSON body): each text field of each operation with each hostile text."""
    schemas = document["components"]["schemas"]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            parameters = operation.get("parameters", ())
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            body = _example(content["schema"], schemas) if content else None
            fields = {} if content is None else _properties(content["schema"], schemas)
            query = {one["name"]: str(_example(one["schema"], schemas)) for one in parameters if one["in"] == "query"}
            places = {one["name"]: str(_example(one["schema"], schemas)) for one in parameters if one["in"] == "path"}
            for text in CORPUS:
                for name in (name for name, schema in fields.items() if _is_text(schema)):
                    yield method.upper(), _filled(path, places), query, {**body, name: text}
                for name in query:
                    yield method.upper(), _filled(path, places), {**query, name: text}, body
                for name in places:
                    yield method.upper(), _filled(path, {**places, name: text}), query, body


def _properties(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return _properties(schemas[schema["$ref"].rsplit("/", 1)[1]], schemas)
    found: dict[str, Any] = schema.get("properties", {})
    return found


def _filled(path: str, places: dict[str, str]) -> str:
    for name, value in places.items():
        path = path.replace("{" + name + "}", quote(value, safe=""))
    return path


class Sender:
    """Sends as a demo trader and keeps what must not be answered."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.trader = facts["accounts"][0]
        self.client = httpx.Client(base_url=facts["base_url"], timeout=30)
        self.faults: list[str] = []
        self.sent = 0
        self.throttled = 0
        self._tokens: dict[str, str] = {}

    def send(self, method: str, path: str, query: dict[str, str], body: Any) -> None:
        """One call. What may end a session, or a person's access, is done by a spare person."""
        who = "spare" if ENDS_A_SESSION.search(path) else "trader"
        if who not in self._tokens:
            self._tokens[who] = self._sign_in(who)
        agent = CORPUS[self.sent % len(CORPUS)].encode("ascii", "replace").decode()
        headers = {"Authorization": f"Bearer {self._tokens[who]}", "User-Agent": agent}
        answer = self.client.request(method, path, params=query, json=body, headers=headers)
        self.judge(f"{method} {path} {query} {body}", answer)
        if answer.status_code == 401:
            del self._tokens[who]

    def send_signed(self, method: str, path: str, params: dict[str, str]) -> None:
        query = urlencode({**params, "timestamp": str(int(time.time() * 1000))})
        signature = hmac.digest(self.trader["api_secret"].encode(), query.encode(), "sha256").hex()
        address = f"{path}?{query}&signature={signature}"
        answer = self.client.request(method, address, headers={"X-MBX-APIKEY": self.trader["api_key"]})
        self.judge(f"{method} {path} {params}", answer)

    def judge(self, what: str, answer: httpx.Response) -> None:
        self.sent += 1
        self.throttled += answer.status_code == 429
        if answer.status_code >= 500 and answer.status_code != 503:
            self.faults.append(f"{what}: {answer.status_code}")
        if DATABASE_WORDS.search(answer.text):
            self.faults.append(f"{what}: speaks of the database: {answer.text[:200]}")

    def _sign_in(self, who: str) -> str:
        form = {"email": self.trader["email"], "password": self.trader["password"]}
        if who == "spare":
            form = {"email": f"spare-{secrets.token_hex(6)}@example.com", "password": secrets.token_urlsafe(16)}
            self.client.post("/api/v1/auth/register", json=form)
        return str(self.client.post("/api/v1/auth/login", json=form).json()["access"])


def attack(facts: dict[str, Any]) -> Sender:
    """Everything sent; progress every few hundred calls."""
    sender = Sender(facts)
    document = sender.client.get("/api/v1/schema").json()
    for method, path, query, body in calls(document):
        sender.send(method, path, query, body)
        if sender.sent % 500 == 0:
            print(f"corpus: {sender.sent} calls, {len(sender.faults)} faults", flush=True)
    for method, path, params in COMPATIBLE:
        for text in CORPUS:
            for name in COMPATIBLE_FIELDS:
                sender.send_signed(method, path, {"symbol": facts["quiet_symbol"], **params, name: text})
    return sender


class Watcher:
    """A browser context whose pages must execute nothing."""

    def __init__(self, context: BrowserContext) -> None:
        self.faults: list[str] = []
        self.seen = 0
        context.on("page", self._watch)
        self.page = context.new_page()

    def _watch(self, page: Page) -> None:
        page.on("dialog", lambda dialog: (self.faults.append(f"a dialog on {page.url}"), dialog.dismiss()))

    def look(self, address: str) -> None:
        answer = self.page.goto(address, wait_until="networkidle")  # lists are read once the page is there
        self.seen += 1
        if answer is not None and answer.status >= 500:
            self.faults.append(f"{address}: {answer.status}")
        if self.page.evaluate("window.pwned === 1"):
            self.faults.append(f"{address}: a text was executed")


def view(facts: dict[str, Any]) -> Watcher:
    """The trader's pages and the whole back office."""
    base, staff = facts["base_url"], facts["staff"]
    with chromium() as browser:
        watcher = Watcher(browser.new_context())
        page = watcher.page
        page.goto(f"{base}/")
        page.click("#sign-in")
        page.fill("#login [name=email]", facts["accounts"][0]["email"])
        page.fill("#login [name=password]", facts["accounts"][0]["password"])
        page.click("#login [type=submit]")
        page.wait_for_selector("#who", state="visible")
        for path in PAGES:
            watcher.look(base + path)
        page.goto(f"{base}/admin/login/")
        page.fill("[name=username]", staff["email"])
        page.fill("[name=password]", staff["password"])
        page.click("[type=submit]")
        page.goto(f"{base}/admin/")
        lists = page.eval_on_selector_all("a[href^='/admin/']", "links => links.map(link => link.pathname)")
        for path in sorted({path for path in lists if path.count("/") == 4 and "logout" not in path}):
            watcher.look(base + path)
            rows = page.eval_on_selector_all(
                "#result_list th a, #result_list td a", "links => links.map(link => link.pathname)"
            )
            for row in rows[:2]:
                watcher.look(base + row)
    return watcher


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="corpus-") as scratch:
        print("corpus: starting a family of its own ...", flush=True)
        with Family(Path(scratch) / "data", EXCHANGE_THROTTLE_TIMES="1000") as family:
            sender = attack(family.facts)
            print(f"corpus: {sender.sent} calls sent; looking at the pages ...", flush=True)
            watcher = view(family.facts)
        told = [line for line in family.told().splitlines() if DATABASE_WORDS.search(line)]
    faults = sender.faults + watcher.faults + told
    print(f"corpus: {sender.sent} calls ({sender.throttled} throttled), {watcher.seen} pages: {len(faults)} faults")
    for line in faults[:50]:
        print(f"corpus: {line[:400]}")
    return 1 if faults or sender.throttled > sender.sent // 20 else 0
