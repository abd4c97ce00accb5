package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"
)

type orderLine struct {
	ID       string `json:"orderLineId"`
	Mode     string `json:"chargingMode"`
	Expires  string `json:"expireTime"`
	Products []struct {
		Sku      string      `json:"skuCode"`
		Product  string      `json:"productId"`
		Quantity json.Number `json:"linearValue"`
	} `json:"productInfo"`
}

const orderPath = "/api/mkp-openapi-public/global/v1/order/query"

// queryOrder asks what was bought (查询订单), signed with AK and SK as the API gateway wants it.
func queryOrder(orderID, lineID string) (orderLine, error) {
	// QueryEscape writes a blank as +, the signature wants %20.
	escape := func(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }
	query := "orderId=" + escape(orderID) + "&orderLineId=" + escape(lineID)
	request, err := http.NewRequest("GET", os.Getenv("KOOGALLERY_OPEN_API")+orderPath+"?"+query, nil)
	if err != nil {
		return orderLine{}, err
	}
	stamp := time.Now().UTC().Format("20060102T150405Z")
	request.Header.Set("Content-Type", "application/json;charset=UTF-8")
	request.Header.Set("X-Sdk-Date", stamp)
	empty := sha256.Sum256(nil)
	canonical := strings.Join([]string{
		"GET", orderPath + "/", query,
		"content-type:application/json;charset=UTF-8", "host:" + request.URL.Host, "x-sdk-date:" + stamp, "",
		"content-type;host;x-sdk-date", hex.EncodeToString(empty[:]),
	}, "\n")
	digest := sha256.Sum256([]byte(canonical))
	mac := hmac.New(sha256.New, []byte(os.Getenv("KOOGALLERY_SK")))
	fmt.Fprintf(mac, "SDK-HMAC-SHA256\n%s\n%x", stamp, digest)
	request.Header.Set("Authorization", fmt.Sprintf("SDK-HMAC-SHA256 Access=%s, SignedHeaders=content-type;host;x-sdk-date, Signature=%x", os.Getenv("KOOGALLERY_AK"), mac.Sum(nil)))

	response, err := (&http.Client{Timeout: 3 * time.Second}).Do(request)
	if err != nil {
		return orderLine{}, err
	}
	defer response.Body.Close()
	var told struct {
		Code  string `json:"resultCode"`
		Order struct {
			Lines []orderLine `json:"orderLine"`
		} `json:"orderInfo"`
	}
	if err := json.NewDecoder(response.Body).Decode(&told); err != nil {
		return orderLine{}, err
	}
	at := slices.IndexFunc(told.Order.Lines, func(line orderLine) bool { return line.ID == lineID && len(line.Products) > 0 })
	if !strings.HasSuffix(told.Code, ".0000") || at < 0 {
		return orderLine{}, fmt.Errorf("order query: %q", told.Code)
	}
	return told.Order.Lines[at], nil
}
