import hashlib, json, sys
def sha(t): return hashlib.sha256(t.encode()).hexdigest()
d = json.load(open(sys.argv[1]))
text = "symbolon draw commitment 1\n%s\n%s\n%s\n%s\n" % (d["seed"], d["draw"], d["per_holder"], d.get("entropy_source", ""))
for p in d["prizes"]: text += "%d %s %s\n" % (p["count"], p["id"], p["name"])
assert sha(text) == d["commitment"], "seed or terms"
lines, last = "", 0
drum = []
for t in d["tickets"]:
    lines += "%d-%d %s\n" % (last + 1, last + t["count"], t["holder"])
    drum += [(n, t["holder"]) for n in range(last + 1, last + t["count"] + 1)]
    last += t["count"]
digest = sha(lines)
assert digest == d["tickets_digest"], "tickets"
def words():
    n = 0
    while True:
        block = bytes.fromhex(sha("symbolon draw 1\n%s\n%s\n%s\n%d\n" % (d["seed"], digest, d.get("entropy", ""), n)))
        for i in range(0, 32, 8): yield int.from_bytes(block[i:i+8], "big")
        n += 1
w = words()
won = []
for p in d["prizes"]:
    for _ in range(p["count"]):
        if not drum: break
        while True:
            x = next(w)
            if x < 2**64 - 2**64 % len(drum): break
        ticket, holder = drum[x % len(drum)]
        drum = [t for t in drum if (t[1] != holder if d["per_holder"] == "one" else t[0] != ticket)]
        won.append({"place": len(won) + 1, "prize": p["id"], "ticket": ticket, "holder": holder})
assert won == d["winners"], won
print("holds")
