# Stamps, wins, surprises, milestones and prizes.
effect-taste = Bought by category: { $list }
effect-send-prize = { $by }: { $gift } goes to { $member }
reason-stamped = { $stamps } of { $of } on the card
reason-card-filled = a card of { $of } is full
reason-won = won: { $prize } (drawn { $number }, wins below { $below })
reason-not-won = nothing won (drawn { $number }, wins below { $below })
reason-prizes-gone = all prizes are gone
reason-drawn-when-booked = it is drawn when the purchase is booked
reason-surprised = a surprise: { $prize }
reason-surprised-liked = a surprise for somebody who likes { $category }: { $prize }
reason-milestone = this is member number { $members }
reason-prize-received = place { $place }: { $prize }
