# Hva et program velger, en setning for hvert svar: setting-<nøkkel>-<svar>.

# Prices

setting-spare-cent-largest-remainder = Øret som blir igjen når en rabatt fordeles, går til linjen som ble avrundet mest.
setting-spare-cent-first-line = Øret som blir igjen når en rabatt fordeles, går til den første linjen.
setting-spare-cent-last-line = Øret som blir igjen når en rabatt fordeles, går til den siste linjen.
setting-discount-rounding-once = En prosentrabatt avrundes én gang, over alle linjene sine.
setting-discount-rounding-line = En prosentrabatt avrundes på hver linje.
setting-discount-rounding-piece = En prosentrabatt avrundes på hvert stykke.
setting-discount-rounding-price = Den nye prisen per stykke avrundes, ikke rabatten.
setting-rounding-direction-half-up = Rabatter avrundes til nærmeste øre, et halvt øre oppover.
setting-rounding-direction-down = Rabatter avrundes nedover.
setting-rounding-direction-up = Rabatter avrundes oppover.
setting-floored-discount-sums-move = Det en linje ikke kan ta av et beløp, tar de andre linjene; av en prosentrabatt går det tapt.
setting-floored-discount-moves = Det en linje ikke kan ta av en rabatt, tar de andre linjene.
setting-floored-discount-lost = Det en linje ikke kan ta av en rabatt, går tapt.
setting-percentages-compound = Av flere prosentrabatter regnes hver av det som de tidligere lot være igjen.
setting-percentages-add = Flere prosentrabatter legges sammen: hver regnes av den opprinnelige prisen.
setting-percentages-best = Av flere prosentrabatter på én linje gjelder den beste.
setting-order-priority = Rabatter brukes etter prioritet, så etter id.
setting-order-lines-first = Rabatter på bestemte linjer brukes før rabatter på hele kvitteringen.
setting-choosing-best-for-member = Av rabatter som utelukker hverandre, gjelder de som gir medlemmet mest.
setting-choosing-best-for-shop = Av rabatter som utelukker hverandre, gjelder de som koster butikken minst.
setting-choosing-in-order = Av rabatter som utelukker hverandre, gjelder den første i rekkefølgen; i en gruppe den som gir mest der og da.
setting-exclusivity-value = En eksklusiv rabatt gjelder når den gir mer enn alle de andre til sammen.
setting-exclusivity-priority = En eksklusiv rabatt gjelder alene, også når den gir mindre.
setting-threshold-handed-in = En terskel ser på varene før alle rabatter.
setting-threshold-after-discounts = En terskel ser på det som er igjen etter tidligere rabatter.
setting-threshold-paid-goods = En terskel ser på varene før rabatter, uten dem som ble gratis.
setting-shared-discount-by-amount = Et beløp fordeles på linjene etter hva de koster.
setting-shared-discount-by-quantity = Et beløp fordeles på linjene etter antall.
setting-shared-discount-least-earned = Et beløp trekkes først fra linjer som det ikke tjenes poeng på.
setting-limited-pieces-untouched = En regel nummer to for noen stykker tar først dem som ingen slik regel har rørt.
setting-limited-pieces-lowered = En regel nummer to for noen stykker tar først dem som allerede er billigere.
setting-set-pieces-once = Et stykke teller i bare ett sett.
setting-set-pieces-again = Et stykke kan telle i flere sett.
setting-empty-rule-not-used = En regel som ikke fant noe å trekke fra, regnes som ikke brukt.
setting-empty-rule-used = En regel som ikke fant noe å trekke fra, regnes som brukt.
setting-free-piece-cheapest = I et sett er de billigste stykkene gratis.
setting-free-piece-dearest = I et sett er de dyreste stykkene gratis.
setting-free-piece-receipt-order = I et sett er de siste stykkene på kvitteringen gratis.
setting-free-sets-each = Gratisstykkene velges i hvert sett.
setting-free-sets-together = Gratisstykkene velges over alle settene samlet.
setting-free-pieces-among = Gratisstykkene er blant dem på kvitteringen.
setting-free-pieces-added = Gratisstykkene kommer i tillegg.
setting-set-repeats-as-often-as-it-fits = Et sett kan lages så ofte det går opp.
setting-set-repeats-once = Et sett kan lages én gang per kvittering.
setting-set-discount-whole-set = Rabatten på et sett ligger på alle stykkene etter pris, også når noen kommer i retur.
setting-set-discount-free-pieces = Rabatten på et sett ligger bare på stykkene som er gratis eller billigere, også når noen kommer i retur.

# Payment and codes

setting-code-use-after-void-given-back = En kupong kan brukes igjen når kvitteringen er annullert, om den ikke er utløpt.
setting-code-use-after-void-kept = En kupong forblir brukt også når kvitteringen er annullert.
setting-invalid-code-only-that-code = En kode som ikke gjelder, gir ingenting; resten av kvitteringen står.
setting-invalid-code-refuse-receipt = En kode som ikke gjelder, avviser hele kvitteringen.
setting-code-case-ignored = Små og store bokstaver i en kode er like, og like tegn tilgis.
setting-code-case-matters = Små og store bokstaver i en kode er forskjellige.
setting-certificate-pays-all = Gavekort betaler alt unntatt gavekort, også frakt.
setting-certificate-pays-goods-only = Gavekort betaler bare varer.
setting-payment-means-together = Poeng og gavekort kan betale samme kvittering.
setting-payment-means-one-means = Enten poeng eller gavekort betaler en kvittering.
setting-certificates-per-receipt-any = Flere gavekort kan betale samme kvittering.
setting-certificates-per-receipt-one = Ett gavekort kan betale en kvittering.
setting-mixed-refund-in-proportion = Det gavekort og penger betalte sammen, går tilbake til hver sin del.
setting-mixed-refund-certificate-first = Det gavekort og penger betalte sammen, går først tilbake til gavekortet.
setting-mixed-refund-money-first = Det gavekort og penger betalte sammen, går først tilbake som penger.
setting-paid-with-points-earns-nothing = Det som betales med poeng, gir ingen poeng.
setting-paid-with-points-earns = Det som betales med poeng, gir også poeng.
setting-paid-with-certificate-earns = Det et gavekort betaler, gir poeng og teller som kjøp; salget av det gjorde ikke det.
setting-paid-with-certificate-earns-nothing = Det et gavekort betaler, gir ingen poeng.

# Earning

setting-earning-base-after-discounts = Poeng tjenes på det som er igjen å betale.
setting-earning-base-after-line-discounts = Poeng tjenes på prisene etter linjenes rabatter; rabatter på hele kvitteringen senker dem ikke.
setting-earning-base-before-discounts = Poeng tjenes på prisene før alle rabatter.
setting-earning-tax-with-tax = Avgiften i prisen gir også poeng.
setting-earning-tax-without-tax = Avgiften i prisen gir ingen poeng.
setting-reward-discount-lowers-base = Det en belønning trekker fra, gir ingen poeng.
setting-reward-discount-keeps-base = Det en belønning trekker fra, gir poeng som om det var betalt.
setting-points-only-receipt-earns-nothing = En kvittering som poeng betalte helt, gir ingen faste poeng.
setting-points-only-receipt-earns = En kvittering som poeng betalte helt, gir de faste poengene sine.
setting-own-points-later = Poeng kan brukes fra neste kvittering.
setting-own-points-same-receipt = Poeng kan brukes på kvitteringen som gir dem.
setting-points-rounding-each-award = Poeng avrundes for hver tildeling.
setting-points-rounding-receipt = Poeng avrundes én gang per kvittering.
setting-multipliers-multiply = Flere multiplikatorer ganges sammen: 1,5 og 2 gir 3.
setting-multipliers-add = Flere multiplikatorer legger sammen tilleggene sine: 1,5 og 2 gir 2,5.
setting-multipliers-highest = Av flere multiplikatorer gjelder den høyeste.
setting-fixed-points-not-multiplied = Faste poeng ganges ikke.
setting-fixed-points-multiplied = Faste poeng på kvitteringer ganges også.

# Returns

setting-spend-order-soonest-to-end = Poengene som utløper først, brukes først.
setting-spend-order-oldest = De eldste poengene brukes først.
setting-spent-points-on-return-with-product = Brukte poeng kommer tilbake med varen de betalte.
setting-spent-points-on-return-in-proportion = Brukte poeng kommer tilbake etter andelen av kvitteringen som returneres.
setting-spent-points-on-return-whole-return-only = Brukte poeng kommer tilbake med det siste stykket på kvitteringen.
setting-restored-points-original-end = Poeng som kommer tilbake, utløper når de ellers ville utløpt.
setting-restored-points-new-end = Poeng som kommer tilbake, lever som om de ble tjent den dagen.
setting-voided-receipts-not-counted = En kvittering det ikke er noe igjen av, er ikke et besøk.
setting-voided-receipts-counted = En kvittering det ikke er noe igjen av, teller likevel som et besøk.
setting-earned-points-on-return-in-proportion = En retur tar tilbake andelen av poengene som ble tjent med det som returneres.
setting-earned-points-on-return-on-what-is-kept = En retur lar det være igjen poengene som det beholdte alene ville gitt.

# Tiers and limits

setting-over-budget-stop = En tildeling som er større enn det grensen har igjen, gis ikke.
setting-over-budget-cut = En tildeling som er større enn det grensen har igjen, kuttes til det som er igjen.

# `symbolon describe`

describe-settings = Hva dette programmet velger. Det som avviker fra det vanlige, er merket med *.
describe-stacking = Grenser for rabatter
stacking-most-rules = { $count ->
    [one] Høyst { $count } rabatt gjelder per kvittering.
   *[other] Høyst { $count } rabatter gjelder per kvittering.
}
stacking-no-most-rules = Så mange rabatter som helst kan gjelde på en kvittering.
stacking-most-percent = Alle rabatter til sammen trekker høyst { $percent } fra varene.
stacking-no-most-percent = Alle rabatter til sammen har ingen grense.
stacking-margin-floor = Ingen rabatt tar varer under kostprisen og en margin på { $percent } der kostprisen er kjent.
stacking-no-margin-floor = Rabatter ser ikke på hva varene kostet.
stacking-effort = { $count ->
    [one] Inntil { $count } sett av rabatter sammenlignes for å finne det beste.
   *[other] Inntil { $count } sett av rabatter sammenlignes for å finne det beste.
}

# Mennesker

setting-attribution-before-first-purchase = Hvem som vervet et medlem, skrives ned før det første kjøpet.
setting-attribution-any-time = Hvem som vervet et medlem, kan skrives ned når som helst.
setting-transferred-points-original-end = Poeng fra et annet medlem utløper når de ville ha utløpt der.
setting-transferred-points-new-end = Poeng fra et annet medlem utløper som om de var tjent på overføringsdagen.
# Spill

setting-preferences-not-kept = Hva hvert medlem liker, lagres ikke.
setting-preferences-by-category = Det lagres hvor mye hvert medlem kjøper av hver kategori.
