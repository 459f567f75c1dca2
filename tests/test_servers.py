"""The real servers: who is let in, what is served, and what runs; asked without a browser."""

import asyncio
import http.client
import json
import re
import shutil
import uuid
from urllib.parse import urlsplit

import psutil
import pytest
from browser import PATIENCE, TOKEN, app, children_with
from conftest import ROOT
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

DIGIT = "digits/digit1.png"
PAGE = "app/read_your_digits.ipynb"
OUTSIDE = "%2e%2e/" * 12 + "etc/passwd"


@pytest.fixture(scope="module")
def page_server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("app")
    for name in ("app", "digits"):  # something that somebody could want to see
        shutil.copytree(ROOT / name, folder / name)
    with app(folder) as address:
        yield address


@pytest.fixture(scope="module")
def lab_server(lab):
    return lab.address


def ask(address, method, path, **headers):
    """Ask a server as a program would: a path is sent as it is, and no redirection is followed."""
    line = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    line.request(method, path, headers={name.replace("_", "-"): headers[name] for name in headers})
    answer = line.getresponse()
    content = answer.read()
    line.close()
    return answer.status, answer.headers, content


@pytest.mark.parametrize("server", ["page_server", "lab_server"])
def test_only_this_machine_can_reach_it(request, server):
    port = urlsplit(request.getfixturevalue(server)).port
    (process,) = children_with(f"--port={port}", psutil.Process())
    listening = {
        place.laddr.ip for place in process.net_connections() if place.status == psutil.CONN_LISTEN
    }
    assert listening <= {"127.0.0.1", "::1"}


@pytest.mark.parametrize(
    "path",
    [
        f"/files/{DIGIT}",
        f"/voila/files/{DIGIT}",
        f"/voila/files/{PAGE}",
        f"/voila/render/{PAGE}",
        f"/voila/api/contents/{DIGIT}",
        f"/voila/static/{OUTSIDE}",
        f"/voila/labextensions/{OUTSIDE}",
        f"/voila/templates/digitrec/static/{OUTSIDE}",
        f"/voila/templates/digitrec/static/{'%2e%2e/' * 6}etc/jupyter/voila.py",
        "/voila/templates/digitrec/index.html.j2",
        "/voila/tree",
        "/lab",
        "/api/contents",
        "/api/kernels",
        "/api/terminals",
    ],
)
@pytest.mark.parametrize("server", ["page_server", "lab_server"])
def test_no_file_and_no_kernel_is_there_for_strangers(request, server, path):
    address = request.getfixturevalue(server)
    status, headers, content = ask(address, "GET", path)
    if status == 302:  # to the page that asks for the token, or to where files would be
        status, _, content = ask(address, "GET", headers["Location"])
    assert status >= 400 or b"Password or token:" in content
    assert b"root:" not in content


def test_with_the_token_jupyterlab_serves_files_but_voila_none(lab_server):
    allowed = {"Authorization": f"token {TOKEN}"}
    assert ask(lab_server, "GET", f"/files/{DIGIT}", **allowed)[0] == 200
    assert ask(lab_server, "GET", f"/voila/files/{DIGIT}", **allowed)[0] == 403


@pytest.mark.parametrize("host", ["another.example", "127.0.0.1.nip.io", "localhost.example:80"])
def test_another_name_for_this_machine_is_refused(page_server, lab_server, host):
    assert ask(page_server, "GET", "/", Host=host)[0] == 403
    assert ask(lab_server, "GET", "/lab", Host=host)[0] == 403


@pytest.mark.parametrize("path", ["/api/kernels", f"/voila/api/shutdown/{uuid.UUID(int=0)}"])
@pytest.mark.parametrize("server", ["page_server", "lab_server"])
def test_other_sites_can_neither_start_nor_end_a_kernel(request, server, path):
    address = request.getfixturevalue(server)
    assert ask(address, "POST", path)[0] == 403  # without what the page alone knows
    assert ask(address, "POST", path, Origin="http://other.example")[0] == 404


def test_the_page_runs_no_code_of_a_visitor_and_hears_no_other_site(page_server, tmp_path):
    """Voilà's kernel takes messages of widgets, and none that runs code."""
    status, headers, content = ask(page_server, "GET", "/")
    assert status == 200
    (kernel,) = re.findall(r'"kernelId": "([\w-]+)"', content.decode())
    cookie = headers["Set-Cookie"].partition(";")[0]
    place = f"ws://{urlsplit(page_server).netloc}/api/kernels/{kernel}/channels"
    written = tmp_path / "written"
    code = f"open({str(written)!r}, 'w').close()"

    def message(kind, **content):
        header = {"msg_id": kind, "msg_type": kind, "session": "s", "username": "", "version": "5"}
        return {"channel": "shell", "header": header, "content": content} | {
            "parent_header": {},
            "metadata": {},
        }

    async def run():
        with pytest.raises(HTTPClientError, match="403"):
            await websocket_connect(HTTPRequest(place, headers={"Origin": "http://other.example"}))
        line = await websocket_connect(HTTPRequest(place, headers={"Cookie": cookie}))
        silent = dict.fromkeys(("silent", "store_history", "allow_stdin"), False)
        await line.write_message(json.dumps(message("execute_request", code=code, **silent)))
        await line.write_message(json.dumps(message("comm_info_request")))
        while answer := await line.read_message():
            if '"comm_info_reply"' in answer:  # the kernel takes one message after the other
                break
        line.close()

    asyncio.run(asyncio.wait_for(run(), PATIENCE))
    assert not written.exists()
