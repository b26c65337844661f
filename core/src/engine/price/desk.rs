//! What every discount is worked out from: the receipt as it was handed in, the settings, and
//! which lines a filter means. Nothing here changes while discounts are taken off.

use super::marks::{Marks, Portion, Touched};
use crate::condition::Condition;
use crate::engine::activity::{Line, LineKind, Purchase};
use crate::engine::decision::{DiscountHow, Refusal};
use crate::engine::facts::DecisionFacts;
use crate::engine::quotas::Quotas;
use crate::programme::{Programme, SpareCent};
use crate::values::{
    Money, Overflow, Quantity, Rounding, divide, line_amount, spread_first, spread_in_place,
    spread_last,
};
use smallvec::SmallVec;
use std::cmp::Ordering;
use std::sync::Arc;

pub(super) const HUNDRED_PER_CENT: i128 = 100_000_000;
const ONE_PIECE: i64 = 1_000;

/// The receipt and the programme that discounts are worked out from.
#[derive(Clone, Copy)]
pub(in crate::engine) struct Desk<'d, 'a> {
    pub programme: &'a Programme,
    pub purchase: &'a Purchase,
    pub facts: &'d DecisionFacts<'a>,
    /// The limits that rules stand under.
    pub quotas: &'d Quotas<'a>,
    /// Whether the programme's margin floor holds; what points pay for has none.
    pub floors: bool,
    /// Whether another discount may yet look at the pieces that one touches.
    pub pieces_matter: bool,
}

/// What is left to pay, and the marks on it, at one moment.
#[derive(Clone, Copy)]
pub(in crate::engine) struct View<'v> {
    pub net: &'v [Money],
    pub marks: &'v Marks,
}

/// A line that a discount is spread over, and how much of it the line can take.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) struct Room {
    pub line: u32,
    pub weight: i64,
    /// What is left to pay.
    pub net: Money,
    /// What the floor of the line leaves to take off.
    pub most: Money,
}

/// A discount worked out but not taken. There is one for every discount of every receipt, so it
/// is kept small.
#[derive(Debug, Default)]
pub(in crate::engine) struct Offered {
    /// What it was computed on.
    pub basis: Money,
    pub amount: Money,
    /// Its parts by line, none of them zero; they sum to `amount` (I12).
    pub lines: Vec<(u32, Money)>,
    pub how: Option<DiscountHow>,
    pub more: Option<Box<More>>,
}

/// What few discounts have.
#[derive(Debug, Default)]
pub(in crate::engine) struct More {
    /// The pieces it touched, where it did not take whole lines.
    pub portions: Portions,
    /// How often a set or a bundle was made.
    pub times: u32,
    /// What the pieces that became free cost when they were handed in.
    pub freed: Money,
    /// What is handed over on top: the products to choose from, and how many pieces.
    pub gifts: SmallVec<[(Arc<[String]>, u32); 1]>,
    /// What the lines could not take, because of their floor.
    pub floored: Money,
    /// What was cut off by the most that the rule or the programme allows.
    pub cut: Money,
}

/// Sets and bundles nearly always touch a few lines.
pub(in crate::engine) type Portions = SmallVec<[Portion; 4]>;

impl Offered {
    pub fn gives(&self) -> bool {
        !self.amount.is_zero() || self.more.as_ref().is_some_and(|more| !more.gifts.is_empty())
    }

    pub fn more_mut(&mut self) -> &mut More {
        self.more.get_or_insert_default()
    }

    pub fn portions(&self) -> &[Portion] {
        self.more.as_ref().map_or(&[], |more| &more.portions)
    }

    pub fn floored(&self) -> Money {
        self.more.as_ref().map_or(Money::ZERO, |more| more.floored)
    }

    pub fn cut(&self) -> Money {
        self.more.as_ref().map_or(Money::ZERO, |more| more.cut)
    }

    /// Says what the lines could not take; nearly always they take all.
    pub fn set_floored(&mut self, floored: Money) {
        if !floored.is_zero() || self.more.is_some() {
            self.more_mut().floored = floored;
        }
    }
}

impl<'a> Desk<'_, 'a> {
    pub fn line(&self, line: u32) -> Option<&'a Line> {
        self.purchase.lines.get(line as usize)
    }

    pub fn quantity(&self, line: u32) -> Quantity {
        self.line(line).map_or(Quantity::ZERO, |line| line.quantity)
    }

    /// What the line cost when it was handed in.
    pub fn amount(&self, line: u32) -> Money {
        self.facts.amount(line as usize)
    }

    /// Whether a rule may touch the line at all.
    pub fn is_meant(&self, line: usize, any_kind: bool) -> bool {
        let is_goods = |line: &Line| line.kind == LineKind::Goods;
        any_kind || self.facts.all_goods() || self.purchase.lines.get(line).is_some_and(is_goods)
    }

    /// Adds the lines that a filter means, and nothing else of the receipt.
    pub fn lines_of(
        &self,
        filter: Option<&Condition>,
        any_kind: bool,
        lines: &mut Vec<u32>,
    ) -> Result<(), Refusal> {
        let begin = lines.len();
        match filter {
            Some(filter) => filter.push_lines(self.facts, lines)?,
            None => {
                let count = u32::try_from(self.purchase.lines.len()).map_err(|_| Overflow)?;
                lines.extend(0..count);
            }
        }
        if !any_kind && !self.facts.all_goods() {
            let mut place = 0;
            lines.retain(|line| {
                place += 1;
                place <= begin || self.is_meant(*line as usize, any_kind)
            });
        }
        Ok(())
    }

    /// The order of two lines by what they are, so that the order in which they were scanned
    /// decides nothing. Equal lines are ordered by place: whichever it is, they are the same.
    pub fn rank(&self, a: u32, b: u32) -> Ordering {
        let (Some(left), Some(right)) = (self.line(a), self.line(b)) else { return a.cmp(&b) };
        let what = |line: &'a Line| {
            let price = (line.unit_price, line.quantity, line.kind.name());
            let shop = (line.unit_cost, line.lowest_price, line.tax);
            (&line.product, &line.category, &line.brand, price, shop)
        };
        what(left).cmp(&what(right)).then(a.cmp(&b))
    }

    /// How much may still be taken off a line of which `net` is left to pay.
    pub fn capacity(&self, line: u32, net: Money) -> Result<Money, Overflow> {
        let Some(margin) = self.programme.stacking.margin_floor.filter(|_| self.floors) else {
            return Ok(net);
        };
        let Some(cost) = self.line(line).and_then(|line| line.unit_cost) else { return Ok(net) };
        let cost = line_amount(cost, self.quantity(line), Rounding::Up)?;
        let rest = HUNDRED_PER_CENT - i128::from(margin.units());
        let floor = divide(i128::from(cost.units()) * HUNDRED_PER_CENT, rest, Rounding::Up)?;
        net.minus(Money::new(floor).min(net))
    }

    /// Spreads a total over lines by the weight that stands beside each, and puts its part
    /// there; the programme says where a spare cent goes.
    fn spread(&self, total: Money, lines: &mut [(u32, Money)]) -> Result<(), Overflow> {
        let spread = match self.programme.settings.spare_cent {
            SpareCent::LargestRemainder => {
                return spread_in_place(total, lines, |a, b| self.rank(*a, *b));
            }
            SpareCent::FirstLine => spread_first,
            SpareCent::LastLine => spread_last,
        };
        let weights: Vec<i64> = lines.iter().map(|(_, weight)| weight.units()).collect();
        let parts = spread(total.units(), &weights)?;
        lines.iter_mut().zip(parts).for_each(|((_, line), part)| *line = Money::new(part));
        Ok(())
    }

    /// Spreads a total over lines by weight, none of them taking more than is left to pay of it,
    /// nor more than its floor lets it. What is left to pay bounds nothing but the shares: what
    /// does not fit one line goes to the others. What a floor keeps back goes to the others
    /// where it may `move`. Gives the parts, and what fitted nowhere.
    pub fn spread_within(
        &self,
        total: Money,
        rooms: &[Room],
        moves: bool,
    ) -> Result<(Vec<(u32, Money)>, Money), Overflow> {
        let of = |room: &Room| if moves { room.most.min(room.net) } else { room.net };
        let (mut parts, mut left) = self.fill(total, rooms, of)?;
        if !moves {
            for ((_, part), room) in parts.iter_mut().zip(rooms) {
                let kept = (*part).min(room.most);
                left = left.plus(part.minus(kept)?)?;
                *part = kept;
            }
        }
        parts.retain(|(_, part)| !part.is_zero());
        Ok((parts, left))
    }

    /// Spreads a total by weight until all is spread or all is full.
    fn fill(
        &self,
        total: Money,
        rooms: &[Room],
        most: impl Fn(&Room) -> Money,
    ) -> Result<(Vec<(u32, Money)>, Money), Overflow> {
        if let [room] = rooms {
            // One line takes what it can.
            let most = if room.weight > 0 { most(room).max(Money::ZERO) } else { Money::ZERO };
            let part = total.min(most).max(Money::ZERO);
            return Ok((vec![(room.line, part)], total.minus(part)?));
        }
        if let Some(parts) = self.fill_at_once(total, rooms, &most)? {
            return Ok((parts, Money::ZERO));
        }
        let mut parts: Vec<(u32, Money)> =
            rooms.iter().map(|room| (room.line, Money::ZERO)).collect();
        let mut open: Vec<usize> = (0..rooms.len()).filter(|at| rooms[*at].weight > 0).collect();
        let mut left = total;
        // Every round fills a line or spreads all, so there are at most as many as lines.
        while left.is_positive() && !open.is_empty() {
            let weighed = |place: &usize| (rooms[*place].line, Money::new(rooms[*place].weight));
            let mut shares: Vec<(u32, Money)> = open.iter().map(weighed).collect();
            self.spread(left, &mut shares)?;
            let mut spilled = Money::ZERO;
            let mut still_open = Vec::with_capacity(open.len());
            for (place, (_, share)) in open.iter().zip(shares) {
                let room = most(&rooms[*place]).minus(parts[*place].1)?.max(Money::ZERO);
                let part = share.min(room);
                spilled = spilled.plus(share.minus(part)?)?;
                parts[*place].1 = parts[*place].1.plus(part)?;
                if part < room {
                    still_open.push(*place);
                }
            }
            left = spilled;
            open = still_open;
        }
        Ok((parts, left))
    }

    /// Spreads a total where every line weighs something and takes its whole share, which is
    /// nearly always so: there is nothing left for a second round.
    fn fill_at_once(
        &self,
        total: Money,
        rooms: &[Room],
        most: impl Fn(&Room) -> Money,
    ) -> Result<Option<Vec<(u32, Money)>>, Overflow> {
        if !total.is_positive() || rooms.iter().any(|room| room.weight <= 0) {
            return Ok(None);
        }
        let weighed = rooms.iter().map(|room| (room.line, Money::new(room.weight)));
        let mut parts: Vec<(u32, Money)> = weighed.collect();
        self.spread(total, &mut parts)?;
        let fits = |((_, part), room): (&(u32, Money), &Room)| *part <= most(room);
        Ok(parts.iter().zip(rooms).all(fits).then_some(parts))
    }

    /// Cuts a discount to the most that is allowed.
    pub fn cut(&self, offered: &mut Offered, most: Money) -> Result<(), Overflow> {
        let most = most.max(Money::ZERO);
        if offered.amount <= most {
            return Ok(());
        }
        let room = |(line, part): &(u32, Money)| Room {
            line: *line,
            weight: part.units(),
            net: *part,
            most: *part,
        };
        let rooms: Vec<Room> = offered.lines.iter().map(room).collect();
        (offered.lines, _) = self.spread_within(most, &rooms, true)?;
        let cut = offered.cut().plus(offered.amount.minus(most)?)?;
        offered.more_mut().cut = cut;
        offered.amount = most;
        Ok(())
    }

    /// How many whole pieces of a line a set may still use.
    pub fn pieces_left(&self, line: u32, view: View<'_>, again: bool) -> i64 {
        let touched = if again { 0 } else { view.marks.touched(line).quantity.units() };
        // Only whole pieces are pieces: of 1.250 kg, one.
        (self.quantity(line).units() - touched).max(0) / ONE_PIECE
    }

    /// How many whole pieces of a line a limited discount may take: those that nothing touched,
    /// and the others.
    pub fn whole_pieces(&self, line: u32, view: View<'_>) -> Result<(i64, i64), Overflow> {
        let touched = view.marks.touched(line).quantity;
        let rest = self.quantity(line).minus(touched)?;
        Ok((rest.units() / ONE_PIECE, touched.units() / ONE_PIECE))
    }

    /// Takes so many untouched and so many touched pieces of a line for a discount.
    pub fn portion(
        &self,
        line: u32,
        (untouched, again): (i64, i64),
        view: View<'_>,
    ) -> Result<Portion, Overflow> {
        let touched = view.marks.touched(line);
        let net = view.net.get(line as usize).copied().unwrap_or_default();
        let rest = Touched {
            quantity: self.quantity(line).minus(touched.quantity)?,
            net: net.minus(touched.net)?,
        };
        let quantity = |pieces: i64| pieces.checked_mul(ONE_PIECE).map(Quantity::new);
        let untouched = part_of(rest, quantity(untouched).ok_or(Overflow)?)?;
        let again = part_of(touched, quantity(again).ok_or(Overflow)?)?;
        Ok(Portion { line, untouched, again })
    }

    /// Takes whole pieces of a line that nothing has touched, or pieces of the line as a whole.
    pub fn set_portion(
        &self,
        line: u32,
        pieces: i64,
        view: View<'_>,
        again: bool,
    ) -> Result<Portion, Overflow> {
        let touched = if again { Touched::default() } else { view.marks.touched(line) };
        let net = view.net.get(line as usize).copied().unwrap_or_default();
        let rest = Touched {
            quantity: self.quantity(line).minus(touched.quantity)?,
            net: net.minus(touched.net)?,
        };
        let wanted = Quantity::new(pieces.checked_mul(ONE_PIECE).ok_or(Overflow)?);
        // The pieces of a whole line, as nearly always, are all that is left of it.
        let is_all = wanted >= rest.quantity && !rest.quantity.is_zero();
        let untouched = if is_all { rest } else { part_of(rest, wanted.min(rest.quantity))? };
        Ok(Portion { line, untouched, again: Touched::default() })
    }
}

/// What is left to pay of a part of some pieces; of all of them, exactly all.
fn part_of(whole: Touched, quantity: Quantity) -> Result<Touched, Overflow> {
    if quantity.is_zero() || whole.quantity.is_zero() {
        return Ok(Touched::default());
    }
    let product = i128::from(whole.net.units()) * i128::from(quantity.units());
    let net = divide(product, i128::from(whole.quantity.units()), Rounding::HalfUp)?;
    Ok(Touched { quantity, net: Money::new(net) })
}
