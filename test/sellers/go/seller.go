// A whole SaaS V2.0 seller for KooGallery in Go, standard library alone: go run seller.go order_query.go.
//
// Written from the marketplace's pages. It keeps what it sold in memory. From the environment it reads KOOGALLERY_BASE_KEY, KOOGALLERY_AK,
// KOOGALLERY_SK, KOOGALLERY_OPEN_API, PORT (0: any free one) and SELLER_MAKING (seconds that an instance takes to make, default 1).
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

const (
	window  = time.Minute
	largest = 256 << 10
	drained = 64 << 20
)

type answer map[string]any

// refusal is an answer other than success.
type refusal struct{ code, message string }

func (r refusal) Error() string { return r.code + " " + r.message }

func success(more answer) answer {
	told := answer{"resultCode": "000000", "resultMsg": "success"}
	for name, value := range more {
		told[name] = value
	}
	return told
}

// door is who may come in: the signature, its stamp, its nonce.
type door struct {
	key    []byte
	mutex  sync.Mutex
	nonces map[string]time.Time
}

func (d *door) mac(message []byte) string {
	mac := hmac.New(sha256.New, d.key)
	mac.Write(message)
	return hex.EncodeToString(mac.Sum(nil))
}

func (d *door) admit(query url.Values, body []byte) error {
	signature, stamp, nonce := query.Get("signature"), query.Get("timestamp"), query.Get("nonce")
	switch {
	case signature == "":
		return refusal{"000001", "signature is missing"}
	case !fresh(stamp):
		return refusal{"000002", "timestamp is missing or not within 60 s"}
	case nonce == "":
		return refusal{"000002", "nonce is missing"}
	}
	matches := func(payload []byte) bool {
		right := d.mac([]byte(string(d.key) + nonce + stamp + d.mac(payload)))
		return hmac.Equal([]byte(right), []byte(strings.ToLower(signature)))
	}
	if !matches(body) {
		// Only if the bytes as they came were not what was signed.
		if again := sorted(body); again == nil || !matches(again) {
			return refusal{"000001", "signature does not match"}
		}
	}
	d.mutex.Lock()
	defer d.mutex.Unlock()
	for each, at := range d.nonces {
		if time.Since(at) > 2*window {
			delete(d.nonces, each)
		}
	}
	if _, used := d.nonces[nonce]; used {
		return refusal{"000001", "nonce was used before"}
	}
	d.nonces[nonce] = time.Now()
	return nil
}

// fresh takes thirteen digits as milliseconds and ten as seconds: the pages disagree.
func fresh(stamp string) bool {
	if !regexp.MustCompile(`^([0-9]{10}|[0-9]{13})$`).MatchString(stamp) {
		return false
	}
	number, _ := strconv.ParseInt(stamp, 10, 64)
	if len(stamp) == 10 {
		number *= 1000
	}
	return time.Since(time.UnixMilli(number)).Abs() <= window
}

func parse(body []byte) map[string]json.RawMessage {
	var members map[string]json.RawMessage
	if !utf8.Valid(body) || json.Unmarshal(body, &members) != nil {
		return nil
	}
	return members
}

// sorted writes the members by name, without blanks and nulls; their values keep their spelling. Nil for what is no JSON object.
func sorted(body []byte) []byte {
	members := parse(body)
	if members == nil {
		return nil
	}
	var names []string
	for name, value := range members {
		if string(value) != "null" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	out := bytes.NewBufferString("{")
	for at, name := range names {
		if at > 0 {
			out.WriteByte(',')
		}
		// json.Marshal would write < > & as escapes.
		encoder := json.NewEncoder(out)
		encoder.SetEscapeHTML(false)
		if encoder.Encode(name) != nil {
			return nil
		}
		out.Truncate(out.Len() - 1)
		out.WriteByte(':')
		if json.Compact(out, members[name]) != nil {
			return nil
		}
	}
	out.WriteByte('}')
	return out.Bytes()
}

type instance struct {
	id, orderID, lineID      string
	sku, product, mode       string
	quantity                 json.Number
	ready, released, working bool
	frozenAt, expires        time.Time
	password                 string
	done                     map[string]bool
}

type seller struct {
	door   door
	mutex  sync.Mutex
	byLine map[string]*instance
	byID   map[string]*instance
	making time.Duration
}

type call struct {
	members                               map[string]json.RawMessage
	activity, instanceID, orderID, lineID string
	expires                               time.Time
}

// text takes a member as text; numbers and truth values too.
func (c call) text(name string) string {
	var value string
	raw := c.members[name]
	if json.Unmarshal(raw, &value) == nil {
		return value
	}
	if regexp.MustCompile(`^(-?[0-9].*|true|false)$`).Match(raw) {
		return string(raw)
	}
	return ""
}

var mandatory = map[string][]string{
	"newInstance":          {"orderId", "orderLineId", "businessId"},
	"queryInstance":        {"instanceId"},
	"refreshInstance":      {"instanceId", "orderId", "orderLineId", "scene", "expireTime"},
	"updateInstanceStatus": {"instanceId", "status"},
	"releaseInstance":      {"instanceId"},
	"upgradeInstance":      {"instanceId", "orderId", "orderLineId"},
	"changeInstanceCheck":  {"instanceId", "productInfo"},
}

func read(body []byte) (call, error) {
	c := call{members: parse(body)}
	if c.members == nil {
		return c, refusal{"000002", "the body is not a JSON object"}
	}
	c.activity, c.instanceID, c.orderID, c.lineID = c.text("activity"), c.text("instanceId"), c.text("orderId"), c.text("orderLineId")
	names, known := mandatory[c.activity]
	if !known {
		return c, refusal{"000002", "activity is unknown"}
	}
	for _, name := range names {
		if c.text(name) == "" && name != "productInfo" {
			return c, refusal{"000002", name + " is missing"}
		}
	}
	var wrong string
	switch c.activity {
	case "queryInstance":
		if ids := c.ids(); len(ids) > 100 || slices.Contains(ids, "") {
			wrong = "instanceId must hold 1 to 100 ids"
		}
	case "refreshInstance":
		var err error
		if c.expires, err = instant(c.text("expireTime")); err != nil {
			wrong = "expireTime is no time"
		}
		if !slices.Contains([]string{"TRIAL_TO_FORMAL", "RENEWAL", "UNSUBSCRIBE_RENEWAL_PERIOD", "RENEWAL_CHANGE"}, c.text("scene")) {
			wrong = "scene is unknown"
		}
	case "updateInstanceStatus":
		if status := c.text("status"); status != "FREEZE" && status != "UNFREEZE" {
			wrong = "status is unknown"
		}
	case "changeInstanceCheck":
		if c.target() == nil {
			wrong = "productInfo is missing"
		}
	}
	if wrong != "" {
		return c, refusal{"000002", wrong}
	}
	return c, nil
}

func (c call) ids() []string { return strings.Split(strings.ReplaceAll(c.instanceID, " ", ""), ",") }

// target is an object, a list of one, or either as text: no page says which.
func (c call) target() map[string]json.RawMessage {
	raw := []byte(c.members["productInfo"])
	if text := c.text("productInfo"); text != "" {
		raw = []byte(text)
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil && len(list) == 1 {
		raw = list[0]
	}
	return parse(raw)
}

// instant reads yyyyMMddHHmmss in UTC, or the seventeen digits of the example.
func instant(text string) (time.Time, error) {
	if len(text) == 17 {
		text = text[:14] + "." + text[14:]
	}
	return time.Parse("20060102150405", text)
}

func access(id, password string) answer {
	return answer{"instanceId": id, "appInfo": answer{"frontEndUrl": "https://seller.example/" + id, "userName": "admin", "password": password}}
}

func (s *seller) answer(c call) (answer, error) {
	if c.text("testFlag") == "1" || strings.HasPrefix(c.orderID, "MOCK") {
		return probe(c), nil
	}
	switch c.activity {
	case "newInstance":
		return s.create(c), nil
	case "queryInstance":
		return s.query(c)
	}
	// What the order holds is asked without the lock, and before it: a question may take its time.
	var line orderLine
	var unread error
	if c.activity == "upgradeInstance" || c.text("scene") == "RENEWAL_CHANGE" {
		line, unread = queryOrder(c.orderID, c.lineID)
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	each, known := s.byID[c.instanceID]
	if !known {
		return nil, refusal{"000003", "instance does not exist"}
	}
	switch c.activity {
	case "updateInstanceStatus":
		if c.text("status") == "UNFREEZE" {
			each.frozenAt = time.Time{}
		} else if each.frozenAt.IsZero() {
			each.frozenAt = time.Now()
		}
		return success(nil), nil
	case "releaseInstance":
		each.released, each.password = true, ""
		return success(nil), nil
	}
	if each.released {
		return nil, refusal{"000003", "instance is released"}
	}
	if !each.ready {
		return nil, refusal{"000005", "instance is being made"}
	}
	key := strings.Join([]string{c.activity, c.orderID, c.lineID, c.text("scene")}, "/")
	if c.activity == "changeInstanceCheck" {
		if size, err := strconv.Atoi(string(c.target()["linearValue"])); err == nil && size < 1 {
			return nil, refusal{"000005", "more seats are in use"}
		}
		return success(nil), nil
	}
	if each.done[key] {
		return success(nil), nil
	}
	if unread != nil {
		return nil, refusal{"000005", "the order cannot be read now"}
	}
	if line.Products != nil {
		each.take(line)
	}
	if c.activity == "refreshInstance" {
		// Frozen because its time was over: paid again, so usable again. A violation is lifted by UNFREEZE alone.
		if c.text("scene") != "UNSUBSCRIBE_RENEWAL_PERIOD" && !each.expires.IsZero() && !each.frozenAt.Before(each.expires) {
			each.frozenAt = time.Time{}
		}
		each.expires = c.expires
	}
	each.done[key] = true
	return success(nil), nil
}

// probe is complete and correct, and nothing is looked up.
func probe(c call) answer {
	switch c.activity {
	case "newInstance":
		digest := sha256.Sum256([]byte(c.orderID + "/" + c.lineID))
		return success(answer{"instanceId": hex.EncodeToString(digest[:16])})
	case "queryInstance":
		info := []answer{}
		for _, id := range c.ids() {
			info = append(info, access(id, "debugging"))
		}
		return success(answer{"info": info})
	}
	return success(nil)
}

func (s *seller) create(c call) answer {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	line := c.orderID + "/" + c.lineID
	each, known := s.byLine[line]
	if !known {
		each = &instance{id: rand.Text(), orderID: c.orderID, lineID: c.lineID, done: map[string]bool{}}
		s.byLine[line], s.byID[each.id] = each, each
	}
	if each.ready || each.released {
		return success(answer{"instanceId": each.id})
	}
	if !each.working {
		each.working = true
		go s.make(each)
	}
	return answer{"resultCode": "000004", "resultMsg": "being made", "instanceId": each.id}
}

func (s *seller) make(each *instance) {
	var line orderLine
	var err error
	for _, pause := range []time.Duration{200 * time.Millisecond, time.Second, 3 * time.Second} {
		if line, err = queryOrder(each.orderID, each.lineID); err == nil {
			break
		}
		time.Sleep(pause)
	}
	if err == nil {
		time.Sleep(s.making)
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	each.working = false
	// Else the next newInstance begins again.
	if err == nil && !each.released {
		each.take(line)
		each.mode, each.password, each.ready = line.Mode, rand.Text(), true
		each.expires, _ = instant(line.Expires)
	}
}

func (i *instance) take(line orderLine) {
	bought := line.Products[0]
	i.sku, i.product, i.quantity = bought.Sku, bought.Product, bought.Quantity
}

func (s *seller) query(c call) (answer, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	info, making := []answer{}, false
	for _, id := range c.ids() {
		each, known := s.byID[id]
		if !known || each.released {
			continue
		}
		if !each.ready {
			making = true
			continue
		}
		told := access(id, each.password)
		if strings.HasPrefix(each.mode, "ON_DEMAND") {
			told["usageInfo"] = []answer{{"usageValue": 0, "statisticalTime": time.Now().UTC().Format("20060102150405") + "000"}}
		}
		info = append(info, told)
	}
	if len(info) > 0 {
		return success(answer{"info": info}), nil
	}
	if making {
		return answer{"resultCode": "000004", "resultMsg": "being made"}, nil
	}
	return nil, refusal{"000003", "instance does not exist"}
}

func (s *seller) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	told, err := s.serve(r)
	var no refusal
	if errors.As(err, &no) {
		told = answer{"resultCode": no.code, "resultMsg": no.message}
	} else if err != nil {
		told = answer{"resultCode": "000005", "resultMsg": "internal error"}
	}
	// HTTP 200 whatever it says: anything else is a failed call.
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(told)
}

func (s *seller) serve(r *http.Request) (answer, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, largest+1))
	if err != nil {
		return nil, err
	}
	if len(body) > largest {
		// Who is still sending hears no answer.
		io.CopyN(io.Discard, r.Body, drained)
		return nil, refusal{"000002", "the body is too large"}
	}
	if err := s.door.admit(r.URL.Query(), body); err != nil {
		return nil, err
	}
	c, err := read(body)
	if err != nil {
		return nil, err
	}
	return s.answer(c)
}

func main() {
	seconds, err := strconv.ParseFloat(os.Getenv("SELLER_MAKING"), 64)
	if err != nil {
		seconds = 1
	}
	s := &seller{byLine: map[string]*instance{}, byID: map[string]*instance{}, making: time.Duration(seconds * float64(time.Second))}
	s.door = door{key: []byte(os.Getenv("KOOGALLERY_BASE_KEY")), nonces: map[string]time.Time{}}
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Getenv("PORT"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("production address http://%s/saas\n", listener.Addr())
	http.Serve(listener, s)
}
