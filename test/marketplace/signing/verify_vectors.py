"""Checks the test vectors with Python's standard library alone: reads them from stdin, prints what it found as JSON."""
import base64
import hashlib
import hmac
import json
import sys
from urllib.parse import parse_qs, urlsplit


class Spelled(str):
    """A number as it was written."""


def read(text):
    return json.loads(text, parse_int=Spelled, parse_float=Spelled, object_pairs_hook=dict)


def write(value):
    if isinstance(value, Spelled):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(json.dumps(name, ensure_ascii=False) + ":" + write(member) for name, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(write(element) for element in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def digest(key, data):
    return hmac.new(key.encode(), data, hashlib.sha256)


def steps(key, nonce, timestamp, payload):
    inner = digest(key, payload).hexdigest()
    message = key + nonce + timestamp + inner
    return inner, message, digest(key, message.encode()).hexdigest().upper()


def check(vector):
    key, body = vector["accessKey"], base64.b64decode(vector["bodyBase64"])
    query = {name: values[0] for name, values in parse_qs(urlsplit(vector["url"]).query, keep_blank_values=True).items()}
    members = read(body.decode())
    again = write({name: members[name] for name in sorted(members) if members[name] is not None}).encode()
    given = query["signature"].upper()
    matched = None
    for form, payload in (("raw", body), ("reserialised", again)):
        if matched is None and hmac.compare_digest(given, steps(key, query["nonce"], query["timestamp"], payload)[2]):
            matched = form
    wanted = vector["steps"]
    payload = body if wanted["signed"] == "raw" else again
    inner, message, signature = steps(key, query["nonce"], query["timestamp"], payload)
    problems = []
    if query != vector["query"]:
        problems.append("query")
    if body != vector["body"].encode():
        problems.append("body")
    if (matched is not None) != vector["holds"] or (vector["holds"] and matched != wanted["signed"]):
        problems.append("holds")
    if payload != base64.b64decode(wanted["payloadBase64"]) or payload != wanted["payload"].encode():
        problems.append("payload")
    if hashlib.sha256(payload).hexdigest() != wanted["payloadSha256"]:
        problems.append("payloadSha256")
    for name, value in (("inner", inner), ("message", message), ("signature", signature)):
        if value != wanted[name]:
            problems.append(name)
    return problems


def check_answer(vector):
    made = digest(vector["accessKey"], base64.b64decode(vector["bodyBase64"]))
    header = 'Body-Sign: sign_type="HMAC-SHA256", signature="' + base64.b64encode(made.digest()).decode() + '"'
    return [] if made.hexdigest() == vector["digestHex"] and header == vector["header"] else ["bodySign"]


vectors = json.load(sys.stdin)
found = {vector["name"]: check(vector) for vector in vectors["signatures"]}
found.update({"answer " + vector["name"]: check_answer(vector) for vector in vectors["bodySign"]})
json.dump({"checked": len(found), "wrong": {name: problems for name, problems in found.items() if problems}}, sys.stdout)
