# Kuponger, gavekort og det som poeng og gavekort betaler.

reason-about-code = Kode { $position }
reason-code-not-valid = denne koden er ikke gyldig
reason-code-unknown = ikke gyldig: ingen kjenner denne koden
reason-code-used = ikke gyldig: allerede brukt
reason-code-expired = ikke gyldig: tiden er ute
reason-code-not-yet = ikke gyldig: tiden har ikke begynt
reason-code-blocked = ikke gyldig: sperret
reason-code-returned = ikke gyldig: salget ble trukket tilbake
reason-code-not-active = ikke gyldig: ikke aktivert
reason-code-not-yours = ikke gyldig: utstedt til et annet medlem
reason-code-not-for-this = ikke brukt: det er ingenting på denne kvitteringen for den
reason-code-twice = ikke brukt: samme kode ble vist to ganger
reason-code-only-one = ikke brukt: bare ett gavekort kan betale for en kvittering
reason-coupon-not-shown = ikke gitt: bare med kupong
reason-coupon-used = brukt til «{ $rule }»
reason-coupon-issued = en kupong ble utstedt: { $coupon }
reason-coupon-issued-until = en kupong ble utstedt: { $coupon }, til og med { $date }
reason-coupon-use-given-back = kan brukes igjen
reason-coupon-use-kept = forblir brukt, slik programmet sier
reason-coupon-use-ended = forblir brukt, fordi den ikke gjelder lenger
reason-issued-coupon-kept = ble brukt i mellomtiden og trekkes ikke tilbake
reason-certificate-sold = solgt for { $face }
reason-certificate-sold-inactive = solgt for { $face }, ikke aktivert ennå
reason-instrument-taken-back = trukket tilbake; gjelder ikke lenger
reason-paid-with-certificate = betalte { $amount }; { $left } gjenstår
reason-refilled = { $amount } tilbake på gavekortet
reason-refilled-ended = { $amount } tilbake på gavekortet, som ikke gjelder lenger
reason-paid-with-points = { $points } betalte { $amount }
reason-points-do-not-pay = ikke mulig: disse poengene betaler ikke for kvitteringer
reason-not-whole-steps = ikke mulig: bare hele multipler av { $step }
reason-more-than-points-may-pay = ikke mulig: det ville betale { $pays }, og høyst { $most } kan betales slik ({ $percent })

effect-coupon-used = { $by }: kupong brukt
effect-coupon-given-back = { $by }: bruken av kupongen gitt tilbake
effect-coupon-issued = { $by }: kupong utstedt: { $coupon }
effect-certificate-sold = Linje { $line }: gavekort på { $face } solgt
effect-paid-with-points = { $points } betalte { $amount }
effect-paid-with-certificate = Et gavekort betalte { $amount }
effect-refill = { $amount } tilbake på gavekortet
effect-instrument-taken-back = Gavekort eller kupong trukket tilbake

refusal-too-many-codes = For mange koder eller betalinger; høyst { $most } er mulig.
refusal-code-refused = Kvitteringen er ikke bokført på grunn av kode { $position }: { $why }.
refusal-payment-not-possible = Det kan ikke betales slik. { $reason }
refusal-paid-twice = «{ $points }» er nevnt i to betalinger; nevn dem én gang.
refusal-one-means-only = Poeng og gavekort betaler ikke for samme kvittering sammen.
refusal-certificate-not-for-sale = Linje { $line } kan ikke selge dette gavekortet: prisen, antallet eller tilstanden passer ikke.
refusal-certificate-used = Gavekortet på linje { $line } er allerede brukt og kan ikke leveres tilbake.

receipt-paid = Betalt med poeng og gavekort
