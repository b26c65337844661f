# Hvorfor noe ble gitt, eller ikke. Navnet på regelen står foran hver setning.

reason-line = { $about } – { $sentence }
reason-about-receipt = Kvittering
reason-earned-fixed = { $amount }
reason-earned-steps = { $amount }: { $steps ->
        [one] 1 helt trinn
       *[other] { $steps } hele trinn
    } på { $per } i { $basis }, { $give } for hvert
reason-earned-rate = { $amount }: { $give } per { $per } av { $basis }
reason-earned-percent = { $amount }: { $percent } av { $basis }
reason-on-some-lines = faktoren gjelder bare noen av linjene
rounding-down = rundet ned
rounding-up = rundet opp
rounding-half-up = rundet til nærmeste, halve opp
rounding-half-even = rundet til nærmeste, halve til partall
reason-multiplied = ganger det andre regler gir: { $points } { $times }
reason-discounted-percent = { $amount } i rabatt: { $percent } av { $basis }
reason-discounted-sum = { $amount } i rabatt på { $basis } (høyst { $sum })
reason-discounted-price = { $amount } i rabatt på { $basis }: prisen blir { $price } per stykk
reason-discounted-free = ett stykk gratis: { $amount } i rabatt på { $basis }
reason-discounted-percent-of-lowest = { $amount } i rabatt på { $basis }: { $percent } under den laveste prisen de siste 30 dagene
reason-discounted-price-list = { $amount } i rabatt på { $basis }: priser fra prislisten
reason-discounted-set = { $amount } i rabatt på { $basis }: kjøp { $buy }, få { $get }, × { $times }
reason-discounted-bundle = { $amount } i rabatt på { $basis }: pakke × { $times }
reason-offered = tilbudt i kassen: «{ $offer }»
reason-redeemed = løst inn for { $amount }
reason-debt-repaid = { $amount } av det som ble tjent, gikk til å gjøre opp gjeld
reason-tier-up = opp fra «{ $from }» til «{ $to }»
reason-tier-down = ned fra «{ $from }» til «{ $to }»
reason-not-yet = ikke gitt: begynner { $from }
reason-over = ikke gitt: sluttet { $until }
reason-weekday = ikke gitt: bare på disse dagene: { $days }
reason-hour = ikke gitt: bare i disse timene: { $hours }
reason-condition = ikke gitt, fordi dette ikke stemmer: { $condition }
reason-condition-unknown = ikke gitt: betingelsen er ikke oppfylt
reason-nothing-to-count = ga ingenting: ingenting på kvitteringen teller for den
reason-below-step = ga ingenting: det mangler { $missing } til { $step } (det er { $basis })
reason-nothing-left = ga ingenting på { $basis }
reason-limit-reached = ikke gitt: brukt { $times ->
        [one] én gang
       *[other] { $times } ganger
    } siden { $from }, og det er grensen
quota-times = { $times ->
    [one] én gang
   *[other] { $times } ganger
}
quota-per-all = til sammen
quota-per-member = for ett medlem
quota-per-location = for stedet «{ $scope }»
quota-per-till = for kassen «{ $scope }»
quota-per-cashier = for kassereren «{ $scope }»
quota-per-code = for én kode
reason-quota-reached = ikke gitt: grensen er brukt opp ({ $most } { $per })
reason-quota-reached-since = ikke gitt: grensen er brukt opp ({ $most } { $per }, siden { $from })
reason-quota-too-small = ikke gitt: { $wanted } skulle gis, men grensen har { $left } igjen
reason-quota-cut = { $given } i stedet for { $wanted }: grensen har ikke mer igjen
reason-quota-alert = { $used } av { $most } { $per } er brukt; varselet er satt til { $alert }
reason-held = reservert til { $until }
reason-excluded = ikke gitt: i gruppen «{ $group }» gjelder bare én regel, og «{ $by }» gir mer eller kommer først
reason-not-combined = ikke gitt: kan ikke kombineres med «{ $by }»
reason-too-many-discounts = ikke gitt: høyst { $most ->
    [one] { $most } rabatt
   *[other] { $most } rabatter
} gjelder på én kvittering
reason-about-discounts = Rabatter
reason-stacked-for-member = { $amount } er det meste som rabatter som utelukker hverandre, kan gi til sammen (undersøkte kombinasjoner: { $tried })
reason-stacked-for-shop = { $amount } er det minste som rabatter som utelukker hverandre, kan gi til sammen (undersøkte kombinasjoner: { $tried })
reason-stacked-for-member-bound = { $amount } er den beste av { $tried } undersøkte kombinasjoner; ingen annen gir mer enn { $bound }
reason-stacked-for-shop-bound = { $amount } er den laveste av { $tried } undersøkte kombinasjoner; ingen annen gir mindre enn { $bound }
reason-floored = { $amount } ikke gitt: prisen ville falle under minsteprisen
reason-cut = { $amount } ikke gitt: over den høyeste tillatte rabatten
reason-gift-added = gitt som gave (× { $times })
reason-announced = ikke ennå: begynner { $from }
reason-not-for-members = ikke gitt: bare for kunder som ikke er medlemmer
reason-not-for-guests = ikke gitt: bare for medlemmer
reason-not-enough = ikke mulig: koster { $needed }, tilgjengelig: { $available }
reason-and-pending = , på vent: { $amount }
reason-unmatched = fant ikke noe kjøp for { $quantity } stk.; ingenting ble trukket for dem
reason-reversed = { $amount } trukket tilbake
reason-of-that-lapsed = av dette var { $amount } allerede utløpt og trekkes ikke to ganger
reason-of-that-owed = av dette er { $amount } gjeld, som neste poeng gjør opp
reason-of-that-forgiven = av dette er { $amount } ettergitt
reason-restored = { $amount } gitt tilbake, med samme utløp som før
reason-refunded = { $amount } refundert
reason-expired = { $amount } utløp ved slutten av { $date }
reason-adjusted = { $amount } av { $actor }: «{ $reason }»
reason-earned-fixed-times = { $amount }: { $give } som fast beløp
reason-multipliers-added = det hver av dem legger til, legges sammen
reason-multipliers-highest = av flere på en linje gjelder bare den høyeste
reason-outdone = ikke brukt: bare den høyeste faktoren gjelder, og «{ $by }» er høyere
reason-at-least = { $amount } gitt, det minste for dette på en kvittering
reason-at-most = { $amount } gitt, det meste for dette på en kvittering
reason-at-most-per-receipt = { $amount } gitt, så langt grensen for en kvittering tillater
reason-at-most-per-day = { $amount } gitt, så langt grensen for en dag tillater
reason-at-most-per-month = { $amount } gitt, så langt grensen for en måned tillater
reason-withheld = { $money } holdt tilbake av refusjonen for { $amount } som ikke lenger er der
reason-renewed = { $amount } gitt tilbake med nytt utløp ({ $expiry })
reason-released = { $amount } tilgjengelig fra { $from }
reason-tier-set = «{ $tier }» satt av { $actor }: «{ $reason }»
reason-tier-set-until = «{ $tier }» satt til og med { $date } av { $actor }: «{ $reason }»
reason-tier-set-free = ikke lenger satt for hånd; av { $actor }: «{ $reason }»

# Hvor lenge poeng gjelder.
expiry-never = utløper ikke
expiry-date = til og med { $date }
expiry-idle = til { $period } etter siste aktivitet
period-days = { $count ->
        [one] 1 dag
       *[other] { $count } dager
    }
period-weeks = { $count ->
        [one] 1 uke
       *[other] { $count } uker
    }
period-months = { $count ->
        [one] 1 måned
       *[other] { $count } måneder
    }
period-years = { $count ->
        [one] 1 år
       *[other] { $count } år
    }

weekday-1 = mandag
weekday-2 = tirsdag
weekday-3 = onsdag
weekday-4 = torsdag
weekday-5 = fredag
weekday-6 = lørdag
weekday-7 = søndag

# Hva som ble bokført.
effect-join = Meldte seg inn: { $kind }
effect-visit = Historikk for { $date }: besøk { $visits }, brukt { $spent }
effect-discount = { $by }: { $amount } i rabatt
effect-offer = { $by }: tilbudt i kassen
effect-earn = { $by }: { $amount } tjent, { $expiry }
effect-earn-pending = { $by }: { $amount } tjent, tilgjengelig fra { $from }, { $expiry }
effect-repay = { $amount } gikk til å gjøre opp gjeld
effect-spend = { $by }: { $amount } løst inn
effect-free-item = { $by }: ett stykk gratis
effect-free-gift = { $by }: som gave, én av { $products } (× { $pieces })
effect-benefit = Fordel gitt: { $benefit }
effect-benefit-until = Fordel gitt til og med { $date }: { $benefit }
effect-benefit-revoked = Fordel trukket tilbake: { $benefit }
effect-count = { $by }: ganger brukt { $change } i perioden fra { $from }
effect-hold = Reservasjon: det kjøpet tar, er reservert til { $until }
effect-end-hold = Reservasjon: bekreftet
effect-counted = { $by }: brukt av grensen { $per }: { $amount }
effect-count-back = { $by }: gitt tilbake til grensen { $per }: { $amount }
effect-expire = { $amount } utløp ved slutten av { $date }
effect-return-line = Linje { $line }: { $quantity } returnert, { $amount } refundert
effect-voided = Trukket tilbake i sin helhet: { $of }
effect-reverse = { $amount } trukket tilbake
effect-restore = { $amount } gitt tilbake
effect-give = { $amount } gitt av { $actor }: «{ $reason }»
effect-take = { $amount } trukket av { $actor }: «{ $reason }»
effect-tier = { $ladder }: { $from } → { $to }
effect-earn-awaiting = { $by }: { $amount } tjent, venter på «{ $event }», { $expiry }
effect-release = { $event }: { $points } tilgjengelig fra { $from }
effect-tier-set = { $ladder }: «{ $tier }» satt av { $actor }: «{ $reason }»
effect-tier-set-until = { $ladder }: «{ $tier }» satt til og med { $date } av { $actor }: «{ $reason }»
effect-tier-set-free = { $ladder }: ikke lenger satt for hånd; av { $actor }: «{ $reason }»

member-kind-person = person
member-kind-company = bedrift
member-kind-employee = ansatt

# Hvorfor noe ikke ble bokført.
refusal-no-programme = Ingen program gjaldt på det tidspunktet.
refusal-no-member = Det finnes ikke noe slikt medlem.
refusal-already-member = Dette er allerede et medlem.
refusal-no-lines = Kvitteringen har ingen linjer.
refusal-too-many-lines = Kvitteringen har for mange linjer; høyst { $most } er mulig.
refusal-negative-price = Prisen på linje { $line } er under null.
refusal-quantity-not-positive = Antallet på linje { $line } må være over null.
refusal-name-too-long = For langt: «{ $what }».
refusal-number-too-large = Et tall er for stort.
refusal-date-out-of-range = En dato ligger utenfor kalenderen.
refusal-unknown-reward = Programmet har ingen belønning «{ $reward }».
refusal-unknown-action = Programmet har ingen handling «{ $action }».
refusal-unknown-points = Programmet har ingen poeng «{ $points }».
refusal-unknown-attribute = Programmet har ingen egenskap «{ $attribute }».
refusal-wrong-attribute-type = Verdien av «{ $attribute }» er av en annen type enn programmet sier.
refusal-reward-needs-receipt = «{ $reward }» trekker fra på en kvittering og trenger en.
refusal-reward-not-possible = Belønningen kan ikke gis. { $reason }
refusal-unknown-activity = Dette medlemmet har ingen hendelse { $activity }.
refusal-not-reversible = Hendelsen { $activity } er av en type som ikke kan trekkes tilbake.
refusal-already-voided = Hendelsen { $activity } er allerede trukket tilbake.
refusal-unknown-event = Programmet har ingen hendelse «{ $event }».
refusal-unknown-ladder = Programmet har ingen stige «{ $ladder }».
refusal-unknown-tier = Stigen har ikke noe nivå «{ $tier }».
refusal-ends-before-today = Den siste dagen er allerede over.
refusal-unknown-line = Kvitteringen har ingen linje { $line }.
refusal-more-than-bought = Linje { $line }: mer kommer tilbake enn det som ble kjøpt; { $left } kan ennå returneres.
refusal-nothing-returned = Ingenting returneres.
refusal-counter-not-at-hand = Grensene for denne kvitteringen kunne ikke leses; prøv igjen.
refusal-hold-too-long = Et kjøp reserveres i minst ett minutt og høyst { $most } minutter.
refusal-hold-ended = Reservasjonen { $activity } er bekreftet eller avbrutt, eller tiden er ute.
refusal-hold-differs = Kvitteringen er ikke det som ble reservert under { $activity }.
refusal-amount-zero = Beløpet er null.
refusal-reason-missing = Oppgi en grunn og et navn.
refusal-not-enough-to-take = Det er ikke så mange poeng å trekke.
refusal-not-enough-to-take-of = Det er ikke så mange poeng å trekke; tilgjengelig: { $available }.
