"""Who calls, and what they say: the signature of SaaS V2.0, its stamp and nonce, and the JSON of the body.

Written from the marketplace's pages alone (HTTP Body签名,
https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649476.html).
"""

import hashlib
import hmac
import json
import re
import threading

WINDOW = 60_000  # ms that a stamp may be away from our clock, on either side


class Refusal(Exception):
    """An answer other than success: its resultCode and resultMsg. No secret goes into the message: the console shows it."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code
        self.message = message


class Number:
    """A JSON number as it was written. A float would lose what lies beyond 2^53, and 1.0 must not come back as 1 under a signature."""

    def __init__(self, text):
        self.text = text


class Door:
    def __init__(self, key, clock):
        self.key = key.encode()
        self.clock = clock
        self.nonces = {}
        self.lock = threading.Lock()

    def admit(self, query, raw):
        """The members of a call that may be believed. `query`: names to their first value; `raw`: the bytes of the body. Raises Refusal."""
        signature, stamp, nonce = (query.get(name, "") for name in ("signature", "timestamp", "nonce"))
        if signature == "":
            raise Refusal("000001", "signature is missing")
        if not self.fresh(stamp, self.clock()):
            raise Refusal("000002", "timestamp is missing or not within 60 s")
        if nonce == "":
            raise Refusal("000002", "nonce is missing")
        if not any(self.same(signature, self.sign(payload, stamp, nonce)) for payload in self.payloads(raw)):
            raise Refusal("000001", "signature does not match")
        if not self.first_use(nonce, raw):
            raise Refusal("000001", "nonce was used before")
        return self.members(raw)

    def sign(self, payload, stamp, nonce):
        return self.hmac(self.key + nonce.encode("utf-8", "surrogateescape") + stamp.encode() + self.inner(payload).encode())

    def inner(self, payload):
        return self.hmac(payload)

    def hmac(self, message):
        return hmac.new(self.key, message, hashlib.sha256).hexdigest()

    def same(self, given, computed):
        """The pages print the signature in capitals, one in small letters."""
        return hmac.compare_digest(given.lower().encode("utf-8", "surrogateescape"), computed.encode())

    def payloads(self, raw):
        """What may have been signed: the bytes as they came, or else their members sorted by name, without blanks and nulls."""
        yield raw
        try:
            members = parse(raw)
        except ValueError:
            return
        if isinstance(members, dict):
            kept = {name: members[name] for name in sorted(members, key=utf16) if members[name] is not None}
            yield compact(kept).encode("utf-8", "surrogatepass")

    def fresh(self, stamp, now):
        """Thirteen digits are milliseconds, ten are seconds: the pages disagree. `str.isdigit` would take the digits of every script."""
        if not re.fullmatch(r"[0-9]{10}|[0-9]{13}", stamp):
            return False
        return abs(now - int(stamp) * (1 if len(stamp) == 13 else 1000)) <= WINDOW

    def first_use(self, nonce, raw):
        """A call can be replayed as long as its stamp may pass: from a minute before our clock to a minute after it."""
        now = self.clock()
        with self.lock:
            self.nonces = {each: at for each, at in self.nonces.items() if now - at <= 2 * WINDOW}
            if nonce in self.nonces:
                return False
            self.nonces[nonce] = now
            return True

    def members(self, raw):
        try:
            members = parse(raw)
        except ValueError:
            raise Refusal("000002", "the body is not JSON") from None
        if not isinstance(members, dict):
            raise Refusal("000002", "the body is not a JSON object")
        return members


def parse(raw):
    """Raises ValueError for what is not JSON in UTF-8, and for what is nested too deep to be looked at."""

    def none_of_json(name):
        raise ValueError(f"{name} is not JSON")

    try:
        return json.loads(raw.decode("utf-8"), parse_int=Number, parse_float=Number, parse_constant=none_of_json)
    except RecursionError:
        raise ValueError("nested too deep") from None


def compact(value):
    if isinstance(value, dict):
        return "{" + ",".join(f"{compact(name)}:{compact(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(compact, value)) + "]"
    return value.text if isinstance(value, Number) else json.dumps(value, ensure_ascii=False)


def utf16(name):
    """The order of Java's TreeMap, which the marketplace sorts with."""
    return name.encode("utf-16-be", "surrogatepass")
