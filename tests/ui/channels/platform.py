"""WeChat's side for the tests: delivers messages in every mode, reads replies, and serves its customer-service API."""

import base64
import itertools
import json
import re
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from urllib.parse import unquote
from xml.etree import ElementTree

import httpx
from wechatpy.crypto import WeChatCrypto

from tests.conftest import listening
from ui.channels.crypto import sign

TOKEN = "AAAAA"
APPID = "wxba5fad812f8e6fb9"
AES_KEY = "A" * 43
OLD_KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")
_IDS = itertools.count(int(time.time() * 1000))
_LINK = re.compile(r'<a href="weixin://bizmsgmenu\?msgmenucontent=([^&"]+)&msgmenuid=([^"]+)">([^<]+)</a>')


def xml(user="o_user", **fields):
    """A message of a user; MsgId is a new one unless given ("" for none)."""
    fields = {"MsgType": "text", "MsgId": str(next(_IDS)), "CreateTime": str(int(time.time())), **fields}
    inside = "".join(f"<{k}><![CDATA[{v}]]></{k}>" for k, v in fields.items() if v)
    return f"<xml><ToUserName>gh_us</ToUserName><FromUserName>{user}</FromUserName>{inside}</xml>"


def links(said):
    """The links of a reply: (what is sent, the number that comes back, the label)."""
    return [(unquote(content), menu, label) for content, menu, label in _LINK.findall(said)]


class Platform:
    """Delivers to one address. `key` seals messages (None: plaintext)."""

    def __init__(self, url, key=None, path="/wechat", receiver=APPID, token=TOKEN):
        self.url = url + path
        self.token = token
        self.crypto = WeChatCrypto(token, key, receiver) if key else None

    def post(self, body, timestamp=None, timeout=10, **query):
        timestamp, nonce = timestamp or str(int(time.time())), "1514711492"
        if self.crypto:
            body = self.crypto.encrypt_message(body, nonce, timestamp)
            sealed = ElementTree.fromstring(body).findtext("Encrypt")
            query = {"encrypt_type": "aes", "msg_signature": sign(self.token, timestamp, nonce, sealed), **query}
        query = {"signature": sign(self.token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce, **query}
        return httpx.post(self.url, params=query, content=body.encode(), timeout=timeout)

    def deliver(self, body, **more):
        """The text that the user sees; "" when there is nothing to see."""
        answer = self.post(body, **more)
        assert answer.status_code == 200, answer.text
        if answer.text == "success":
            return ""
        reply = ElementTree.fromstring(answer.text)
        if self.crypto:
            fields = {name: reply.findtext(name) for name in ("MsgSignature", "TimeStamp", "Nonce")}
            opened = self.crypto.decrypt_message(answer.text, *fields.values())
            reply = ElementTree.fromstring(opened)
        said = reply.findtext("Content")
        assert len(said.encode()) <= 2048
        return said

    def say(self, said, user="o_user", **fields):
        return self.deliver(xml(user, Content=said, **fields))

    def tap(self, link, user="o_user"):
        content, menu, _ = link
        return self.say(content, user, bizmsgmenuid=menu)


@contextmanager
def customer_service(*codes):
    """A server in the place of WeChat's own. It answers sends with `codes` in turn (then 0) and notes what it got."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.got.append((self.path, body))
            if self.path.startswith("/cgi-bin/stable_token"):
                said = {"access_token": f"T{len(server.got)}" + "x" * 510, "expires_in": 7200}
            else:
                said = {"errcode": server.codes.pop(0) if server.codes else 0, "errmsg": ""}
            raw = json.dumps(said).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *args):
            pass

    with listening(Handler) as server:
        server.got, server.codes = [], list(codes)
        server.url = f"http://127.0.0.1:{server.server_port}"
        server.sent = lambda: [body for path, body in server.got if "/message/custom/send" in path]
        yield server
