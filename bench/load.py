"""Ask a server on this machine for pages: signed in, one by one or many at once. Bounded in time, loopback only."""

import http.client
import re
import statistics
import subprocess
import time
import urllib.parse
from http.cookies import SimpleCookie

CONNECTIONS = 8
SECONDS = 3


class Visitor:
    """Somebody with cookies, over one connection that stays open."""

    def __init__(self, url: str) -> None:
        self.parts = urllib.parse.urlsplit(url)
        self.cookies: dict[str, str] = {}
        self.connection = http.client.HTTPConnection(self.parts.hostname or "127.0.0.1", self.parts.port, timeout=30)

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, body and Location of one request; follows nothing."""
        headers = {"Cookie": self.cookie, "Accept-Language": "fr"}
        body = None
        if form is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"{self.parts.scheme}://{self.parts.netloc}",
            }
            body = urllib.parse.urlencode(form)
        response = self._send("GET" if form is None else "POST", path, body, headers)
        text = response.read().decode("utf-8", "replace")
        for header in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
        return response.status, text, response.headers.get("Location", "")

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        try:
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError):  # the server closes what stayed idle
            self.connection.close()
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()

    def sign_in(self, email: str, password: str) -> None:
        _status, page, _location = self.ask("/compte/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        form = {"login": email, "password": password, "csrfmiddlewaretoken": token.group(1) if token else ""}
        status, page, _location = self.ask("/compte/login/", form)
        if status != 302:
            raise RuntimeError(f"could not sign in as {email}: {status}")

    def median_ms(self, path: str, times: int = 60) -> float:
        """Median time of one request after the other, in ms; raises unless each answers 200."""
        taken = []
        for _time in range(times):
            start = time.perf_counter()
            status, _page, _location = self.ask(path)
            taken.append((time.perf_counter() - start) * 1000)
            if status != 200:
                raise RuntimeError(f"{path} answered {status}")
        return statistics.median(taken)


def requests_per_second(url: str, cookie: str = "", *, connections: int = CONNECTIONS, seconds: int = SECONDS) -> float:
    """Requests answered each second to `connections` visitors at once (wrk); raises if any is not answered well."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-H", f"Cookie: {cookie}", url]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise RuntimeError(output)
    found = re.search(r"Requests/sec:\s+([\d.]+)", output)
    if found is None:
        raise RuntimeError(output)
    return float(found.group(1))
