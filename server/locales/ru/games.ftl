# Штампы, выигрыши, сюрпризы, рубежи и призы.
effect-taste = Куплено по категориям: { $list }
effect-send-prize = { $by }: { $gift } — участнику { $member }
reason-stamped = на карточке { $stamps } из { $of }
reason-card-filled = карточка заполнена: { $of }
reason-won = выигрыш: { $prize } (выпало { $number }, выигрывает меньшее чем { $below })
reason-not-won = без выигрыша (выпало { $number }, выигрывает меньшее чем { $below })
reason-prizes-gone = все призы разыграны
reason-drawn-when-booked = разыгрывается, когда покупка проведена
reason-surprised = сюрприз: { $prize }
reason-surprised-liked = сюрприз для того, кто любит «{ $category }»: { $prize }
reason-milestone = это участник номер { $members }
reason-prize-received = место { $place }: { $prize }
