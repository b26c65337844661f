# What a programme chooses, one sentence for each answer: setting-<key>-<answer>.

# Prices

setting-spare-cent-largest-remainder = The cent that is left when a discount is spread goes to the line that was cut most.
setting-spare-cent-first-line = The cent that is left when a discount is spread goes to the first line.
setting-spare-cent-last-line = The cent that is left when a discount is spread goes to the last line.
setting-discount-rounding-once = A percentage is rounded once, over all its lines.
setting-discount-rounding-line = A percentage is rounded on each line.
setting-discount-rounding-piece = A percentage is rounded on each piece.
setting-discount-rounding-price = The new price of a piece is rounded, not the discount.
setting-rounding-direction-half-up = Discounts are rounded to the nearest cent, half a cent upwards.
setting-rounding-direction-down = Discounts are rounded down.
setting-rounding-direction-up = Discounts are rounded up.
setting-floored-discount-sums-move = What a line cannot take of a sum, the other lines take; of a percentage, it is lost.
setting-floored-discount-moves = What a line cannot take of a discount, the other lines take.
setting-floored-discount-lost = What a line cannot take of a discount is lost.
setting-percentages-compound = Of several percentages, each counts on what the earlier ones left.
setting-percentages-add = Several percentages add up: each counts on the price as it was.
setting-percentages-best = Of several percentages on one line, the best one counts.
setting-order-priority = Discounts apply by their priority, then by their id.
setting-order-lines-first = Discounts on certain lines apply before those on the whole receipt.
setting-choosing-best-for-member = Of the discounts that exclude each other, those stand that give the member most.
setting-choosing-best-for-shop = Of the discounts that exclude each other, those stand that cost the shop least.
setting-choosing-in-order = Of the discounts that exclude each other, the first in order stands; of a group, the one that gives most at that moment.
setting-exclusivity-value = An exclusive discount stands where it gives more than all others together.
setting-exclusivity-priority = An exclusive discount stands alone, even where it gives less.
setting-threshold-handed-in = A threshold looks at the goods before all discounts.
setting-threshold-after-discounts = A threshold looks at what earlier discounts left.
setting-threshold-paid-goods = A threshold looks at the goods before discounts, without those that became free.
setting-shared-discount-by-amount = A sum is spread over its lines by what they cost.
setting-shared-discount-by-quantity = A sum is spread over its lines by how many pieces they have.
setting-shared-discount-least-earned = A sum is taken first off lines on which no points are earned.
setting-limited-pieces-untouched = A second rule for some pieces takes first those that no such rule has touched.
setting-limited-pieces-lowered = A second rule for some pieces takes first those that are cheaper already.
setting-set-pieces-once = A piece counts in one set only.
setting-set-pieces-again = A piece may count in several sets.
setting-empty-rule-not-used = A rule that found nothing to take off counts as not used.
setting-empty-rule-used = A rule that found nothing to take off counts as used.
setting-free-piece-cheapest = In a set, the cheapest pieces are free.
setting-free-piece-dearest = In a set, the dearest pieces are free.
setting-free-piece-receipt-order = In a set, the last pieces on the receipt are free.
setting-free-sets-each = The free pieces are chosen in each set.
setting-free-sets-together = The free pieces are chosen over all sets together.
setting-free-pieces-among = Free pieces are among those on the receipt.
setting-free-pieces-added = Free pieces are handed over on top.
setting-set-repeats-as-often-as-it-fits = A set may be made as often as it fits.
setting-set-repeats-once = A set may be made once on a receipt.
setting-set-discount-whole-set = The discount of a set lies on all its pieces by what they cost, also when some come back.
setting-set-discount-free-pieces = The discount of a set lies on its free or cheaper pieces alone, also when some come back.

# Payment and codes

setting-code-use-after-void-given-back = A coupon whose receipt is taken back can be used again, unless it has ended.
setting-code-use-after-void-kept = A coupon whose receipt is taken back stays used.
setting-invalid-code-only-that-code = A code that does not hold gives nothing; the rest of the receipt stands.
setting-invalid-code-refuse-receipt = A code that does not hold refuses the whole receipt.
setting-code-case-ignored = Small and capital letters of a code are the same, and look-alikes are forgiven.
setting-code-case-matters = Small and capital letters of a code are different.
setting-certificate-pays-all = Gift certificates pay for everything but certificates, delivery too.
setting-certificate-pays-goods-only = Gift certificates pay for goods only.
setting-payment-means-together = Points and certificates may pay for one receipt together.
setting-payment-means-one-means = Either points or certificates pay for a receipt.
setting-certificates-per-receipt-any = Several certificates may pay for one receipt.
setting-certificates-per-receipt-one = One certificate may pay for a receipt.
setting-mixed-refund-in-proportion = What certificate and money paid together goes back to each as it paid.
setting-mixed-refund-certificate-first = What certificate and money paid together goes back to the certificate first.
setting-mixed-refund-money-first = What certificate and money paid together goes back as money first.
setting-paid-with-points-earns-nothing = What points pay for earns nothing.
setting-paid-with-points-earns = What points pay for earns points, too.
setting-paid-with-certificate-earns = What a certificate pays for earns and counts as spent; its sale did not.
setting-paid-with-certificate-earns-nothing = What a certificate pays for earns nothing.

# Earning

setting-earning-base-after-discounts = Points are earned on what is left to pay.
setting-earning-base-after-line-discounts = Points are earned on prices after the discounts of their lines; discounts on the whole receipt do not lower them.
setting-earning-base-before-discounts = Points are earned on prices before all discounts.
setting-earning-tax-with-tax = The tax in a price earns points, too.
setting-earning-tax-without-tax = The tax in a price earns no points.
setting-reward-discount-lowers-base = What a reward takes off earns no points.
setting-reward-discount-keeps-base = What a reward takes off earns points as if it were paid.
setting-points-only-receipt-earns-nothing = A receipt that points paid for wholly earns no fixed points.
setting-points-only-receipt-earns = A receipt that points paid for wholly earns its fixed points.
setting-own-points-later = Points can be spent from the next receipt on.
setting-own-points-same-receipt = Points can be spent on the receipt that earns them.
setting-points-rounding-each-award = Points are rounded for each award.
setting-points-rounding-receipt = Points are rounded once for the receipt.
setting-multipliers-multiply = Several multipliers multiply each other: 1.5 and 2 make 3.
setting-multipliers-add = Several multipliers add what they give on top: 1.5 and 2 make 2.5.
setting-multipliers-highest = Of several multipliers, the highest counts.
setting-fixed-points-not-multiplied = Fixed points are not multiplied.
setting-fixed-points-multiplied = Fixed points on receipts are multiplied, too.

# Returns

setting-spend-order-soonest-to-end = The points that end soonest are spent first.
setting-spend-order-oldest = The oldest points are spent first.
setting-spent-points-on-return-with-product = Points spent come back with the product that they paid for.
setting-spent-points-on-return-in-proportion = Points spent come back by the share of the receipt that comes back.
setting-spent-points-on-return-whole-return-only = Points spent come back with the last piece of the receipt.
setting-restored-points-original-end = Points that come back end when they would have ended.
setting-restored-points-new-end = Points that come back live as if they were earned on that day.
setting-voided-receipts-not-counted = A receipt of which nothing is left is no visit.
setting-voided-receipts-counted = A receipt of which nothing is left still counts as a visit.
setting-earned-points-on-return-in-proportion = A return takes back the share of the points that was earned with what comes back.
setting-earned-points-on-return-on-what-is-kept = A return leaves the points that what is kept would have earned alone.

# Tiers and limits

setting-over-budget-stop = An award that is more than what a limit leaves is not given.
setting-over-budget-cut = An award that is more than what a limit leaves is cut to what is left.

# `symbolon describe`

describe-settings = What this programme chooses. What differs from the usual is marked with *.
describe-stacking = Bounds of discounts
stacking-most-rules = { $count ->
    [one] At most { $count } discount stands on a receipt.
   *[other] At most { $count } discounts stand on a receipt.
}
stacking-no-most-rules = Any number of discounts may stand on a receipt.
stacking-most-percent = All discounts together take at most { $percent } off the goods.
stacking-no-most-percent = All discounts together have no bound.
stacking-margin-floor = No discount takes goods below their cost and a margin of { $percent }, where the cost is known.
stacking-no-margin-floor = Discounts do not look at the cost of goods.
stacking-effort = { $count ->
    [one] Up to { $count } set of discounts is compared to find the best one.
   *[other] Up to { $count } sets of discounts are compared to find the best one.
}

# People

setting-attribution-before-first-purchase = Who brought a member is written down before its first purchase.
setting-attribution-any-time = Who brought a member may be written down at any time.
setting-transferred-points-original-end = Points that came from another member end when they would have ended there.
setting-transferred-points-new-end = Points that came from another member end as if they were earned on the day of the transfer.
# Games

setting-preferences-not-kept = What each member likes is not kept.
setting-preferences-by-category = It is kept how much each member buys of each category.
