"""The one call that a seller makes: what was bought with an order (查询订单), signed with AK and SK as the API gateway wants it.

https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649350.html, https://support.huaweicloud.com/devg-apisign/api-sign-algorithm.html
"""

import hashlib
import hmac
import http.client
import json
import time
from urllib.parse import quote, urlsplit

PATH = "/api/mkp-openapi-public/global/v1/order/query"


class OrderUnknown(Exception):
    """The order could not be read, for now at least."""


def query_order(base, ak, sk, order_id, line_id, timeout):
    """The order line and the order's type. `timeout` in seconds. Raises OrderUnknown; an order just paid may not be visible at once."""
    address = urlsplit(base)
    query = "&".join(f"{name}={quote(value, safe='-_.~')}" for name, value in (("orderId", order_id), ("orderLineId", line_id)))
    headers = {"content-type": "application/json;charset=UTF-8", "host": address.netloc, "x-sdk-date": time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())}
    headers["authorization"] = authorization(ak, sk, "GET", PATH, query, headers)
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = kind(address.hostname, address.port, timeout=timeout)
    try:
        connection.request("GET", f"{PATH}?{query}", headers=headers)
        response = connection.getresponse()
        answer = json.loads(response.read())
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise OrderUnknown(type(error).__name__) from error
    finally:
        connection.close()
    # The gateway in front says error_code, the marketplace itself resultCode; the prefix before the dot differs by revision.
    code = str(answer.get("resultCode") or answer.get("error_code")) if isinstance(answer, dict) else ""
    if code.rpartition(".")[2] != "0000":
        raise OrderUnknown(code)
    order = answer["orderInfo"]
    lines = [line for line in order["orderLine"] if line["orderLineId"] == line_id]
    if not lines:
        raise OrderUnknown("no such line")
    return lines[0], order["orderType"]


def authorization(ak, sk, method, path, query, headers):
    names = sorted(headers)
    canonical = "\n".join(
        [
            method,
            f"{path}/",  # signed with a slash at its end, sent without
            query,
            *(f"{name}:{headers[name].strip()}" for name in names),
            "",
            ";".join(names),
            hashlib.sha256(b"").hexdigest(),
        ]
    )
    text = f"SDK-HMAC-SHA256\n{headers['x-sdk-date']}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(sk.encode(), text.encode(), hashlib.sha256).hexdigest()
    return f"SDK-HMAC-SHA256 Access={ak}, SignedHeaders={';'.join(names)}, Signature={signature}"
