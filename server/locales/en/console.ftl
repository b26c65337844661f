# The frame of every page.
skip-to-content = Skip to the content
nav-label = Main menu
nav-overview = Overview
nav-members = Members
search-label = Find a member or a receipt
search-placeholder = Phone, card or receipt number
search-button = Find
language-label = Language:
sign-out = Sign out
demo-badge = Demo: these data are made up
footer-version = version { $number }
footer-zone = Times are those of { $zone }
pager-label = Pages of the list
pager-first = To the beginning
pager-next = Further

# The overview.
overview-programme = { $programme }, version { $version }, in force since { $from }
overview-programme-first = { $programme }, version { $version }, in force for all receipts
overview-members = Members
overview-members-definition = Everybody who has joined
overview-receipts = Receipts
overview-receipts-definition = All that were booked, guests’ included
overview-returns = Returns
overview-returns-definition = Returns and receipts taken back as a whole
overview-counted-at = Counted at { $at }
overview-latest-receipts = Latest receipts
overview-no-receipts = There is no receipt yet. Send the first one:
overview-latest-members = Latest members
overview-all-members = All members
overview-empty = What to do next
overview-empty-receipt = Send the first receipt. It appears here with its points and the reasons for them.
overview-empty-demo = Or look around first, in a shop that is made up:

# What became of the points.
points-issued = Issued
points-issued-definition = Earned by the rules of the programme
points-redeemed = Redeemed
points-redeemed-definition = Spent on rewards, less what was given back
points-expired = Expired
points-expired-definition = Ran out unused, as far as it is booked
points-reversed = Taken back
points-reversed-definition = After returns and voids
points-adjusted = By hand
points-adjusted-definition = Given by staff, less what they took
points-outstanding = Outstanding
points-outstanding-definition = What members have, pending included, less what they owe

# Lists of members and receipts.
members-count = { $count ->
        [one] 1 member
       *[other] { $count } members
    }
members-none = There are no members yet.
member-member = Member
member-kind = Kind
member-joined = Joined
member-available = Available
receipt-number = Receipt
receipt-time = Time
receipt-member = Member
receipt-guest = Guest
receipt-total = To pay
receipt-points = Points

# A member.
member-id = Id
identifier-phone = Phone
identifier-email = E-mail
identifier-card = Card
identifier-external = Number elsewhere
member-benefits = Benefits
member-rewards = Rewards
member-timeline = What happened
member-timeline-empty = Nothing has happened yet.
member-facts-at = State as of { $at }
balance-available = Available now
balance-counted = They count, and cannot be spent
balance-pending = Pending: { $amount }, available from { $from }
balance-awaiting = Pending: { $amount }, waiting for “{ $event }”
balance-owed = Owed: { $amount }; the next points settle it
balance-expires = Expires next: { $amount }, valid until { $date } inclusive
tier-missing = { $missing } more until { $tier }
tier-progress = { $reached } of { $from }
tier-highest = The highest tier
benefit-of-tier = with the tier { $tier }
benefit-granted = granted on { $date }
reward-possible = Can be had now
reward-progress = { $have } of { $cost }
lots-title = Points by lot
lots-definition = What was earned at once is a lot with its own end.
lots-order-soonest-to-end = Lots that end first are spent first.
lots-order-oldest = The oldest lots are spent first.
lots-number = Lot
lots-kind = Of
lots-left = Left
lots-left-of = { $left } of { $granted }
lots-earned-on = Earned
lots-available-at = Pending until { $from }
lots-awaits = Pending until “{ $event }”
lots-ends = Valid until
lots-ends-when-idle = if nothing else happens before

# What happened.
happened-joining = Joined
happened-import = Taken over; a member since { $since }
happened-receipt = Receipt { $number }
happened-return-of = Return for receipt { $number }
happened-return = Return without a receipt
happened-void-of = Receipt { $number } taken back as a whole
happened-hold = Checkout held
happened-void = Taken back as a whole
happened-redemption = Reward: { $reward }
happened-given = Given by hand
happened-tier-set = Tier set by hand
happened-taken = Taken by hand
happened-expiry = Expiry
happened-is-voided = taken back
happened-why = Why?
happened-judged-by = By version { $number } of the programme.

# A receipt.
receipt-title = Receipt { $number }
receipt-location = Location
receipt-till = Till
receipt-id = Id
receipt-lines = What was bought
line-product = Product
line-quantity = Quantity
line-unit-price = Price
line-discount = Discount
line-to-pay = To pay
line-returned = Returned
receipt-gross = Before discounts
receipt-discount = Discounts
receipt-to-pay = To pay
receipt-refunded = Refunded since
receipt-earned = Earned
receipt-spent = Redeemed
receipt-reasons = What was given, and why
receipt-no-reasons = No rule of the programme is about this receipt.
receipt-judged-by = Judged by { $programme }, version { $number }.
receipt-returns = What came back

# When there is nothing to show.
not-found-title = Nothing found
not-found-text = There is no such page, or it may not be seen with this key.
not-found-search = No member and no receipt matches “{ $search }”. Give the whole phone number, card number or receipt number.
error-title = Something went wrong on our side
error-text = Please try again. If it happens again, tell whoever runs this server.
error-reference = By this they find the cause:
sign-in-title = Sign in
sign-in-key = Access key
sign-in-help = Made with the command symbolon key
sign-in-wrong = This key is not known, or no longer valid.
sign-in-button = Sign in
