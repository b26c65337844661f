# Why something was given, or was not. The name of the rule stands before each sentence.

reason-line = { $about } – { $sentence }
reason-about-receipt = Receipt
reason-earned-fixed = { $amount }
reason-earned-steps = { $amount }: { $steps ->
        [one] 1 full step
       *[other] { $steps } full steps
    } of { $per } in { $basis }, { $give } each
reason-earned-rate = { $amount }: { $give } per { $per } of { $basis }
reason-earned-percent = { $amount }: { $percent } of { $basis }
reason-on-some-lines = the multiplier counts for some of the lines
rounding-down = rounded down
rounding-up = rounded up
rounding-half-up = rounded to the nearest, halves up
rounding-half-even = rounded to the nearest, halves to even
reason-multiplied = multiplied what other rules give: { $points } { $times }
reason-discounted-percent = { $amount } off: { $percent } of { $basis }
reason-discounted-sum = { $amount } off { $basis } (at most { $sum })
reason-discounted-price = { $amount } off { $basis }: the price becomes { $price } each
reason-discounted-free = one piece for free: { $amount } off { $basis }
reason-discounted-percent-of-lowest = { $amount } off { $basis }: { $percent } less than the lowest price of the last 30 days
reason-discounted-price-list = { $amount } off { $basis }: prices of the list
reason-discounted-set = { $amount } off { $basis }: buy { $buy }, get { $get }, × { $times }
reason-discounted-bundle = { $amount } off { $basis }: bundle × { $times }
reason-offered = offered at the till: “{ $offer }”
reason-redeemed = redeemed for { $amount }
reason-debt-repaid = { $amount } of what was earned settled a debt
reason-tier-up = from “{ $from }” up to “{ $to }”
reason-tier-down = from “{ $from }” down to “{ $to }”
reason-not-yet = not given: begins on { $from }
reason-over = not given: ended on { $until }
reason-weekday = not given: only on these days: { $days }
reason-hour = not given: only at these hours: { $hours }
reason-condition = not given, because this is not so: { $condition }
reason-condition-unknown = not given: its condition does not hold
reason-nothing-to-count = gave nothing: nothing on the receipt counts for it
reason-below-step = gave nothing: { $missing } more needed to reach { $step } (there is { $basis })
reason-nothing-left = gave nothing on { $basis }
reason-limit-reached = not given: used { $times ->
        [one] once
       *[other] { $times } times
    } since { $from }, which is the limit
quota-times = { $times ->
    [one] once
   *[other] { $times } times
}
quota-per-all = in all
quota-per-member = for one member
quota-per-location = for the location “{ $scope }”
quota-per-till = for the till “{ $scope }”
quota-per-cashier = for the cashier “{ $scope }”
quota-per-code = for one code
reason-quota-reached = not given: the limit is used up ({ $most } { $per })
reason-quota-reached-since = not given: the limit is used up ({ $most } { $per }, since { $from })
reason-quota-too-small = not given: { $wanted } would be due, the limit leaves { $left }
reason-quota-cut = { $given } instead of { $wanted }: the limit leaves no more
reason-quota-alert = { $used } of { $most } { $per } are used; the alert is set to { $alert }
reason-held = held until { $until }
reason-excluded = not given: of the group “{ $group }” only one applies, and “{ $by }” gives more or comes first
reason-not-combined = not given: it cannot be combined with “{ $by }”
reason-too-many-discounts = not given: at most { $most ->
    [one] { $most } discount applies
   *[other] { $most } discounts apply
} to one receipt
reason-about-discounts = Discounts
reason-stacked-for-member = { $amount } is the most that discounts which exclude each other can give together (combinations examined: { $tried })
reason-stacked-for-shop = { $amount } is the least that discounts which exclude each other can give together (combinations examined: { $tried })
reason-stacked-for-member-bound = { $amount } is the best of { $tried } combinations examined; no other gives more than { $bound }
reason-stacked-for-shop-bound = { $amount } is the lowest of { $tried } combinations examined; no other gives less than { $bound }
reason-floored = { $amount } not given: the price would fall below its floor
reason-cut = { $amount } not given: above the highest discount allowed
reason-gift-added = handed over as a gift (× { $times })
reason-announced = not yet: starts { $from }
reason-not-for-members = not given: only for customers who are not members
reason-not-for-guests = not given: only for members
reason-not-enough = not possible: costs { $needed }, available: { $available }
reason-and-pending = , pending: { $amount }
reason-unmatched = { $quantity } could not be matched to any purchase; nothing was taken back for it
reason-reversed = { $amount } taken back
reason-of-that-lapsed = of that { $amount } had expired already and is not taken twice
reason-of-that-owed = of that { $amount } is owed and will be settled by the next points
reason-of-that-forgiven = of that { $amount } was let go
reason-restored = { $amount } given back, with their original end
reason-refunded = { $amount } refunded
reason-expired = { $amount } expired at the end of { $date }
reason-adjusted = { $amount } by { $actor }: “{ $reason }”
reason-earned-fixed-times = { $amount }: { $give } as a fixed amount
reason-multipliers-added = what each adds is added up
reason-multipliers-highest = of several on a line only the highest counts
reason-outdone = not used: only the highest multiplier counts, and “{ $by }” is higher
reason-at-least = { $amount } given, the least for this on a receipt
reason-at-most = { $amount } given, the most for this on a receipt
reason-at-most-per-receipt = { $amount } given, as far as the most on a receipt allows
reason-at-most-per-day = { $amount } given, as far as the most in a day allows
reason-at-most-per-month = { $amount } given, as far as the most in a month allows
reason-withheld = { $money } kept back from the refund for { $amount } that are no longer there
reason-renewed = { $amount } given back with a new end ({ $expiry })
reason-released = { $amount } available from { $from }
reason-tier-set = “{ $tier }” set by { $actor }: “{ $reason }”
reason-tier-set-until = “{ $tier }” set until the end of { $date } by { $actor }: “{ $reason }”
reason-tier-set-free = no longer set by hand; by { $actor }: “{ $reason }”

# Until when points count.
expiry-never = no end
expiry-date = until { $date } inclusive
expiry-idle = until { $period } after the last activity
period-days = { $count ->
        [one] 1 day
       *[other] { $count } days
    }
period-weeks = { $count ->
        [one] 1 week
       *[other] { $count } weeks
    }
period-months = { $count ->
        [one] 1 month
       *[other] { $count } months
    }
period-years = { $count ->
        [one] 1 year
       *[other] { $count } years
    }

weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday

# What was booked.
effect-join = Joined as { $kind }
effect-visit = History of { $date }: visits { $visits }, spent { $spent }
effect-discount = { $by }: { $amount } off
effect-offer = { $by }: offered at the till
effect-earn = { $by }: { $amount } earned, { $expiry }
effect-earn-pending = { $by }: { $amount } earned, available from { $from }, { $expiry }
effect-repay = { $amount } settled a debt
effect-spend = { $by }: { $amount } redeemed
effect-free-item = { $by }: one piece for free
effect-free-gift = { $by }: as a gift, one of { $products } (× { $pieces })
effect-benefit = Benefit granted: { $benefit }
effect-benefit-until = Benefit granted until { $date } inclusive: { $benefit }
effect-benefit-revoked = Benefit taken back: { $benefit }
effect-count = { $by }: uses { $change } in the period from { $from }
effect-hold = Hold: what the checkout takes is reserved until { $until }
effect-end-hold = Hold: confirmed
effect-counted = { $by }: limit used { $per }: { $amount }
effect-count-back = { $by }: limit given back { $per }: { $amount }
effect-expire = { $amount } expired at the end of { $date }
effect-return-line = Line { $line }: { $quantity } returned, { $amount } refunded
effect-voided = Taken back as a whole: { $of }
effect-reverse = { $amount } taken back
effect-restore = { $amount } given back
effect-give = { $amount } given by { $actor }: “{ $reason }”
effect-take = { $amount } taken by { $actor }: “{ $reason }”
effect-tier = { $ladder }: { $from } → { $to }
effect-earn-awaiting = { $by }: { $amount } earned, waiting for “{ $event }”, { $expiry }
effect-release = { $event }: { $points } available from { $from }
effect-tier-set = { $ladder }: “{ $tier }” set by { $actor }: “{ $reason }”
effect-tier-set-until = { $ladder }: “{ $tier }” set until the end of { $date } by { $actor }: “{ $reason }”
effect-tier-set-free = { $ladder }: no longer set by hand; by { $actor }: “{ $reason }”

member-kind-person = person
member-kind-company = company
member-kind-employee = employee

# Why an activity was not booked at all.
refusal-no-programme = No programme was in force at that moment.
refusal-no-member = There is no such member.
refusal-already-member = This is a member already.
refusal-no-lines = The receipt has no lines.
refusal-too-many-lines = The receipt has too many lines; at most { $most } are possible.
refusal-negative-price = The price on line { $line } is below zero.
refusal-quantity-not-positive = The quantity on line { $line } must be above zero.
refusal-name-too-long = Too long: “{ $what }”.
refusal-number-too-large = A number is too large.
refusal-date-out-of-range = A date is beyond what the calendar holds.
refusal-unknown-reward = The programme has no reward “{ $reward }”.
refusal-unknown-action = The programme has no action “{ $action }”.
refusal-unknown-points = The programme has no points “{ $points }”.
refusal-unknown-attribute = The programme has no attribute “{ $attribute }”.
refusal-wrong-attribute-type = The value of “{ $attribute }” is of another type than the programme declares.
refusal-reward-needs-receipt = “{ $reward }” takes something off a receipt and needs one.
refusal-reward-not-possible = The reward cannot be had. { $reason }
refusal-unknown-activity = There is no activity { $activity } of this member.
refusal-not-reversible = The activity { $activity } is of a kind that cannot be taken back.
refusal-already-voided = The activity { $activity } was taken back already.
refusal-unknown-event = The programme has no event “{ $event }”.
refusal-unknown-ladder = The programme has no ladder “{ $ladder }”.
refusal-unknown-tier = The ladder has no tier “{ $tier }”.
refusal-ends-before-today = The last day is over already.
refusal-unknown-line = The receipt has no line { $line }.
refusal-more-than-bought = Line { $line }: more comes back than was bought; { $left } can still be returned.
refusal-nothing-returned = Nothing is returned.
refusal-counter-not-at-hand = The limits of this receipt could not be read; try again.
refusal-hold-too-long = A checkout is held for at least a minute and at most { $most } minutes.
refusal-hold-ended = The hold { $activity } was confirmed or cancelled, or its time is over.
refusal-hold-differs = The receipt is not what was held under { $activity }.
refusal-amount-zero = The amount is zero.
refusal-reason-missing = A reason and a name are needed.
refusal-not-enough-to-take = There are not so many points to take.
refusal-not-enough-to-take-of = There are not so many points to take; available: { $available }.
