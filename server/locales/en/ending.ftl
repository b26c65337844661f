# The end of a programme.
about-ending = The programme ends
occasion-ending = The programme ended
reason-ending-announced = points are earned until { $earning } and can be spent until { $spending }
reason-earning-over = the programme ended earning on { $date }
reason-ended-with-programme = { $amount } ended with the programme
reason-converted = { $amount } became { $given }
reason-too-few-to-convert = { $amount } were too few to become anything
reason-debt-ended = { $amount } are owed no longer
reason-debt-ended-for = { $amount } are owed no longer; { $back } were taken for them
effect-convert = Converted at the end of the programme: { $amount } became { $given }
effect-end-debt = No longer owed: { $amount }
effect-end-debt-for = No longer owed: { $amount }; taken for it: { $back }
refusal-programme-ended = The programme has ended: its points could be spent until { $date } for the last time.
points-converted = Converted
points-converted-definition = What other points became when the programme ended, less what these became
