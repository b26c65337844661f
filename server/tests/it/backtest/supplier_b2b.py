"""The supplier of shops and a copy with another ladder over a file of invoices, worked out anew.

It shares nothing with the program but the file: whole numbers, the standard library, and the
wording of the programme. Usage: supplier_b2b.py FILE.csv [ROWS]
"""

import csv
import datetime
import json
import sys

# Steps of (from, per cent): by the pieces of a line, and by what was paid in twelve months, in
# cents. Percentages are all of the list price; the year's is rounded once on the receipt.
FIRST = {"line": [(10, 4), (50, 7), (200, 10)], "year": [(5_000_000, 2), (20_000_000, 4)]}
SECOND = {"line": [(12, 3), (48, 8), (200, 12)], "year": [(200_000, 1), (1_000_000, 5)]}


def cents(text):
    whole, _, fraction = text.partition(".")
    if len(fraction) > 2 or whole.startswith("-"):
        raise ValueError(text)
    return int(whole) * 100 + int((fraction + "00")[:2])


def step(steps, measure):
    return max((percent for start, percent in steps if measure >= start), default=0)


def half_up(numerator, divisor):
    return (2 * numerator + divisor) // (2 * divisor)


def spread(total, lines):
    """By floors, and one cent each to the largest remainders; equals in the order of the goods."""
    whole = sum(line["listed"] for line in lines)
    if whole == 0:
        return [0] * len(lines)
    parts = [total * line["listed"] // whole for line in lines]
    remainders = [total * line["listed"] % whole for line in lines]
    order = sorted(range(len(lines)), key=lambda i: (
        -remainders[i], lines[i]["sku"], lines[i]["price"], lines[i]["quantity"], i))
    for place in order[:total - sum(parts)]:
        parts[place] += 1
    return parts


def year_before(day):
    return day.replace(year=day.year - 1) + datetime.timedelta(days=1)


def documents(path, rows):
    """Rows of one number and day are one paper: what was bought, or what came back."""
    found = {}
    with open(path, newline="") as file:
        for place, row in enumerate(list(csv.DictReader(file))[:rows]):
            quantity, price = int(row["quantity"]), cents(row["unit_price"])
            if quantity == 0:
                continue
            at = datetime.datetime.fromisoformat(row["at"])
            key = (row["invoice"], at.date(), quantity < 0)
            paper = found.setdefault(
                key, {"at": at, "customer": row["customer"], "back": quantity < 0, "lines": []})
            if paper["customer"] != row["customer"]:
                continue
            paper["at"] = min(paper["at"], at)
            paper["lines"].append({"sku": row["sku"] or "purchase", "quantity": abs(quantity),
                                   "price": price, "listed": abs(quantity) * price, "back": 0,
                                   "refunded": 0})
    return sorted(found.values(), key=lambda paper: paper["at"])


def decide(programme, lines, spent):
    """What is left to pay of every line."""
    year = step(programme["year"], spent)
    off = [half_up(line["listed"] * step(programme["line"], line["quantity"]), 100)
           for line in lines]
    of_year = half_up(sum(line["listed"] for line in lines) * year, 100)
    return [line["listed"] - own - part
            for line, own, part in zip(lines, off, spread(of_year, lines))]


def take_back(receipts, paper, sums):
    wanted = {}
    for line in paper["lines"]:
        wanted[line["sku"]] = wanted.get(line["sku"], 0) + line["quantity"]
    for receipt in sorted(receipts, key=lambda r: (r["at"], r["place"]), reverse=True):
        taken = {}
        for place, line in enumerate(receipt["lines"]):
            part = min(line["quantity"] - line["back"], wanted.get(line["sku"], 0))
            if part > 0:
                taken[place] = part
                wanted[line["sku"]] -= part
        for place, part in taken.items():
            line, net = receipt["lines"][place], receipt["net"][place]
            rest = net - line["refunded"]
            is_last = line["back"] + part == line["quantity"]
            refund = rest if is_last else min(rest, net * part // line["quantity"])
            line["back"] += part
            line["refunded"] += refund
            receipt["spent"] -= refund
            sums["listed_back"] += part * line["price"]
            sums["refunded"] += refund


def run(programme, path, rows):
    sums = {"listed": 0, "paid": 0, "listed_back": 0, "refunded": 0}
    customers, nets = {}, []
    for place, paper in enumerate(documents(path, rows)):
        receipts = customers.setdefault(paper["customer"], [])
        if paper["back"]:
            # Of guests nobody knows what they bought.
            if paper["customer"]:
                take_back(receipts, paper, sums)
            continue
        day = paper["at"].date()
        first = year_before(day)
        net = [line["listed"] for line in paper["lines"]]
        if paper["customer"]:
            spent = sum(one["spent"] for one in receipts if first <= one["at"].date() <= day)
            net = decide(programme, paper["lines"], spent)
        receipts.append({"at": paper["at"], "place": place, "lines": paper["lines"], "net": net,
                         "spent": sum(net)})
        sums["listed"] += sum(line["listed"] for line in paper["lines"])
        sums["paid"] += sum(net)
        nets.append(net)
    cost = (sums["listed"] - sums["listed_back"]) - (sums["paid"] - sums["refunded"])
    return nets, dict(sums, cost=cost)


def main():
    path = sys.argv[1]
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else None
    first_nets, first = run(FIRST, path, rows)
    second_nets, second = run(SECOND, path, rows)
    differ = sum(a != b for a, b in zip(first_nets, second_nets))
    print(json.dumps({"programme": first, "against": second, "receipts": len(first_nets),
                      "receipts_that_differ": differ}))


main()
