"""Opens a report in headless Chromium, on a phone's width and on a desk's, and looks for what a reader would stumble over.

In -> out: REPORT.html OUTDIR -> OUTDIR/report-390.png and report-1400.png, on standard output one JSON object with the page's height at each
width; exit code 0. A console error or an exception, a picture that does not load, a request for anything but the page itself, or something cut
off (the page wider than the window, an element outside it that no scroll box holds, words that their box or their plot clips): exit code 1 and
every finding on standard error. No Chromium on this machine: exit code 77.
It speaks the DevTools protocol over `--remote-debugging-pipe`, so it needs no port and no package. It does not judge colours or wording, and
it does not compare pictures: fonts differ between machines.
"""

import base64
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WIDTHS_PX = (390, 1400)
HEIGHT_PX = 900
# Above this the graphics library refuses one picture; the rest of a longer page is measured but not drawn.
TALLEST_PX = 16000
TIMEOUT_SECS = 60
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update"
    " --disable-sync --disable-dev-shm-usage --hide-scrollbars --remote-debugging-pipe"
).split()

# Answers with a list of findings. Half a pixel is rounding.
MEASURE = """(() => {
  const root = document.documentElement, width = root.clientWidth, found = [], slack = 0.5;
  const name = e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + [...e.classList].map(c => '.' + c).join('') +
    ' "' + (e.textContent || '').trim().replace(/\\s+/g, ' ').slice(0, 40) + '"';
  const above = (e, values) => {
    for (let up = e.parentElement; up && up !== document.body; up = up.parentElement)
      if (values.includes(getComputedStyle(up).overflowX)) return up;
  };
  if (root.scrollWidth > innerWidth) found.push(`the page is ${root.scrollWidth} px wide in a window of ${innerWidth} px`);
  for (const e of document.body.querySelectorAll('*')) {
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    if (!box.width || !box.height || style.visibility !== 'visible') continue;
    const plot = e.ownerSVGElement;
    if (plot) {
      let outer = plot;
      while (outer.ownerSVGElement) outer = outer.ownerSVGElement;
      const edge = outer.getBoundingClientRect();
      const isOut = box.left < edge.left - slack || box.right > edge.right + slack || box.top < edge.top - slack || box.bottom > edge.bottom + slack;
      if (e.tagName === 'text' && isOut && getComputedStyle(outer).overflow !== 'visible') found.push(`its plot clips ${name(e)}`);
      continue;
    }
    if ((box.left < -slack || box.right > width + slack) && !above(e, ['auto', 'scroll']))
      found.push(`${name(e)} reaches from ${box.left.toFixed(1)} to ${box.right.toFixed(1)} px in a window of ${width} px`);
    // What a box clips above itself or to its left does not count as its content's size.
    const clipper = above(e, ['auto', 'scroll', 'hidden', 'clip']), edge = clipper?.getBoundingClientRect();
    if (edge && (box.left < edge.left - 1 || box.top < edge.top - 1)) found.push(`${name(clipper)} clips ${name(e)} above or at the left`);
    if (['hidden', 'clip'].includes(style.overflowX) && e.scrollWidth > e.clientWidth + 1) found.push(`its box clips ${name(e)} at the side`);
    if (['hidden', 'clip'].includes(style.overflowY) && e.scrollHeight > e.clientHeight + 1) found.push(`its box clips ${name(e)} below`);
  }
  for (const e of document.images)
    if (!(e.complete && e.naturalWidth)) found.push(`a picture did not load: ${(e.currentSrc || e.src).slice(0, 80)}`);
  return found;
})()"""
OPEN_ALL = "document.querySelectorAll('details').forEach(e => { e.open = true })"
# Pictures that wait to be scrolled to would be judged before they had their chance.
LOAD_ALL = """(async () => {
  for (const e of document.images) { e.loading = 'eager'; await e.decode().catch(() => {}); }
  await document.fonts.ready;
})()"""


class Failure(Exception):
    """What is wrong with the page, or with the browser."""


class Browser:
    """One Chromium, spoken to in JSON messages that end with a zero byte."""

    def __init__(self, program, profile):
        # Chromium reads from descriptor 3 and writes to 4; the shell moves our pipes there.
        shell = ["sh", "-c", 'exec "$@" 3<&0 4>&1 </dev/null >&2', "sh"]
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [*shell, program, *FLAGS, f"--user-data-dir={profile}", "--host-resolver-rules=MAP * ~NOTFOUND"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            start_new_session=True,
        )
        self.session = None
        self.last_id = 0
        self.unread = b""
        self.events = []

    def call(self, method, **arguments):
        self.last_id += 1
        message = {"id": self.last_id, "method": method, "params": arguments}
        if self.session is not None:
            message["sessionId"] = self.session
        try:
            self.process.stdin.write(json.dumps(message).encode() + b"\0")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise Failure(f"{method}: {self.complaint()}") from None
        deadline = time.monotonic() + TIMEOUT_SECS
        while True:
            answer = self.receive(method, deadline)
            if answer.get("id") != self.last_id:
                self.events.append(answer)
            elif "error" in answer:
                raise Failure(f"{method}: {answer['error']['message']}")
            else:
                return answer["result"]

    def receive(self, what, deadline):
        while b"\0" not in self.unread:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise Failure(f"{what}: no answer from Chromium within {TIMEOUT_SECS} s")
            data = os.read(self.process.stdout.fileno(), 1 << 20)
            if not data:
                raise Failure(f"{what}: {self.complaint()}")
            self.unread += data
        message, _, self.unread = self.unread.partition(b"\0")
        return json.loads(message)

    def wait_for(self, event):
        deadline = time.monotonic() + TIMEOUT_SECS
        while not any(seen.get("method") == event for seen in self.events):
            self.events.append(self.receive(event, deadline))

    def evaluate(self, script):
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise Failure(f"the measuring script failed: {described(result['exceptionDetails'])}")
        return result["result"].get("value")

    def complaint(self):
        self.log.seek(0)
        return "Chromium ended: " + self.log.read().decode(errors="replace")[-2000:].strip()

    def close(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


def installed():
    """The first one that is a browser: on Ubuntu `chromium-browser` may be a note that asks for a snap, and ends with an error."""
    for name in NAMES:
        program = shutil.which(name)
        if program and subprocess.run([program, "--version"], capture_output=True, timeout=TIMEOUT_SECS, check=False).returncode == 0:
            return program
    return None


def described(details):
    return details.get("exception", {}).get("description") or details.get("text", "")


def complaints(event, page_url):
    """What one event of the browser says against the page."""
    method, params = event.get("method"), event.get("params", {})
    if method == "Runtime.exceptionThrown":
        yield f"exception: {described(params['exceptionDetails'])}"
    elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "assert"):
        yield "console: " + " ".join(str(value.get("value", value.get("description"))) for value in params["args"])
    elif method == "Log.entryAdded" and params["entry"]["level"] == "error":
        yield f"log: {params['entry']['text']} {params['entry'].get('url', '')[:80]}"
    elif method == "Network.requestWillBeSent":
        url = params["request"]["url"]
        if url.partition("#")[0] != page_url and not url.startswith("data:"):
            yield f"request: {url[:120]}"
    elif method == "Network.webSocketCreated":
        yield f"request: {params['url'][:120]}"


def look(browser, page_url, width, picture):
    """Opens the page in a tab of its own at one width; the height, and what is wrong."""
    browser.session = None
    browser.events.clear()
    target = browser.call("Target.createTarget", url="about:blank")["targetId"]
    browser.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    for domain in ("Page", "Runtime", "Log", "Network"):
        browser.call(f"{domain}.enable")
    # A window itself cannot be narrower than 500 px.
    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=HEIGHT_PX, deviceScaleFactor=1, mobile=False)
    opened = browser.call("Page.navigate", url=page_url)
    if "errorText" in opened:
        raise Failure(f"{page_url}: {opened['errorText']}")
    browser.wait_for("Page.loadEventFired")

    found = []
    browser.evaluate(LOAD_ALL)
    found += browser.evaluate(MEASURE)
    browser.evaluate(OPEN_ALL)
    browser.evaluate(LOAD_ALL)
    found += browser.evaluate(MEASURE)
    height = browser.call("Page.getLayoutMetrics")["cssContentSize"]["height"]
    clip = {"x": 0, "y": 0, "width": width, "height": min(height, TALLEST_PX), "scale": 1}
    png = browser.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)["data"]
    picture.write_bytes(base64.b64decode(png))
    for event in browser.events:
        found += complaints(event, page_url)
    return height, [f"at {width} px: {finding}" for finding in dict.fromkeys(found)]


def check(program, report, out):
    if not report.is_file():
        raise Failure(f"{report}: no such file")
    out.mkdir(parents=True, exist_ok=True)
    heights, found = {}, []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(program, profile)
        try:
            for width in WIDTHS_PX:
                heights[width], wrong = look(browser, report.resolve().as_uri(), width, out / f"report-{width}.png")
                found += wrong
        finally:
            browser.close()
    if found:
        raise Failure(f"{report}:\n" + "\n".join(found))
    return heights


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: check_report.py REPORT.html OUTDIR")
    program = installed()
    if program is None:
        print("skipped: no Chromium")
        sys.exit(77)
    try:
        heights = check(program, Path(sys.argv[1]), Path(sys.argv[2]))
    except Failure as error:
        sys.exit(str(error))
    print(json.dumps({"height_px": heights}))


if __name__ == "__main__":
    main()
