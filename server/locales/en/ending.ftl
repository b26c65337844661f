# The end of a programme.
about-ending = The programme ends
occasion-ending = The programme ended
reason-ending-announced = points are earned until { $earning } and can be spent until { $spending }
reason-earning-over = the programme ended earning on { $date }
reason-ended-with-programme = { $amount } ended with the programme
reason-converted = { $amount } became { $given }
reason-too-few-to-convert = too few to become anything: { $amount }
reason-debt-ended = no longer owed: { $amount }
reason-debt-ended-for = no longer owed: { $amount }; taken for it: { $back }
effect-convert = Converted at the end of the programme: { $amount } became { $given }
effect-end-debt = No longer owed: { $amount }
effect-end-debt-for = No longer owed: { $amount }; taken for it: { $back }
refusal-programme-ended = The programme has ended: its points could be spent until { $date } for the last time.
points-converted = Converted
points-converted-definition = What other points became when the programme ended, less what these became
