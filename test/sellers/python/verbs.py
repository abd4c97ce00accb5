"""What the marketplace may ask of a SaaS V2.0 seller, one method an activity.

Pages: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649427.html (newInstance) to …431.html and …432.html (upgradeInstance),
zh-cn_topic_0000002411753620.html (changeInstanceCheck).
"""

import calendar
import hashlib
import json
import re
import secrets
import threading
import time

from door import Number, Refusal, parse
from order_query import OrderUnknown

SUCCESS = {"resultCode": "000000", "resultMsg": "success"}
WORKING = {"resultCode": "000004", "resultMsg": "being made"}
SCENES = ("TRIAL_TO_FORMAL", "RENEWAL", "UNSUBSCRIBE_RENEWAL_PERIOD", "RENEWAL_CHANGE")
MANDATORY = {
    "newInstance": ("orderId", "orderLineId", "businessId"),
    "queryInstance": ("instanceId",),
    "refreshInstance": ("instanceId", "orderId", "orderLineId", "scene", "expireTime"),
    "updateInstanceStatus": ("instanceId", "status"),
    "releaseInstance": ("instanceId",),
    "upgradeInstance": ("instanceId", "orderId", "orderLineId"),
    "changeInstanceCheck": ("instanceId",),
}
MOST_IDS = 100
USED_SEATS = 1  # of every customer: nobody works with these instances


class Verbs:
    """`order(order_id, line_id)` reads an order; `making` is how long an instance takes to make, in seconds."""

    def __init__(self, instances, order, clock, making):
        self.instances = instances
        self.order = order
        self.clock = clock
        self.making = making
        self.at_work = set()
        self.lock = threading.Lock()

    def answer(self, members):
        call = Call(members)
        return self.probe(call) if self.is_probe(call) else getattr(self, call.activity)(call)

    def is_probe(self, call):
        """Debugging cases, and the orders of nobody that they are made with."""
        return call["testFlag"] == "1" or call["orderId"].startswith("MOCK")

    def probe(self, call):
        """Complete and correct, and nothing looked up: saved cases are replayed for years, with ids that are long gone."""
        if call.activity == "newInstance":
            line = f"{call['orderId']}/{call['orderLineId']}"
            return {**SUCCESS, "instanceId": hashlib.sha256(line.encode("utf-8", "surrogatepass")).hexdigest()[:32]}
        if call.activity == "queryInstance":
            return {**SUCCESS, "info": [{"instanceId": each, "appInfo": access(each, "debugging")} for each in call.ids]}
        return SUCCESS

    def newInstance(self, call):
        """Never waits for the making: the id is there at once, and the marketplace asks for the rest."""
        row = self.instances.sold(call["orderId"], call["orderLineId"])
        if row["ready"] or row["released"]:
            return {**SUCCESS, "instanceId": row["instance_id"]}
        self.begin(row)
        return {**WORKING, "instanceId": row["instance_id"]}

    def begin(self, row):
        with self.lock:
            if row["instance_id"] in self.at_work:
                return
            self.at_work.add(row["instance_id"])
        threading.Thread(target=self.make, args=(row,), daemon=True).start()

    def make(self, row):
        try:
            line, _ = self.patiently(row["order_id"], row["order_line_id"])
            time.sleep(self.making)
            columns = {**bought(line), "charging_mode": line["chargingMode"], "expires": instant(line.get("expireTime")), "password": secrets.token_urlsafe(12)}
            self.instances.change(row["instance_id"], ready=1, **columns)
        except OrderUnknown:
            pass  # Still unfinished; the next newInstance begins again.
        finally:
            with self.lock:
                self.at_work.discard(row["instance_id"])

    def patiently(self, order_id, line_id):
        """An order just paid may be visible a little later. The gateway locks an AK after five bad signatures, so: few attempts."""
        for pause in (0.2, 1, 3):
            try:
                return self.order(order_id, line_id)
            except OrderUnknown:
                time.sleep(pause)
        return self.order(order_id, line_id)

    def queryInstance(self, call):
        rows = [row for row in map(self.instances.find, call.ids) if row is not None and not row["released"]]
        ready = [row for row in rows if row["ready"]]
        if ready:
            return {**SUCCESS, "info": [self.told(row) for row in ready]}
        if rows:
            return WORKING
        raise Refusal("000003", "instance does not exist")

    def told(self, row):
        usage = {}
        if (row["charging_mode"] or "").startswith("ON_DEMAND"):
            usage["usageInfo"] = [{"usageValue": 0, "statisticalTime": time.strftime("%Y%m%d%H%M%S000", time.gmtime(self.clock() / 1000))}]
        return {"instanceId": row["instance_id"], "appInfo": access(row["instance_id"], row["password"]), **usage}

    def refreshInstance(self, call):
        row = self.living(call)
        key = (row["instance_id"], call["orderId"], call["orderLineId"], call["scene"])
        if self.instances.was_done(key):
            return SUCCESS
        columns = {"expires": call.expires}
        if call["scene"] == "RENEWAL_CHANGE":
            columns.update(bought(self.read(call)))
        elif call["productId"] != "":
            columns["product"] = call["productId"]
        # Frozen because its time was over: paid again, so usable again. Frozen before that, for a violation: only UNFREEZE lifts it.
        over = row["frozen_at"] is not None and row["expires"] is not None and row["frozen_at"] >= row["expires"]
        if over and call["scene"] != "UNSUBSCRIBE_RENEWAL_PERIOD":
            columns["frozen_at"] = None
        self.instances.do_once(key, **columns)
        return SUCCESS

    def updateInstanceStatus(self, call):
        row = self.known(call)
        if row["released"]:
            return SUCCESS
        if call["status"] == "UNFREEZE":
            self.instances.change(row["instance_id"], frozen_at=None)
        elif row["frozen_at"] is None:
            self.instances.change(row["instance_id"], frozen_at=self.clock())
        return SUCCESS

    def releaseInstance(self, call):
        self.instances.change(self.known(call)["instance_id"], released=1, password=None)
        return SUCCESS

    def upgradeInstance(self, call):
        row = self.living(call)
        key = (row["instance_id"], call["orderId"], call["orderLineId"], "upgrade")
        if not self.instances.was_done(key):
            self.instances.do_once(key, **bought(self.read(call)))
        return SUCCESS

    def changeInstanceCheck(self, call):
        self.living(call)
        size = call.product_info.get("linearValue")
        if size is not None and float(textual(size) or "nan") < USED_SEATS:
            raise Refusal("000005", "more seats are in use")
        return SUCCESS

    def known(self, call):
        row = self.instances.find(call["instanceId"])
        if row is None:
            raise Refusal("000003", "instance does not exist")
        return row

    def living(self, call):
        row = self.known(call)
        if row["released"]:
            raise Refusal("000003", "instance is released")
        if not row["ready"]:
            raise Refusal("000005", "instance is being made")
        return row

    def read(self, call):
        try:
            return self.order(call["orderId"], call["orderLineId"])[0]
        except OrderUnknown:
            raise Refusal("000005", "the order cannot be read now") from None


class Call:
    """The members of a call, each as text; what is mandatory is there. Raises Refusal with 000002 and the member's name."""

    def __init__(self, members):
        self.members = members
        self.activity = self["activity"]
        if self.activity not in MANDATORY:
            raise Refusal("000002", "activity is unknown")
        for name in MANDATORY[self.activity]:
            if self[name] == "":
                raise Refusal("000002", f"{name} is missing")
        self.ids = [each.strip() for each in self["instanceId"].split(",")]
        self.expires = instant(self["expireTime"])
        self.product_info = {}
        if self.activity == "queryInstance" and (len(self.ids) > MOST_IDS or "" in self.ids):
            raise Refusal("000002", "instanceId must hold 1 to 100 ids")
        if self.activity == "refreshInstance":
            if self["scene"] not in SCENES:
                raise Refusal("000002", "scene is unknown")
            if self.expires is None:
                raise Refusal("000002", "expireTime is no time")
        if self.activity == "updateInstanceStatus" and self["status"] not in ("FREEZE", "UNFREEZE"):
            raise Refusal("000002", "status is unknown")
        if self.activity == "changeInstanceCheck":
            self.product_info = product_info(members.get("productInfo"))

    def __getitem__(self, name):
        return textual(self.members.get(name))


def textual(value):
    """All values are text in the examples; a number or a truth value is taken as its text."""
    if isinstance(value, str):
        return value
    return value.text if isinstance(value, Number) else json.dumps(value) if isinstance(value, bool) else ""


def product_info(value):
    """An object, a list of one, or either as text: no page says which."""
    if isinstance(value, str):
        try:
            value = parse(value.encode("utf-8", "surrogatepass"))
        except ValueError:
            value = None
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict):
        raise Refusal("000002", "productInfo is missing")
    return value


def instant(text):
    """ms of `yyyyMMddHHmmss`, UTC, or of the seventeen digits of the example; None for what no calendar has."""
    if not re.fullmatch(r"[0-9]{14}([0-9]{3})?", text or ""):
        return None
    try:
        return calendar.timegm(time.strptime(text[:14], "%Y%m%d%H%M%S")) * 1000 + int(text[14:] or 0)
    except ValueError:
        return None


def bought(line):
    product = line["productInfo"][0]
    return {"sku": product["skuCode"], "product": product["productId"], "quantity": product.get("linearValue")}


def access(instance_id, password):
    """Plain text: V2.0 has no encryption of single fields."""
    return {"frontEndUrl": f"https://seller.example/{instance_id}", "userName": "admin", "password": password}
