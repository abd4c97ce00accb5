"""The seller, and the same with one mistake that Python sellers make: for `seller.py --mistake NAME`."""

import hashlib
import json
import time

from door import Door
from verbs import Verbs


class Seller:
    door_kind = Door
    verbs_kind = Verbs

    def __init__(self, key, instances, order, clock, making):
        self.door = self.door_kind(key, clock)
        self.verbs = self.verbs_kind(instances, order, clock, making)

    def resume(self):
        """Goes on with what a restart interrupted."""
        for row in self.verbs.instances.unfinished():
            self.verbs.begin(row)

    def write(self, handler, answer):
        handler.reply(200, "application/json", json.dumps(answer, ensure_ascii=False))


class HashNotHmac(Seller):
    """hashlib.sha256 where the pages write HMAC_SHA256 without its key."""

    class door_kind(Door):
        def inner(self, payload):
            return hashlib.sha256(payload).hexdigest()


class KeyWithLineEnd(Seller):
    """open('key').read()"""

    class door_kind(Door):
        def __init__(self, key, clock):
            super().__init__(f"{key}\n", clock)


class CapitalsNotMinded(Seller):
    """signature == mac.hexdigest(), which is in small letters."""

    class door_kind(Door):
        def same(self, given, computed):
            return given == computed


class DumpedWithBlanks(Seller):
    """json.dumps(request.get_json(), sort_keys=True): Python puts blanks after comma and colon."""

    class door_kind(Door):
        def payloads(self, raw):
            yield dumped(raw, sort_keys=True)


class DumpedUnsorted(Seller):
    """json.dumps(request.get_json(), separators=(',', ':'), ensure_ascii=False): numbers and escapes change, the order stays."""

    class door_kind(Door):
        def payloads(self, raw):
            yield dumped(raw, separators=(",", ":"), ensure_ascii=False)


class DumpedInAscii(Seller):
    """json.dumps(request.get_json(), sort_keys=True, separators=(',', ':')): ensure_ascii is the default."""

    class door_kind(Door):
        def payloads(self, raw):
            yield dumped(raw, sort_keys=True, separators=(",", ":"))


class NumbersAsFloats(Seller):
    """Sorted and compact as it should be, but whole numbers are read as floats, and the bytes as they came are never tried."""

    class door_kind(Door):
        def payloads(self, raw):
            yield dumped(raw, {"parse_int": float}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class OneSidedClock(Seller):
    """time.time() * 1000 - timestamp <= 60000, as the sample of the marketplace has it."""

    class door_kind(Door):
        def fresh(self, stamp, now):
            return stamp.isascii() and stamp.isdigit() and now - int(stamp) * (1 if len(stamp) == 13 else 1000) <= 60_000


class NoncesForgotten(Seller):
    """Every gunicorn worker has a set of its own, so a repeat finds an empty one."""

    class door_kind(Door):
        def first_use(self, nonce, raw):
            return True


class Status401(Seller):
    """abort(401) on a bad signature."""

    def write(self, handler, answer):
        if answer["resultCode"] != "000001":
            return super().write(handler, answer)
        return handler.reply(401, "application/json", json.dumps(answer))


class FlaskBadRequest(Seller):
    """request.get_json() answers what is not JSON by itself: HTTP 400 and a page."""

    def write(self, handler, answer):
        if answer["resultMsg"] != "the body is not JSON":
            return super().write(handler, answer)
        return handler.reply(400, "text/html; charset=utf-8", "<!doctype html><title>400 Bad Request</title>")


class TextHtml(Seller):
    """return json.dumps(answer): what Flask sends as a page."""

    def write(self, handler, answer):
        handler.reply(200, "text/html; charset=utf-8", json.dumps(answer))


class TestFlagAsNumber(Seller):
    """body['testFlag'] == 1, while the marketplace sends the text "1": debugging calls are carried out."""

    class verbs_kind(Verbs):
        def is_probe(self, call):
            return call.members.get("testFlag") == 1


class InstanceFromBusinessId(Seller):
    """An instance for every businessId, which the pages recommend as instanceId: the businessId of a repeat is another one."""

    class verbs_kind(Verbs):
        def answer(self, members):
            if members.get("activity") == "newInstance":
                members = {**members, "orderLineId": f"{members.get('orderLineId')}/{members.get('businessId')}"}
            return super().answer(members)

        def patiently(self, order_id, line_id):
            return super().patiently(order_id, line_id.partition("/")[0])


class BlockingCreate(Seller):
    """The instance is made before the answer leaves."""

    class verbs_kind(Verbs):
        def newInstance(self, call):
            time.sleep(5.5)
            return super().newInstance(call)


def dumped(raw, reading=(), **writing):
    try:
        return json.dumps(json.loads(raw, **dict(reading)), **writing).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError):
        return raw


MISTAKES = {
    "hash-not-hmac": HashNotHmac,
    "key-with-line-end": KeyWithLineEnd,
    "capitals-not-minded": CapitalsNotMinded,
    "dumped-with-blanks": DumpedWithBlanks,
    "dumped-unsorted": DumpedUnsorted,
    "dumped-in-ascii": DumpedInAscii,
    "numbers-as-floats": NumbersAsFloats,
    "one-sided-clock": OneSidedClock,
    "nonces-forgotten": NoncesForgotten,
    "status-401": Status401,
    "flask-bad-request": FlaskBadRequest,
    "text-html": TextHtml,
    "test-flag-as-number": TestFlagAsNumber,
    "instance-from-business-id": InstanceFromBusinessId,
    "blocking-create": BlockingCreate,
}
