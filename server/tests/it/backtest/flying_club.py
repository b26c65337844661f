"""The Flying Club and a copy with other rates over a file of purchases, worked out anew.

It shares nothing with the program but the file: whole numbers, the standard library, and the
wording of the programme. Usage: flying_club.py FILE.csv [ROWS]
"""

import csv
import datetime
import json
import sys

# miles: `give` for every full `per` cents, multiplied by the tier, rounded down; tiers: (from, multiplier in hundredths), the lowest first.
FIRST = {"give": 1, "per": 100, "tiers": [(0, 100), (400, 150), (1000, 200)]}
SECOND = {"give": 3, "per": 200, "tiers": [(0, 100), (15, 150), (40, 200)]}
CENTS_PER_TIER_POINT = 1000
# What a mile is worth, in hundred-thousandths of a cent: 0.00125 of the currency.
WORTH = 12500
PER_CENT = 100000


def cents(text):
    whole, _, fraction = text.partition(".")
    return int(whole) * 100 + int((fraction + "00")[:2])


def year_before(day):
    """The first day of twelve months that end with `day`."""
    try:
        back = day.replace(year=day.year - 1)
    except ValueError:
        back = day.replace(year=day.year - 1, day=28)
    return back + datetime.timedelta(days=1)


def rank_on(programme, history, day):
    first = year_before(day)
    measure = sum(points for on, points in history if first <= on <= day)
    return max(rank for rank, (start, _) in enumerate(programme["tiers"]) if measure >= start)


def rank(programme, history, day):
    """A tier is kept until the end of the year after the one in which it was reached."""
    kept_from = datetime.date(day.year - 1, 1, 1)
    days = {kept_from, day} | {on for on, _ in history if kept_from <= on < day}
    return max(rank_on(programme, history, one) for one in days)


def rounded(numerator, divisor):
    return (2 * numerator + divisor) // (2 * divisor)


def main():
    path = sys.argv[1]
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else None
    with open(path, newline="") as file:
        purchases = list(csv.DictReader(file))[:rows]
    purchases.sort(key=lambda row: row["date"])
    end = datetime.date.fromisoformat(purchases[-1]["date"])
    sides = []
    earned_by_receipt = []
    for programme in (FIRST, SECOND):
        histories, earned, miles, tier_points, moves = {}, [], 0, 0, 0
        for row in purchases:
            day = datetime.date.fromisoformat(row["date"])
            amount = cents(row["amount"])
            history = histories.setdefault(row["customer"], [])
            before = rank(programme, history, day)
            multiplier = programme["tiers"][before][1]
            got = amount // programme["per"] * programme["give"] * multiplier // 100
            points = amount // CENTS_PER_TIER_POINT
            history.append((day, points))
            moves += rank(programme, history, day) != before
            earned.append((got, points))
            miles += got
            tier_points += points
        tiers = [0] * len(programme["tiers"])
        for history in histories.values():
            tiers[rank(programme, history, end)] += 1
        cost = rounded(miles * WORTH, PER_CENT)
        earned_by_receipt.append(earned)
        sides.append({"miles": miles, "tier_points": tier_points, "tiers": tiers,
                      "moves": moves, "cost_cents": cost})
    differ = sum(a != b for a, b in zip(*earned_by_receipt))
    print(json.dumps({"programme": sides[0], "against": sides[1], "receipts": len(purchases),
                      "receipts_that_differ": differ}))


main()
