# Kalenderen, fordeler, oppgaver, medlemskap og kreditt.
occasion-birthday = Fødselsdag
occasion-anniversary = Jubileum
occasion-tenure = Fartstid: { $period }
occasion-inactive = Ingenting på { $period }
occasion-before-expiry = { $points } utløper om { $period }
occasion-day-end = Slutten av dagen
occasion-week-end = Slutten av uken
occasion-month-end = Slutten av måneden
occasion-quarter-end = Slutten av kvartalet
occasion-year-end = Slutten av året
occasion-tier-review = Gjennomgang av nivået: { $ladder }
occasion-before-membership-end = { $membership } utløper om { $period }
effect-occasion = { $what } ({ $date })
effect-benefit-used = Brukt: { $benefit }
effect-benefit-use-back = Bruk gitt tilbake: { $benefit }
effect-task-opened = Skal gjøres innen { $date }: { $what }
effect-task-done = Gjort: { $what }
effect-task-dropped = Skal ikke gjøres lenger: { $what }
effect-membership-paid = { $membership }: { $fee } betalt for { $from } – { $until }
effect-membership-ended = { $membership } avsluttet, { $amount } tilbakebetales
effect-advance = { $credit }: { $amount } i forskudd
effect-set-off-payment = { $credit }: { $amount } motregnet i en betaling
effect-set-off-balance = { $credit }: { $amount } motregnet i saldoen
reason-occasion = kom { $date }
reason-benefit-granted = gir «{ $benefit }»
reason-benefit-uses = { $count ->
    [one] gir «{ $benefit }» én gang
   *[other] gir «{ $benefit }» { $count } ganger
}
reason-benefit-until = { $given }, til og med { $date }
reason-benefit-used = brukt
reason-benefit-used-left = { $count ->
    [one] brukt; kan brukes én gang til
   *[other] brukt; kan brukes { $count } ganger til
}
reason-task-opened = skal gjøres innen { $date }
reason-task-done = gjort av { $actor }
reason-task-done-note = gjort av { $actor }: { $note }
reason-task-late = { $count ->
    [one] gjort av { $actor }, { $count } dag for sent
   *[other] gjort av { $actor }, { $count } dager for sent
}
reason-task-late-note = { $count ->
    [one] gjort av { $actor }, { $count } dag for sent: { $note }
   *[other] gjort av { $actor }, { $count } dager for sent: { $note }
}
reason-membership-paid = { $fee } betalt for { $from } – { $until }
reason-membership-ended = avsluttet før tiden, { $amount } tilbakebetales
reason-advanced = { $amount } i forskudd; { $open } er utestående, av høyst { $most }
reason-set-off = { $amount } motregnet; { $open } er utestående
happened-benefit-use = Brukt: { $benefit }
happened-fulfilment = Gjort for medlemmet
happened-membership-payment = Medlemskap betalt: { $membership }
happened-advance = Forskudd: { $credit }
happened-set-off = Motregning: { $credit }
refusal-occasion-not-due = Anledningen «{ $occasion }» er ikke kommet: ingen regel venter på den, eller den er bokført.
refusal-unknown-benefit = Programmet har ingen fordel «{ $benefit }».
refusal-not-entitled = Medlemmet har ikke «{ $benefit }».
refusal-benefit-used-up = «{ $benefit }» er brukt opp.
refusal-benefit-used-up-from = { $count ->
    [one] «{ $benefit }» er brukt én gang i perioden fra { $from }; mer er ikke mulig.
   *[other] «{ $benefit }» er brukt { $count } ganger i perioden fra { $from }; mer er ikke mulig.
}
refusal-unknown-task = Det er ingenting å gjøre for { $activity }, eller det er gjort.
refusal-unknown-membership = Programmet har ikke medlemskapet «{ $membership }».
refusal-unknown-credit = Programmet har ikke kreditten «{ $credit }».
refusal-over-credit = Det er mer enn grensen for «{ $credit }» tillater.
refusal-over-credit-of = «{ $credit }» tillater høyst { $most }; { $open } er utestående.
refusal-nothing-advanced = Så mye er ikke utestående på «{ $credit }».
