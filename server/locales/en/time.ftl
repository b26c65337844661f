# The calendar, benefits, tasks, memberships and credit.
occasion-birthday = Birthday
occasion-anniversary = Anniversary
occasion-tenure = Tenure: { $period }
occasion-inactive = Nothing for { $period }
occasion-before-expiry = { $points } end in { $period }
occasion-day-end = The end of the day
occasion-week-end = The end of the week
occasion-month-end = The end of the month
occasion-quarter-end = The end of the quarter
occasion-year-end = The end of the year
occasion-tier-review = Review of the tier: { $ladder }
occasion-before-membership-end = { $membership } runs out in { $period }
effect-occasion = { $what } ({ $date })
effect-benefit-used = Used: { $benefit }
effect-benefit-use-back = Use given back: { $benefit }
effect-task-opened = To be done by { $date }: { $what }
effect-task-done = Done: { $what }
effect-task-dropped = No longer to be done: { $what }
effect-membership-paid = { $membership }: { $fee } paid for { $from } – { $until }
effect-membership-ended = { $membership } ended, { $amount } given back
effect-advance = { $credit }: { $amount } advanced
effect-set-off-payment = { $credit }: { $amount } set off against a payment
effect-set-off-balance = { $credit }: { $amount } set off against the balance
reason-occasion = came on { $date }
reason-benefit-granted = gives “{ $benefit }”
reason-benefit-uses = { $count ->
    [one] gives “{ $benefit }” once
   *[other] gives “{ $benefit }” { $count } times
}
reason-benefit-until = { $given }, until { $date } inclusive
reason-benefit-used = used
reason-benefit-used-left = { $count ->
    [one] used; once more is possible
   *[other] used; { $count } times more are possible
}
reason-task-opened = to be done by { $date }
reason-task-done = done by { $actor }
reason-task-done-note = done by { $actor }: { $note }
reason-task-late = { $count ->
    [one] done by { $actor }, { $count } day late
   *[other] done by { $actor }, { $count } days late
}
reason-task-late-note = { $count ->
    [one] done by { $actor }, { $count } day late: { $note }
   *[other] done by { $actor }, { $count } days late: { $note }
}
reason-membership-paid = { $fee } paid for { $from } – { $until }
reason-membership-ended = ended before its time, { $amount } given back
reason-advanced = { $amount } advanced; { $open } are open, of at most { $most }
reason-set-off = { $amount } set off; { $open } are open
happened-benefit-use = Used: { $benefit }
happened-fulfilment = Done for the member
happened-membership-payment = Membership paid: { $membership }
happened-advance = Advanced: { $credit }
happened-set-off = Set off: { $credit }
refusal-occasion-not-due = The occasion “{ $occasion }” is not due: no rule waits for it, or it is booked already.
refusal-unknown-benefit = The programme has no benefit “{ $benefit }”.
refusal-not-entitled = The member does not have “{ $benefit }”.
refusal-benefit-used-up = “{ $benefit }” is used up.
refusal-benefit-used-up-from = { $count ->
    [one] “{ $benefit }” was used once in the period from { $from }; more is not possible.
   *[other] “{ $benefit }” was used { $count } times in the period from { $from }; more is not possible.
}
refusal-unknown-task = Nothing is to be done for { $activity }, or it is done.
refusal-unknown-membership = The programme has no membership “{ $membership }”.
refusal-unknown-credit = The programme has no credit “{ $credit }”.
refusal-over-credit = It is more than the limit of “{ $credit }” leaves.
refusal-over-credit-of = “{ $credit }” allows at most { $most }; { $open } are open.
refusal-nothing-advanced = Not so much is open on “{ $credit }”.
