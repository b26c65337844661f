# Rammen rundt hver side.
skip-to-content = Gå til innholdet
nav-label = Hovedmeny
nav-overview = Oversikt
nav-members = Medlemmer
search-label = Finn et medlem eller en kvittering
search-placeholder = Telefon, kort eller kvitteringsnummer
search-button = Finn
language-label = Språk:
sign-out = Logg ut
demo-badge = Demo: dataene er oppdiktet
footer-version = versjon { $number }
footer-zone = Klokkeslett gjelder { $zone }
pager-label = Sider i listen
pager-first = Til begynnelsen
pager-next = Videre

# Oversikten.
overview-programme = { $programme }, versjon { $version }, gjelder fra { $from }
overview-programme-first = { $programme }, versjon { $version }, gjelder for alle kvitteringer
overview-members = Medlemmer
overview-members-definition = Alle som har meldt seg inn
overview-receipts = Kvitteringer
overview-receipts-definition = Alle bokførte, også gjesters
overview-returns = Returer
overview-returns-definition = Returer og kvitteringer trukket tilbake i sin helhet
overview-counted-at = Talt { $at }
overview-latest-receipts = Siste kvitteringer
overview-no-receipts = Det er ingen kvitteringer ennå. Send den første:
overview-latest-members = Nyeste medlemmer
overview-all-members = Alle medlemmer
overview-empty = Hva som gjenstår
overview-empty-receipt = Send den første kvitteringen. Den dukker opp her med poengene og grunnene til dem.
overview-empty-demo = Eller se deg først om i en oppdiktet butikk:

# Hva det ble av poengene.
points-issued = Tjent
points-issued-definition = Etter reglene i programmet
points-redeemed = Innløst
points-redeemed-definition = Brukt på belønninger, minus det som ble gitt tilbake
points-expired = Utløpt
points-expired-definition = Ikke brukt i tide, så langt det er bokført
points-reversed = Trukket tilbake
points-reversed-definition = Etter returer og annulleringer
points-adjusted = For hånd
points-adjusted-definition = Gitt av ansatte, minus det de trakk
points-outstanding = Utestående
points-outstanding-definition = Det medlemmene har, også det som er på vent, minus det de skylder

# Lister over medlemmer og kvitteringer.
members-count = { $count ->
        [one] 1 medlem
       *[other] { $count } medlemmer
    }
members-none = Det er ingen medlemmer ennå.
member-member = Medlem
member-kind = Type
member-joined = Medlem siden
member-available = Tilgjengelig
receipt-number = Kvittering
receipt-time = Tid
receipt-member = Medlem
receipt-guest = Gjest
receipt-total = Å betale
receipt-points = Poeng

# Et medlem.
member-id = Id
identifier-phone = Telefon
identifier-email = E-post
identifier-card = Kort
identifier-external = Nummer i et annet system
member-benefits = Fordeler
member-rewards = Belønninger
member-timeline = Hva som har skjedd
member-timeline-empty = Ingenting har skjedd ennå.
member-facts-at = Tilstanden per { $at }
balance-available = Tilgjengelig nå
balance-counted = De teller, men kan ikke løses inn
balance-pending = På vent: { $amount }, tilgjengelig fra { $from }
balance-awaiting = På vent: { $amount }, venter på «{ $event }»
balance-owed = Skyldig: { $amount }; neste poeng gjør opp
balance-expires = Neste utløp: { $amount }, gjelder til og med { $date }
tier-missing = { $missing } igjen til { $tier }
tier-progress = { $reached } av { $from }
tier-highest = Det høyeste nivået
benefit-of-tier = med nivået { $tier }
benefit-granted = gitt { $date }
reward-possible = Kan løses inn nå
reward-progress = { $have } av { $cost }
lots-title = Poeng etter parti
lots-definition = Det som ble tjent på én gang, er et parti med eget utløp.
lots-order-soonest-to-end = Partier som utløper først, løses inn først.
lots-order-oldest = De eldste partiene løses inn først.
lots-number = Parti
lots-kind = Type
lots-left = Igjen
lots-left-of = { $left } av { $granted }
lots-earned-on = Tjent
lots-available-at = På vent til { $from }
lots-awaits = På vent til «{ $event }»
lots-ends = Gjelder til og med
lots-ends-when-idle = hvis ingenting skjer før det

# Hva som har skjedd.
happened-joining = Meldte seg inn
happened-import = Overført; medlem siden { $since }
happened-receipt = Kvittering { $number }
happened-return-of = Retur av kvittering { $number }
happened-return = Retur uten kvittering
happened-void-of = Kvittering { $number } annullert
happened-hold = Kjøp reservert
happened-void = Annullering
happened-redemption = Belønning: { $reward }
happened-given = Gitt for hånd
happened-tier-set = Nivå satt for hånd
happened-taken = Trukket for hånd
happened-expiry = Utløp
happened-is-voided = annullert
happened-why = Hvorfor?
happened-judged-by = Etter versjon { $number } av programmet.

# En kvittering.
receipt-title = Kvittering { $number }
receipt-location = Sted
receipt-till = Kasse
receipt-id = Id
receipt-lines = Hva som ble kjøpt
line-product = Vare
line-quantity = Antall
line-unit-price = Pris
line-discount = Rabatt
line-to-pay = Å betale
line-returned = Returnert
receipt-gross = Før rabatt
receipt-discount = Rabatter
receipt-to-pay = Å betale
receipt-refunded = Refundert siden
receipt-earned = Tjent
receipt-spent = Løst inn
receipt-reasons = Hva som ble gitt, og hvorfor
receipt-no-reasons = Ingen regel i programmet gjelder denne kvitteringen.
receipt-judged-by = Etter { $programme }, versjon { $number }.
receipt-returns = Hva som kom tilbake

# Når det ikke er noe å vise.
not-found-title = Ingenting funnet
not-found-text = Siden finnes ikke, eller denne nøkkelen gir ikke tilgang til den.
not-found-search = Verken et medlem eller en kvittering passer til «{ $search }». Skriv hele telefonnummeret, kortnummeret eller kvitteringsnummeret.
error-title = Noe gikk galt hos oss
error-text = Prøv igjen. Hvis det skjer på nytt, si fra til den som driver denne serveren.
error-reference = Med dette finner de årsaken:
sign-in-title = Logg inn
sign-in-key = Tilgangsnøkkel
sign-in-help = Lages med kommandoen symbolon key
sign-in-wrong = Denne nøkkelen er ukjent eller ikke lenger gyldig.
sign-in-button = Logg inn
