# Штампи, виграші, сюрпризи, рубежі та призи.
effect-taste = Куплено за категоріями: { $list }
effect-send-prize = { $by }: { $gift } — учаснику { $member }
reason-stamped = на картці { $stamps } з { $of }
reason-card-filled = картку заповнено: { $of }
reason-won = виграш: { $prize } (випало { $number }, виграє менше за { $below })
reason-not-won = без виграшу (випало { $number }, виграє менше за { $below })
reason-prizes-gone = усі призи розіграно
reason-drawn-when-booked = розігрується, коли покупку проведено
reason-surprised = сюрприз: { $prize }
reason-surprised-liked = сюрприз для того, хто любить «{ $category }»: { $prize }
reason-milestone = це учасник номер { $members }
reason-prize-received = місце { $place }: { $prize }
