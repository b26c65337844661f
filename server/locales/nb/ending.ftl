# Programmets slutt.
about-ending = Programmet avsluttes
occasion-ending = Programmet ble avsluttet
reason-ending-announced = poeng tjenes til og med { $earning } og kan brukes til og med { $spending }
reason-earning-over = siste dag for opptjening var { $date }
reason-ended-with-programme = { $amount } utløp da programmet ble avsluttet
reason-converted = { $amount } ble til { $given }
reason-too-few-to-convert = { $amount } var for lite til å bli omregnet
reason-debt-ended = { $amount } skyldes ikke lenger
reason-debt-ended-for = { $amount } skyldes ikke lenger; { $back } ble trukket i stedet
effect-convert = Omregnet da programmet ble avsluttet: { $amount } ble til { $given }
effect-end-debt = Skyldes ikke lenger: { $amount }
effect-end-debt-for = Skyldes ikke lenger: { $amount }; trukket i stedet: { $back }
refusal-programme-ended = Programmet er avsluttet: siste dag for å bruke poengene var { $date }.
points-converted = Omregnet
points-converted-definition = Det andre poeng ble til da programmet ble avsluttet, minus det disse ble til
